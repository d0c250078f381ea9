//! PATCH (RFC 7644 §3.5.2), the provider's own reading of it.
//!
//! `read` makes operations of a body, `apply` changes a copy of the attributes, `values` the values
//! of one multi-valued attribute.

mod apply;
mod read;
mod values;

use serde_json::Value;

pub(super) use apply::Patching;
pub(super) use read::read;

use crate::scim::filter::{AttributePath, ValueFilter};

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What to do.
    pub op: Op,
    /// Where; `None` for the resource itself.
    pub target: Option<Target>,
    /// With what.
    pub value: Option<Value>,
    /// Whether `op` was written as Entra ID does by default (`Replace`), which the RFC doesn't define.
    /// Such an operation means what Entra ID means by it: a `Replace` whose filter selects nothing adds
    /// the value, and `"False"` is a boolean. One in lower case is read by the letter of the RFC.
    pub capital: bool,
}

/// Kinds of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `add`
    Add,
    /// `replace`
    Replace,
    /// `remove`
    Remove,
}

/// A parsed path.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Attribute; its `sub` is set only where there is no filter. A bare schema URN reads as an
    /// attribute named by the URN's last part.
    pub attribute: AttributePath,
    /// Value filter.
    pub filter: Option<ValueFilter>,
    /// Sub-attribute after the brackets.
    pub sub: Option<String>,
}
