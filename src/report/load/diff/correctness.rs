//! What two runs were answered wrongly, by kind.

use serde::Serialize;

use super::Finding;
use crate::record::load::LoadRecord;

/// How many standard deviations apart two shares have to be.
const APART: f64 = 2.58;

/// Answers of one kind in both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WrongChange {
    /// `lost-writes`, `duplicates`, `failed-checks`, `stale-reads`.
    pub name: &'static str,
    /// Answers in A and B.
    pub counts: [u64; 2],
    /// What it comes to.
    pub finding: Finding,
}

/// The kinds of which either run has some.
pub(super) fn changes(a: &LoadRecord, b: &LoadRecord, tolerance: f64) -> Vec<WrongChange> {
    let (one, other) = (&a.correctness, &b.correctness);
    let requests = [a.total.count, b.total.count];
    let sampled = [one.sampled, other.sampled];
    // One lost write is one too many; an older state is shown now and then where none is promised.
    let kinds = [
        (
            "lost-writes",
            [one.lost_write, other.lost_write],
            requests,
            true,
        ),
        (
            "duplicates",
            [one.duplicate, other.duplicate],
            requests,
            true,
        ),
        (
            "failed-checks",
            [one.full_checks_failed, other.full_checks_failed],
            sampled,
            false,
        ),
        (
            "stale-reads",
            [one.stale_read, other.stale_read],
            requests,
            false,
        ),
    ];
    let seen = kinds
        .into_iter()
        .filter(|(_, counts, ..)| *counts != [0, 0]);
    seen.map(|(name, counts, of, never)| WrongChange {
        name,
        counts,
        finding: finding(counts, of, never, tolerance),
    })
    .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn finding(counts: [u64; 2], of: [u64; 2], never: bool, tolerance: f64) -> Finding {
    let [a, b] = counts.map(|count| count as f64);
    let [of_a, of_b] = of.map(|count| (count as f64).max(1.0));
    let (share_a, share_b) = (a / of_a, b / of_b);
    if never && counts[0] == 0 {
        return Finding::Worse;
    }
    let pooled = ((a + b) / (of_a + of_b)).min(1.0);
    let deviation = (pooled * (1.0 - pooled) * (1.0 / of_a + 1.0 / of_b)).sqrt();
    let change = share_b - share_a;
    if change.abs() <= APART * deviation {
        Finding::NoDifference
    } else if change < 0.0 {
        Finding::Better
    } else if change > tolerance * share_a {
        Finding::Worse
    } else {
        Finding::Tolerated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_write_where_there_was_none_is_worse_and_noise_is_not() {
        let check = |counts: [u64; 2], never: bool, wanted: Finding| {
            assert_eq!(
                finding(counts, [10_000, 10_000], never, 0.05),
                wanted,
                "{counts:?}"
            );
        };
        check([0, 1], true, Finding::Worse);
        check([1, 0], true, Finding::NoDifference);
        check([0, 1], false, Finding::NoDifference);
        check([0, 60], false, Finding::Worse);
        check([60, 0], false, Finding::Better);
        check([100, 110], true, Finding::NoDifference);
        check([100, 300], true, Finding::Worse);
        check([9_000, 9_300], false, Finding::Tolerated);
        check([0, 10_000], false, Finding::Worse);
    }
}
