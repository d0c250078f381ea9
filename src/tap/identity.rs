//! The resources of a recording: which of them the client made, which were there before, and
//! which there were not.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;

use super::filter;
use super::leaf;
use super::role::{Role, role};
use super::step::{Content, Step, split};
use crate::scim::resource::member;
use crate::suite::write::Source;

/// Where a resource comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A step made it.
    Made(usize, Source),
    /// It was there before.
    Before,
    /// The target had none of this id.
    Nowhere,
}

/// A resource that requests name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// `/Users`
    pub(super) endpoint: String,
    /// Where it comes from.
    pub(super) origin: Origin,
}

/// All resources that the steps make or name, by id.
pub(super) fn identities(steps: &[Step]) -> BTreeMap<String, Identity> {
    let mut all = BTreeMap::new();
    for (index, step) in steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.succeeded())
    {
        for (id, endpoint, source) in made(step) {
            all.entry(id).or_insert(Identity {
                endpoint,
                origin: Origin::Made(index, source),
            });
        }
    }
    for step in steps {
        for (id, endpoint, existed) in named(step, steps) {
            let known = all.entry(id).or_insert(Identity {
                endpoint,
                origin: Origin::Nowhere,
            });
            if existed && known.origin == Origin::Nowhere {
                known.origin = Origin::Before;
            }
        }
    }
    all
}

/// How the target first showed a resource.
pub(super) fn shown<'s>(steps: &'s [Step], id: &str) -> Option<&'s Value> {
    steps
        .iter()
        .filter(|step| step.succeeded())
        .flat_map(|step| step.seen.resources())
        .map(|(_, resource)| resource)
        .find(|resource| member(resource, "id").and_then(text).as_deref() == Some(id))
}

/// What a step that succeeded made: id, endpoint, and where the answer says so.
fn made(step: &Step) -> Vec<(String, String, Source)> {
    if step.method != Method::POST || step.is_search() {
        return Vec::new();
    }
    if let Some((endpoint, None)) = step.resource() {
        let id = step.seen.member("id").and_then(text);
        let from_body = id.map(|id| (id, Source::Whole("/id".to_owned())));
        let from_head = || {
            let location = step.seen.header("location")?;
            Some((tail(location)?, Source::Tail("header.location".to_owned())))
        };
        let found = from_body.or_else(from_head);
        return found
            .map(|(id, source)| (id, endpoint, source))
            .into_iter()
            .collect();
    }
    results(step)
        .into_iter()
        .filter(|(operation, _, _)| says(operation, "method", "POST"))
        .filter_map(|(operation, index, result)| {
            let id = tail(member(result, "location")?.as_str()?)?;
            let endpoint = member(operation, "path")?.as_str()?.trim_end_matches('/');
            let source = Source::Tail(format!("/Operations/{index}/location"));
            Some((id, endpoint.to_owned(), source))
        })
        .collect()
}

/// The operations of a bulk request, each with its result and the place of that.
fn results(step: &Step) -> Vec<(&Value, usize, &Value)> {
    let Content::Json(body) = &step.content else {
        return Vec::new();
    };
    let operations = member(body, "Operations").and_then(Value::as_array);
    let results = step.seen.member("Operations").and_then(Value::as_array);
    let (Some(operations), Some(results)) = (operations, results) else {
        return Vec::new();
    };
    operations
        .iter()
        .enumerate()
        .filter_map(|(index, operation)| {
            let bulk_id = member(operation, "bulkId");
            let same = |result: &Value| bulk_id.is_some() && member(result, "bulkId") == bulk_id;
            let at = results.iter().position(same).unwrap_or(index);
            Some((operation, at, results.get(at)?))
        })
        .collect()
}

/// The ids that a step names: with the endpoint, and whether there was such a resource.
fn named(step: &Step, steps: &[Step]) -> Vec<(String, String, bool)> {
    let mut found = Vec::new();
    if let Some((endpoint, Some(id))) = step.resource() {
        found.push((id, endpoint, step.seen.status != 404));
    }
    let creates = step.method == Method::POST && !step.is_search();
    if let Content::Json(body) = &step.content {
        leaf::visit(body, &mut |at, value| {
            let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
                return;
            };
            let own = at.is("id") && creates;
            match role(at) {
                Role::Id if !own && !text.contains([':', '/']) => {
                    found.push((text.to_owned(), endpoint_of(text, steps), step.succeeded()));
                }
                Role::Filter if text.starts_with('/') => {
                    let segments: Vec<&str> =
                        text.split('/').filter(|part| !part.is_empty()).collect();
                    if let Some((endpoint, Some(id))) =
                        split(&segments).filter(|_| !text.contains("bulkId:"))
                    {
                        found.push((id, endpoint, step.succeeded()));
                    }
                }
                Role::Filter => found.extend(in_filter(text, step.succeeded(), steps)),
                _ => {}
            }
        });
    }
    if let Some(filter) = step.filter() {
        let any = step.seen.member("totalResults").and_then(Value::as_u64);
        let existed = any.is_some_and(|total| total > 0);
        found.extend(in_filter(filter, existed, steps));
        found.extend(matched(step, filter).filter(|_| existed));
    }
    found
}

fn in_filter(filter: &str, existed: bool, steps: &[Step]) -> Vec<(String, String, bool)> {
    filter::literals(filter)
        .into_iter()
        .filter(|literal| role(&literal.at) == Role::Id && !literal.text.contains([':', '/']))
        .map(|literal| {
            let endpoint = endpoint_of(&literal.text, steps);
            (literal.text, endpoint, existed)
        })
        .collect()
}

/// The one resource that a filter on a unique name matched.
fn matched(step: &Step, filter: &str) -> Option<(String, String, bool)> {
    let (endpoint, _) = step.resource()?;
    let literals = filter::literals(filter);
    let resources = step.seen.resources();
    let (_, resource) = resources.iter().find(|(_, resource)| {
        literals.iter().any(|literal| {
            let value = member(resource, &literal.at.name).and_then(Value::as_str);
            value.is_some_and(|value| value.eq_ignore_ascii_case(&literal.text))
        })
    })?;
    Some((member(resource, "id").and_then(text)?, endpoint, true))
}

/// The endpoint of an id by what the target showed of it; users where it showed nothing.
fn endpoint_of(id: &str, steps: &[Step]) -> String {
    let lists = steps.iter().filter(|step| step.succeeded());
    let shows = |step: &&Step| {
        step.seen
            .resources()
            .iter()
            .any(|(_, resource)| member(resource, "id").and_then(text).as_deref() == Some(id))
    };
    let from_path = |step: &Step| step.resource().map(|(endpoint, _)| endpoint);
    lists
        .filter(shows)
        .find_map(from_path)
        .unwrap_or_else(|| "/Users".to_owned())
}

/// The last segment of a URL, decoded.
pub(super) fn tail(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    let last = path.rsplit('/').next().filter(|last| !last.is_empty())?;
    let decoded = percent_encoding::percent_decode_str(last)
        .decode_utf8()
        .ok()?;
    Some(decoded.into_owned())
}

fn says(value: &Value, name: &str, wanted: &str) -> bool {
    let text = member(value, name).and_then(Value::as_str);
    text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
}

/// An id as text; some targets send a number.
pub(super) fn text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
