//! How long changes that end somebody's access took to be seen, with percentiles.

use super::page::{Page, Tone};
use crate::record::revocation::Latency;
use crate::record::{Outcome, RunRecord};
use crate::report::word::{self, State};

/// The table, where something was measured.
pub(super) fn write(page: &mut Page, record: &RunRecord) {
    let Some(revocation) = &record.revocation else {
        return;
    };
    let allowed = word::allowed(revocation.within_ms);
    page.title(&format!(
        "Revocation: from the acknowledged change until it is seen, {allowed} allowed"
    ));
    let head = columns(["change", "looked for", "n", "p50", "p95", "max"].map(str::to_owned));
    page.parts(2, &[(Tone::Faint, &format!("  {head}"))]);
    for row in &revocation.rows {
        let outcome = if row.late > 0 || row.unseen > 0 {
            Outcome::Warn
        } else {
            Outcome::Pass
        };
        let tone = Tone::State(State::Outcome(outcome));
        let text = columns([
            word::change(&row.change).to_owned(),
            word::place(&row.place).to_owned(),
            row.n.to_string(),
            word::micros(row.p50_us),
            word::micros(row.p95_us),
            word::micros(row.max_us),
        ]);
        let parts = [
            (tone, word::symbol(outcome)),
            (Tone::Plain, &format!("{text}{}", remark(row))),
        ];
        page.parts(2, &parts);
    }
}

fn columns([change, place, n, p50, p95, max]: [String; 6]) -> String {
    format!("{change:<15} {place:<15} {n:>3} {p50:>9} {p95:>9} {max:>9}")
}

fn remark(row: &Latency) -> String {
    let count = |number: u64, what: &str| (number > 0).then(|| format!("{number} {what}"));
    let late = row.late.saturating_sub(row.unseen);
    let parts = [count(late, "late"), count(row.unseen, "never seen")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("   {}", parts.join(", "))
    }
}
