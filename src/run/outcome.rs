//! How a run ends: all reasons that apply, and the exit code of the most important one.
//!
//! Pure: it looks at counts, never at the network or the disk.

use crate::record::{CaseRecord, Cleanup, Outcome, PackVerdict, RunOutcome, Verdict};

/// Why a run does not end with 0, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A defect of scimitar itself.
    Bug,
    /// A report could not be written.
    OutputFailed,
    /// The output directory can't be created or written.
    OutputNotWritable,
    /// SIGTERM stopped the run.
    Terminated,
    /// SIGINT stopped the run.
    Interrupted,
    /// A mistake in arguments, configuration or suites: nothing was sent.
    Usage,
    /// The target could not be reached at preflight.
    Unreachable,
    /// The target is no SCIM service provider at this base URL.
    NotScim,
    /// (Almost) every answer was 401 or 403.
    AuthNeverAccepted,
    /// The target went away in the middle of the run.
    TargetLost,
    /// The target refuses to delete, or what it deleted can still be read.
    DeletionRefused,
    /// The target throttled beyond the budget.
    Throttled,
    /// No MUST of the gated packs was judged.
    NothingJudged,
    /// The machine that put load on the target was the limit, not the target.
    GeneratorLimited,
    /// A file names resources that the target does not have.
    StockNotThere,
    /// A gated MUST was broken.
    CheckFailed,
    /// A threshold of a load run was crossed.
    ThresholdCrossed,
    /// A selected case ended in an error.
    Inconclusive,
    /// The run was cut short by `--max-run-time`.
    TimeUp,
    /// Nothing matched the selection.
    NothingSelected,
    /// An expected failure that no longer occurs, or has expired.
    StaleExpectation,
    /// Resources of the run are left behind.
    CleanupIncomplete,
}

impl Reason {
    /// Exit code of a run whose most important reason this is.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::CheckFailed => 1,
            Self::Usage => 2,
            Self::NotScim
            | Self::AuthNeverAccepted
            | Self::TargetLost
            | Self::DeletionRefused
            | Self::Throttled
            | Self::NothingJudged
            | Self::GeneratorLimited
            | Self::StockNotThere
            | Self::Inconclusive
            | Self::TimeUp => 3,
            Self::NothingSelected => 4,
            Self::StaleExpectation => 5,
            Self::ThresholdCrossed => 6,
            Self::CleanupIncomplete => 7,
            Self::Unreachable => 69,
            Self::Bug => 70,
            Self::OutputNotWritable => 73,
            Self::OutputFailed => 74,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The word that stands in the record.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bug => "bug",
            Self::OutputFailed => "output-failed",
            Self::OutputNotWritable => "output-not-writable",
            Self::Terminated => "terminated",
            Self::Interrupted => "interrupted",
            Self::Usage => "usage",
            Self::Unreachable => "unreachable",
            Self::NotScim => "not-scim",
            Self::AuthNeverAccepted => "auth-never-accepted",
            Self::TargetLost => "target-lost",
            Self::DeletionRefused => "deletion-refused",
            Self::Throttled => "throttled",
            Self::NothingJudged => "nothing-judged",
            Self::GeneratorLimited => "generator-limited",
            Self::StockNotThere => "stock-not-there",
            Self::CheckFailed => "check-failed",
            Self::ThresholdCrossed => "threshold-crossed",
            Self::Inconclusive => "inconclusive",
            Self::TimeUp => "time-up",
            Self::NothingSelected => "nothing-selected",
            Self::StaleExpectation => "stale-expectation",
            Self::CleanupIncomplete => "cleanup-incomplete",
        }
    }
}

/// How the answers of the target fell, for the judgement whether the run is valid at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Complete answers to requests that carried the configured credential.
    pub answered: u64,
    /// Of those, 401 or 403.
    pub refused: u64,
}

impl Traffic {
    /// Whether the credential was never accepted: at least nine of ten answers were 401 or 403.
    #[must_use]
    pub fn auth_never_accepted(self) -> bool {
        self.answered > 0 && self.refused * 10 >= self.answered * 9
    }
}

/// What the reasons follow from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Reasons that were met while the run went on.
    pub met: &'a [Reason],
    /// Answers of the target.
    pub traffic: Traffic,
    /// All cases.
    pub cases: &'a [CaseRecord],
    /// One verdict a pack.
    pub verdicts: &'a [PackVerdict],
    /// Whether an entry of the expectation file is stale.
    pub stale: bool,
    /// What clean-up did.
    pub cleanup: &'a Cleanup,
    /// Whether the user lets what can't be removed stay.
    pub leftovers_accepted: bool,
}

/// All reasons that apply and the exit code that follows.
#[must_use]
pub fn outcome(facts: &Facts<'_>) -> RunOutcome {
    let mut reasons = facts.met.to_vec();
    let cut_short = reasons
        .iter()
        .any(|reason| matches!(reason, Reason::Interrupted | Reason::Terminated));
    if facts.traffic.auth_never_accepted() {
        reasons.push(Reason::AuthNeverAccepted);
    }
    if !cut_short && nothing_judged(facts.verdicts) {
        reasons.push(Reason::NothingJudged);
    }
    if facts
        .verdicts
        .iter()
        .any(|verdict| verdict.gate && verdict.verdict == Verdict::Fail)
    {
        reasons.push(Reason::CheckFailed);
    }
    if facts
        .cases
        .iter()
        .any(|case| case.outcome == Outcome::Error && case.expected.is_none())
    {
        reasons.push(Reason::Inconclusive);
    }
    if facts.stale {
        reasons.push(Reason::StaleExpectation);
    }
    if !facts.cleanup.leftover.is_empty() && !facts.leftovers_accepted {
        reasons.push(Reason::CleanupIncomplete);
    }
    conclude(reasons)
}

/// The reasons in order of importance, without repetition, and the code of the first.
#[must_use]
pub fn conclude(mut reasons: Vec<Reason>) -> RunOutcome {
    reasons.sort_unstable();
    reasons.dedup();
    RunOutcome {
        exit_code: reasons.first().map_or(0, |reason| reason.code()),
        reasons: reasons
            .iter()
            .map(|reason| reason.word().to_owned())
            .collect(),
    }
}

/// Whether no MUST of any gated pack was judged, though there are some.
fn nothing_judged(verdicts: &[PackVerdict]) -> bool {
    let gated = || verdicts.iter().filter(|verdict| verdict.gate);
    let musts: u64 = gated().map(|v| v.must.judged + v.must.skipped).sum();
    musts > 0 && gated().all(|verdict| verdict.must.judged == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reasons: &[Reason], code: u8) {
        assert_eq!(conclude(reasons.to_vec()).exit_code, code, "{reasons:?}");
    }

    #[test]
    fn the_most_important_reason_decides() {
        check(&[], 0);
        check(&[Reason::CleanupIncomplete], 7);
        check(&[Reason::CleanupIncomplete, Reason::StaleExpectation], 5);
        check(&[Reason::StaleExpectation, Reason::Inconclusive], 3);
        check(&[Reason::Inconclusive, Reason::CheckFailed], 1);
        check(&[Reason::CheckFailed, Reason::AuthNeverAccepted], 3);
        check(&[Reason::TargetLost, Reason::Unreachable], 69);
        check(&[Reason::Unreachable, Reason::Usage], 2);
        check(&[Reason::Usage, Reason::OutputNotWritable], 73);
        check(&[Reason::OutputNotWritable, Reason::OutputFailed], 74);
        check(&[Reason::OutputFailed, Reason::Bug], 70);
        check(&[Reason::Interrupted, Reason::CheckFailed], 130);
        check(&[Reason::Terminated, Reason::CleanupIncomplete], 143);
    }

    #[test]
    fn the_record_lists_every_reason_once() {
        let outcome = conclude(vec![
            Reason::CleanupIncomplete,
            Reason::CheckFailed,
            Reason::CheckFailed,
        ]);
        assert_eq!(outcome.reasons, ["check-failed", "cleanup-incomplete"]);
    }

    #[test]
    fn nine_refusals_of_ten_are_no_accepted_token() {
        let traffic = |answered, refused| Traffic { answered, refused };
        assert!(traffic(10, 9).auth_never_accepted());
        assert!(!traffic(10, 8).auth_never_accepted());
        assert!(!traffic(0, 0).auth_never_accepted());
    }
}
