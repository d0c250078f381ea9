//! `caseExact: false` is not honoured by filters.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Strings that are not case exact are compared with case",
        StringsMatchByCase,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-case-insensitive-strings-match-any-case",
        "rfc7643-7-filters-honour-case-exact",
    ])
}

struct StringsMatchByCase;

impl Fault for StringsMatchByCase {
    fn name(&self) -> &'static str {
        "strings-match-by-case"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::of(compared).filter(|_| !compared.attribute.case_exact) {
            *answer &= strings.holds(strings.stored, strings.operand);
        }
    }
}
