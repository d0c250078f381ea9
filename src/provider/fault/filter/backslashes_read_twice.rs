//! Escapes are resolved again.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A backslash in an operand makes a line break of an n that follows it",
        BackslashesReadTwice,
    )
    .breaks(&["rfc7644-3.4.2.2-filter-operands-are-json"])
    .only_by("probe.filter")
}

struct BackslashesReadTwice;

impl Fault for BackslashesReadTwice {
    fn name(&self) -> &'static str {
        "backslashes-read-twice"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::folded(compared) {
            let operand = strings.operand.replace("\\n", "\n").replace("\\t", "\t");
            if operand != strings.operand {
                *answer = strings.holds(&strings.stored.to_lowercase(), &operand.to_lowercase());
            }
        }
    }
}
