//! What a target advertises, as far as it can be walked: resource types with their attributes.
//!
//! Left out are attributes whose values follow from others (`$ref`, `display` and `formatted` as parts), and what the
//! protocol handles itself (`schemas`, `id`, `meta`).

use serde_json::{Map, Value, json};

use crate::payload::{Draft, Fixture};
use crate::scim::capabilities::{Capabilities, ResourceType};
use crate::scim::resource::member;
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, SchemaSet};

/// Parts whose values a server may make of other values.
const DERIVED: [&str; 3] = ["$ref", "display", "formatted"];

/// A resource type.
pub(in crate::probe) struct Kind {
    /// Its name.
    pub(in crate::probe) name: String,
    /// Where its resources are.
    pub(in crate::probe) endpoint: String,
    /// Their schemas.
    pub(in crate::probe) schemas: SchemaSet,
    /// What every resource begins with.
    pub(in crate::probe) fixture: Fixture,
    /// Its attributes.
    pub(in crate::probe) fields: Vec<Field>,
}

/// An attribute.
#[derive(Clone, Debug)]
pub(in crate::probe) struct Field {
    /// URN of the extension that has it; empty for the core schema.
    pub(in crate::probe) urn: String,
    /// Its definition, with the sub-attributes that are walked.
    pub(in crate::probe) definition: Attribute,
    /// Whether the fixture gives it a value by which the resource is found again.
    pub(in crate::probe) marked: bool,
    /// Whether the target was seen to keep the plainest value.
    pub(in crate::probe) kept: bool,
    /// Parts that it was not seen to keep.
    pub(in crate::probe) lost: Vec<String>,
}

impl Kind {
    /// The resource types whose schemas the target serves.
    pub(in crate::probe) fn all(capabilities: &Capabilities) -> Vec<Self> {
        let types = capabilities.resource_types.iter();
        types.filter_map(|it| Self::of(it, capabilities)).collect()
    }

    fn of(resource_type: &ResourceType, capabilities: &Capabilities) -> Option<Self> {
        let assumed = |urn: &str| {
            let mut urns = capabilities.assumed.iter();
            urns.any(|it| it.eq_ignore_ascii_case(urn))
        };
        let mut schemas = capabilities.schema_set(&resource_type.name)?;
        if assumed(&schemas.core.id) {
            return None;
        }
        schemas
            .extensions
            .retain(|(schema, _)| !assumed(&schema.id));
        let fixture = fixture(&resource_type.name, &schemas)?;
        let core = schemas.core.attributes.iter().map(|it| ("", it));
        let further = schemas.extensions.iter().flat_map(|(schema, _)| {
            let attributes = schema.attributes.iter();
            attributes.map(|it| (schema.id.as_str(), it))
        });
        let fields = core
            .chain(further)
            .filter_map(|(urn, attribute)| Field::of(urn, attribute, &fixture))
            .collect();
        Some(Self {
            name: resource_type.name.clone(),
            endpoint: resource_type.endpoint.clone(),
            schemas,
            fixture,
            fields,
        })
    }
}

/// What resources of a type begin with: a fixture of that name, or the attribute that can carry a name.
fn fixture(name: &str, schemas: &SchemaSet) -> Option<Fixture> {
    let known = Fixture::find(&format!("{}/minimal", name.to_ascii_lowercase()));
    if let Some(known) = known {
        return Some(known.clone());
    }
    let is_text = |name: &&str| {
        schemas.attribute(name).is_some_and(|it| {
            it.data_type == DataType::String
                && it.mutability != Mutability::ReadOnly
                && !it.multi_valued
        })
    };
    let carrier = ["displayName", "externalId"].into_iter().find(is_text)?;
    let draft = json!({"schemas": [schemas.core.id], carrier: "{{name}}"});
    Some(Fixture {
        name: format!("{}/minimal", name.to_ascii_lowercase()),
        resource_type: name.to_owned(),
        draft: Draft::parse(&draft).ok()?,
        marked: vec![carrier.to_owned()],
    })
}

impl Field {
    fn of(urn: &str, attribute: &Attribute, fixture: &Fixture) -> Option<Self> {
        let common = ["schemas", "id", "meta", "externalId"];
        if common.iter().any(|name| attribute.is_named(name)) || !is_plain(attribute) {
            return None;
        }
        let mut definition = attribute.clone();
        definition.sub_attributes.retain(|sub| {
            is_plain(sub)
                && sub.data_type != DataType::Complex
                && !DERIVED.iter().any(|name| sub.is_named(name))
        });
        // Whoever refers to another resource says more than which one.
        if refers(attribute) {
            definition
                .sub_attributes
                .retain(|sub| sub.is_named("value"));
        }
        let hollow =
            attribute.data_type == DataType::Complex && definition.sub_attributes.is_empty();
        let marks = |name: &String| urn.is_empty() && attribute.is_named(name);
        (!hollow).then(|| Self {
            urn: urn.to_owned(),
            definition,
            marked: fixture.marked.iter().any(marks),
            kept: false,
            lost: Vec::new(),
        })
    }

    /// Leaves parts out of the walk.
    pub(in crate::probe) fn forget(&mut self, out: impl Fn(&Attribute) -> bool) {
        let lost = &mut self.lost;
        self.definition.sub_attributes.retain(|sub| {
            let gone = out(sub);
            if gone {
                lost.push(sub.name.clone());
            }
            !gone
        });
    }

    /// Its path in a filter, a projection or a PATCH.
    pub(in crate::probe) fn path(&self) -> String {
        match self.urn.as_str() {
            "" => self.definition.name.clone(),
            urn => format!("{urn}:{}", self.definition.name),
        }
    }

    /// A JSON Pointer to it.
    pub(in crate::probe) fn pointer(&self) -> String {
        match self.urn.as_str() {
            "" => format!("/{}", self.definition.name),
            urn => format!("/{urn}/{}", self.definition.name),
        }
    }

    /// Sets its value in a resource.
    pub(in crate::probe) fn put(&self, resource: &mut Map<String, Value>, value: Value) {
        let name = self.definition.name.clone();
        if self.urn.is_empty() {
            resource.insert(name, value);
            return;
        }
        let container = resource
            .entry(self.urn.clone())
            .or_insert_with(|| json!({}));
        if let Some(members) = container.as_object_mut() {
            members.insert(name, value);
        }
    }

    /// Its value in a resource.
    pub(in crate::probe) fn of_resource<'v>(&self, resource: &'v Value) -> Option<&'v Value> {
        let holder = match self.urn.as_str() {
            "" => Some(resource),
            urn => member(resource, urn),
        };
        member(holder?, &self.definition.name)
    }

    /// Whether a client may write it whenever it likes.
    pub(in crate::probe) fn is_free(&self) -> bool {
        self.definition.mutability == Mutability::ReadWrite && !self.marked
    }

    /// Whether a representation shows it unasked.
    pub(in crate::probe) fn is_shown(&self) -> bool {
        let shown = matches!(
            self.definition.returned,
            Returned::Always | Returned::Default
        );
        shown && self.definition.mutability != Mutability::WriteOnly
    }
}

/// Whether the values of an attribute are ids of other resources.
pub(super) fn refers(attribute: &Attribute) -> bool {
    attribute.is_named("members") || attribute.is_named("manager")
}

/// Whether a value can be made up for it.
fn is_plain(attribute: &Attribute) -> bool {
    let outward = || {
        let mut types = attribute.reference_types.iter();
        types.any(|it| it.eq_ignore_ascii_case("external") || it.eq_ignore_ascii_case("uri"))
    };
    !attribute.unclear && (attribute.data_type != DataType::Reference || outward())
}
