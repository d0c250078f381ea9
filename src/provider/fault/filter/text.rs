//! Comparisons of strings, for the faults that get letter case wrong.

use serde_json::Value;

use crate::provider::filter::Compared;
use crate::scim::filter::{CompareOp, Literal};

/// A comparison of two strings by equality or substring.
pub(super) struct Strings<'a> {
    op: CompareOp,
    /// What is stored.
    pub(super) stored: &'a str,
    /// What it is compared with.
    pub(super) operand: &'a str,
}

impl<'a> Strings<'a> {
    /// The comparison, where it is one of two strings that knows no order.
    pub(super) fn of(compared: &Compared<'a>) -> Option<Self> {
        let comparison = compared.comparison?;
        let (Some(Value::String(stored)), Literal::String(operand)) =
            (compared.stored, &comparison.value)
        else {
            return None;
        };
        let op = comparison.op;
        let orderless = op == CompareOp::Eq || op.is_substring();
        orderless.then_some(Self {
            op,
            stored,
            operand,
        })
    }

    /// The same where letter case does not count.
    pub(super) fn folded(compared: &Compared<'a>) -> Option<Self> {
        Self::of(compared).filter(|_| !compared.attribute.case_exact)
    }

    /// Whether whole texts are compared.
    pub(super) fn are_whole(&self) -> bool {
        self.op == CompareOp::Eq
    }

    /// Whether these two texts, in place of the strings themselves, satisfy the operator.
    pub(super) fn holds(&self, stored: &str, operand: &str) -> bool {
        match self.op {
            CompareOp::Co => stored.contains(operand),
            CompareOp::Sw => stored.starts_with(operand),
            CompareOp::Ew => stored.ends_with(operand),
            _ => stored == operand,
        }
    }
}
