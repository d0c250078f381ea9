//! What was wrong in answers: counted by kind and operation, and asked again at the end where time may mend it.
//!
//! What an acknowledged write should have made visible and a read does not show is an older state at first: targets
//! may take their time. What is still not shown after the run is a write that was lost, unless somebody else's file
//! claims that it was ever there.

use std::collections::{BTreeMap, HashSet};

use super::field::Field;
use crate::load::histogram::Figures;
use crate::load::program::{Breach, Wrong};
use crate::record::load::{Correctness, Example, Wrongs};

/// Examples of what was wrong that a record holds.
const EXAMPLES: usize = 10;

/// Reads that are asked again at the end; what goes beyond them stays an older state.
const DOUBTS: usize = 1000;

/// All that was wrong so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) correctness: Correctness,
    by_operation: BTreeMap<u16, Wrongs>,
    /// By the target of the request.
    doubts: BTreeMap<String, Doubt>,
    /// Ids of resources that the run has deleted, beside those that only one user knew.
    deleted: HashSet<String>,
}

/// A read that did not show what should have been there.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    /// Whose absence it was, where the path or the filter is about one resource.
    pub(super) about: Option<About>,
    /// How many resources there should be; none where one is read by its id.
    pub(super) total: Option<u64>,
    operation: u16,
    request: String,
    detail: String,
    count: u64,
}

/// The resource that a read is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// Its id.
    pub(super) id: String,
    /// Whether somebody else says that it is there: nothing of this run has written it.
    pub(super) told: bool,
}

/// What a doubt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is there now.
    There,
    /// It is still not there.
    Missing,
    /// The target did not say.
    Unknown,
}

/// One answer, as far as it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) operation: u16,
    /// `X-Request-Id`.
    pub(super) request: &'a str,
    /// Path and query.
    pub(super) target: &'a str,
    pub(super) status: u16,
    /// `totalResults` that is right.
    pub(super) total: Option<u64>,
}

impl Seen {
    /// Takes something wrong: its kind, and what is to be said of it; none where the run itself has deleted what is
    /// not in a list.
    fn take(
        &mut self,
        wrong: &Wrong,
        told: Told<'_>,
        about: Option<About>,
    ) -> Option<(&'static str, String)> {
        let gone = about
            .as_ref()
            .is_some_and(|it| self.deleted.contains(&it.id));
        let of = self.by_operation.entry(told.operation).or_default();
        let all = &mut self.correctness;
        let (kind, detail) = match wrong {
            Wrong::Stale(_) if gone => return None,
            Wrong::Missing if gone => {
                all.wrong_status += 1;
                ("wrong-status", format!("the status is {}", told.status))
            }
            Wrong::Status => {
                all.wrong_status += 1;
                ("wrong-status", format!("the status is {}", told.status))
            }
            Wrong::Body(why) => {
                all.unparsable += 1;
                ("unparsable", why.clone())
            }
            Wrong::Duplicate(why) => {
                all.duplicate += 1;
                of.duplicate += 1;
                ("duplicate", why.clone())
            }
            Wrong::Missing => {
                let detail = "what was acknowledged before is answered 404".to_owned();
                self.doubt(
                    &detail,
                    Told {
                        total: None,
                        ..told
                    },
                    about,
                );
                ("stale-read", detail)
            }
            Wrong::Stale(why) => {
                self.doubt(why, told, about);
                ("stale-read", why.clone())
            }
        };
        Some((kind, detail))
    }

    fn doubt(&mut self, detail: &str, told: Told<'_>, about: Option<About>) {
        self.correctness.stale_read += 1;
        self.by_operation
            .entry(told.operation)
            .or_default()
            .stale_read += 1;
        if let Some(known) = self.doubts.get_mut(told.target) {
            known.count += 1;
        } else if self.doubts.len() < DOUBTS {
            let doubt = Doubt {
                about,
                total: told.total,
                operation: told.operation,
                request: told.request.to_owned(),
                detail: detail.to_owned(),
                count: 1,
            };
            self.doubts.insert(told.target.to_owned(), doubt);
        }
    }

    /// The reads that are to be asked again.
    pub(super) fn doubts(&self) -> Vec<(String, Doubt)> {
        let open = self.doubts.iter();
        open.map(|(target, doubt)| (target.clone(), doubt.clone()))
            .collect()
    }

    /// The run has deleted a resource. One that others draw or read is remembered.
    fn forget(&mut self, id: &str, shared: bool) {
        let about = |doubt: &Doubt| doubt.about.as_ref().is_some_and(|it| it.id == id);
        self.doubts.retain(|_, doubt| !about(doubt));
        if shared {
            self.deleted.insert(id.to_owned());
        }
    }

    /// Takes what a doubt came to; says of which kind it is where that is another than it was.
    fn settle(&mut self, doubt: &Doubt, answer: Answer) -> Option<&'static str> {
        if answer != Answer::Missing {
            return None;
        }
        let of = self.by_operation.entry(doubt.operation).or_default();
        let all = &mut self.correctness;
        all.stale_read = all.stale_read.saturating_sub(doubt.count);
        of.stale_read = of.stale_read.saturating_sub(doubt.count);
        if doubt.about.as_ref().is_some_and(|it| it.told) {
            all.not_there += doubt.count;
            return Some("not-there");
        }
        all.lost_write += doubt.count;
        of.lost_write += doubt.count;
        Some("lost-write")
    }
}

impl Field {
    /// Counts what was wrong with an answer.
    pub(super) fn note(&self, wrong: &Wrong, told: Told<'_>, about: Option<About>) {
        let mut seen = self.seen();
        if let Some((kind, detail)) = seen.take(wrong, told, about) {
            self.example(&mut seen, kind, told.operation, told.request, &detail);
        }
    }

    /// Counts an answer that was put to the full set of checks.
    pub(super) fn sampled(&self, broken: Option<Breach>, operation: u16, request: &str) {
        let mut seen = self.seen();
        seen.correctness.sampled += 1;
        if let Some(breach) = broken {
            seen.correctness.full_checks_failed += 1;
            if breach.is_must {
                seen.by_operation
                    .entry(operation)
                    .or_default()
                    .full_checks_failed += 1;
            }
            self.example(
                &mut seen,
                "full-checks-failed",
                operation,
                request,
                &breach.detail,
            );
        }
    }

    /// Notes that the run has deleted a resource, which others may draw or read where it is shared.
    pub(super) fn forget(&self, id: &str, shared: bool) {
        self.seen().forget(id, shared);
    }

    /// Takes what a doubt came to.
    pub(super) fn settle_doubt(&self, doubt: &Doubt, answer: Answer) {
        let mut seen = self.seen();
        if let Some(kind) = seen.settle(doubt, answer) {
            let detail = match kind {
                "not-there" => "the file names a user or group that is not there".to_owned(),
                _ => format!("{}, and it is still so after the run", doubt.detail),
            };
            // What it was thought to be is no example of that any more.
            let held = &mut seen.correctness.examples;
            held.retain(|it| it.request != doubt.request || it.kind != "stale-read");
            self.example(&mut seen, kind, doubt.operation, &doubt.request, &detail);
        }
    }

    /// The figures of a run with what was wrong in answers.
    pub(super) fn with_wrongs(&self, mut figures: Figures) -> Figures {
        let seen = self.seen();
        for (operation, wrongs) in &seen.by_operation {
            if let Some(of) = figures.operations.get_mut(usize::from(*operation)) {
                of.wrong = *wrongs;
            }
            figures.total.wrong.merge(wrongs);
        }
        figures
    }

    pub(super) fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        let held = self.seen.lock();
        held.unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn example(&self, seen: &mut Seen, kind: &str, operation: u16, request: &str, detail: &str) {
        let held = &mut seen.correctness.examples;
        let alike = |one: &&Example| one.kind == kind;
        // Room for every kind: none may take it all.
        if held.len() >= EXAMPLES || held.iter().filter(alike).count() >= 3 {
            return;
        }
        let name = self.program.operations.get(usize::from(operation));
        held.push(Example {
            kind: kind.to_owned(),
            operation: name.cloned().unwrap_or_default(),
            request: request.to_owned(),
            detail: self.bench.vault.redact_text(detail).into_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: Told<'_> = Told {
        operation: 3,
        request: "r-1",
        target: "/v2/Users/a",
        status: 404,
        total: None,
    };

    fn about(id: &str, told: bool) -> About {
        let id = id.to_owned();
        About { id, told }
    }

    #[test]
    fn what_is_missing_is_stale_until_it_is_still_missing_at_the_end() {
        // Lost writes, stale reads, what a file names and is not there, other statuses.
        let check = |told: bool, deleted: &str, answer: Answer, wanted: [u64; 4]| {
            let mut seen = Seen::default();
            seen.deleted.insert(deleted.to_owned());
            for _ in 0..2 {
                seen.take(&Wrong::Missing, TOLD, Some(about("a", told)));
            }
            for (_, doubt) in seen.doubts() {
                assert_eq!(doubt.count, 2);
                seen.settle(&doubt, answer);
            }
            let all = &seen.correctness;
            let got = [
                all.lost_write,
                all.stale_read,
                all.not_there,
                all.wrong_status,
            ];
            assert_eq!(got, wanted, "{told} {deleted} {answer:?}");
            let of = seen.by_operation.get(&3).copied().unwrap_or_default();
            assert_eq!([of.lost_write, of.stale_read], [got[0], got[1]]);
        };
        check(false, "", Answer::Missing, [2, 0, 0, 0]);
        check(false, "", Answer::There, [0, 2, 0, 0]);
        check(false, "", Answer::Unknown, [0, 2, 0, 0]);
        check(true, "", Answer::Missing, [0, 0, 2, 0]);
        check(true, "", Answer::There, [0, 2, 0, 0]);
        check(false, "a", Answer::Missing, [0, 0, 0, 2]);
    }

    #[test]
    fn what_is_deleted_later_is_not_asked_again() {
        let mut seen = Seen::default();
        let total = Some(1);
        let told = Told { total, ..TOLD };
        seen.take(
            &Wrong::Stale("0 where 1 is".to_owned()),
            told,
            Some(about("a", false)),
        );
        assert_eq!(seen.doubts().len(), 1);
        seen.forget("b", true);
        assert_eq!(seen.doubts().len(), 1);
        seen.forget("a", false);
        assert!(seen.doubts().is_empty());
        assert_eq!(seen.correctness.stale_read, 1);
    }
}
