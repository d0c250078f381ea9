//! Scenarios: strict YAML in, typed scenarios or carets out.
//!
//! Reads files and judges their form; sends nothing.

mod model;
mod need;

pub use model::{
    Action, Capture, Case, Expectation, Given, Kind, Paging, Place, Row, Scenario, Step, StepAuth,
    Tolerate,
};
pub use need::{FEATURES, Need, SETTINGS, UnknownNeed};

/// The candidate that a mistyped word most likely meant.
pub(crate) fn near<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness =
                strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .min()
        .map(|(_, candidate)| candidate)
}
