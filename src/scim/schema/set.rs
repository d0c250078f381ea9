//! The schemas that rule a resource together: its core schema, its extensions, the common attributes.

use super::{Attribute, Schema, common};
use crate::scim::filter::AttributePath;
use crate::scim::urn;

/// The schemas of one resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaSet {
    /// Core schema.
    pub core: Schema,
    /// Extensions, each with whether resources must have it.
    pub extensions: Vec<(Schema, bool)>,
}

/// What an attribute path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// A bare schema URN: the container of an extension, or the resource itself.
    Container(&'a Schema),
    /// An attribute, or one of its sub-attributes.
    Attribute {
        /// The extension that has it; absent for core and common attributes.
        extension: Option<&'a Schema>,
        /// The attribute.
        attribute: &'a Attribute,
        /// Its sub-attribute, where the path names one.
        sub: Option<&'a Attribute>,
    },
}

impl<'a> Place<'a> {
    /// The definition that rules the values there: the sub-attribute's, else the attribute's.
    pub fn definition(&self) -> Option<&'a Attribute> {
        match self {
            Self::Container(_) => None,
            Self::Attribute { attribute, sub, .. } => Some(sub.unwrap_or(attribute)),
        }
    }
}

impl SchemaSet {
    /// The RFC's User with the enterprise extension.
    pub fn rfc_user() -> Self {
        let get = |urn| Schema::rfc(urn).cloned().unwrap_or_default();
        Self {
            core: get(urn::USER),
            extensions: vec![(get(urn::ENTERPRISE_USER), false)],
        }
    }

    /// The RFC's Group.
    pub fn rfc_group() -> Self {
        Self {
            core: Schema::rfc(urn::GROUP).cloned().unwrap_or_default(),
            extensions: Vec::new(),
        }
    }

    /// URNs of core schema and extensions.
    pub fn urns(&self) -> impl Iterator<Item = &str> {
        let extensions = self.extensions.iter().map(|(schema, _)| schema.id.as_str());
        std::iter::once(self.core.id.as_str()).chain(extensions)
    }

    /// The extension of a URN, compared without case.
    pub fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions
            .iter()
            .map(|(schema, _)| schema)
            .find(|schema| urn::same(&schema.id, urn))
    }

    /// A common or core attribute by its name, compared without case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.core
            .attribute(name)
            .or_else(|| common().iter().find(|attribute| attribute.is_named(name)))
    }

    /// What a path names; absent where no schema defines it. Attributes of extensions need their URN.
    pub fn find(&self, path: &AttributePath) -> Option<Place<'_>> {
        if let Some(urn) = path.as_urn() {
            if let Some(schema) = self.extension(&urn) {
                return Some(Place::Container(schema));
            }
            if urn::same(&urn, &self.core.id) {
                return Some(Place::Container(&self.core));
            }
        }
        let (extension, attribute) = match &path.urn {
            Some(urn) if !urn::same(urn, &self.core.id) => {
                let schema = self.extension(urn)?;
                (Some(schema), schema.attribute(&path.name)?)
            }
            _ => (None, self.attribute(&path.name)?),
        };
        let sub = match &path.sub {
            Some(sub) => Some(attribute.sub(sub)?),
            None => None,
        };
        Some(Place::Attribute {
            extension,
            attribute,
            sub,
        })
    }

    /// The definition at a JSON Pointer into a resource (`/emails/0/type`, `/urn:…:User/department`);
    /// indices and `*` are skipped. Absent where no schema defines it.
    pub fn at_pointer(&self, pointer: &str) -> Option<&Attribute> {
        let unescape = |token: &str| token.replace("~1", "/").replace("~0", "~");
        let mut names = pointer
            .split('/')
            .filter(|token| !(*token == "*" || token.bytes().all(|b| b.is_ascii_digit())))
            .map(unescape);
        let first = names.next()?;
        let attribute = match self.extension(&first) {
            Some(schema) => schema.attribute(&names.next()?)?,
            None => self.attribute(&first)?,
        };
        names.try_fold(attribute, |attribute, name| attribute.sub(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter::{Filter, parse};

    #[test]
    fn finds_what_a_path_names() {
        let users = SchemaSet::rfc_user();
        let find = |text: &str| {
            let Ok(Filter::Present(path)) = parse(&format!("{text} pr")) else {
                panic!("{text} is no path");
            };
            users
                .find(&path)
                .map(|place| place.definition().map_or("", |it| it.name.as_str()))
        };
        assert_eq!(find("USERNAME"), Some("userName"));
        assert_eq!(find("meta.lastmodified"), Some("lastModified"));
        assert_eq!(find("emails.type"), Some("type"));
        assert_eq!(find("emails.colour"), None);
        assert_eq!(find("department"), None);
        assert_eq!(
            find(&format!("{}:department", urn::ENTERPRISE_USER)),
            Some("department")
        );
        let upper = urn::USER.to_uppercase();
        assert_eq!(find(&format!("{upper}:name.givenName")), Some("givenName"));
        assert_eq!(find(urn::ENTERPRISE_USER), Some(""));
        assert_eq!(find(&format!("{}:displayName", urn::GROUP)), None);
    }

    #[test]
    fn finds_what_a_pointer_names() {
        let users = SchemaSet::rfc_user();
        let at = |pointer: &str| users.at_pointer(pointer).map(|it| it.name.as_str());
        assert_eq!(at("/emails/0/TYPE"), Some("type"));
        assert_eq!(at("/emails/*"), Some("emails"));
        let department = format!("/{}/department", urn::ENTERPRISE_USER);
        assert_eq!(at(&department), Some("department"));
        assert_eq!(at("/nothing"), None);
        assert_eq!(at(""), None);
    }
}
