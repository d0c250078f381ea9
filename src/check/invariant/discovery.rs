//! Discovery is there, and its documents fit each other (RFC 7643 §6, §7, RFC 7644 §4).
//!
//! What a document looks like by itself is for the invariant `json-schema`.

use std::collections::HashSet;

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, is_scim, subject};
use crate::check::form::Forms;
use crate::check::place::clip;
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const CONFIG: &str = "rfc7644-4-config-is-one-object";
const TYPES: &str = "rfc7644-4-resource-types-are-listed";
const SCHEMAS: &str = "rfc7644-4-schemas-are-listed";
const ID: &str = "rfc7643-7-schema-id-is-its-uri";
const ATTRIBUTES: &str = "rfc7643-7-schema-lists-attributes";
const CORE: &str = "rfc7643-6-resource-type-names-its-schema";
const EXTENSIONS: &str = "rfc7643-6-resource-type-extensions-have-schemas";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "discovery"
    }

    fn title(&self) -> &'static str {
        "Discovery is served, and its documents fit each other"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[CONFIG, TYPES, SCHEMAS, ID, ATTRIBUTES, CORE, EXTENSIONS]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let request = &exchange.request;
        let is_plain = request.method == "GET" && request.query.is_empty();
        if !is_plain || !is_scim(exchange, context) {
            return Vec::new();
        }
        let path = request.path.trim_matches('/').to_ascii_lowercase();
        let (requirement, is_listed) = match path.as_str() {
            "serviceproviderconfig" => (CONFIG, false),
            "resourcetypes" => (TYPES, true),
            "schemas" => (SCHEMAS, true),
            _ => return Vec::new(),
        };
        let Some(body) = served(exchange, requirement, is_listed, &mut judged) else {
            return judged.into_vec();
        };
        match requirement {
            TYPES => judge_types(body, &mut judged),
            SCHEMAS => judge_schemas(body, context, &mut judged),
            _ => {}
        }
        judged.into_vec()
    }
}

/// The document, if it is one of its kind. What a case asks for without credentials, or in an odd way, may be refused.
fn served<'a>(
    exchange: &'a Exchange,
    requirement: &'static str,
    is_listed: bool,
    judged: &mut Judged,
) -> Option<&'a Value> {
    let response = subject::response(exchange).ok()?;
    let expected = if is_listed {
        "a ListResponse"
    } else {
        "one object"
    };
    if response.status != 200 {
        if exchange.case.is_empty() {
            let actual = response.status.to_string();
            judged.add(
                requirement,
                Judgement::broken("response.status", "200", actual),
            );
        }
        return None;
    }
    let body = exchange.json();
    let fits = body.is_some_and(|body| body.is_object() && subject::is_list(body) == is_listed);
    let actual = || clip(&response.body.text);
    judged.judge(
        requirement,
        (!fits).then(|| Judgement::broken("response.body", expected, actual())),
    );
    body.filter(|_| fits)
}

/// The elements of a list that are objects, with their indices.
fn elements(body: &Value) -> impl Iterator<Item = (usize, &Value)> {
    let items = member(body, "Resources").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(_, item)| item.is_object())
}

fn text<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    let text = member(document, name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// No type extends itself, or is extended by the same schema twice.
fn judge_types(body: &Value, judged: &mut Judged) {
    for (index, document) in elements(body) {
        let extensions = member(document, "schemaExtensions").and_then(Value::as_array);
        let own = text(document, "schema").unwrap_or_default();
        let mut seen = HashSet::from([own.to_ascii_lowercase()]);
        for (at, extension) in extensions.into_iter().flatten().enumerate() {
            let Some(id) = text(extension, "schema") else {
                continue;
            };
            let again = !seen.insert(id.to_ascii_lowercase());
            judged.judge(
                EXTENSIONS,
                again.then(|| {
                    let at = format!("/Resources/{index}/schemaExtensions/{at}/schema");
                    Judgement::broken(at, "a schema beside the type's own, once", clip(id))
                }),
            );
        }
    }
}

/// No schema is listed twice, nor an attribute in one of them; those that types name are there.
fn judge_schemas(body: &Value, context: &Context<'_>, judged: &mut Judged) {
    let mut ids = HashSet::new();
    for (index, document) in elements(body) {
        if let Some(id) = text(document, "id") {
            let again = !ids.insert(id.to_ascii_lowercase());
            judged.judge(
                ID,
                again.then(|| {
                    let at = format!("/Resources/{index}/id");
                    Judgement::broken(at, "an id of its own", clip(id))
                }),
            );
        }
        let mut names = HashSet::new();
        let attributes = member(document, "attributes").and_then(Value::as_array);
        let twice = attributes
            .into_iter()
            .flatten()
            .enumerate()
            .find_map(|(at, it)| {
                let name = text(it, "name")?;
                (!names.insert(name.to_ascii_lowercase())).then_some((at, name))
            });
        judged.judge(
            ATTRIBUTES,
            twice.map(|(at, name)| {
                let at = format!("/Resources/{index}/attributes/{at}/name");
                Judgement::broken(at, "each attribute once", clip(name))
            }),
        );
    }
    let troubled = context.forms.into_iter().flat_map(Forms::iter);
    for trouble in troubled.filter_map(|form| form.trouble.as_ref()) {
        let expected = "definitions that a JSON Schema can be made of";
        judged.add(
            ATTRIBUTES,
            Judgement::broken("/Resources", expected, clip(trouble)),
        );
    }
    judge_named(&ids, context, judged);
}

fn judge_named(ids: &HashSet<String>, context: &Context<'_>, judged: &mut Judged) {
    let mut named: Vec<(&'static str, &str, &str)> = Vec::new();
    for it in &context.capabilities.resource_types {
        named.push((CORE, &it.schema, &it.name));
        let extensions = it.extensions.iter();
        named.extend(extensions.map(|(id, _)| (EXTENSIONS, id.as_str(), it.name.as_str())));
    }
    for (requirement, id, of) in named {
        let is_there = ids.contains(&id.to_ascii_lowercase());
        judged.judge(
            requirement,
            (!is_there).then(|| {
                let expected = format!("{}, a schema of the type {}", clip(id), clip(of));
                let judgement = Judgement::broken("/Resources", expected, "absent");
                if urn::SCHEMAS.iter().any(|known| urn::same(known, id)) {
                    judgement.with_hint("the RFC's definition stands in")
                } else {
                    judgement
                }
            }),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn schemas(more: &[Value]) -> Sample {
        let schema = |id: &str| json!({"id": id, "attributes": [{"name": "a"}]});
        let mut all = vec![schema(urn::USER), schema(urn::ENTERPRISE_USER)];
        all.extend_from_slice(more);
        Sample::get("/Schemas").body(&sample::list(&all))
    }

    #[test]
    fn documents_are_of_their_kind() {
        held(
            "discovery",
            Sample::get("/ServiceProviderConfig").body(&json!({})),
        );
        held(
            "discovery",
            Sample::get("/ResourceTypes").body(&sample::list(&[])),
        );
        let list = sample::list(&[json!({})]);
        broken(
            "discovery",
            Sample::get("/ServiceProviderConfig").body(&list),
            &[(CONFIG, "response.body")],
        );
        for body in [json!([]), json!("x"), json!({"id": "x"})] {
            broken(
                "discovery",
                Sample::get("/Schemas").body(&body),
                &[(SCHEMAS, "response.body")],
            );
        }
        silent("discovery", Sample::get("/Schemas").status(401));
        silent(
            "discovery",
            Sample::get("/Schemas")
                .query("filter", "x")
                .body(&json!([])),
        );
        silent("discovery", Sample::get("/Schemas/x").body(&json!([])));
    }

    #[test]
    fn what_the_run_asks_for_first_has_to_be_there() {
        for status in [401, 404, 500] {
            let mut exchange = Sample::get("/ResourceTypes").status(status).build();
            exchange.case = String::new();
            let capabilities = sample::capabilities();
            let found = Leaf.judge(&exchange, &sample::context(&capabilities));
            assert!(
                matches!(&found[..], [(TYPES, Judgement::Broken(it))] if it.at == "response.status"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn schemas_fit_each_other_and_the_types() {
        held("discovery", schemas(&[]));
        broken(
            "discovery",
            schemas(&[json!({"id": urn::USER.to_uppercase()})]),
            &[(ID, "/Resources/2/id")],
        );
        let twice = json!({"id": "urn:x", "attributes": [{"name": "a"}, {}, {"name": "A"}]});
        broken(
            "discovery",
            schemas(&[twice]),
            &[(ATTRIBUTES, "/Resources/2/attributes/2/name")],
        );
        broken(
            "discovery",
            Sample::get("/Schemas").body(&sample::list(&[json!({"id": ""})])),
            &[(CORE, "/Resources"), (EXTENSIONS, "/Resources")],
        );
    }

    #[test]
    fn no_type_extends_itself() {
        let user = |extensions: Value| {
            let user = json!({"schema": urn::USER, "schemaExtensions": extensions});
            Sample::get("/ResourceTypes").body(&sample::list(&[user]))
        };
        held("discovery", user(json!([{"schema": "urn:x"}])));
        for (extensions, at) in [
            (json!([{"schema": urn::USER}]), 0),
            (json!([{"schema": "urn:x"}, {"schema": "URN:X"}]), 1),
        ] {
            let at = format!("/Resources/0/schemaExtensions/{at}/schema");
            broken("discovery", user(extensions), &[(EXTENSIONS, &at)]);
        }
    }
}
