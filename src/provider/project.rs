//! Which attributes are shown: `attributes`, `excludedAttributes` and `returned` (RFC 7644 §3.9).

use crate::scim::filter::AttributePath;

/// The projection that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Names of `attributes`.
    pub include: Vec<AttributePath>,
    /// Names of `excludedAttributes`.
    pub exclude: Vec<AttributePath>,
}
