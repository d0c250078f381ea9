//! The expectations of a step, judged in order, with the deviations that it tolerates.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rig::Rig;
use super::tally::{Seen, Tally};
use crate::check::expect::judge_step;
use crate::check::{Context, Expect, Judgement};
use crate::exchange::Exchange;
use crate::payload::{MissingCapture, Scope};
use crate::suite::{Expectation, Step};

/// The answer to a step.
pub(super) struct Answer {
    /// The exchange; the union of the pages of a walk.
    pub(super) exchange: Exchange,
    /// The pages of a walk.
    pub(super) pages: Vec<Exchange>,
}

/// An expectation, its captures filled in as far as they are known.
pub(super) struct Ready<'a> {
    expectation: &'a Expectation,
    filled: Result<Filled<'a>, MissingCapture>,
}

/// What an expectation judges by.
struct Filled<'a> {
    argument: Value,
    tolerate: Vec<(&'a str, Vec<Condition>)>,
}

/// An expectation that must hold for a deviation to be the one that is tolerated.
type Condition = (&'static dyn Expect, Value);

/// Fills in the captures of a step's expectations. One whose capture is missing is inapplicable;
/// the others are judged all the same.
pub(super) fn render<'a>(step: &'a Step, scope: &Scope) -> Vec<Ready<'a>> {
    step.expect
        .iter()
        .map(|expectation| Ready {
            expectation,
            filled: fill(expectation, scope),
        })
        .collect()
}

fn fill<'a>(expectation: &'a Expectation, scope: &Scope) -> Result<Filled<'a>, MissingCapture> {
    let mut tolerate = Vec::new();
    for row in &expectation.tolerate {
        let mut when = Vec::new();
        for (check, draft) in &row.when {
            when.push((*check, draft.render(scope)?));
        }
        tolerate.push((row.id.as_str(), when));
    }
    Ok(Filled {
        argument: expectation.argument.render(scope)?,
        tolerate,
    })
}

/// Whether the expectations hold, or deviate in a way that is tolerated.
pub(super) fn hold(expectations: &[Ready<'_>], answer: &Answer, rig: &Rig) -> bool {
    let fine = |one: &Judgement| matches!(one, Judgement::Held | Judgement::Tolerated(..));
    all(expectations, answer, rig, fine)
}

/// Whether the expectations hold as they stand: a tolerated deviation may be the lag of the target, so that its next
/// answer has none.
pub(super) fn hold_fully(expectations: &[Ready<'_>], answer: &Answer, rig: &Rig) -> bool {
    let fine = |one: &Judgement| matches!(one, Judgement::Held);
    all(expectations, answer, rig, fine)
}

/// Whether each judgement is fine. What does not apply to an answer that is fine otherwise will not apply to the next
/// one either.
fn all(
    expectations: &[Ready<'_>],
    answer: &Answer,
    rig: &Rig,
    fine: impl Fn(&Judgement) -> bool,
) -> bool {
    let judged = judge(expectations, answer, rig);
    let open = |one: &Judgement| !fine(one) && !matches!(one, Judgement::Inapplicable(_));
    judged.iter().any(&fine) && !judged.iter().any(open)
}

/// Whether none of the expectations applies to the answer.
pub(super) fn applies_to_nothing(expectations: &[Ready<'_>], answer: &Answer, rig: &Rig) -> bool {
    let judged = judge(expectations, answer, rig);
    judged
        .iter()
        .all(|one| matches!(one, Judgement::Inapplicable(_)))
}

/// The requirements that the expectations cover, each once.
pub(super) fn covered<'a>(expectations: &'a [Ready<'a>]) -> BTreeSet<&'a str> {
    expectations
        .iter()
        .flat_map(|ready| &ready.expectation.covers)
        .map(String::as_str)
        .collect()
}

/// Judges all expectations and adds what was found.
pub(super) fn tally(
    expectations: &[Ready<'_>],
    answer: &Answer,
    rig: &Rig,
    rank: (&str, u64),
    tally: &mut Tally,
) {
    tally_as(expectations, answer, rig, rank, tally, |judgement| {
        judgement
    });
}

/// As [`tally`], where more is known of the answer than it shows: `graded` says what each judgement is then.
pub(super) fn tally_as(
    expectations: &[Ready<'_>],
    answer: &Answer,
    rig: &Rig,
    rank: (&str, u64),
    tally: &mut Tally,
    graded: impl Fn(Judgement) -> Judgement,
) {
    let judged = judge(expectations, answer, rig).into_iter().map(graded);
    for (ready, judgement) in expectations.iter().zip(judged) {
        for requirement in &ready.expectation.covers {
            let seen = Seen {
                requirement,
                check: ready.expectation.check.name(),
                judgement: &judgement,
                exchange: &answer.exchange,
                rank,
            };
            tally.add(rig.rules(), &seen);
        }
    }
}

fn judge(expectations: &[Ready<'_>], answer: &Answer, rig: &Rig) -> Vec<Judgement> {
    let context = Context {
        pages: &answer.pages,
        ..Context::new(&rig.capabilities, rig.session.base_url())
    };
    let step: Vec<(&dyn Expect, &Value)> = expectations
        .iter()
        .filter_map(|ready| {
            let filled = ready.filled.as_ref().ok()?;
            Some((ready.expectation.check, &filled.argument))
        })
        .collect();
    let mut judged = judge_step(&step, &answer.exchange, &context).into_iter();
    expectations
        .iter()
        .map(|ready| match &ready.filled {
            Err(missing) => Judgement::Inapplicable(missing.to_string()),
            Ok(filled) => {
                let judgement = judged
                    .next()
                    .unwrap_or_else(|| Judgement::Undecided("it was not judged".to_owned()));
                tolerated(judgement, &filled.tolerate, answer, &context)
            }
        })
        .collect()
}

/// A broken promise as the first deviation whose conditions all hold.
fn tolerated(
    judgement: Judgement,
    rows: &[(&str, Vec<Condition>)],
    answer: &Answer,
    context: &Context<'_>,
) -> Judgement {
    if matches!(judgement, Judgement::Broken(_)) {
        let fits = |when: &[Condition]| {
            !when.is_empty()
                && when.iter().all(|(check, argument)| {
                    check.judge(argument, &answer.exchange, context) == Judgement::Held
                })
        };
        if let Some((id, _)) = rows.iter().find(|(_, when)| fits(when)) {
            return judgement.tolerated(id);
        }
    }
    judgement
}
