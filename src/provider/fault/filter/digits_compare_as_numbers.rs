//! A language that compares texts of digits as numbers.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::provider::filter::decide;
use crate::scim::filter::Literal;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Texts that are numbers are compared as numbers",
        DigitsCompareAsNumbers,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-eq-matches-equal-values",
        "rfc7644-3.4.2.2-strings-order-lexicographically",
    ])
    .only_by("probe.filter")
}

struct DigitsCompareAsNumbers;

impl Fault for DigitsCompareAsNumbers {
    fn name(&self) -> &'static str {
        "digits-compare-as-numbers"
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
        if let (Ok(a), Ok(b)) = (stored.parse::<f64>(), operand.parse::<f64>())
            && !comparison.op.is_substring()
            && let Some(ordering) = a.partial_cmp(&b)
        {
            *answer = decide(comparison.op, ordering);
        }
    }
}
