//! Filters over the provider's own store. Shares syntax tree and parser with the rest of the crate,
//! and nothing else.

mod compile;
mod evaluate;

use serde_json::Value;

pub(super) use compile::{Compiled, compile, compile_values, conjuncts};
pub(super) use evaluate::{Evaluation, SortKey, decide, sort_key};

use crate::scim::filter::Comparison;
use crate::scim::schema::Attribute;

/// One test of the evaluator: a comparison or `pr`, on one value.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// Definition of the attribute or sub-attribute.
    pub attribute: &'a Attribute,
    /// Operator and operand; `None` for `pr`.
    pub comparison: Option<&'a Comparison>,
    /// The stored value; `None` where there is none.
    pub stored: Option<&'a Value>,
    /// Where the value stands among those of a multi-valued attribute, from 0.
    pub position: usize,
}
