//! Scenarios: strict YAML in, typed scenarios or carets out.
//!
//! Reads files and judges their form; sends nothing. Only what is selected is parsed whole; the
//! rest is known by its heading.

mod capture;
mod diagnostic;
mod file;
mod given;
mod heading;
mod lint;
pub mod load;
mod model;
mod need;
mod profile;
mod schema;
mod select;
mod source;
mod tree;
mod vocabulary;
mod wait;
pub mod write;

pub use capture::{Capture, Part, Place};
pub use diagnostic::Diagnostic;
pub use given::{Given, Kind};
pub use heading::Heading;
pub use lint::{Linted, lint, lint_text, read_text};
pub use model::{
    Action, Case, ContentType, Expectation, Paging, Row, Scenario, Step, StepAuth, Tolerate,
};
pub use need::{FEATURES, Need, SETTINGS, UnknownNeed};
pub use profile::Profile;
pub use schema::scenario_schema;
pub use select::{Candidate, CandidateKind, SelectError, Selector};
pub use source::{Loaded, Suite, SuiteError};
pub use vocabulary::Vocabulary;
pub use wait::Wait;

/// The candidate that a mistyped word most likely meant.
pub(crate) fn near<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            let distance =
                strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let longest = word.chars().count().max(candidate.chars().count());
            *distance <= 3.min(longest / 2)
        })
        .min()
        .map(|(_, candidate)| candidate)
}
