//! A stored resource as a client sees it: with id, schemas, meta and what is derived.
//!
//! Decides nothing about projection.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Provider;
use super::model::TypeModel;
use super::settings::Feature;
use super::store::{Kind, Resource};
use crate::scim::schema::Attribute;

/// One resource and where it is looked at from.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// The provider.
    pub(super) provider: &'a Provider,
    /// Schemas of the resource's type.
    pub(super) model: &'a TypeModel,
    /// The resource.
    pub(super) resource: &'a Resource,
    /// Base URL of references.
    pub(super) base: &'a str,
}

impl<'a> View<'a> {
    /// The value of an attribute, derived parts included; `None` where it is unassigned.
    pub(super) fn value(
        self,
        extension: Option<&str>,
        attribute: &Attribute,
    ) -> Option<Cow<'a, Value>> {
        if let Some(urn) = extension {
            let value = self.resource.attributes.get(urn)?.get(&attribute.name)?;
            return Some(if attribute.name == "manager" {
                Cow::Owned(self.manager(value))
            } else {
                Cow::Borrowed(value)
            });
        }
        match attribute.name.as_str() {
            "id" => Some(Cow::Owned(Value::from(&*self.resource.id))),
            "schemas" => Some(Cow::Owned(self.schemas())),
            "meta" => Some(Cow::Owned(self.meta())),
            "groups" if self.resource.kind != Kind::Group => self.groups().map(Cow::Owned),
            "members" if self.resource.kind == Kind::Group => self.members().map(Cow::Owned),
            name => self.resource.attributes.get(name).map(Cow::Borrowed),
        }
    }

    /// The same, without the parts that a test of this sub-attribute has no need of.
    pub(super) fn value_for(
        self,
        extension: Option<&str>,
        attribute: &Attribute,
        sub: Option<&Attribute>,
    ) -> Option<Cow<'a, Value>> {
        let stored = extension.is_none()
            && attribute.name == "members"
            && sub.is_some_and(|sub| sub.name == "value");
        if stored {
            return self.resource.attributes.get("members").map(Cow::Borrowed);
        }
        self.value(extension, attribute)
    }

    /// URNs of the schemas that the resource has attributes of.
    pub(super) fn schemas(self) -> Value {
        let mut schemas = vec![Value::from(self.model.core.id.as_str())];
        for extension in &self.model.extensions {
            if self.resource.attributes.contains_key(&extension.id) {
                schemas.push(Value::from(extension.id.as_str()));
            }
        }
        Value::Array(schemas)
    }

    /// `meta` (RFC 7643 §3.1).
    pub(super) fn meta(self) -> Value {
        let mut meta = json!({
            "resourceType": self.resource.kind.name(),
            "created": timestamp(self.resource.created),
            "lastModified": timestamp(self.resource.last_modified),
            "location": self.location(),
        });
        if let (Some(version), Some(meta)) = (self.etag(), meta.as_object_mut()) {
            meta.insert(String::from("version"), Value::from(version));
        }
        meta
    }

    /// URI of the resource.
    pub(super) fn location(self) -> String {
        location(self.base, self.resource)
    }

    /// Entity tag; `None` where they are left out.
    pub(super) fn etag(self) -> Option<String> {
        etag(self.provider, self.resource)
    }

    /// A member with all its sub-attributes.
    pub(super) fn member(self, member: &Value) -> Value {
        let mut shown = member.as_object().cloned().unwrap_or_default();
        let id = shown
            .get("value")
            .and_then(Value::as_str)
            .map(str::to_owned);
        if let Some(target) = id.and_then(|id| self.provider.store().get(&id)) {
            shown.insert(
                String::from("$ref"),
                Value::from(location(self.base, &target)),
            );
            shown.insert(String::from("type"), Value::from(target.kind.name()));
        }
        Value::Object(shown)
    }

    fn members(self) -> Option<Value> {
        let members = self.resource.attributes.get("members")?.as_array()?;
        Some(members.iter().map(|member| self.member(member)).collect())
    }

    fn groups(self) -> Option<Value> {
        if self.provider.settings().without.contains(&Feature::Groups) {
            return None;
        }
        let groups: Vec<Value> = self
            .provider
            .store()
            .memberships_of(&self.resource.id)
            .into_iter()
            .map(|(group, direct)| {
                json!({
                    "value": &*group.id,
                    "$ref": location(self.base, &group),
                    "display": group.text("displayName").unwrap_or(""),
                    "type": if direct { "direct" } else { "indirect" },
                })
            })
            .collect();
        (!groups.is_empty()).then_some(Value::Array(groups))
    }

    /// The manager with URI and name, where it is a user of this provider.
    fn manager(self, stored: &Value) -> Value {
        let mut shown: Map<String, Value> = stored.as_object().cloned().unwrap_or_default();
        let id = shown
            .get("value")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let manager = id.and_then(|id| self.provider.store().get(&id));
        if let Some(manager) = manager.filter(|manager| manager.kind == Kind::User) {
            shown.insert(
                String::from("$ref"),
                Value::from(location(self.base, &manager)),
            );
            if let Some(name) = manager.text("displayName") {
                shown.insert(String::from("displayName"), Value::from(name));
            }
        }
        Value::Object(shown)
    }
}

/// URI of a resource.
pub(super) fn location(base: &str, resource: &Resource) -> String {
    format!("{base}/{}/{}", resource.kind.endpoint(), resource.id)
}

/// Entity tag of a resource; `None` where they are left out.
pub(super) fn etag(provider: &Provider, resource: &Resource) -> Option<String> {
    let settings = provider.settings();
    if settings.without.contains(&Feature::Etag) {
        return None;
    }
    let prefix = if settings.strong_etags { "" } else { "W/" };
    Some(format!("{prefix}\"v{:x}\"", resource.version))
}

/// A moment as it is shown, to the millisecond.
pub(super) fn timestamp(moment: Timestamp) -> String {
    format!("{moment:.3}")
}
