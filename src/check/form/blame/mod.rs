//! Which requirement a violation breaks, and which other invariant owns it already, so that a broken rule is
//! reported once.

mod message;
mod resource;

use super::{Part, Subject, Violation};
use crate::check::Context;

/// Whose a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It breaks this requirement.
    Breaks(&'static str),
    /// It breaks this requirement in the way that this tolerance names.
    Tolerated(&'static str, &'static str),
    /// The invariant of this id says it.
    Owned(&'static str),
    /// It is nobody's: what was asked for, or left to the server, explains it.
    Nothing,
}

/// The requirements of the data types (RFC 7643 §2.3, §2.4).
mod form {
    pub(super) const STRING: &str = "rfc7643-2.3.1-strings-are-json-strings";
    pub(super) const BOOLEAN: &str = "rfc7643-2.3.2-booleans-are-json-literals";
    pub(super) const DECIMAL: &str = "rfc7643-2.3.3-decimals-are-json-numbers";
    pub(super) const INTEGER: &str = "rfc7643-2.3.4-integers-have-no-fraction-or-exponent";
    pub(super) const DATE_TIME: &str = "rfc7643-2.3.5-date-times-are-xsd-date-times";
    pub(super) const BINARY: &str = "rfc7643-2.3.6-binary-values-are-base64";
    pub(super) const REFERENCE: &str = "rfc7643-2.3.7-references-are-uris";
    pub(super) const ARRAY: &str = "rfc7643-2.4-multi-valued-attributes-are-arrays";
    pub(super) const OBJECT: &str = "rfc7644-3.8-attributes-have-their-json-form";
    pub(super) const ALL: [&str; 9] = [
        STRING, BOOLEAN, DECIMAL, INTEGER, DATE_TIME, BINARY, REFERENCE, ARRAY, OBJECT,
    ];
}

/// Whose a violation in a part is.
pub fn blame(part: &Part<'_>, violation: &Violation, context: &Context<'_>) -> Verdict {
    match &part.subject {
        Subject::Message(message) => message::blame(*message, part, violation),
        Subject::Resource(of, view) => resource::blame(of, view, part.in_bulk, violation, context),
    }
}

/// The requirements that a part puts to the test, whether or not it keeps them; those of the data types left out.
pub fn exercised(part: &Part<'_>, context: &Context<'_>) -> Vec<&'static str> {
    match &part.subject {
        Subject::Message(message) => message::exercised(*message, part.value),
        Subject::Resource(of, view) => resource::exercised(of, view, context),
    }
}

/// Every requirement that can be found broken.
pub fn covered() -> Vec<&'static str> {
    let mut all = form::ALL.to_vec();
    all.extend(message::covered());
    all.extend(resource::COVERED);
    all.sort_unstable();
    all.dedup();
    all
}

/// The requirement on values of a type or format.
fn of_type(violation: &Violation) -> Verdict {
    Verdict::Breaks(match violation.wanted.as_deref() {
        Some("string") => form::STRING,
        Some("boolean") => form::BOOLEAN,
        Some("number") => form::DECIMAL,
        Some("integer") => form::INTEGER,
        Some("date-time") => form::DATE_TIME,
        Some("base64") => form::BINARY,
        Some("uri-reference") => form::REFERENCE,
        Some("array") => form::ARRAY,
        _ => form::OBJECT,
    })
}
