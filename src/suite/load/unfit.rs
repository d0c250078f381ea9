//! What of a scenario can't be done under load.
//!
//! Says what and where; changes nothing.

use super::super::model::{Action, Scenario, Step, StepAuth};
use crate::payload::{Payload, Raw};
use crate::session::{Key, To};

/// The first thing that a profile can't do with a scenario: what it is, and the line of its step.
pub(in crate::suite) fn unfit(scenario: &Scenario) -> Option<(String, usize)> {
    scenario
        .steps
        .iter()
        .find_map(|step| Some((why(step)?.to_owned(), step.line)))
}

fn why(step: &Step) -> Option<&'static str> {
    let alone = step.alone && !step.unmarked;
    [
        (step.wait.is_some(), "`wait`"),
        (step.until.is_some(), "`until`"),
        (step.measures.is_some(), "`measures`"),
        (matches!(step.action, Action::Walk(_)), "`walk`"),
        (step.unmarked, "`unmarked`"),
        (alone, "`alone`"),
        (
            matches!(
                step.body,
                Some(Payload::Raw(Raw::Text(_) | Raw::Bytes(_) | Raw::Over(_)))
            ),
            "`raw`",
        ),
        (
            matches!(step.body, Some(Payload::Raw(Raw::Form(_)))),
            "`form`",
        ),
        (step.to != To::default(), "`to`"),
        (step.key != Key::default(), "`key`"),
        (
            !matches!(step.auth, StepAuth::Main | StepAuth::None),
            "`auth` other than `none`",
        ),
    ]
    .into_iter()
    .find_map(|(is, what)| is.then_some(what))
}
