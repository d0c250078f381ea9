//! The catalogue: what is required, by whom, how strongly, and the deviations that are tolerated.
//!
//! The level of a requirement stands here alone; no check decides severity.

use serde::{Deserialize, Serialize};

/// Strength of a requirement (RFC 2119, folded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// MUST, SHALL, REQUIRED and their negations.
    Must,
    /// SHOULD, RECOMMENDED and their negations.
    Should,
    /// MAY, OPTIONAL.
    May,
}

/// What kind of text states a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// An upper-case key word.
    Keyword,
    /// Prose without an upper-case key word that leaves no choice: a definition.
    Prose,
    /// A lower-case must or should: a warning at most.
    LowerCase,
    /// The content of a table.
    Table,
    /// A verified erratum.
    Erratum,
    /// An example: a note at most.
    Example,
}

/// Whether a requirement is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// A leaf covers it.
    Tested,
    /// It can't be seen over HTTP: why.
    Unverifiable(String),
    /// Not yet: why.
    Todo(String),
}
