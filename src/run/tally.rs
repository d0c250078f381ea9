//! What was seen in one case, gathered into findings.
//!
//! One broken rule seen three hundred times is one finding with a count. Which exchanges a finding
//! cites depends on the order of the plan, never on timing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::check::{Deviation, Judgement};
use crate::exchange::Exchange;
use crate::record::event::Judged;
use crate::record::evidence;
use crate::record::outcome::{MAX_CITED, grade, normalise};
use crate::record::{Finding, Outcome};
use crate::requirement::{Basis, Catalogue, Grading, Level};

/// Places of one broken rule that are findings of their own. What a target makes up is without end.
const MAX_PLACES: usize = 50;

/// Stands for all further places.
const ELSEWHERE: &str = "elsewhere";

/// What a tally grades by.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Levels of the requirements and grades of the tolerances.
    pub catalogue: &'a Catalogue,
    /// How strictly.
    pub grading: Grading,
}

/// One judgement of one requirement.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Id of the requirement.
    pub requirement: &'a str,
    /// Name of the check.
    pub check: &'a str,
    /// What it found.
    pub judgement: &'a Judgement,
    /// The exchange that it is about.
    pub exchange: &'a Exchange,
    /// Place of the exchange in the run, independent of timing: case and counter in it.
    pub rank: (&'a str, u64),
}

/// Judgements of one case, gathered.
#[derive(Debug, Default)]
pub struct Tally {
    judged: BTreeMap<String, Outcome>,
    findings: BTreeMap<Key, Draft>,
    skip: Option<(Rank, String)>,
    error: Option<String>,
}

type Rank = (String, u64);

/// What makes two sightings one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    requirement: String,
    check: String,
    at: String,
}

/// The sightings of one finding: the worst and earliest first.
#[derive(Debug, Default)]
struct Draft {
    count: u64,
    cited: BTreeMap<Citation, Sighting>,
}

type Citation = (Reverse<Outcome>, Rank, u64);

#[derive(Debug)]
struct Sighting {
    deviation: Deviation,
    tolerance: Option<String>,
    exchange: Exchange,
}

/// What a tally comes to.
#[derive(Debug)]
pub struct Total {
    /// Worst outcome.
    pub outcome: Outcome,
    /// Whatever was not a pass, in the order in which it was first seen.
    pub findings: Vec<Finding>,
    /// What became of each requirement.
    pub judged: Vec<Judged>,
    /// Why nothing was judged.
    pub skip_reason: Option<String>,
    /// Why it could not be judged.
    pub error: Option<String>,
    /// The exchanges that the findings cite, each once, cut to size.
    pub exchanges: Vec<Exchange>,
    /// Whether the request of a finding shows it alone, without rivals.
    pub alone: bool,
}

impl Tally {
    /// Adds a judgement.
    pub fn add(&mut self, rules: Rules<'_>, seen: &Seen<'_>) {
        let rank = (seen.rank.0.to_owned(), seen.rank.1);
        let (outcome, tolerance) = rules.grade(seen.requirement, seen.judgement);
        let worst = self
            .judged
            .entry(seen.requirement.to_owned())
            .or_insert(outcome);
        *worst = (*worst).max(outcome);
        let deviation = match seen.judgement {
            Judgement::Held => return,
            Judgement::Inapplicable(why) => return self.skipped(rank, why),
            Judgement::Broken(deviation) | Judgement::Tolerated(_, deviation) => deviation.clone(),
            Judgement::Undecided(why) => {
                self.error.get_or_insert_with(|| why.clone());
                Deviation {
                    at: String::new(),
                    expected: "an answer that can be judged".to_owned(),
                    actual: why.clone(),
                    hint: None,
                }
            }
        };
        if outcome == Outcome::Pass || outcome == Outcome::Skip {
            return;
        }
        let key = Key {
            requirement: seen.requirement.to_owned(),
            check: seen.check.to_owned(),
            at: normalise(&deviation.at),
        };
        let draft = self.findings.entry(key.clone()).or_default();
        draft.count += 1;
        let citation = (Reverse(outcome), rank, seen.exchange.n);
        let worth = |last: &Citation| citation < *last;
        let full = draft.cited.len() >= MAX_CITED;
        if !full || draft.cited.keys().next_back().is_some_and(worth) {
            let sighting = Sighting {
                deviation,
                tolerance,
                exchange: evidence::cut(seen.exchange),
            };
            draft.cited.insert(citation, sighting);
            if full {
                draft.cited.pop_last();
            }
        }
        self.bound(&key);
    }

    /// Keeps the first places of a broken rule in alphabetical order, which timing can't change, and
    /// gathers the others in one finding.
    fn bound(&mut self, key: &Key) {
        let named = |at: &str| Key {
            at: at.to_owned(),
            ..key.clone()
        };
        let same = |other: &&Key| other.requirement == key.requirement && other.check == key.check;
        let places = self.findings.range(named("")..);
        let places = places.map(|(key, _)| key).take_while(same);
        let places: Vec<&Key> = places.filter(|place| place.at != ELSEWHERE).collect();
        if places.len() <= MAX_PLACES {
            return;
        }
        let last = places.last().map(|place| (*place).clone());
        let Some(draft) = last.and_then(|last| self.findings.remove(&last)) else {
            return;
        };
        let rest = self.findings.entry(named(ELSEWHERE)).or_default();
        rest.count += draft.count;
        rest.cited.extend(draft.cited);
        while rest.cited.len() > MAX_CITED {
            rest.cited.pop_last();
        }
    }

    /// Notes why something was not judged; the first in the order of the plan is kept.
    pub fn skipped(&mut self, rank: (String, u64), why: &str) {
        if self.skip.as_ref().is_none_or(|(first, _)| rank < *first) {
            self.skip = Some((rank, why.to_owned()));
        }
    }

    /// The case as a whole could not be judged: why.
    pub fn failed(&mut self, why: impl Into<String>) {
        let why = why.into();
        self.error.get_or_insert(why);
    }

    /// The sum. `cited` are exchanges to be kept beyond those that findings cite: those of an error.
    pub fn total(self, rules: Rules<'_>, cited: &[Exchange]) -> Total {
        let judged: Vec<Judged> = self
            .judged
            .into_iter()
            .map(|(requirement, outcome)| Judged {
                requirement,
                outcome,
                expected: false,
            })
            .collect();
        let mut outcome = judged.iter().map(|judged| judged.outcome).max();
        if self.error.is_some() {
            outcome = outcome.max(Some(Outcome::Error));
        }
        let outcome = outcome.unwrap_or(Outcome::Skip);
        let mut drafts: Vec<(Key, Draft)> = self.findings.into_iter().collect();
        drafts.sort_by(|a, b| a.1.first().cmp(&b.1.first()).then_with(|| a.0.cmp(&b.0)));
        let mut kept: BTreeMap<u64, Exchange> =
            cited.iter().map(|e| (e.n, evidence::cut(e))).collect();
        let mut findings = Vec::new();
        for (key, draft) in drafts {
            findings.extend(finding(rules.catalogue, key, &draft));
            let exchanges = draft.cited.into_values().map(|sighting| sighting.exchange);
            kept.extend(exchanges.map(|exchange| (exchange.n, exchange)));
        }
        Total {
            alone: true,
            outcome,
            findings,
            judged,
            skip_reason: (outcome == Outcome::Skip).then(|| {
                self.skip
                    .map_or_else(|| "nothing exercised it".to_owned(), |(_, why)| why)
            }),
            error: self.error.filter(|_| outcome >= Outcome::Error),
            exchanges: kept.into_values().collect(),
        }
    }
}

impl Rules<'_> {
    /// The outcome of a judgement, and the tolerance that was applied.
    fn grade(self, requirement: &str, judgement: &Judgement) -> (Outcome, Option<String>) {
        let known = self.catalogue.get(requirement);
        let level = known.map_or(Level::May, |known| known.level);
        let basis = known.map_or(Basis::Keyword, |known| known.basis);
        let row = match judgement {
            Judgement::Tolerated(id, _) => self.catalogue.tolerance(id),
            _ => None,
        };
        let outcome = grade(judgement, level, basis, row, self.grading);
        (outcome, row.map(|row| row.id.clone()))
    }
}

impl Draft {
    /// Where in the plan it was first seen.
    fn first(&self) -> Option<&Rank> {
        self.cited.keys().map(|(_, rank, _)| rank).min()
    }
}

fn finding(catalogue: &Catalogue, key: Key, draft: &Draft) -> Option<Finding> {
    let ((Reverse(outcome), _, _), worst) = draft.cited.first_key_value()?;
    let mut exchanges: Vec<u64> = Vec::new();
    for sighting in draft.cited.values() {
        if !exchanges.contains(&sighting.exchange.n) {
            exchanges.push(sighting.exchange.n);
        }
    }
    Some(Finding {
        level: catalogue
            .get(&key.requirement)
            .map_or(Level::May, |requirement| requirement.level),
        requirement: key.requirement,
        outcome: *outcome,
        tolerance: worst.tolerance.clone(),
        check: key.check,
        at: key.at,
        expected: worst.deviation.expected.clone(),
        actual: worst.deviation.actual.clone(),
        count: draft.count,
        exchanges,
        hint: worst.deviation.hint.clone(),
        curl: None,
        expected_failure: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Request, Timing};

    fn exchange(n: u64) -> Exchange {
        Exchange {
            n,
            case: String::new(),
            step: String::new(),
            request: Request::default(),
            response: None,
            failure: None,
            timing: Timing::default(),
        }
    }

    /// The total of sightings at (case, counter), each of its own exchange, added in this order.
    fn total(order: &[(&str, u64)]) -> Total {
        let catalogue = Catalogue::default();
        let rules = Rules {
            catalogue: &catalogue,
            grading: Grading::Interop,
        };
        let mut tally = Tally::default();
        for rank in order {
            let judgement = Judgement::broken("/a/0/b", "x", format!("{}{}", rank.0, rank.1));
            tally.add(
                rules,
                &Seen {
                    requirement: "r",
                    check: "body",
                    judgement: &judgement,
                    exchange: &exchange(rank.1 * 10 + u64::from(rank.0 == "b")),
                    rank: *rank,
                },
            );
        }
        tally.total(rules, &[])
    }

    /// Findings of one sighting at each of these places, added in this order, as place and count.
    fn places(order: impl Iterator<Item = u64>) -> Vec<(String, u64, Vec<u64>)> {
        let catalogue = Catalogue::default();
        let rules = Rules {
            catalogue: &catalogue,
            grading: Grading::Interop,
        };
        let mut tally = Tally::default();
        for n in order {
            let judgement = Judgement::broken(format!("/a{n:03}"), "x", "y");
            tally.add(
                rules,
                &Seen {
                    requirement: "r",
                    check: "body",
                    judgement: &judgement,
                    exchange: &exchange(n),
                    rank: ("a", n),
                },
            );
        }
        let mut places: Vec<_> = tally
            .total(rules, &[])
            .findings
            .into_iter()
            .map(|finding| (finding.at, finding.count, finding.exchanges))
            .collect();
        places.sort();
        places
    }

    #[test]
    fn places_without_end_end_in_one_finding_whatever_their_order() {
        let forth = places((0..300).chain(0..300));
        let back = places((0..300).rev().chain((0..300).rev()));
        assert_eq!(forth.len(), MAX_PLACES + 1);
        assert_eq!(forth, back);
        let rest = forth.last().unwrap();
        assert_eq!((rest.0.as_str(), rest.1), (ELSEWHERE, 500));
        assert_eq!(rest.2, [50, 51, 52]);
    }

    #[test]
    fn what_is_cited_does_not_depend_on_timing() {
        let forth = total(&[("a", 1), ("a", 2), ("b", 1), ("b", 2)]);
        let back = total(&[("b", 2), ("b", 1), ("a", 2), ("a", 1)]);
        for total in [forth, back] {
            let finding = &total.findings[0];
            assert_eq!(total.findings.len(), 1);
            assert_eq!((finding.count, finding.actual.as_str()), (4, "a1"));
            assert_eq!(finding.exchanges, [10, 20, 11]);
            assert_eq!(finding.at, "/a/*/b");
            assert_eq!(total.exchanges.len(), 3);
        }
    }

    #[test]
    fn a_case_without_judgements_is_a_skip_with_a_reason() {
        let catalogue = Catalogue::default();
        let rules = Rules {
            catalogue: &catalogue,
            grading: Grading::Interop,
        };
        let mut tally = Tally::default();
        tally.skipped(("a".to_owned(), 2), "late");
        tally.skipped(("a".to_owned(), 1), "early");
        let total = tally.total(rules, &[]);
        assert_eq!(total.outcome, Outcome::Skip);
        assert_eq!(total.skip_reason.as_deref(), Some("early"));

        let mut tally = Tally::default();
        tally.failed("set-up: POST /Users was answered 500");
        let total = tally.total(rules, &[exchange(7)]);
        assert_eq!(total.outcome, Outcome::Error);
        assert_eq!(total.exchanges.len(), 1);
    }
}
