//! The expectations of a step, judged in order, with the deviations that it tolerates.

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

/// An expectation whose captures are filled in.
pub(super) struct Ready<'a> {
    expectation: &'a Expectation,
    argument: Value,
    tolerate: Vec<(&'a str, Vec<Condition>)>,
}

/// An expectation that must hold for a deviation to be the one that is tolerated.
type Condition = (&'static dyn Expect, Value);

/// Fills in the captures of a step's expectations.
pub(super) fn render<'a>(step: &'a Step, scope: &Scope) -> Result<Vec<Ready<'a>>, MissingCapture> {
    step.expect
        .iter()
        .map(|expectation| {
            let mut tolerate = Vec::new();
            for row in &expectation.tolerate {
                let mut when = Vec::new();
                for (check, draft) in &row.when {
                    when.push((*check, draft.render(scope)?));
                }
                tolerate.push((row.id.as_str(), when));
            }
            Ok(Ready {
                expectation,
                argument: expectation.argument.render(scope)?,
                tolerate,
            })
        })
        .collect()
}

/// Whether all expectations hold, or deviate in a way that is tolerated.
pub(super) fn hold(expectations: &[Ready<'_>], answer: &Answer, rig: &Rig) -> bool {
    judge(expectations, answer, rig)
        .iter()
        .all(|judgement| matches!(judgement, Judgement::Held | Judgement::Tolerated(..)))
}

/// Judges all expectations and adds what was found.
pub(super) fn tally(
    expectations: &[Ready<'_>],
    answer: &Answer,
    rig: &Rig,
    rank: (&str, u64),
    tally: &mut Tally,
) {
    let judged = judge(expectations, answer, rig);
    for (ready, judgement) in expectations.iter().zip(&judged) {
        for requirement in &ready.expectation.covers {
            let seen = Seen {
                requirement,
                check: ready.expectation.check.name(),
                judgement,
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
        .map(|ready| (ready.expectation.check, &ready.argument))
        .collect();
    let mut judged = judge_step(&step, &answer.exchange, &context);
    for (ready, judgement) in expectations.iter().zip(&mut judged) {
        let Judgement::Broken(deviation) = judgement else {
            continue;
        };
        let fits = |when: &[Condition]| {
            !when.is_empty()
                && when.iter().all(|(check, argument)| {
                    check.judge(argument, &answer.exchange, &context) == Judgement::Held
                })
        };
        if let Some((id, _)) = ready.tolerate.iter().find(|(_, when)| fits(when)) {
            *judgement = Judgement::Tolerated((*id).to_owned(), deviation.clone());
        }
    }
    judged
}
