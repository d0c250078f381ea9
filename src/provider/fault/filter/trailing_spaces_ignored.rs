//! The padding of a data base.

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Blanks at the end of a text do not count for eq",
        TrailingSpacesIgnored,
    )
    .breaks(&["rfc7644-3.4.2.2-eq-matches-equal-values"])
    .only_by("probe.filter")
}

struct TrailingSpacesIgnored;

impl Fault for TrailingSpacesIgnored {
    fn name(&self) -> &'static str {
        "trailing-spaces-ignored"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::folded(compared).filter(Strings::are_whole) {
            let bare = |text: &str| text.trim_end_matches(' ').to_lowercase();
            *answer |= bare(strings.stored) == bare(strings.operand);
        }
    }
}
