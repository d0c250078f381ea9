//! `caseExact: true` is not honoured by filters.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Case-exact values are compared without case",
        CaseExactIgnored,
    )
    .breaks(&["rfc7643-3.1-external-id-is-case-exact"])
}

struct CaseExactIgnored;

impl Fault for CaseExactIgnored {
    fn name(&self) -> &'static str {
        "case-exact-ignored"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::of(compared) {
            let (stored, operand) = (
                strings.stored.to_lowercase(),
                strings.operand.to_lowercase(),
            );
            *answer |= strings.holds(&stored, &operand);
        }
    }
}
