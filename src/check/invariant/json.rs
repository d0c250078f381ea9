//! Bodies are clean JSON (RFC 8259, RFC 7644 §3.2).

use super::{Context, Exchange, Invariant, Judged, Judgement, is_scim, subject};
use crate::check::expect::media_type::is;
use crate::check::place::clip;

/// The invariant.
pub(super) struct Leaf;

const TEXT: &str = "http-8259-2-body-is-json";
const NAMES: &str = "http-8259-4-names-are-unique";
const UTF_8: &str = "http-8259-8.1-json-is-utf-8";
const ANSWERS: &str = "rfc7644-3.2-answers-are-json";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "json"
    }

    fn title(&self) -> &'static str {
        "Every body is one clean JSON text in UTF-8"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[TEXT, NAMES, UTF_8, ANSWERS]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(response) = subject::response(exchange) else {
            return Vec::new();
        };
        if !is_scim(exchange, context) || response.body.length == 0 {
            return Vec::new();
        }
        let label = response.header("content-type").unwrap_or_default();
        let is_json = is(label, "application/scim+json") || is(label, "application/json");
        if !is_json && response.body.json.is_none() {
            if (200..300).contains(&response.status) {
                let actual = clip(&response.body.text);
                judged.add(ANSWERS, Judgement::broken("response.body", "JSON", actual));
            }
            return judged.into_vec();
        }
        if (200..300).contains(&response.status) && response.body.json.is_some() {
            judged.held(ANSWERS);
        }
        for requirement in [TEXT, NAMES, UTF_8] {
            judged.held(requirement);
        }
        for defect in &response.body.defects {
            let (requirement, expected) = match defect.code.as_str() {
                "bom" | "utf8" => (UTF_8, "UTF-8 without a byte order mark"),
                "duplicate-key" => (NAMES, "each name once"),
                "syntax" | "trailing" => (TEXT, "one JSON text"),
                // Names that differ in case only, numbers beyond a double and deep nesting are
                // within the letter of the grammar.
                _ => continue,
            };
            let at = if defect.at.starts_with('/') {
                defect.at.clone()
            } else {
                "response.body".to_owned()
            };
            let actual = if defect.at.starts_with('/') {
                clip(&defect.detail)
            } else {
                clip(&format!("{}: {}", defect.at, defect.detail))
            };
            judged.add(requirement, Judgement::broken(at, expected, actual));
        }
        judged.into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::exchange::BodyDefect;

    fn defect(code: &str, at: &str) -> Sample {
        Sample::get("/Users/1")
            .body(&sample::user())
            .change(|response| {
                response.body.defects.push(BodyDefect {
                    code: code.to_owned(),
                    at: at.to_owned(),
                    detail: "seen".to_owned(),
                });
            })
    }

    #[test]
    fn an_answer_to_options_is_not_the_providers() {
        let plain = |method| {
            Sample::new(method, "/Users")
                .status(200)
                .text("GET, HEAD, POST")
        };
        silent("json", plain("OPTIONS"));
        broken("json", plain("GET"), &[(ANSWERS, "response.body")]);
    }

    #[test]
    fn each_defect_has_its_requirement() {
        held("json", Sample::get("/Users/1").body(&sample::user()));
        held("json", defect("number", "/age"));
        broken("json", defect("bom", "byte 0"), &[(UTF_8, "response.body")]);
        broken(
            "json",
            defect("utf8", "byte 7"),
            &[(UTF_8, "response.body")],
        );
        broken(
            "json",
            defect("duplicate-key", "/name"),
            &[(NAMES, "/name")],
        );
        broken(
            "json",
            defect("syntax", "byte 3"),
            &[(TEXT, "response.body")],
        );
        broken(
            "json",
            defect("trailing", "byte 30"),
            &[(TEXT, "response.body")],
        );
    }

    #[test]
    fn a_page_instead_of_json_is_a_deviation_of_a_success_only() {
        let page = |status| {
            Sample::get("/Users")
                .header("Content-Type", "text/html")
                .status(status)
                .text("<html>")
        };
        broken("json", page(200), &[(ANSWERS, "response.body")]);
        silent("json", page(502));
        silent("json", Sample::get("/Users").status(204));
    }
}
