//! Answers with a SCIM body say `application/scim+json`.

use super::{Context, Exchange, Invariant, Judged, Judgement, is_scim, subject};
use crate::check::expect::media_type::is;
use crate::check::place::clip;

/// The invariant.
pub(super) struct Leaf;

const SCIM: &str = "rfc7644-3.1-answers-use-scim-media-type";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "media-type"
    }

    fn title(&self) -> &'static str {
        "Every answer with a SCIM body is labelled application/scim+json"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[SCIM]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(response) = subject::response(exchange) else {
            return Vec::new();
        };
        let is_scim_body = exchange
            .json()
            .is_some_and(|body| crate::scim::resource::member(body, "schemas").is_some());
        if !is_scim(exchange, context) || !is_scim_body {
            return Vec::new();
        }
        let label = response.header("content-type");
        let asked_json = accepts_only_json(exchange);
        let deviation = match label {
            Some(label) if is(label, "application/scim+json") => None,
            Some(label) if is(label, "application/json") && asked_json => None,
            other => {
                let judgement = Judgement::broken(
                    "response.header.content-type",
                    "application/scim+json",
                    other.map_or_else(|| "absent".to_owned(), clip),
                );
                let is_json = other.is_some_and(|label| is(label, "application/json"));
                Some(if is_json {
                    judgement.tolerated("F22")
                } else {
                    judgement
                })
            }
        };
        judged.judge(SCIM, deviation);
        judged.into_vec()
    }
}

/// Whether the request accepted application/json and not application/scim+json.
fn accepts_only_json(exchange: &Exchange) -> bool {
    let mut accepts = exchange
        .request
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("accept"))
        .flat_map(|header| header.value.split(','))
        .peekable();
    accepts.peek().is_some() && accepts.all(|it| is(it, "application/json"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::exchange::Header;

    #[test]
    fn the_label_is_that_of_scim() {
        held("media-type", Sample::get("/Users/1").body(&sample::user()));
        let labelled = |label: &str| {
            Sample::get("/Users/1")
                .header("Content-Type", label)
                .body(&sample::user())
        };
        broken("media-type", labelled("application/json"), &[(SCIM, "F22")]);
        broken(
            "media-type",
            labelled("text/plain"),
            &[(SCIM, "response.header.content-type")],
        );
        silent(
            "media-type",
            Sample::get("/Users/1").body(&json!({"access_token": "x"})),
        );
        silent("media-type", Sample::get("/Users/1").text("<html>"));
    }

    #[test]
    fn json_is_fine_where_it_was_asked_for() {
        let mut exchange = Sample::get("/Users/1")
            .header("Content-Type", "application/json")
            .body(&sample::user())
            .build();
        exchange.request.headers.push(Header {
            name: "Accept".to_owned(),
            value: "application/json".to_owned(),
        });
        assert!(accepts_only_json(&exchange));
        let capabilities = sample::capabilities();
        let judged = Leaf.judge(&exchange, &sample::context(&capabilities));
        assert_eq!(judged, [(SCIM, Judgement::Held)]);
    }
}
