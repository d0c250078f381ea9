//! Preparation of strings before they are compared (RFC 7644 §5, §7.8).
//!
//! Changes nothing that is stored.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The form in which strings compare without case: NFKC, lower case.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    } else {
        let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
        Cow::Owned(lower.nfc().collect())
    }
}

/// The form in which strings compare with case: NFC.
pub(super) fn exact(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// [`exact`] or [`fold`].
pub(super) fn prepare(text: &str, case_exact: bool) -> Cow<'_, str> {
    if case_exact { exact(text) } else { fold(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_prepared() {
        assert_eq!(fold("BJensen"), "bjensen");
        assert_eq!(fold("MÜLLER"), fold("mu\u{308}ller"));
        assert_eq!(fold("ｂｏｂ"), "bob");
        assert_eq!(exact("u\u{308}"), "ü");
        assert_ne!(exact("Ü"), exact("ü"));
    }
}
