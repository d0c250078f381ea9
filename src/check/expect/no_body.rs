//! `no_body`: the response has no body.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_true};
use crate::check::place::clip;
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "no_body"
    }

    fn doc(&self) -> &'static str {
        "The response has no body: `true`. For 204, 304 and answers to HEAD."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_true(argument)
    }

    fn judge(&self, _: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        match subject::response(exchange) {
            Ok(response) if response.body.length == 0 && response.body.text.is_empty() => {
                Judgement::Held
            }
            Ok(response) => {
                Judgement::broken("response.body", "no body", clip(&response.body.text))
            }
            Err(judgement) => judgement,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, refused};
    use crate::check::sample::Sample;

    #[test]
    fn a_body_is_a_deviation() {
        held(
            "no_body",
            &json!(true),
            Sample::new("DELETE", "/Users/1").status(204),
        );
        broken(
            "no_body",
            &json!(true),
            Sample::get("/").text("{}"),
            "response.body",
            "{}",
        );
        refused("no_body", &json!(false), "");
    }
}
