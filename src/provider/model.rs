//! The schemas of the provider: what it serves at `/Schemas` and goes by itself.
//!
//! One source for both: the documents of `schema/`.

use serde_json::Value;

use super::settings::{Feature, Settings};
use super::store::Kind;
use crate::scim::filter::AttributePath;
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, Schema, Uniqueness};
use crate::scim::urn;

const DOCUMENTS: [&str; 10] = [
    include_str!("schema/user.json"),
    include_str!("schema/enterprise_user.json"),
    include_str!("schema/group.json"),
    include_str!("schema/device.json"),
    include_str!("schema/ble_device.json"),
    include_str!("schema/fdo_device.json"),
    include_str!("schema/endpoint_app.json"),
    include_str!("schema/service_provider_config.json"),
    include_str!("schema/resource_type.json"),
    include_str!("schema/schema.json"),
];

/// The extension Trial of users, for [`Settings::extensions`]: attributes of kinds that RFC 7643 defines none of
/// (integer, decimal, `returned: request`, immutable, globally unique, case-exact binary values and references).
///
/// # Panics
/// Never: the document is embedded and read by tests.
pub fn trial_extension() -> Value {
    serde_json::from_str(include_str!("schema/trial_user.json"))
        .expect("an embedded schema is JSON")
}
const DEVICE: &str = "urn:ietf:params:scim:schemas:core:2.0:Device";
const ENDPOINT_APP: &str = "urn:ietf:params:scim:schemas:core:2.0:EndpointApp";

/// Extensions of devices.
const DEVICE_EXTENSIONS: [&str; 2] = [
    "urn:ietf:params:scim:schemas:extension:ble:2.0:Device",
    "urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device",
];

/// The resource types on offer and their schemas.
pub(super) struct Model {
    /// Schema documents as served, without `meta`.
    pub(super) documents: Vec<Value>,
    types: Vec<TypeModel>,
    urns: Vec<String>,
}

/// One resource type.
pub(super) struct TypeModel {
    /// Which.
    pub(super) kind: Kind,
    /// Core schema.
    pub(super) core: Schema,
    /// Extensions.
    pub(super) extensions: Vec<Schema>,
    common: Vec<Attribute>,
}

/// What an attribute path names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place<'m> {
    /// An attribute or sub-attribute.
    Attribute {
        /// URN of the extension it belongs to.
        extension: Option<&'m str>,
        /// The attribute.
        attribute: &'m Attribute,
        /// The sub-attribute.
        sub: Option<&'m Attribute>,
    },
    /// A whole extension.
    Extension(&'m Schema),
    /// The core schema itself.
    Core,
}

impl Model {
    /// The schemas that these settings leave in.
    pub(super) fn new(settings: &Settings) -> Self {
        let of_devices =
            |urn: &str| urn == DEVICE || urn == ENDPOINT_APP || DEVICE_EXTENSIONS.contains(&urn);
        let left_out = |urn: &str| {
            (of_devices(urn) && !settings.devices)
                || (urn == urn::GROUP && settings.without.contains(&Feature::Groups))
                || (urn == urn::ENTERPRISE_USER && settings.without.contains(&Feature::Enterprise))
        };
        let mut documents: Vec<Value> = DOCUMENTS
            .iter()
            .map(|text| serde_json::from_str(text).expect("an embedded schema is JSON"))
            .chain(settings.extensions.iter().cloned())
            .filter(|document: &Value| !left_out(document["id"].as_str().unwrap_or("")))
            .collect();
        if settings.without.contains(&Feature::Groups) {
            drop_groups(&mut documents);
        }
        let schemas: Vec<Schema> = documents
            .iter()
            .map(|document| {
                serde_json::from_value(document.clone()).expect("an embedded schema is a schema")
            })
            .collect();
        let of = |urn: &str| schemas.iter().find(|schema| schema.id == urn).cloned();
        let mut types = Vec::new();
        if let Some(core) = of(urn::USER) {
            let further = settings
                .extensions
                .iter()
                .filter_map(|one| one["id"].as_str());
            let extensions = std::iter::once(urn::ENTERPRISE_USER).chain(further);
            let extensions = extensions.filter_map(of).collect();
            types.push(TypeModel::new(Kind::User, core, extensions));
        }
        if let Some(core) = of(urn::GROUP) {
            types.push(TypeModel::new(Kind::Group, core, Vec::new()));
        }
        if let Some(core) = of(DEVICE) {
            let extensions = DEVICE_EXTENSIONS.into_iter().filter_map(of).collect();
            types.push(TypeModel::new(Kind::Device, core, extensions));
        }
        if let Some(core) = of(ENDPOINT_APP) {
            types.push(TypeModel::new(Kind::EndpointApp, core, Vec::new()));
        }
        Self {
            urns: schemas.into_iter().map(|schema| schema.id).collect(),
            documents,
            types,
        }
    }

    /// The types on offer.
    pub(super) fn types(&self) -> &[TypeModel] {
        &self.types
    }

    /// The model of a type; `None` where it is left out.
    pub(super) fn of(&self, kind: Kind) -> Option<&TypeModel> {
        self.types.iter().find(|model| model.kind == kind)
    }

    /// Extension and name of the attributes of users beside userName that hold unique values.
    pub(super) fn unique_in_extensions(&self) -> Vec<(String, String)> {
        let extensions = self.of(Kind::User).map(|model| &model.extensions);
        let attributes = extensions.into_iter().flatten().flat_map(|schema| {
            let attributes = schema.attributes.iter();
            attributes.map(|attribute| (&schema.id, attribute))
        });
        attributes
            .filter(|(_, attribute)| attribute.uniqueness != Uniqueness::None)
            .map(|(urn, attribute)| (urn.clone(), attribute.name.clone()))
            .collect()
    }

    /// URNs of all schemas.
    pub(super) fn urns(&self) -> &[String] {
        &self.urns
    }
}

impl TypeModel {
    fn new(kind: Kind, core: Schema, extensions: Vec<Schema>) -> Self {
        Self {
            kind,
            core,
            extensions,
            common: common(),
        }
    }

    /// What a path names in resources of this type.
    pub(super) fn locate(&self, path: &AttributePath) -> Option<Place<'_>> {
        let Some(prefix) = &path.urn else {
            return self.core_attribute(path);
        };
        if urn::same(prefix, &self.core.id) {
            return self.core_attribute(path);
        }
        if let Some(schema) = self.extension(prefix) {
            return place(
                Some(&schema.id),
                find(&schema.attributes, &path.name)?,
                path,
            );
        }
        // A bare schema URN reads as a path whose name is the URN's last part.
        let whole = match &path.sub {
            None => format!("{prefix}:{}", path.name),
            Some(sub) => format!("{prefix}:{}.{sub}", path.name),
        };
        self.schema(&whole)
    }

    /// As [`Self::locate`]; a name that the core schema lacks may be one of an extension, as in Entra
    /// ID's `manager`.
    pub(super) fn locate_loosely(&self, path: &AttributePath) -> Option<Place<'_>> {
        self.locate(path).or_else(|| {
            if path.urn.is_some() {
                return None;
            }
            self.extensions.iter().find_map(|schema| {
                let attribute = find(&schema.attributes, &path.name)?;
                place(Some(&schema.id), attribute, path)
            })
        })
    }

    /// What a bare schema URN names.
    pub(super) fn schema(&self, urn: &str) -> Option<Place<'_>> {
        if urn::same(urn, &self.core.id) {
            return Some(Place::Core);
        }
        self.extension(urn).map(Place::Extension)
    }

    /// The extension of this URN.
    pub(super) fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions
            .iter()
            .find(|schema| urn::same(&schema.id, urn))
    }

    /// The attribute of this name, common or of the core schema.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.common, name).or_else(|| find(&self.core.attributes, name))
    }

    fn core_attribute(&self, path: &AttributePath) -> Option<Place<'_>> {
        place(None, self.attribute(&path.name)?, path)
    }
}

/// The attribute of this name in a list.
pub(super) fn find<'m>(attributes: &'m [Attribute], name: &str) -> Option<&'m Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

fn place<'m>(
    extension: Option<&'m str>,
    attribute: &'m Attribute,
    path: &AttributePath,
) -> Option<Place<'m>> {
    let sub = match &path.sub {
        None => None,
        Some(name) => Some(find(&attribute.sub_attributes, name)?),
    };
    Some(Place::Attribute {
        extension,
        attribute,
        sub,
    })
}

/// An attribute path as `attributes`, `excludedAttributes` and `sortBy` spell it; `None` where it
/// can't be one.
pub(super) fn read_path(text: &str) -> Option<AttributePath> {
    let text = text.trim();
    // A dot inside the URN belongs to the URN.
    let (urn, local) = match text.rsplit_once(':') {
        Some((urn, local)) => (Some(urn.to_owned()), local),
        None => (None, text),
    };
    let (name, sub) = match local.split_once('.') {
        Some((name, sub)) => (name, Some(sub.to_owned())),
        None => (local, None),
    };
    (!name.is_empty()).then(|| AttributePath {
        urn,
        name: name.to_owned(),
        sub,
    })
}

/// Attributes that every resource has (RFC 7643 §3.1).
fn common() -> Vec<Attribute> {
    let mut schemas = attribute("schemas", DataType::Reference, Returned::Always);
    schemas.multi_valued = true;
    schemas.required = true;
    let mut id = attribute("id", DataType::String, Returned::Always);
    id.mutability = Mutability::ReadOnly;
    id.uniqueness = Uniqueness::Global;
    let mut meta = attribute("meta", DataType::Complex, Returned::Default);
    meta.mutability = Mutability::ReadOnly;
    meta.sub_attributes = [
        ("resourceType", DataType::String),
        ("created", DataType::DateTime),
        ("lastModified", DataType::DateTime),
        ("location", DataType::Reference),
        ("version", DataType::String),
    ]
    .into_iter()
    .map(|(name, data_type)| {
        let mut sub = attribute(name, data_type, Returned::Default);
        sub.mutability = Mutability::ReadOnly;
        sub
    })
    .collect();
    let external_id = attribute("externalId", DataType::String, Returned::Default);
    vec![schemas, id, external_id, meta]
}

fn attribute(name: &str, data_type: DataType, returned: Returned) -> Attribute {
    Attribute {
        name: name.to_owned(),
        data_type,
        multi_valued: false,
        required: false,
        case_exact: true,
        mutability: Mutability::ReadWrite,
        returned,
        uniqueness: Uniqueness::None,
        canonical_values: Vec::new(),
        reference_types: Vec::new(),
        sub_attributes: Vec::new(),
        unclear: false,
    }
}

/// Takes `groups` out of every schema.
fn drop_groups(documents: &mut [Value]) {
    for document in documents {
        if let Some(attributes) = document["attributes"].as_array_mut() {
            attributes.retain(|attribute| attribute["name"] != "groups");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let model = Model::new(&Settings::default());
        let users = model.of(Kind::User).unwrap();
        let found = read_path(text)
            .and_then(|path| users.locate(&path))
            .map(|place| match place {
                Place::Attribute {
                    extension,
                    attribute,
                    sub,
                } => format!(
                    "{}{}{}",
                    extension.map_or("", |_| "+"),
                    attribute.name,
                    sub.map_or(String::new(), |sub| format!(".{}", sub.name))
                ),
                Place::Extension(_) => String::from("extension"),
                Place::Core => String::from("core"),
            });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn paths_are_located() {
        let (user, enterprise) = (urn::USER, urn::ENTERPRISE_USER);
        check("USERNAME", Some("userName"));
        check("name.GIVENNAME", Some("name.givenName"));
        check(&format!("{user}:name.givenName"), Some("name.givenName"));
        check(
            &format!("{}:Department", enterprise.to_uppercase()),
            Some("+department"),
        );
        check(
            &format!("{enterprise}:manager.value"),
            Some("+manager.value"),
        );
        check(enterprise, Some("extension"));
        check(user, Some("core"));
        check("meta.lastModified", Some("meta.lastModified"));
        let bare = read_path("manager.value").unwrap();
        let model = Model::new(&Settings::default());
        let users = model.of(Kind::User).unwrap();
        assert!(users.locate(&bare).is_none() && users.locate_loosely(&bare).is_some());
        for unknown in ["department", "nothing", "name.nothing", "", "urn:x:title"] {
            check(unknown, None);
        }
    }

    #[test]
    fn what_is_left_out_is_not_in_the_model() {
        let settings = Settings {
            without: [Feature::Groups, Feature::Enterprise].into(),
            ..Settings::default()
        };
        let model = Model::new(&settings);
        assert_eq!(model.types().len(), 1);
        assert_eq!(model.documents.len(), 4);
        assert!(model.of(Kind::User).unwrap().attribute("groups").is_none());
    }
}
