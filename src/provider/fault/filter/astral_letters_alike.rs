//! A data base that knows three bytes a letter.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "All letters beyond the first plane are the same letter",
        AstralLettersAlike,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-eq-matches-equal-values",
        "rfc7644-3.4.2.2-co-matches-substrings",
        "rfc7644-3.4.2.2-sw-matches-prefixes",
        "rfc7644-3.4.2.2-ew-matches-suffixes",
    ])
    .only_by("probe.filter")
}

struct AstralLettersAlike;

impl Fault for AstralLettersAlike {
    fn name(&self) -> &'static str {
        "astral-letters-alike"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::folded(compared) {
            let (stored, operand) = (flat(strings.stored), flat(strings.operand));
            if stored.contains(NONE) && operand.contains(NONE) {
                *answer |= strings.holds(&stored, &operand);
            }
        }
    }
}

/// What stands for a letter that does not fit.
const NONE: char = '\u{fffd}';

fn flat(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| if c > '\u{ffff}' { NONE } else { c })
        .collect()
}
