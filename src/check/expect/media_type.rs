//! `media_type`: the media type of the body.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_texts, texts, wrong};
use crate::check::place::clip;
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "media_type"
    }

    fn doc(&self) -> &'static str {
        "The body is labelled with this media type, or one of these: `application/scim+json`. Parameters such as charset do not count."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_texts(argument, "")?;
        match texts(argument)
            .into_iter()
            .find(|it| !it.contains('/') && !it.contains("{{"))
        {
            Some(text) => Err(wrong(
                "",
                format!("{text:?} is no media type"),
                "application/scim+json",
            )),
            None => Ok(()),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        if response.body.length == 0 {
            return Judgement::Inapplicable("there is no body".to_owned());
        }
        let wanted = texts(argument);
        let label = response.header("content-type");
        let fits = label.is_some_and(|label| wanted.iter().any(|it| is(label, it)));
        if fits {
            return Judgement::Held;
        }
        let actual = label.map_or_else(|| "absent".to_owned(), clip);
        Judgement::broken("response.header.content-type", wanted.join(" or "), actual)
    }
}

/// Whether a Content-Type names a media type, whatever its parameters.
pub(in crate::check) fn is(label: &str, media_type: &str) -> bool {
    let essence = label.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(media_type)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::Sample;

    #[test]
    fn the_label_counts_without_its_parameters() {
        let with = |label: &str| {
            Sample::get("/")
                .header("Content-Type", label)
                .body(&json!({}))
        };
        let scim = json!("application/scim+json");
        held(
            "media_type",
            &scim,
            with("Application/SCIM+json; charset=utf-8"),
        );
        held(
            "media_type",
            &json!(["application/json", "application/scim+json"]),
            with("application/json"),
        );
        broken(
            "media_type",
            &scim,
            with("text/html"),
            "response.header.content-type",
            "text/html",
        );
        broken(
            "media_type",
            &scim,
            Sample::get("/").text("x"),
            "response.header.content-type",
            "absent",
        );
        inapplicable("media_type", &scim, Sample::get("/").status(204));
        refused("media_type", &json!("json"), "");
    }
}
