//! Parser of filters, with positions in its errors.

use super::ast::Filter;

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {at}")]
pub struct FilterError {
    /// Position in characters, from 0.
    pub at: usize,
    /// Lowercase fragment.
    pub message: String,
}

/// Parses a filter.
///
/// # Errors
/// Where the text does not follow the grammar of RFC 7644 §3.4.2.2.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    let _ = text;
    Err(FilterError {
        at: 0,
        message: String::from("not yet"),
    })
}
