//! The words and symbols for outcomes, verdicts and levels: the same in every report.
//!
//! A symbol always stands beside its word, so that neither colour nor shape carries the meaning alone.

use crate::record::{CaseKind, CaseRecord, Outcome, PackVerdict, Verdict};
use crate::requirement::Level;

/// How a case is shown: its outcome, or that its failure was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum State {
    /// As it ended.
    Outcome(Outcome),
    /// It was broken as an entry of the expectation file says.
    Expected,
}

impl State {
    /// All states, worst first.
    pub(super) const ALL: [Self; 7] = [
        Self::Outcome(Outcome::Fail),
        Self::Outcome(Outcome::Error),
        Self::Outcome(Outcome::Warn),
        Self::Outcome(Outcome::Note),
        Self::Expected,
        Self::Outcome(Outcome::Skip),
        Self::Outcome(Outcome::Pass),
    ];

    /// How a case is shown. An entry of the expectation file changes nothing where the case held.
    pub(super) fn of(case: &CaseRecord) -> Self {
        match case.outcome {
            Outcome::Fail | Outcome::Error | Outcome::Warn if case.expected.is_some() => {
                Self::Expected
            }
            outcome => Self::Outcome(outcome),
        }
    }

    /// Key in markup and in the filters of the page.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Outcome(outcome) => key(outcome),
            Self::Expected => "expected",
        }
    }

    /// One character.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Outcome(outcome) => symbol(outcome),
            Self::Expected => "≈",
        }
    }

    /// Its word beside a number of cases.
    pub(super) fn counted(self) -> &'static str {
        match self {
            Self::Outcome(Outcome::Pass) => "passed",
            Self::Outcome(Outcome::Fail) => "failed",
            Self::Outcome(Outcome::Warn) => "warned",
            Self::Outcome(Outcome::Note) => "noted",
            Self::Outcome(Outcome::Skip) => "skipped",
            Self::Outcome(Outcome::Error) => "not judged",
            Self::Expected => "failed as expected",
        }
    }
}

/// Word of an outcome, also its key.
pub(super) fn key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Warn => "warn",
        Outcome::Note => "note",
        Outcome::Skip => "skip",
        Outcome::Error => "error",
    }
}

/// One character for an outcome.
pub(super) fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✓",
        Outcome::Fail => "✗",
        Outcome::Warn => "!",
        Outcome::Note => "·",
        Outcome::Skip => "–",
        Outcome::Error => "?",
    }
}

/// Key word of a level, as in RFC 2119.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::Should => "SHOULD",
        Level::May => "MAY",
    }
}

/// Key of a level in markup and in filters.
pub(super) fn level_key(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::May => "may",
    }
}

/// Word of a kind of case.
pub(super) fn kind(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Scenario => "scenario",
        CaseKind::Invariant => "invariant",
        CaseKind::Probe => "probe",
        CaseKind::Setup => "setup",
    }
}

/// The verdict on a pack. Packs of identity providers speak of readiness.
pub(super) fn verdict(pack: &PackVerdict) -> &'static str {
    let users_only = pack.readiness.as_ref().is_some_and(|it| it.users_only);
    match (pack.verdict, is_standard(&pack.pack)) {
        (Verdict::Pass, true) => "pass",
        (Verdict::Warn, true) => "pass with warnings",
        (Verdict::Inconclusive, true) => "inconclusive",
        (Verdict::Fail, true) => "fail",
        (Verdict::Pass, false) if users_only => "ready for users only",
        (Verdict::Warn, false) if users_only => "ready for users only, with warnings",
        (Verdict::Pass, false) => "ready",
        (Verdict::Warn, false) => "ready with warnings",
        (Verdict::Inconclusive, false) => "not assessed",
        (Verdict::Fail, false) => "not ready",
    }
}

/// The name of a pack in a table: with the profile, where that takes a part of it.
pub(super) fn pack(pack: &PackVerdict) -> String {
    let profile = pack.readiness.as_ref().and_then(|it| it.profile.as_deref());
    match profile {
        Some(profile) if profile != pack.pack => format!("{profile} ({})", pack.pack),
        _ => pack.pack.clone(),
    }
}

/// The outcome whose symbol and colour a verdict has.
pub(super) fn verdict_outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Pass => Outcome::Pass,
        Verdict::Warn => Outcome::Warn,
        Verdict::Inconclusive => Outcome::Error,
        Verdict::Fail => Outcome::Fail,
    }
}

/// `1 case`, `2 cases`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A duration for a reader: `830 ms`, `18.4 s`, `12 min 3 s`.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// A time that is allowed: `5 s`, `1500 ms`.
pub(super) fn allowed(ms: u64) -> String {
    if ms.is_multiple_of(1_000) {
        format!("{} s", ms / 1_000)
    } else {
        format!("{ms} ms")
    }
}

/// A short duration for a reader: `0.42 ms`, `83 ms`, `1.2 s`.
pub(super) fn micros(us: u64) -> String {
    match us {
        0..10_000 => format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10),
        _ => duration(us / 1_000),
    }
}

/// A change that ends somebody's access.
pub(super) fn change(change: &str) -> &str {
    match change {
        "disable" => "user disabled",
        "remove-member" => "member removed",
        "delete-user" => "user deleted",
        "delete-group" => "group deleted",
        other => other,
    }
}

/// Where a change is looked for.
pub(super) fn place(place: &str) -> &str {
    match place {
        "by-id" => "by id",
        "by-filter" => "by filter",
        "in-group" => "in the group",
        "in-user-groups" => "in user.groups",
        other => other,
    }
}

fn is_standard(pack: &str) -> bool {
    pack.starts_with("rfc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        for (ms, expected) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (18_449, "18.4 s"),
            (60_000, "1 min 0 s"),
            (723_000, "12 min 3 s"),
        ] {
            assert_eq!(duration(ms), expected);
        }
    }

    #[test]
    fn short_durations_keep_two_digits() {
        for (us, expected) in [
            (0, "0.00 ms"),
            (425, "0.42 ms"),
            (9_999, "9.99 ms"),
            (10_000, "10 ms"),
            (1_250_000, "1.2 s"),
        ] {
            assert_eq!(micros(us), expected);
        }
    }

    #[test]
    fn states_have_distinct_keys_and_symbols() {
        let keys: std::collections::HashSet<_> = State::ALL.map(State::key).into();
        let symbols: std::collections::HashSet<_> = State::ALL.map(State::symbol).into();
        assert_eq!((keys.len(), symbols.len()), (7, 7));
    }
}
