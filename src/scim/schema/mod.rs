//! Schemas and the characteristics of their attributes (RFC 7643 §2.2, §7).
//!
//! Reads what a target serves at `/Schemas` and what the RFC defines; absent characteristics take
//! the defaults of §2.2.

mod read;
mod rfc;
mod set;

pub use read::Defect;
pub(super) use read::read_schema;
pub use rfc::common;
pub use set::{Place, SchemaSet};

use serde::{Deserialize, Serialize};

/// A schema definition.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// URN.
    pub id: String,
    /// Name for a reader.
    #[serde(default)]
    pub name: String,
    /// Attributes.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// An attribute by its name, compared without case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| it.is_named(name))
    }
}

/// The definition of an attribute or sub-attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Name, compared without case.
    pub name: String,
    /// Data type.
    #[serde(rename = "type", default)]
    pub data_type: DataType,
    /// Whether it holds several values.
    #[serde(default)]
    pub multi_valued: bool,
    /// Whether a resource must have it.
    #[serde(default)]
    pub required: bool,
    /// Whether strings compare with case.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may write it, when.
    #[serde(default)]
    pub mutability: Mutability,
    /// When it is returned.
    #[serde(default)]
    pub returned: Returned,
    /// Where its values are unique.
    #[serde(default)]
    pub uniqueness: Uniqueness,
    /// Suggested values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<String>,
    /// What a reference may point at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<String>,
    /// Sub-attributes of a complex attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_attributes: Vec<Attribute>,
    /// Whether the target's definition leaves open what type its values have, or whether there are several: nothing
    /// can be said about their form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unclear: bool,
}

impl Attribute {
    /// Whether it has a name, compared without case.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// A sub-attribute by its name, compared without case.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        self.sub_attributes.iter().find(|it| it.is_named(name))
    }

    /// Whether values compare with case: `caseExact`, and always for binary (RFC 7643 §2.3.6).
    pub fn compares_case(&self) -> bool {
        self.case_exact || self.data_type == DataType::Binary
    }
}

/// Data types (RFC 7643 §2.3).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum DataType {
    #[default]
    String,
    Boolean,
    Decimal,
    Integer,
    DateTime,
    Binary,
    Reference,
    Complex,
}

/// Who may write an attribute, when (RFC 7643 §7).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Mutability {
    ReadOnly,
    #[default]
    ReadWrite,
    Immutable,
    WriteOnly,
}

/// When an attribute is returned (RFC 7643 §7).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Returned {
    Always,
    Never,
    #[default]
    Default,
    Request,
}

/// Where the values of an attribute are unique (RFC 7643 §7).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Uniqueness {
    #[default]
    None,
    Server,
    Global,
}
