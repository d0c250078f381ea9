//! A parameter with room for 64 letters.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new("An operand longer than 64 letters is cut", LongOperandsCut)
        .breaks(&[
            "rfc7644-3.4.2.2-eq-matches-equal-values",
            "rfc7644-3.4.2.2-co-matches-substrings",
            "rfc7644-3.4.2.2-sw-matches-prefixes",
            "rfc7644-3.4.2.2-case-insensitive-strings-match-any-case",
        ])
        .only_by("probe.filter")
}

struct LongOperandsCut;

impl Fault for LongOperandsCut {
    fn name(&self) -> &'static str {
        "long-operands-cut"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::folded(compared)
            && strings.operand.chars().count() > 64
        {
            let cut: String = strings.operand.to_lowercase().chars().take(64).collect();
            *answer = strings.holds(&strings.stored.to_lowercase(), &cut);
        }
    }
}
