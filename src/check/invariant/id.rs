//! Ids (RFC 7643 §3.1).

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::place::{brief_or_absent, clip};
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const PRESENT: &str = "rfc7643-3.1-every-representation-has-an-id";
const RESERVED: &str = "rfc7643-3.1-bulk-id-is-a-reserved-word";
const STABLE: &str = "rfc7643-3.1-ids-are-stable";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "id"
    }

    fn title(&self) -> &'static str {
        "Every resource has an id, the one that it is asked for by"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[PRESENT, RESERVED, STABLE]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        let asked = asked_id(exchange);
        for found in subject::resources(exchange) {
            let at = format!("{}/id", found.at);
            let stated = member(found.resource, "id");
            let Some(id) = stated
                .and_then(|id| id.as_str())
                .filter(|id| !id.is_empty())
            else {
                let actual = brief_or_absent(stated);
                judged.add(PRESENT, Judgement::broken(at, "a non-empty string", actual));
                continue;
            };
            judged.held(PRESENT);
            judged.judge(
                RESERVED,
                id.contains("bulkId")
                    .then(|| Judgement::broken(&at, "an id without the word bulkId", clip(id))),
            );
            if let Some(asked) = asked.as_deref().filter(|_| found.at.is_empty()) {
                // Letter case is for scenarios: some stores find an id in any case (A09).
                let other = !asked.eq_ignore_ascii_case(id);
                judged.judge(
                    STABLE,
                    other.then(|| Judgement::broken(&at, clip(asked), clip(id))),
                );
            }
        }
        judged.into_vec()
    }
}

/// The id in the path of a request for one resource (`/Users/2819`), decoded.
fn asked_id(exchange: &Exchange) -> Option<String> {
    let mut segments = exchange.request.path.trim_matches('/').split('/');
    let (endpoint, id, rest) = (segments.next()?, segments.next()?, segments.next());
    if rest.is_some() || id.is_empty() || id.starts_with('.') || urn::is_urn(endpoint) {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(id)
        .decode_utf8()
        .ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn with(id: Value) -> Sample {
        let mut user = sample::user();
        user["id"] = id;
        Sample::get("/Users/2819").body(&user)
    }

    #[test]
    fn every_resource_has_its_id() {
        held("id", with(json!("2819")));
        for id in [json!(null), json!(""), json!(2819)] {
            broken("id", with(id), &[(PRESENT, "/id")]);
        }
        broken("id", with(json!("2820")), &[(STABLE, "/id")]);
        broken(
            "id",
            with(json!("bulkId:1")),
            &[(RESERVED, "/id"), (STABLE, "/id")],
        );
        held(
            "id",
            Sample::new("POST", "/Users/.search").body(&sample::list(&[sample::user()])),
        );
        silent(
            "id",
            Sample::get("/Users/2819")
                .status(404)
                .body(&json!({"status": "404"})),
        );
        silent(
            "id",
            Sample::get("/ResourceTypes").body(&sample::list(&[json!({"name": "User"})])),
        );
        silent("id", Sample::get("/oauth/token").body(&json!({"a": 1})));
    }
}
