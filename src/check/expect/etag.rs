//! `etag`: the entity tag of a resource (RFC 7644 §3.14).

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement};
use crate::check::place::{brief_or_absent, clip};
use crate::check::{matcher, subject};
use crate::scim::resource::member;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "etag"
    }

    fn doc(&self) -> &'static str {
        "The ETag header matches: `present`, `absent`, `{ same_as: \"{{u1.etag}}\" }`, `{ not: \"{{u1.etag}}\" }`. \
         A tag that is there is well-formed and equals meta.version; the same text without its quotation marks is the tolerated deviation F14. \
         Judged on a success and on 304; without the header a matcher takes meta.version."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        matcher::lint(argument, "")
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        if !(200..300).contains(&response.status) && response.status != 304 {
            return Judgement::Inapplicable(format!("the status is {}", response.status));
        }
        let version = exchange
            .json()
            .and_then(|body| member(member(body, "meta")?, "version"));
        let header = response.header("etag");
        if let Some(tag) = header
            && let Some(judgement) = wrong_tag(tag, version)
        {
            return judgement;
        }
        let only_header = ["present", "absent"].iter().any(|word| argument == word);
        let tag = header
            .map(Value::from)
            .or_else(|| version.filter(|_| !only_header).cloned());
        match matcher::fits(argument, tag.as_ref()) {
            Ok(()) => Judgement::Held,
            Err(mismatch) => {
                Judgement::broken("response.header.etag", mismatch.expected, mismatch.actual)
            }
        }
    }
}

/// What is wrong with a tag that is there.
pub(in crate::check) fn wrong_tag(tag: &str, version: Option<&Value>) -> Option<Judgement> {
    if !is_entity_tag(tag) {
        let expected = "an entity tag: \"…\" or W/\"…\"";
        return Some(Judgement::broken(
            "response.header.etag",
            expected,
            clip(tag),
        ));
    }
    let version = version.filter(|version| !version.is_null())?;
    if version.as_str() == Some(tag) {
        return None;
    }
    let judgement = Judgement::broken("/meta/version", clip(tag), brief_or_absent(Some(version)));
    let bare = |text: &str| text.replace(['"', '\\'], "");
    Some(match version.as_str() {
        Some(text) if bare(text) == bare(tag) => judgement.tolerated("F14"),
        _ => judgement,
    })
}

/// `"…"` or `W/"…"` (RFC 9110 §8.8.3).
pub(in crate::check) fn is_entity_tag(tag: &str) -> bool {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    opaque
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .is_some_and(|inner| {
            inner
                .chars()
                .all(|c| c != '"' && c != ' ' && !c.is_control())
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, tolerated};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn user(tag: &str) -> Sample {
        Sample::get("/Users/2819")
            .header("ETag", tag)
            .body(&sample::user())
    }

    #[test]
    fn a_tag_is_well_formed_and_equals_the_version() {
        held("etag", &json!("present"), user("W/\"1\""));
        held("etag", &json!({"not": "W/\"0\""}), user("W/\"1\""));
        broken(
            "etag",
            &json!({"not": "W/\"1\""}),
            user("W/\"1\""),
            "response.header.etag",
            "\"W/\\\"1\\\"\"",
        );
        broken(
            "etag",
            &json!("present"),
            user("1"),
            "response.header.etag",
            "1",
        );
        broken(
            "etag",
            &json!("present"),
            user("W/\"2\""),
            "/meta/version",
            "\"W/\\\"1\\\"\"",
        );
        let mut bare = sample::user();
        bare["meta"]["version"] = json!("W/1");
        tolerated(
            "etag",
            &json!("present"),
            Sample::get("/").header("ETag", "W/\"1\"").body(&bare),
            "F14",
        );
    }

    #[test]
    fn a_matcher_takes_the_version_where_no_header_is() {
        let headless = || Sample::get("/Users/2819").body(&sample::user());
        held("etag", &json!({"same_as": "W/\"1\""}), headless());
        broken(
            "etag",
            &json!("present"),
            headless(),
            "response.header.etag",
            "absent",
        );
        held(
            "etag",
            &json!("present"),
            Sample::get("/").status(304).header("etag", "\"a\""),
        );
        inapplicable("etag", &json!("present"), user("W/\"1\"").status(404));
    }

    #[test]
    fn entity_tags_are_known_by_their_form() {
        for (tag, expected) in [
            ("\"\"", true),
            ("W/\"a\"", true),
            ("w/\"a\"", false),
            ("\"a", false),
            ("\"a\"b\"", false),
        ] {
            assert_eq!(is_entity_tag(tag), expected, "{tag}");
        }
    }
}
