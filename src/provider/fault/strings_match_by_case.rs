//! `caseExact: false` is not honoured by filters.

use serde_json::Value;

use super::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::scim::filter::{CompareOp, Literal};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Strings that are not case exact are compared with case",
        StringsMatchByCase,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-case-insensitive-strings-match-any-case",
        "rfc7643-7-filters-honour-case-exact",
    ])
    .also(&[
        "rfc7644-3.4.2.2-sw-matches-prefixes",
        "rfc7644-7.8-unicode-is-prepared-before-comparison",
    ])
}

struct StringsMatchByCase;

impl Fault for StringsMatchByCase {
    fn name(&self) -> &'static str {
        "strings-match-by-case"
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
        if compared.attribute.case_exact {
            return;
        }
        *answer &= match comparison.op {
            CompareOp::Eq => stored == operand,
            CompareOp::Co => stored.contains(operand.as_str()),
            CompareOp::Sw => stored.starts_with(operand.as_str()),
            CompareOp::Ew => stored.ends_with(operand.as_str()),
            _ => return,
        };
    }
}
