//! `unique`: values at a place differ from one another.

use std::collections::HashMap;

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_texts, texts, wrong};
use crate::check::equality::unassigned;
use crate::check::place::{brief, lint_pointer, select};
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "unique"
    }

    fn doc(&self) -> &'static str {
        "The values at a pointer with `*`, or at each of a list of them, differ from one another: `/Resources/*/id`."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_texts(argument, "")?;
        for pointer in texts(argument) {
            lint_pointer(pointer)?;
            if !pointer.contains('*') {
                return Err(wrong(
                    "",
                    format!("{pointer} names one value only"),
                    "/Resources/*/id",
                ));
            }
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        let mut judged = 0;
        for pointer in texts(argument) {
            let mut seen: HashMap<String, String> = HashMap::new();
            for place in select(body, pointer) {
                let Some(value) = place.value.filter(|value| !unassigned(Some(value))) else {
                    continue;
                };
                judged += 1;
                if let Some(first) = seen.insert(value.to_string(), place.at.clone()) {
                    let expected = format!("another value than at {first}");
                    return Judgement::broken(place.at, expected, brief(value));
                }
            }
        }
        if judged == 0 {
            return Judgement::Inapplicable("there are no values to compare".to_owned());
        }
        Judgement::Held
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    #[test]
    fn values_differ() {
        let list = |a: &str, b: &str| {
            Sample::get("/").body(&sample::list(&[
                json!({"id": a}),
                json!({"id": b}),
                json!({}),
            ]))
        };
        held("unique", &json!("/Resources/*/id"), list("1", "2"));
        broken(
            "unique",
            &json!(["/Resources/*/id"]),
            list("1", "1"),
            "/Resources/1/id",
            "\"1\"",
        );
        inapplicable("unique", &json!("/Resources/*/name"), list("1", "1"));
        refused("unique", &json!("/Resources"), "");
        refused("unique", &json!("Resources/*"), "/Resources~1*");
    }
}
