//! `pr` is always true.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new("pr is true for every resource", PresenceAlways)
        .breaks(&["rfc7644-3.4.2.2-pr-matches-present-values"])
}

struct PresenceAlways;

impl Fault for PresenceAlways {
    fn name(&self) -> &'static str {
        "presence-always"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if compared.comparison.is_none() {
            *answer = true;
        }
    }
}
