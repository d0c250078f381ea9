//! ListResponse messages (RFC 7644 §3.4.2).

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, is_scim, subject};
use crate::check::place::{brief, brief_or_absent};
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const LIST: &str = "rfc7644-3.4.2-lists-are-list-responses";
const TOTAL: &str = "rfc7644-3.4.2-lists-state-total-results";
const RESOURCES: &str = "rfc7644-3.4.2-lists-hold-resources";
const START: &str = "rfc7644-3.4.2-partial-lists-state-start-index";
const SIZE: &str = "rfc7644-3.4.2-partial-lists-state-items-per-page";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "list-envelope"
    }

    fn title(&self) -> &'static str {
        "Every list is a ListResponse whose counts agree"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[LIST, TOTAL, RESOURCES, START, SIZE]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(body) = subject::success_body(exchange) else {
            return Vec::new();
        };
        if !is_scim(exchange, context)
            || !(subject::is_list(body) || must_be_list(exchange, context))
        {
            return Vec::new();
        }
        if !urn::listed(body, urn::LIST_RESPONSE) {
            let actual = brief_or_absent(member(body, "schemas"));
            judged.add(
                LIST,
                Judgement::broken("/schemas", urn::LIST_RESPONSE, actual),
            );
            return judged.into_vec();
        }
        judged.held(LIST);
        let list = ListView::read(body).unwrap_or_default();
        judge_counts(body, &list, exchange, &mut judged);
        judged.into_vec()
    }
}

/// A GET of an endpoint of resources, or a search.
fn must_be_list(exchange: &Exchange, context: &Context<'_>) -> bool {
    let path = exchange.request.path.trim_end_matches('/');
    let is_endpoint = context
        .capabilities
        .resource_types
        .iter()
        .any(|it| it.endpoint.trim_end_matches('/') == path);
    (exchange.request.method == "GET" && is_endpoint) || subject::is_search(exchange)
}

fn judge_counts(body: &Value, list: &ListView<'_>, exchange: &Exchange, judged: &mut Judged) {
    let number = list.resources.len() as u64;
    let by_cursor = list.next_cursor.is_some()
        || list.previous_cursor.is_some()
        || exchange
            .request
            .query
            .iter()
            .any(|(name, _)| name == "cursor");
    let stated = |name: &str| member(body, name).filter(|value| !value.is_null());
    let missing = |name: &str, expected: &str| {
        Judgement::broken(format!("/{name}"), expected, brief_or_absent(stated(name)))
    };
    let total = match list.total_results {
        Some(total) => {
            let too_few = total < number;
            judged.judge(
                TOTAL,
                too_few.then(|| {
                    missing(
                        "totalResults",
                        &format!("at least the {number} that are here"),
                    )
                }),
            );
            total
        }
        None if by_cursor && stated("totalResults").is_none() => number,
        None => {
            judged.add(TOTAL, missing("totalResults", "a count"));
            return;
        }
    };
    let asked_none = asked_count(exchange) == Some(0);
    let shape = match stated("Resources") {
        Some(Value::Array(_)) => None,
        Some(other) => Some(Judgement::broken("/Resources", "an array", brief(other))),
        None if total > 0 && !asked_none && !is_beyond(exchange, total) => Some(Judgement::broken(
            "/Resources",
            format!("{total} resources, or a page of them"),
            "absent",
        )),
        None if member(body, "Resources").is_some_and(Value::is_null) => {
            Some(Judgement::broken("/Resources", "an array, or nothing", "null").tolerated("D18"))
        }
        None => None,
    };
    let is_broken = shape.is_some();
    judged.judge(RESOURCES, shape);
    if is_broken || total <= number || number == 0 || asked_none || by_cursor {
        return;
    }
    judge_page(number, body, list, judged);
}
/// A page of a longer list says where it begins and how long it is.
fn judge_page(number: u64, body: &Value, list: &ListView<'_>, judged: &mut Judged) {
    let missing = |name: &str, expected: &str| {
        let stated = member(body, name).filter(|value| !value.is_null());
        Judgement::broken(format!("/{name}"), expected, brief_or_absent(stated))
    };
    judged.judge(
        START,
        list.start_index
            .is_none()
            .then(|| missing("startIndex", "the index of the first resource")),
    );
    let fits = list.items_per_page == Some(number);
    judged.judge(
        SIZE,
        (!fits).then(|| {
            let judgement = missing(
                "itemsPerPage",
                &format!("{number}, the number of resources here"),
            );
            if list.items_per_page.is_some() {
                judgement.tolerated("D17")
            } else {
                judgement
            }
        }),
    );
}

fn asked_count(exchange: &Exchange) -> Option<i64> {
    let count = asked(exchange, "count")?;
    Some(count.max(0))
}

fn is_beyond(exchange: &Exchange, total: u64) -> bool {
    asked(exchange, "startIndex")
        .is_some_and(|start| u64::try_from(start).is_ok_and(|start| start > total))
}

fn asked(exchange: &Exchange, name: &str) -> Option<i64> {
    let in_query = exchange
        .request
        .query
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| value.parse().ok());
    in_query.or_else(|| {
        let body = exchange.request.body.as_ref()?.json.as_deref()?;
        member(body, name)?.as_i64()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn with(change: &Value) -> Sample {
        let mut list = sample::list(&[sample::user()]);
        for (name, value) in change.as_object().unwrap() {
            list[name] = value.clone();
        }
        Sample::get("/Users").body(&list)
    }

    #[test]
    fn counts_agree() {
        held("list-envelope", with(&json!({})));
        held(
            "list-envelope",
            with(&json!({"startIndex": null, "itemsPerPage": null})),
        );
        held("list-envelope", with(&json!({"totalResults": 5})));
        broken(
            "list-envelope",
            with(&json!({"schemas": [urn::USER]})),
            &[(LIST, "/schemas")],
        );
        for total in [json!(null), json!("1"), json!(-1), json!(0)] {
            broken(
                "list-envelope",
                with(&json!({"totalResults": total})),
                &[(TOTAL, "/totalResults")],
            );
        }
        broken(
            "list-envelope",
            with(&json!({"Resources": null})),
            &[(RESOURCES, "/Resources")],
        );
        broken(
            "list-envelope",
            with(&json!({"totalResults": 0, "Resources": null})),
            &[(RESOURCES, "D18")],
        );
        broken(
            "list-envelope",
            with(&json!({"Resources": {}})),
            &[(RESOURCES, "/Resources")],
        );
        broken(
            "list-envelope",
            with(&json!({"totalResults": 5, "startIndex": null})),
            &[(START, "/startIndex")],
        );
        broken(
            "list-envelope",
            with(&json!({"totalResults": 5, "itemsPerPage": null})),
            &[(SIZE, "/itemsPerPage")],
        );
        broken(
            "list-envelope",
            with(&json!({"totalResults": 5, "itemsPerPage": 100})),
            &[(SIZE, "D17")],
        );
        broken(
            "list-envelope",
            Sample::get("/Users").body(&json!([])),
            &[(LIST, "/schemas")],
        );
    }

    #[test]
    fn an_empty_list_needs_no_resources() {
        let empty = json!({"schemas": [urn::LIST_RESPONSE], "totalResults": 0});
        held("list-envelope", Sample::get("/Users").body(&empty));
        let counted = json!({"schemas": [urn::LIST_RESPONSE], "totalResults": 9});
        held(
            "list-envelope",
            Sample::get("/Users").query("count", "0").body(&counted),
        );
        held(
            "list-envelope",
            Sample::get("/Users").query("count", "-3").body(&counted),
        );
        held(
            "list-envelope",
            Sample::get("/Users")
                .query("startIndex", "10")
                .body(&counted),
        );
        let search = Sample::new("POST", "/Users/.search").sent(&json!({"count": 0}));
        held("list-envelope", search.body(&counted));
        silent(
            "list-envelope",
            Sample::get("/Users/1").body(&sample::user()),
        );
    }

    #[test]
    fn a_cursor_needs_no_total() {
        let page = json!({"schemas": [urn::LIST_RESPONSE], "nextCursor": "x", "itemsPerPage": 1, "Resources": [{"id": "1"}]});
        held(
            "list-envelope",
            Sample::get("/Users").query("cursor", "").body(&page),
        );
    }
}
