//! `same_resource`: a resource says the same as another representation of it.

use serde_json::Value;

use super::echo::{ignored, lint_ignoring};
use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::place::{brief_or_absent, without};
use crate::check::{matcher, subject, typing};
use crate::scim::resource;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "same_resource"
    }

    fn doc(&self) -> &'static str {
        "The resource has the same attributes and values, none more and none less: `{ as: \"{{u1.body}}\", ignoring: [/meta] }`. \
         Absent, null and [] are equal, values of a list have no order."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(argument, &["as", "ignoring"])?;
        lint_ignoring(argument)?;
        match argument.get("as") {
            Some(other) if other.is_object() || matcher::has_template(other) => Ok(()),
            _ => Err(wrong("/as", "it is no resource", "\"{{u1.body}}\"")),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        let Some(other) = argument.get("as") else {
            return Judgement::Inapplicable("there is nothing to compare with".to_owned());
        };
        let ignored = ignored(argument);
        let (expected, actual) = (without(other, &ignored), without(body, &ignored));
        let compared = match typing::schema_set(body, context.capabilities) {
            Some(set) => resource::equal_resource(&expected, &actual, &set),
            None => resource::equal(&expected, &actual, None),
        };
        match compared {
            Ok(()) => Judgement::Held,
            Err(difference) => Judgement::broken(
                difference.pointer,
                brief_or_absent(difference.expected.as_ref()),
                brief_or_absent(difference.actual.as_ref()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    #[test]
    fn all_that_is_there_must_agree() {
        let mut changed = sample::user();
        changed["meta"]["version"] = json!("W/\"2\"");
        changed["photos"] = json!([]);
        let same = || Sample::get("/Users/2819").body(&sample::user());
        held("same_resource", &json!({"as": sample::user()}), same());
        held(
            "same_resource",
            &json!({"as": changed, "ignoring": ["/meta/version"]}),
            same(),
        );
        broken(
            "same_resource",
            &json!({"as": changed}),
            same(),
            "/meta/version",
            "\"W/\\\"1\\\"\"",
        );
        changed = sample::user();
        changed["displayName"] = json!("B");
        broken(
            "same_resource",
            &json!({"as": changed}),
            same(),
            "/displayName",
            "absent",
        );
        inapplicable("same_resource", &json!({"as": changed}), same().status(404));
        refused("same_resource", &json!({}), "/as");
        refused("same_resource", &json!({"as": "x"}), "/as");
    }
}
