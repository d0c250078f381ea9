//! Stage 7: the document of a successful answer.
//!
//! Shows what stages 4 to 6 left; chooses no header fields beyond location and version.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use super::Provider;
use super::cursor::Cursor;
use super::discovery;
use super::model::TypeModel;
use super::plan::{Action, Plan};
use super::problem::Problem;
use super::respond::Content;
use super::select::Selection;
use super::store::{Kind, Print, Resource};
use super::view::{View, etag, location};
use crate::scim::list::ListResponse;
use crate::scim::urn;

/// A successful answer.
#[derive(Clone, Debug)]
pub(super) struct Represented {
    pub(super) status: u16,
    pub(super) body: Content,
    /// URI of the one resource that it shows.
    pub(super) location: Option<String>,
    /// Entity tag of that resource.
    pub(super) etag: Option<String>,
}

impl Represented {
    fn document(status: u16, body: Content) -> Self {
        Self {
            status,
            body,
            location: None,
            etag: None,
        }
    }
}

/// Shows what was selected.
///
/// # Errors
/// 404 for a discovery document that does not exist.
pub(super) fn represent(
    provider: &Provider,
    plan: &Plan,
    selection: &Selection,
) -> Result<Represented, Problem> {
    match &plan.action {
        Action::Discover(document) => {
            let document = discovery::document(provider, &plan.base, document)?;
            Ok(Represented::document(200, offer(provider, plan, document)))
        }
        Action::List(..) => Ok(Represented::document(200, list(provider, plan, selection))),
        _ => match selection.resources.first() {
            Some(resource) => Ok(resource_with(provider, plan, resource, 200)),
            None => Err(Problem::not_found("there is no such resource")),
        },
    }
}

/// Shows what a write left: the resource, or nothing after a delete.
pub(super) fn represent_write(
    provider: &Provider,
    plan: &Plan,
    after: Option<&Arc<Resource>>,
) -> Represented {
    let status = match plan.action {
        Action::Create(..) => 201,
        _ => 200,
    };
    match after {
        Some(resource) => resource_with(provider, plan, resource, status),
        None => Represented::document(204, Content::Empty),
    }
}

/// The response to a bulk request.
pub(super) fn represent_bulk(provider: &Provider, plan: &Plan, results: &[Value]) -> Represented {
    let document = json!({ "schemas": [urn::BULK_RESPONSE], "Operations": results });
    Represented::document(200, offer(provider, plan, document))
}

fn resource_with(
    provider: &Provider,
    plan: &Plan,
    resource: &Resource,
    status: u16,
) -> Represented {
    let body = match printed(provider, plan, resource) {
        Some(bytes) => Content::Bytes(bytes),
        None => match show(provider, plan, resource) {
            Some(document) => offer(provider, plan, document),
            None => Content::Empty,
        },
    };
    Represented {
        status,
        body,
        location: Some(location(&plan.base, resource)),
        etag: etag(provider, resource),
    }
}

fn list(provider: &Provider, plan: &Plan, selection: &Selection) -> Content {
    let issue = |cursor: &Option<Cursor>| {
        let cursor = cursor.clone()?;
        Some(provider.cursors().issue(cursor))
    };
    let envelope = ListResponse {
        total_results: selection.total as u64,
        start_index: (!selection.by_cursor).then_some(selection.start_index as u64),
        items_per_page: Some(selection.resources.len() as u64),
        next_cursor: issue(&selection.next),
        previous_cursor: issue(&selection.previous),
        resources: None,
    };
    if let Some(bytes) = printed_list(provider, plan, selection, &envelope) {
        return Content::Bytes(bytes);
    }
    let resources: Vec<Value> = selection
        .resources
        .iter()
        .filter_map(|resource| show(provider, plan, resource))
        .collect();
    let page = ListResponse {
        items_per_page: Some(resources.len() as u64),
        resources: Some(resources),
        ..envelope
    };
    offer(provider, plan, page.into_json())
}

fn offer(provider: &Provider, plan: &Plan, mut document: Value) -> Content {
    for fault in provider.faults() {
        fault.represented(plan, &mut document);
    }
    Content::Document(document)
}

fn show(provider: &Provider, plan: &Plan, resource: &Resource) -> Option<Value> {
    let model = provider.model().of(resource.kind)?;
    let mut shown = plan.projection.show(view(provider, plan, model, resource));
    for fault in provider.faults() {
        fault.shown(plan, resource, &mut shown);
    }
    Some(Value::Object(shown))
}

fn view<'a>(
    provider: &'a Provider,
    plan: &'a Plan,
    model: &'a TypeModel,
    resource: &'a Resource,
) -> View<'a> {
    View {
        provider,
        model,
        resource,
        base: &plan.base,
    }
}

/// The usual representation of a resource as text, printed once per version. Only where nothing
/// may bend it and nothing but memberships is taken from other resources.
fn printed(provider: &Provider, plan: &Plan, resource: &Resource) -> Option<Bytes> {
    let manager = resource
        .attributes
        .get(urn::ENTERPRISE_USER)
        .and_then(|extension| extension.get("manager"));
    if !provider.faults().is_empty()
        || !plan.projection.is_usual()
        || resource.kind != Kind::User
        || manager.is_some()
    {
        return None;
    }
    // Read before the memberships themselves: a print can be thrown away too often, never too seldom.
    let memberships = provider.store().membership_state();
    if let Some(bytes) = resource.printed.get(&plan.base, memberships) {
        return Some(bytes);
    }
    let document = show(provider, plan, resource)?;
    let bytes = Bytes::from(document.to_string());
    resource.printed.set(Print {
        base: plan.base.as_str().into(),
        memberships,
        bytes: bytes.clone(),
    });
    Some(bytes)
}

/// A list put together from printed resources.
fn printed_list(
    provider: &Provider,
    plan: &Plan,
    selection: &Selection,
    envelope: &ListResponse,
) -> Option<Bytes> {
    let mut resources = Vec::with_capacity(selection.resources.len());
    for resource in &selection.resources {
        resources.push(printed(provider, plan, resource)?);
    }
    if resources.is_empty() {
        return None;
    }
    // The envelope without its closing brace, the resources in place of the rest.
    let mut head = envelope.clone().into_json().to_string();
    head.pop();
    head.push_str(",\"Resources\":[");
    let length: usize = resources.iter().map(|bytes| bytes.len() + 1).sum();
    let mut list = BytesMut::with_capacity(head.len() + length + 2);
    list.put(head.as_bytes());
    for (at, bytes) in resources.iter().enumerate() {
        if at > 0 {
            list.put_u8(b',');
        }
        list.put(bytes.as_ref());
    }
    list.put(&b"]}"[..]);
    Some(list.freeze())
}
