//! The verdict on a pack, from what the cases of a run said of its requirements.

use super::outcome::worst;
use super::{CaseRecord, MustCount, Outcome, PackVerdict, Verdict};
use crate::requirement::{Level, Party, Requirement, Status};

/// What a run said of one requirement of a pack.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// The requirement.
    pub requirement: &'a Requirement,
    /// How each selected case that covers it ended for it; empty where none does.
    pub outcomes: Vec<Outcome>,
    /// Those cases, in the same order.
    pub cases: Vec<&'a CaseRecord>,
    /// False where all its cases were skipped because the target does not offer what it is about.
    pub applies: bool,
    /// Whether an expectation file foresees that it is broken.
    pub expected_failure: bool,
}

impl Said<'_> {
    /// Worst outcome of its cases.
    pub fn worst(&self) -> Outcome {
        worst(self.outcomes.iter().copied())
    }

    /// Whether its cases were selected and none of them judged it.
    pub fn is_skipped(&self) -> bool {
        !self.outcomes.is_empty() && self.outcomes.iter().all(|one| *one == Outcome::Skip)
    }

    /// Why its first case was skipped, where it was skipped as a whole.
    pub fn skip_reason(&self) -> Option<&str> {
        self.cases
            .iter()
            .find_map(|case| case.skip_reason.as_deref())
    }

    /// Whether it was skipped because the target has no groups.
    pub fn is_of_groups(&self) -> bool {
        self.is_skipped()
            && self
                .cases
                .iter()
                .filter_map(|case| case.skip_reason.as_deref())
                .any(|why| why.ends_with("no resource type Group"))
    }

    fn is_judged(&self) -> bool {
        self.outcomes.iter().any(|outcome| {
            matches!(
                outcome,
                Outcome::Pass | Outcome::Note | Outcome::Warn | Outcome::Fail
            )
        })
    }

    fn is_error_only(&self) -> bool {
        !self.is_judged() && self.outcomes.contains(&Outcome::Error)
    }

    /// A must that the server owes and that scimitar can judge.
    fn is_countable_must(&self) -> bool {
        self.requirement.level == Level::Must
            && self.requirement.party != Party::Client
            && self.requirement.status == Status::Tested
    }
}

/// The verdict on a pack from all its requirements, also those that no selected case covers.
///
/// `fail` where something failed that nobody expected to; `inconclusive` where a must ended in
/// nothing but errors, or fewer than half of the musts that apply were judged; `warn` where
/// something was warned of, or an expected failure occurred; else `pass`.
pub fn verdict(pack: &str, gate: bool, said: &[Said<'_>]) -> PackVerdict {
    let failed = |it: &&Said<'_>| it.worst() == Outcome::Fail;
    let musts: Vec<&Said<'_>> = said.iter().filter(|it| it.is_countable_must()).collect();
    let must = MustCount {
        judged: count(musts.iter().filter(|it| it.is_judged())),
        failed: count(musts.iter().filter(|it| failed(it))),
        skipped: count(musts.iter().filter(|it| it.is_skipped())),
        never: count(musts.iter().filter(|it| it.outcomes.is_empty())),
    };
    let applies = |it: &&&Said<'_>| it.is_judged() || it.applies && !it.is_of_groups();
    let applicable = count(musts.iter().filter(applies));
    let should_failed = count(said.iter().filter(|it| {
        it.requirement.level == Level::Should
            && it
                .outcomes
                .iter()
                .any(|outcome| matches!(outcome, Outcome::Warn | Outcome::Fail))
    }));
    let unexpected = said.iter().filter(failed).any(|it| !it.expected_failure);
    let error_only = musts.iter().any(|it| it.is_error_only());
    let warned = said.iter().any(|it| {
        it.outcomes
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Warn | Outcome::Fail))
    });
    let verdict = if unexpected {
        Verdict::Fail
    } else if error_only || must.judged * 2 < applicable || must.judged == 0 {
        Verdict::Inconclusive
    } else if warned {
        Verdict::Warn
    } else {
        Verdict::Pass
    };
    PackVerdict {
        pack: pack.to_owned(),
        verdict,
        gate,
        must,
        should_failed,
        readiness: None,
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::{Basis, Document, Weight};

    fn requirement(level: Level) -> Requirement {
        Requirement {
            id: "rfc7644-3.6-x".to_owned(),
            pack: "rfc".to_owned(),
            document: Document {
                name: "RFC 7644".to_owned(),
                link: None,
            },
            section: "3.6".to_owned(),
            level,
            basis: Basis::Keyword,
            party: Party::Server,
            statement: "X.".to_owned(),
            feature: "x".to_owned(),
            weight: Weight::High,
            status: Status::Tested,
            needs: Vec::new(),
            no_fault: String::new(),
            aliases: Vec::new(),
            page: None,
            then: None,
        }
    }

    #[track_caller]
    fn check(rows: &[(Level, &[Outcome])], expected: Verdict, must: [u64; 4]) {
        let requirements: Vec<Requirement> =
            rows.iter().map(|(level, _)| requirement(*level)).collect();
        let said: Vec<Said<'_>> = rows
            .iter()
            .zip(&requirements)
            .map(|((_, outcomes), requirement)| Said {
                requirement,
                outcomes: outcomes.to_vec(),
                cases: Vec::new(),
                applies: !outcomes.contains(&Outcome::Skip),
                expected_failure: false,
            })
            .collect();
        let verdict = verdict("rfc", true, &said);
        let MustCount {
            judged,
            failed,
            skipped,
            never,
        } = verdict.must;
        assert_eq!(verdict.verdict, expected, "{rows:?}");
        assert_eq!([judged, failed, skipped, never], must, "{rows:?}");
    }

    #[test]
    fn a_pack_is_judged_by_its_musts_first() {
        use Level::{May, Must, Should};
        use Outcome::{Error, Fail, Note, Pass, Skip, Warn};
        check(
            &[(Must, &[Pass]), (Should, &[Pass])],
            Verdict::Pass,
            [1, 0, 0, 0],
        );
        check(
            &[(Must, &[Pass]), (May, &[Note])],
            Verdict::Pass,
            [1, 0, 0, 0],
        );
        check(
            &[(Must, &[Pass]), (Should, &[Warn])],
            Verdict::Warn,
            [1, 0, 0, 0],
        );
        check(&[(Must, &[Warn])], Verdict::Warn, [1, 0, 0, 0]);
        check(
            &[(Must, &[Pass]), (Must, &[Pass, Fail]), (Must, &[Error])],
            Verdict::Fail,
            [2, 1, 0, 0],
        );
        check(
            &[(Must, &[Pass]), (Must, &[Error])],
            Verdict::Inconclusive,
            [1, 0, 0, 0],
        );
        check(&[(Must, &[Pass, Error])], Verdict::Pass, [1, 0, 0, 0]);
        check(
            &[(Must, &[Pass]), (Must, &[]), (Must, &[])],
            Verdict::Inconclusive,
            [1, 0, 0, 2],
        );
        check(&[(Must, &[Pass]), (Must, &[])], Verdict::Pass, [1, 0, 0, 1]);
        check(
            &[(Must, &[Pass]), (Must, &[Skip]), (Must, &[Skip])],
            Verdict::Pass,
            [1, 0, 2, 0],
        );
        check(&[(Must, &[Skip])], Verdict::Inconclusive, [0, 0, 1, 0]);
        check(&[], Verdict::Inconclusive, [0, 0, 0, 0]);
        check(
            &[(Must, &[Pass]), (Should, &[Fail])],
            Verdict::Fail,
            [1, 0, 0, 0],
        );
    }

    #[test]
    fn an_expected_failure_neither_fails_a_pack_nor_lets_it_pass() {
        let requirement = requirement(Level::Must);
        let said = |expected_failure| Said {
            requirement: &requirement,
            outcomes: vec![Outcome::Fail],
            cases: Vec::new(),
            applies: true,
            expected_failure,
        };
        assert_eq!(verdict("rfc", true, &[said(false)]).verdict, Verdict::Fail);
        assert_eq!(verdict("rfc", true, &[said(true)]).verdict, Verdict::Warn);
    }

    #[test]
    fn what_the_client_owes_or_nobody_can_see_is_not_counted() {
        let good = requirement(Level::Must);
        let client = Requirement {
            party: Party::Client,
            ..requirement(Level::Must)
        };
        let todo = Requirement {
            status: Status::Todo("later".to_owned()),
            ..requirement(Level::Must)
        };
        let said: Vec<Said<'_>> = [&good, &client, &todo]
            .into_iter()
            .zip([vec![Outcome::Pass], Vec::new(), Vec::new()])
            .map(|(requirement, outcomes)| Said {
                requirement,
                outcomes,
                cases: Vec::new(),
                applies: true,
                expected_failure: false,
            })
            .collect();
        let verdict = verdict("rfc", true, &said);
        assert_eq!((verdict.verdict, verdict.must.never), (Verdict::Pass, 0));
    }
}
