//! One row a client: will it work with the target, what stands in the way, and what will it do.

use super::page::{Page, Tone};
use crate::record::readiness::{Readiness, Reason};
use crate::record::{PackVerdict, RunRecord};
use crate::report::{view, word};

/// Reasons for skipping that one row names.
const SKIPPED: usize = 4;

/// The rows, where a client was in the run.
pub(super) fn write(page: &mut Page, record: &RunRecord, quiet: bool) {
    let rows: Vec<(&PackVerdict, &Readiness)> = record
        .verdicts
        .iter()
        .filter_map(|pack| Some((pack, pack.readiness.as_ref()?)))
        .collect();
    let widest = |text: fn(&PackVerdict) -> usize| {
        let widths = rows.iter().map(|(pack, _)| text(pack));
        widths.max().unwrap_or_default()
    };
    let columns = (
        widest(|pack| word::pack(pack).len()),
        widest(|pack| word::verdict(pack).len()),
    );
    if rows.is_empty() {
        return;
    }
    page.title("Readiness");
    for (pack, readiness) in rows {
        super::verdict(page, pack, columns);
        if quiet {
            continue;
        }
        for (at, one) in readiness.reasons.iter().enumerate() {
            reason(page, at + 1, one);
        }
        if readiness.more > 0 {
            let more = word::count(readiness.more, "more reason", "more reasons");
            page.text(6, Tone::Faint, &format!("… and {more}"));
        }
        for row in readiness.skipped.iter().take(SKIPPED) {
            page.text(6, Tone::Faint, &view::skipped(row));
        }
    }
}

fn reason(page: &mut Page, number: usize, reason: &Reason) {
    let level = word::level(reason.level);
    page.field(6, &format!("{number} {level}"), &reason.statement);
    if let Some(then) = &reason.then {
        page.field(6, "", &format!("then the client {then}"));
    }
    if let Some(error) = &reason.error {
        page.field(6, "", &format!("not judged: {error}"));
    }
    page.text(16, Tone::Faint, &reason.requirement);
}
