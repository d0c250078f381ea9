//! The table of clients: will each work with the target, what stands in the way, and what will it do.

use serde::Serialize;

use super::Limits;
use super::page::{Mark, VerdictView, clean, verdict};
use crate::record::readiness::{Readiness, Reason};
use crate::record::{PackVerdict, RunRecord};
use crate::report::{view, word};

/// Reasons for skipping that one row names.
const SKIPPED: usize = 6;

/// A row of the table.
#[derive(Serialize)]
pub(super) struct ClientView {
    client: String,
    #[serde(flatten)]
    verdict: VerdictView,
    reasons: Vec<ReasonView>,
    more: u64,
    left: Vec<String>,
}

#[derive(Serialize)]
struct ReasonView {
    requirement: String,
    mark: Mark,
    level: &'static str,
    statement: String,
    then: Option<String>,
    error: Option<String>,
    case: String,
}

/// The rows, in the order of the verdicts.
pub(super) fn clients(record: &RunRecord, limits: Limits) -> Vec<ClientView> {
    record
        .verdicts
        .iter()
        .filter_map(|pack| Some(row(pack, pack.readiness.as_ref()?, limits)))
        .take(limits.rows)
        .collect()
}

fn row(pack: &PackVerdict, readiness: &Readiness, limits: Limits) -> ClientView {
    let skipped = readiness.skipped.iter().take(SKIPPED);
    ClientView {
        client: clean(&readiness.client, 200),
        verdict: verdict(pack, &word::pack(pack)),
        reasons: readiness
            .reasons
            .iter()
            .map(|one| reason(one, limits))
            .collect(),
        more: readiness.more,
        left: skipped
            .map(|row| clean(&view::skipped(row), limits.value))
            .collect(),
    }
}

fn reason(reason: &Reason, limits: Limits) -> ReasonView {
    let text = |text: &Option<String>| text.as_deref().map(|text| clean(text, limits.value));
    ReasonView {
        requirement: clean(&reason.requirement, 200),
        mark: Mark::outcome(reason.outcome),
        level: word::level(reason.level),
        statement: clean(&reason.statement, limits.value),
        then: text(&reason.then),
        error: text(&reason.error),
        case: clean(&reason.case, 200),
    }
}
