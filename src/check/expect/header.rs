//! `header`: header fields of the response.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, wrong};
use crate::check::place::escape;
use crate::check::{matcher, subject};

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "header"
    }

    fn doc(&self) -> &'static str {
        "Header fields of the response match: `{ location: present, cache-control: { contains: no-store } }`. \
         Names compare without case; several lines of a field are joined by `, `."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        let Some(fields) = argument.as_object().filter(|fields| !fields.is_empty()) else {
            return Err(wrong(
                "",
                "it is no mapping of header names to matchers",
                "{ etag: present }",
            ));
        };
        for (name, matcher) in fields {
            let at = format!("/{}", escape(name));
            if name.is_empty()
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            {
                return Err(wrong(&at, format!("{name:?} is no header name"), ""));
            }
            matcher::lint(matcher, &at)?;
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        for (name, matcher) in argument.as_object().into_iter().flatten() {
            let lines: Vec<&str> = response.headers(name).collect();
            let value = (!lines.is_empty()).then(|| Value::from(lines.join(", ")));
            if let Err(mismatch) = matcher::fits(matcher, value.as_ref()) {
                let at = format!("response.header.{}", name.to_ascii_lowercase());
                return Judgement::broken(at, mismatch.expected, mismatch.actual);
            }
        }
        Judgement::Held
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, refused};
    use crate::check::sample::Sample;

    #[test]
    fn fields_are_found_without_case_and_joined() {
        let sample = || {
            Sample::get("/Users")
                .header("Allow", "GET")
                .header("allow", "POST")
        };
        held(
            "header",
            &json!({"ALLOW": {"contains": "POST"}, "etag": "absent"}),
            sample(),
        );
        broken(
            "header",
            &json!({"Allow": "GET"}),
            sample(),
            "response.header.allow",
            "\"GET, POST\"",
        );
        broken(
            "header",
            &json!({"etag": "present"}),
            sample(),
            "response.header.etag",
            "absent",
        );
    }

    #[test]
    fn what_is_no_header_is_refused() {
        refused("header", &json!("etag"), "");
        refused("header", &json!({"e tag": "present"}), "/e tag");
        refused("header", &json!({"etag": {"type": "tag"}}), "/etag/type");
    }
}
