//! Error messages (RFC 7644 §3.12).

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, is_scim, subject};
use crate::check::place::{brief, brief_or_absent, clip};
use crate::scim::error::ScimType;
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const JSON: &str = "rfc7644-3.12-errors-are-json";
const SCHEMA: &str = "rfc7644-3.12-errors-carry-the-error-schema";
const STATUS: &str = "rfc7644-3.12-error-status-is-a-string";
const REPEATED: &str = "rfc7644-3.2-errors-repeat-the-status";
const KEYWORD: &str = "rfc7644-3.12-scim-type-is-a-known-keyword";
const DETAIL: &str = "rfc7644-3.12-error-detail-is-text";

/// Statuses that a gateway before the provider may answer by itself (F18).
const OF_GATEWAYS: [u16; 6] = [401, 403, 405, 413, 415, 429];

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "error-shape"
    }

    fn title(&self) -> &'static str {
        "Every refusal is a SCIM Error message"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[JSON, SCHEMA, STATUS, REPEATED, KEYWORD, DETAIL]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(response) = subject::response(exchange) else {
            return Vec::new();
        };
        let status = response.status;
        let is_error = (400..600).contains(&status) && is_scim(exchange, context);
        let is_method_probe = ["HEAD", "OPTIONS"].contains(&exchange.request.method.as_str());
        if !is_error || is_method_probe {
            return Vec::new();
        }
        let by_gateway =
            OF_GATEWAYS.contains(&status) || status >= 500 || !is_known(exchange, context);
        let excuse = |judgement: Judgement| {
            if by_gateway {
                judgement.tolerated("F18")
            } else {
                judgement
            }
        };
        let Some(body) = exchange.json().filter(|body| body.is_object()) else {
            let shown = clip(&response.body.text);
            let actual = if shown.is_empty() {
                "no body".to_owned()
            } else {
                shown
            };
            judged.add(
                JSON,
                excuse(Judgement::broken(
                    "response.body",
                    "an Error message",
                    actual,
                )),
            );
            return judged.into_vec();
        };
        judged.held(JSON);
        if !urn::listed(body, urn::ERROR) {
            let actual = brief_or_absent(member(body, "schemas"));
            judged.add(
                SCHEMA,
                excuse(Judgement::broken("/schemas", urn::ERROR, actual)),
            );
            return judged.into_vec();
        }
        judged.held(SCHEMA);
        judge_members(body, status, &mut judged);
        judged.into_vec()
    }
}

/// Whether the path is one that every provider serves itself; of the others a router before it may
/// know nothing.
fn is_known(exchange: &Exchange, context: &Context<'_>) -> bool {
    let of_type = context
        .capabilities
        .resource_type_at(&exchange.request.path)
        .is_some();
    subject::is_discovery(exchange) || (of_type && !subject::is_search(exchange))
}

fn judge_members(body: &Value, status: u16, judged: &mut Judged) {
    judge_status(member(body, "status"), status, judged);
    if let Some(keyword) = member(body, "scimType").filter(|it| !it.is_null()) {
        let known = keyword.as_str().and_then(ScimType::of).is_some();
        judged.judge(
            KEYWORD,
            (!known).then(|| {
                Judgement::broken("/scimType", "a keyword of RFC 7644 table 9", brief(keyword))
            }),
        );
    }
    if let Some(detail) = member(body, "detail").filter(|it| !it.is_null()) {
        judged.judge(
            DETAIL,
            (!detail.is_string()).then(|| Judgement::broken("/detail", "text", brief(detail))),
        );
    }
}

/// That the status is text and that it is the right one are two requirements.
fn judge_status(stated: Option<&Value>, status: u16, judged: &mut Judged) {
    let expected = Value::from(status.to_string());
    let broken = || Judgement::broken("/status", brief(&expected), brief_or_absent(stated));
    match stated {
        Some(Value::String(_)) => {
            judged.held(STATUS);
            let repeated = stated == Some(&expected);
            judged.judge(REPEATED, (!repeated).then(broken));
        }
        Some(Value::Number(number)) => {
            judged.add(STATUS, broken().tolerated("F16"));
            let repeated = number.as_u64() == Some(u64::from(status));
            judged.judge(REPEATED, (!repeated).then(broken));
        }
        _ => judged.add(STATUS, broken()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::Sample;

    fn refused(status: u16, body: &Value) -> Sample {
        Sample::get("/Users/1").status(status).body(body)
    }

    #[test]
    fn a_refusal_is_an_error_message() {
        let message = |status: Value| json!({"schemas": [urn::ERROR], "status": status});
        held("error-shape", refused(404, &message(json!("404"))));
        broken(
            "error-shape",
            refused(404, &message(json!(404))),
            &[(STATUS, "F16")],
        );
        broken(
            "error-shape",
            refused(404, &message(json!("400"))),
            &[(REPEATED, "/status")],
        );
        broken(
            "error-shape",
            refused(404, &message(json!(400))),
            &[(STATUS, "F16"), (REPEATED, "/status")],
        );
        broken(
            "error-shape",
            refused(404, &message(json!(null))),
            &[(STATUS, "/status")],
        );
        broken(
            "error-shape",
            refused(404, &json!({"status": "404"})),
            &[(SCHEMA, "/schemas")],
        );
        broken(
            "error-shape",
            Sample::get("/Users/1").status(404).text("<html>"),
            &[(JSON, "response.body")],
        );
        broken(
            "error-shape",
            Sample::get("/Users/1").status(404),
            &[(JSON, "response.body")],
        );
        let odd =
            json!({"schemas": [urn::ERROR], "status": "400", "scimType": "bad", "detail": ["x"]});
        broken(
            "error-shape",
            refused(400, &odd),
            &[(KEYWORD, "/scimType"), (DETAIL, "/detail")],
        );
    }

    #[test]
    fn a_gateway_is_excused() {
        for status in [401, 403, 405, 415, 429, 500, 502, 503] {
            broken(
                "error-shape",
                Sample::get("/Users/1").status(status).text("<html>"),
                &[(JSON, "F18")],
            );
            broken(
                "error-shape",
                refused(status, &json!({"message": "no"})),
                &[(SCHEMA, "F18")],
            );
        }
        silent("error-shape", Sample::new("HEAD", "/Users/1").status(404));
        silent("error-shape", Sample::get("/Users/1").status(302));
    }
}
