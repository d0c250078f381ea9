//! What a step expects of a replay: the status that the client got, and the facts that it went by,
//! each under the requirement of the RFC that makes it right.
//!
//! Where the recorded answer is not what the RFC asks for, nothing is expected but what later
//! steps need: a replay blames nobody for doing better.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;

use super::filter;
use super::known::Known;
use super::rewrite::creates;
use super::role::{Role, role};
use super::step::{Content, Step};
use crate::suite::write::Expected;

const NO_SERVER_ERROR: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

/// The expectations of a step; `deleted` are the ids that earlier steps deleted.
pub(super) fn expectations(
    known: &mut Known<'_>,
    index: usize,
    step: &Step,
    deleted: &BTreeSet<String>,
) -> Vec<Expected> {
    let status = step.seen.status;
    if !step.succeeded() {
        let covers = refused(step, deleted, |id| known.is_there(index, id));
        let wanted = if covers == NO_SERVER_ERROR {
            json!("4xx")
        } else {
            json!(status)
        };
        return vec![("status", wanted, covers)];
    }
    let Some(covers) = succeeded(step) else {
        return Vec::new();
    };
    let wanted = match (&step.method, status) {
        (&Method::PATCH, _) if covers.ends_with("200-or-204") => json!([200, 204]),
        _ => json!(status),
    };
    let mut all = vec![("status", wanted, covers)];
    let is_read = step.method == Method::GET || step.method == Method::PUT;
    if let (true, Some((_, Some(id)))) = (is_read, step.resource())
        && let Some(template) = known
            .id(index, &id)
            .filter(|template| !template.starts_with("{{uuid"))
        && step.seen.member("id").is_some()
    {
        all.push((
            "body",
            json!({ "/id": template }),
            "rfc7643-3.1-ids-are-stable",
        ));
    }
    if creates(step) && step.seen.member("id").is_some() {
        let covers = "rfc7644-3.3-create-answers-with-the-resource";
        all.push(("body", json!({ "/id": "present" }), covers));
    }
    all.extend(matches(known, index, step));
    all
}

/// What covers the status of a success; none where the RFC asks for another.
fn succeeded(step: &Step) -> Option<&'static str> {
    let segments = step.segments();
    let first = segments
        .first()
        .map(|first| first.to_ascii_lowercase())
        .unwrap_or_default();
    let one = segments.len() == 2;
    match (step.method.as_str(), step.seen.status, first.as_str()) {
        ("GET", 200, "serviceproviderconfig") => Some("rfc7644-4-config-is-one-object"),
        ("GET", 200, "schemas") if one => Some("rfc7644-4-schema-is-readable-by-uri"),
        ("GET", 200, "schemas") => Some("rfc7644-4-schemas-are-listed"),
        ("GET", 200, "resourcetypes") if one => Some("rfc7644-4-resource-type-is-readable-by-name"),
        ("GET", 200, "resourcetypes") => Some("rfc7644-4-resource-types-are-listed"),
        ("POST", 200, "bulk") => Some("rfc7644-3.7-bulk-answers-200"),
        ("POST", 200, _) if step.is_search() => Some("rfc7644-3.4.3-search-is-a-query"),
        ("POST", 201, _) if creates(step) => Some("rfc7644-3.3-create-answers-201"),
        (method, status, _) => {
            let (_, id) = step.resource()?;
            match (method, status, id.is_some()) {
                ("GET", 200, true) => Some("rfc7644-3.4.1-get-answers-200"),
                ("GET", 200, false) => Some("rfc7644-3.4.2-lists-are-list-responses"),
                ("PUT", 200, true) => Some("rfc7644-3.5.1-put-answers-200"),
                ("PATCH", 200, true) if asks_for_attributes(step) => {
                    Some("rfc7644-3.5.2-patch-with-projection-answers-200")
                }
                ("PATCH", 200 | 204, true) => Some("rfc7644-3.5.2-patch-answers-200-or-204"),
                ("DELETE", 204, true) => Some("rfc7644-3.6-delete-answers-204"),
                _ => None,
            }
        }
    }
}

fn asks_for_attributes(step: &Step) -> bool {
    step.query
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("attributes"))
}

/// What covers the status of a refusal.
fn refused(
    step: &Step,
    deleted: &BTreeSet<String>,
    is_there: impl Fn(&str) -> bool,
) -> &'static str {
    let method = step.method.as_str();
    let id = step.resource().and_then(|(_, id)| id);
    match (step.seen.status, method) {
        (304, _) => "rfc7644-3.14-if-none-match-answers-304",
        (401, _) => "rfc7644-3.12-unauthorized-answers-401",
        (403, _) => "rfc7644-3.12-forbidden-answers-403",
        (501, _) => "rfc7644-3.12-unsupported-operation-answers-501",
        (412, _) => "rfc7644-3.12-failed-precondition-answers-412",
        (409, "POST") if creates(step) => "rfc7644-3.3-duplicate-create-answers-409",
        (409, "PUT") => "rfc7644-3.5.1-put-keeps-values-unique",
        (409, "PATCH") => "rfc7644-3.5.2-patch-keeps-values-unique",
        (404, _) => match (id, method) {
            (Some(id), _) if deleted.contains(&id) => "rfc7644-3.6-deleted-answers-404",
            // It is there: something else was not found.
            (Some(id), _) if is_there(&id) => NO_SERVER_ERROR,
            (Some(_), "GET") => "rfc7644-3.4.1-unknown-id-answers-404",
            (Some(_), "PUT") => "rfc7644-3.5.1-put-unknown-id-answers-404",
            (Some(_), "PATCH") => "rfc7644-3.5.2-patch-unknown-id-answers-404",
            (Some(_), "DELETE") => "rfc7644-3.6-delete-unknown-id-answers-404",
            _ => NO_SERVER_ERROR,
        },
        (400, "POST") if creates(step) => match step.content {
            Content::Text(_) => "rfc7644-3.3-unparsable-create-answers-400",
            _ => "rfc7644-3.3-invalid-create-answers-400",
        },
        (400, "PUT") if id.is_some() => "rfc7644-3.5.1-invalid-put-answers-400",
        (400, "GET") if step.filter().is_some() => "rfc7644-3.4.2.2-invalid-filter-answers-400",
        (400, _) if matches!(step.content, Content::Text(_)) => {
            "rfc7644-3.12-malformed-body-answers-400"
        }
        _ => NO_SERVER_ERROR,
    }
}

/// What a query for known values matched.
fn matches(known: &mut Known<'_>, index: usize, step: &Step) -> Option<Expected> {
    let filter = step.filter().filter(|filter| filter::is_plain(filter))?;
    let total = step.seen.member("totalResults")?.as_u64()?;
    let literals = filter::literals(filter);
    let decides = literals.iter().any(|literal| {
        let at = role(&literal.at);
        let sole = at == Role::Unique || (at == Role::Id && literal.at.is("id"));
        sole || (literal.at.is("displayname") && known.names.get(&literal.text).is_some())
    });
    // Of what was there before, the set-up makes the names and nothing else.
    let simple = literals.len() == 1 || total == 0 || known.given.is_empty();
    if !decides || !simple {
        return None;
    }
    if total == 0 {
        return Some((
            "list",
            json!({ "total": 0 }),
            "rfc7644-3.4.2-no-match-answers-200",
        ));
    }
    let resources = step.seen.resources();
    let ids: Vec<String> = resources
        .iter()
        .filter_map(|(_, resource)| resource.get("id")?.as_str())
        .filter_map(|id| known.id(index, id))
        .collect();
    let covers = "rfc7644-3.4.2.2-filter-selects-matching-resources-only";
    Some(if ids.is_empty() {
        ("list", json!({ "total": total }), covers)
    } else {
        ("list", json!({ "total": total, "contains": ids }), covers)
    })
}
