//! `location`: the Location header names the resource.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::place::clip;
use crate::check::subject;
use crate::scim::resource::member;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "location"
    }

    fn doc(&self) -> &'static str {
        "The Location header, where there is one, names the same resource as meta.location and ends in the id: `true`, or `{ of: \"{{u1.id}}\" }` \
         for a resource that the body does not hold. References are resolved first; a version segment does not count."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if argument == &Value::Bool(true) {
            return Ok(());
        }
        lint_keys(argument, &["of"])?;
        match argument.get("of") {
            Some(Value::String(_)) => Ok(()),
            _ => Err(wrong("/of", "it is no id", "\"{{u1.id}}\"")),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let response = match subject::success(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        let at = "response.header.location";
        let Some(header) = response.header("location") else {
            return Judgement::Inapplicable("there is no Location header".to_owned());
        };
        let Some(location) = subject::resolve(header, context) else {
            return Judgement::broken(at, "the URI of the resource", clip(header));
        };
        let body = exchange.json();
        let stated = body.and_then(|body| member(member(body, "meta")?, "location")?.as_str());
        if let Some(stated) = stated {
            let same = subject::resolve(stated, context)
                .is_some_and(|it| subject::same_url(&it, &location));
            if !same {
                return Judgement::broken(at, clip(stated), clip(header));
            }
        }
        let wanted = argument.get("of").and_then(Value::as_str);
        let id = wanted.or_else(|| body.and_then(|body| member(body, "id")?.as_str()));
        match id {
            Some(id) if subject::last_segment(&location) != id => {
                Judgement::broken(at, clip(&format!("a URI that ends in {id}")), clip(header))
            }
            _ => Judgement::Held,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    const AT: &str = "response.header.location";

    fn created(location: &str) -> Sample {
        let sample = Sample::new("POST", "/Users").status(201);
        sample.header("Location", location).body(&sample::user())
    }

    #[test]
    fn the_location_names_the_resource() {
        let yes = json!(true);
        held(
            "location",
            &yes,
            created("https://scim.example/v2/Users/2819"),
        );
        held("location", &yes, created("Users/2819"));
        broken(
            "location",
            &yes,
            created("https://scim.example/v2/Users/1"),
            AT,
            "https://scim.example/v2/Users/1",
        );
        broken("location", &yes, created("http://["), AT, "http://[");
        inapplicable(
            "location",
            &yes,
            Sample::get("/Users/1").body(&sample::user()),
        );
        let bare = || {
            Sample::new("POST", "/Users")
                .status(201)
                .header("Location", "/v2/Users/7")
        };
        held("location", &json!({"of": "7"}), bare());
        broken("location", &json!({"of": "8"}), bare(), AT, "/v2/Users/7");
        inapplicable("location", &yes, created("x").status(409));
        refused("location", &json!({"of": 1}), "/of");
        refused("location", &json!(false), "");
    }
}
