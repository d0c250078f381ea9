//! Filters compare Unicode text as it is written.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Filters compare code points: another Unicode form of the same text does not match",
        UnicodeComparedRaw,
    )
    .breaks(&["rfc7644-7.8-unicode-is-prepared-before-comparison"])
}

struct UnicodeComparedRaw;

impl Fault for UnicodeComparedRaw {
    fn name(&self) -> &'static str {
        "unicode-compared-raw"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::of(compared)
            && !strings.operand.is_ascii()
        {
            *answer = strings.holds(
                &strings.stored.to_lowercase(),
                &strings.operand.to_lowercase(),
            );
        }
    }
}
