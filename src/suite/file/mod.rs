//! From a suite file to a [`Scenario`], or to everything that is wrong with it.
//!
//! Reading goes on after an error, so that a writer sees all of them at once.

mod body;
mod capture;
mod credential;
mod expectation;
mod field;
mod fit;
mod measure;
mod name;
mod reader;
mod scenario;
mod step;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::model::Scenario;
use super::tree;
use super::vocabulary::Vocabulary;
use reader::Reader;
#[cfg(test)]
pub(super) use scenario::GIVEN_KEYS;
#[cfg(test)]
pub(super) use step::KEYS as STEP_KEYS;

/// Keys of a scenario file.
pub(super) const KEYS: &[&str] = &["id", "title", "tags", "needs", "given", "steps", "matrix"];

/// Where a file stands and what that makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// File, as the user would name it.
    pub(super) file: String,
    /// Pack, from the folder.
    pub(super) pack: String,
    /// Id, from the path inside the pack.
    pub(super) id: String,
}

/// Reads one file.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub(super) fn read(
    place: &Place,
    source: &Arc<str>,
    vocabulary: &Vocabulary<'_>,
) -> Result<Scenario, Vec<Diagnostic>> {
    let node = tree::parse(&place.file, source).map_err(|found| vec![*found])?;
    let mut reader = Reader::new(place, source, vocabulary);
    let scenario = reader.scenario(&node);
    match reader.finish() {
        found if found.is_empty() => scenario.ok_or_else(Vec::new),
        found => Err(found),
    }
}
