//! `caseExact: true` is not honoured by filters.

use serde_json::Value;

use super::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::scim::filter::{CompareOp, Literal};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Case-exact values are compared without case",
        CaseExactIgnored,
    )
    .breaks(&[
        "rfc7643-7-filters-honour-case-exact",
        "rfc7643-3.1-external-id-is-case-exact",
    ])
}

struct CaseExactIgnored;

impl Fault for CaseExactIgnored {
    fn name(&self) -> &'static str {
        "case-exact-ignored"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        let (Some(comparison), Some(Value::String(stored))) =
            (compared.comparison, compared.stored)
        else {
            return;
        };
        let Literal::String(operand) = &comparison.value else {
            return;
        };
        let (stored, operand) = (stored.to_lowercase(), operand.to_lowercase());
        *answer |= match comparison.op {
            CompareOp::Eq => stored == operand,
            CompareOp::Co => stored.contains(&operand),
            CompareOp::Sw => stored.starts_with(&operand),
            CompareOp::Ew => stored.ends_with(&operand),
            _ => return,
        };
    }
}
