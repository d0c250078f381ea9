//! Which requirement a smallest PUT shows to be broken.

use serde_json::{Value, json};

use crate::scim::resource::member;
use crate::scim::schema::{Attribute, Mutability, SchemaSet};

pub(super) const ANSWERS: &str = "rfc7644-3.5.1-put-answers-200";
pub(super) const REPLACES: &str = "rfc7644-3.5.1-put-replaces-values";
pub(super) const CLEARS: &str = "rfc7644-3.5.1-put-clears-omitted-values";
pub(super) const REFUSED: &str = "rfc7644-3.5.1-refused-put-changes-nothing";
pub(super) const REFRESHES: &str = "rfc7644-3.5.1-put-refreshes-last-modified";
pub(super) const VERSION: &str = "rfc7644-3.14-version-follows-changes";
pub(super) const READ_ONLY: &str = "rfc7643-7-read-only-attributes-do-not-change";
const IGNORES: &str = "rfc7644-3.5.1-put-ignores-read-only-values";
const FIXED: &str = "rfc7644-3.5.1-put-keeps-immutable-values";
const MEMBERS: &str = "rfc7644-3.5.1-put-replaces-members";
const PRIMARY: &str = "rfc7644-3.5.1-put-keeps-one-primary";
const UNASSIGNS: &str = "rfc7643-2.5-null-and-empty-array-unassign";
const NAMES: &str = "rfc7643-2.1-attribute-names-ignore-case";
const LISTED: &str = "rfc7643-3.3-extension-in-use-is-listed";

/// All that the law can find broken.
pub(in crate::probe) const COVERS: &[&str] = &[
    ANSWERS, REPLACES, CLEARS, REFUSED, REFRESHES, VERSION, READ_ONLY, IGNORES, FIXED, MEMBERS,
    PRIMARY, UNASSIGNS, NAMES, LISTED,
];

/// Where two states differ: an attribute, of the core schema or of an extension.
pub(super) struct Spot<'a> {
    /// URN of the extension; empty for the core schema.
    pub(super) urn: String,
    /// Name.
    pub(super) name: String,
    /// Its definition.
    pub(super) definition: Option<&'a Attribute>,
}

impl<'a> Spot<'a> {
    /// The attribute that a JSON Pointer leads to or into.
    pub(super) fn of(pointer: &str, schemas: &'a SchemaSet) -> Self {
        let mut parts = pointer
            .split('/')
            .skip(1)
            .map(|part| part.replace("~1", "/").replace("~0", "~"));
        let first = parts.next().unwrap_or_default();
        if let Some(schema) = schemas.extension(&first) {
            let name = parts.next().unwrap_or_default();
            let definition = schema.attribute(&name);
            return Self {
                urn: first,
                name,
                definition,
            };
        }
        Self {
            urn: String::new(),
            definition: schemas.attribute(&first),
            name: first,
        }
    }

    /// What a resource has there.
    pub(super) fn value<'v>(&self, resource: &'v Value) -> Option<&'v Value> {
        let holder = match self.urn.as_str() {
            "" => Some(resource),
            urn => member(resource, urn),
        };
        holder.and_then(|holder| member(holder, &self.name))
    }

    /// The resource without it.
    pub(super) fn cleared(&self, resource: &Value) -> Value {
        let mut cleared = resource.clone();
        let holder = match self.urn.as_str() {
            "" => Some(&mut cleared),
            urn => crate::scim::resource::member_mut(&mut cleared, urn),
        };
        if let Some(value) =
            holder.and_then(|holder| crate::scim::resource::member_mut(holder, &self.name))
        {
            *value = Value::Null;
        }
        cleared
    }
}

/// The requirement that a wrong state shows to be broken; `body` is what was sent, `pointer` where it differs.
pub(super) fn blame(body: &Value, pointer: &str, schemas: &SchemaSet) -> &'static str {
    if pointer.starts_with("/schemas") {
        return LISTED;
    }
    let spot = Spot::of(pointer, schemas);
    let mutability = spot.definition.map(|it| it.mutability);
    let sent = spot.value(body);
    match (mutability, sent) {
        (Some(Mutability::ReadOnly), Some(_)) => IGNORES,
        (Some(Mutability::ReadOnly), None) => READ_ONLY,
        (Some(Mutability::Immutable), _) => FIXED,
        (_, Some(sent)) if sent.is_null() || *sent == json!([]) => UNASSIGNS,
        _ if pointer.ends_with("/primary") => PRIMARY,
        _ if spot.definition.is_some_and(|it| it.is_named("members")) => MEMBERS,
        (_, Some(sent)) if !as_defined(body, sent, &spot) => NAMES,
        _ => REPLACES,
    }
}

/// Whether all names are spelled as the schema has them.
fn as_defined(body: &Value, sent: &Value, spot: &Spot<'_>) -> bool {
    let Some(definition) = spot.definition else {
        return true;
    };
    let holder = match spot.urn.as_str() {
        "" => Some(body),
        urn => member(body, urn),
    };
    let outer = holder.is_some_and(|holder| holder.get(&definition.name).is_some());
    let items = match sent {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut names = items.iter().filter_map(Value::as_object).flatten();
    outer && names.all(|(name, _)| definition.sub(name).is_none_or(|sub| sub.name == *name))
}
