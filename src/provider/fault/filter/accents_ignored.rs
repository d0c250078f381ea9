//! The collation of a data base.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::text::Strings;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;

pub(super) fn declare() -> Declaration {
    Declaration::new("Accents do not count in filters", AccentsIgnored)
        .breaks(&[
            "rfc7644-3.4.2.2-eq-matches-equal-values",
            "rfc7644-3.4.2.2-co-matches-substrings",
            "rfc7644-3.4.2.2-sw-matches-prefixes",
            "rfc7644-3.4.2.2-ew-matches-suffixes",
        ])
        .only_by("probe.filter")
}

struct AccentsIgnored;

impl Fault for AccentsIgnored {
    fn name(&self) -> &'static str {
        "accents-ignored"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let Some(strings) = Strings::folded(compared) {
            *answer |= strings.holds(&plain(strings.stored), &plain(strings.operand));
        }
    }
}

fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    text.nfd().filter(|c| !is_combining_mark(*c)).collect()
}
