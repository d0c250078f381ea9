//! Comparison of strings with and without case, and what is left open beyond ASCII.

use unicode_normalization::UnicodeNormalization;

use super::Truth;
use crate::scim::filter::CompareOp;

/// How letters compare.
#[derive(Clone, Copy)]
pub(super) enum Case {
    /// `caseExact: true`.
    Exact,
    /// `caseExact: false`.
    Folded {
        /// Letters outside ASCII, too.
        beyond_ascii: bool,
        /// Order compares capitals: the characters between `Z` and `a` then come last.
        capitals: bool,
    },
}

impl Case {
    fn fold(self, text: &str) -> String {
        match self {
            Self::Exact => String::from(text),
            Self::Folded { capitals: true, .. } => text.to_ascii_uppercase(),
            Self::Folded {
                beyond_ascii: true, ..
            } => text.to_lowercase(),
            Self::Folded { .. } => text.to_ascii_lowercase(),
        }
    }

    /// The loosest form in which two texts may fairly be held equal: preparation of strings
    /// (RFC 7644 §5) leaves the profile open.
    fn loosest(self, text: &str) -> String {
        match self {
            Self::Exact => text.nfc().collect(),
            Self::Folded { .. } => {
                let once: String = text.nfkc().collect();
                once.to_uppercase().to_lowercase().nfkc().collect()
            }
        }
    }
}

/// What an operator says of a value and its operand.
pub(super) fn compare(op: CompareOp, value: &str, operand: &str, case: Case) -> Truth {
    if op.is_ordering() {
        return order(op, value, operand, case);
    }
    let holds = |a: &str, b: &str| match op {
        CompareOp::Co => a.contains(b),
        CompareOp::Sw => a.starts_with(b),
        CompareOp::Ew => a.ends_with(b),
        _ => a == b,
    };
    let truth = if holds(&case.fold(value), &case.fold(operand)) {
        Truth::True
    } else if value.is_ascii() && operand.is_ascii() || explained(value, operand, case, holds) {
        Truth::False
    } else if holds(&case.loosest(value), &case.loosest(operand)) {
        Truth::Unknown
    } else {
        Truth::False
    };
    if op == CompareOp::Ne { !truth } else { truth }
}

/// Whether the choice of folding beyond ASCII, taken the other way, makes the comparison hold.
fn explained(value: &str, operand: &str, case: Case, holds: impl Fn(&str, &str) -> bool) -> bool {
    let other = Case::Folded {
        beyond_ascii: true,
        capitals: false,
    };
    !matches!(case, Case::Exact)
        && !operand.is_ascii()
        && holds(&other.fold(value), &other.fold(operand))
}

/// Order by character; beyond letters and digits of ASCII it is a matter of collation.
fn order(op: CompareOp, value: &str, operand: &str, case: Case) -> Truth {
    if !(value.is_ascii() && operand.is_ascii()) {
        return Truth::Unknown;
    }
    let (value, operand) = (case.fold(value), case.fold(operand));
    let mut pairs = value.chars().zip(operand.chars());
    let differing = pairs.find(|(a, b)| a != b);
    // Where punctuation stands, and digits beside letters, is a matter of collation, too.
    let alike = |(a, b): (char, char)| {
        a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
            || a.is_ascii_digit() && b.is_ascii_digit()
    };
    if differing.is_some_and(|pair| !alike(pair)) {
        return Truth::Unknown;
    }
    let ordering = value.cmp(&operand);
    Truth::from(match op {
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Lt => ordering.is_lt(),
        _ => ordering.is_le(),
    })
}
