//! Rounds of a race: each on fresh resources, each with its own log; what came of all of them.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::history::{Flaw, Found, Kind, OBSERVER, Op, minimal, timeline};
use super::meet::Meeting;
use super::resource::no_set_up;
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Report, Sighting};
use futures_util::StreamExt as _;
use futures_util::stream;

/// Rivals in a round.
pub(super) const RIVALS: usize = 4;

/// Rounds that fail after which no more are run.
const ENOUGH: usize = 3;

/// From so many rounds on several are under way at once: the target is near.
const MANY: u32 = 30;

/// Rounds that are run however long they take, within the time of a probe.
const FEW: u32 = 10;

/// How long the end of a round is waited for once more where something seems to be lost.
const SETTLE: Duration = Duration::from_secs(1);

/// What a conflict answered with a server error breaks.
pub(super) const OURS: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

/// The tolerance of what SCIM leaves open between several clients.
const LEFT_OPEN: &str = "A21-rivals";

/// What a round came to.
pub(super) enum Verdict {
    /// What happened can be explained.
    Held,
    /// It can't.
    Failed(Vec<Wrong>),
    /// Nothing can be said: requests were refused, or answers did not come.
    Unjudged,
    /// The checker gave up.
    Unknown,
    /// The set-up did not work: the exchange that shows it.
    SetUp(Box<Exchange>),
}

impl Verdict {
    /// The set-up of the round did not work.
    pub(super) fn unset(exchange: Exchange) -> Self {
        Self::SetUp(Box::new(exchange))
    }
}

/// What no order of the rivals explains.
pub(super) struct Wrong {
    requirement: &'static str,
    tolerance: Option<&'static str>,
    at: &'static str,
    expected: String,
    actual: String,
    exchange: Exchange,
    timeline: String,
}

/// What a deviation is, for people.
pub(super) struct Said {
    pub(super) requirement: &'static str,
    pub(super) at: &'static str,
    pub(super) expected: String,
    pub(super) actual: String,
}

impl Wrong {
    /// A deviation that these operations show; the last of them has the exchange.
    pub(super) fn shown(meeting: &Meeting<'_>, ops: &[Op], said: Said) -> Option<Self> {
        let last = ops.iter().max_by_key(|op| op.to)?;
        Some(Self {
            requirement: said.requirement,
            tolerance: None,
            at: said.at,
            expected: said.expected,
            actual: said.actual,
            exchange: meeting.exchange(last)?,
            timeline: timeline(ops),
        })
    }

    /// The same as one that a tolerance names.
    pub(super) fn tolerated(self, tolerance: &'static str) -> Self {
        Self {
            tolerance: Some(tolerance),
            ..self
        }
    }
}

/// The verdict of a checker: where it found a flaw, the smallest part of the history that has it.
pub(super) fn checked(
    meeting: &Meeting<'_>,
    checker: impl Fn(&[Op]) -> Found,
    say: impl Fn(Flaw, &[Op]) -> Said,
) -> Verdict {
    let ops = meeting.ops();
    let Found::Flaws(mut flaws) = checker(&ops) else {
        return Verdict::Unknown;
    };
    // The lag is a finding of its own; here it explains what was seen.
    flaws.retain(|flaw| !flaw.may_be_lag() || meeting.arena.window.is_none());
    let shown = flaws.into_iter().filter_map(|flaw| {
        let least = minimal(&ops, |part| !part.is_empty() && checker(part).has(flaw));
        let wrong = Wrong::shown(meeting, &least, say(flaw, &least))?;
        Some(if flaw.is_left_open() {
            wrong.tolerated(LEFT_OPEN)
        } else {
            wrong
        })
    });
    let wrong: Vec<Wrong> = shown.collect();
    if wrong.is_empty() {
        Verdict::Held
    } else {
        Verdict::Failed(wrong)
    }
}

/// Waits until what the target promised has to be there, looks, and where the look shows a loss looks again later:
/// a copy that is behind is no loss.
pub(super) async fn last_look<T, F>(
    arena: &Arena,
    look: impl Fn() -> F,
    mut is_lost: impl FnMut(&T) -> bool,
) where
    F: Future<Output = T>,
{
    if let Some(window) = arena.window {
        arena.clock.sleep(window).await;
    }
    if is_lost(&look().await) {
        arena.clock.sleep(SETTLE).await;
        is_lost(&look().await);
    }
}

/// Requests that may write: so many in each of the rounds, and some before them.
pub(super) fn writes(rounds: u32, each: usize, before: usize) -> usize {
    rounds as usize * each + before
}

/// What the rounds of a race share.
pub(super) struct Series<'a> {
    pub(super) arena: &'a Arena,
    /// Names that nobody has yet.
    pub(super) scope: Scope,
    /// What the probe vouches for where nothing was found.
    pub(super) held: &'static str,
    /// Where a last look is harmless.
    pub(super) endpoint: String,
    pub(super) rounds: u32,
    /// Whether rounds may run beside each other.
    pub(super) abreast: bool,
    /// Why no round could be judged, where none could.
    pub(super) unjudged: &'static str,
}

impl<'a> Series<'a> {
    /// As many rounds as the effort allows, several at once where the target is near.
    pub(super) fn new(arena: &'a Arena, scope: Scope, held: &'static str, kind: &str) -> Self {
        Self {
            arena,
            scope,
            held,
            endpoint: arena.endpoint(kind),
            rounds: arena.effort.rounds,
            abreast: true,
            unjudged: "the target refused or did not answer the rivals",
        }
    }

    /// Runs rounds until there were enough, and says what came of them. A round draws what it sends when it begins;
    /// rounds begin in order.
    pub(super) async fn run<F>(self, mut round: impl FnMut(Meeting<'a>, &mut Scope) -> F) -> Report
    where
        F: Future<Output = Verdict>,
    {
        let arena = self.arena;
        let begun = Instant::now();
        let mut scope = self.scope.clone();
        let enough = AtomicBool::new(false);
        let abreast = self.abreast && self.rounds >= MANY;
        let jobs = if abreast { arena.effort.jobs.max(1) } else { 1 };
        let rounds = stream::iter(0..self.rounds)
            .take_while(|number| {
                let Effort { time, race, .. } = arena.effort;
                let limit = if *number < FEW { time } else { race };
                let over = enough.load(Ordering::Relaxed) || (arena.stopped)();
                std::future::ready(!over && begun.elapsed() < limit)
            })
            .map(|number| round(Meeting::new(arena, number), &mut scope))
            .buffered(jobs);
        let mut rounds = std::pin::pin!(rounds);
        let mut seen = Seen::default();
        while let Some(verdict) = rounds.next().await {
            seen.add(verdict);
            if seen.failed >= ENOUGH || seen.trouble.is_some() {
                enough.store(true, Ordering::Relaxed);
            }
        }
        self.told(seen).await
    }

    /// What the rounds say together.
    async fn told(&self, seen: Seen) -> Report {
        let mut report = Report {
            rivals: true,
            ..Report::default()
        };
        match (seen.trouble, seen.judged, seen.unknown) {
            (Some(exchange), 0, _) => return no_set_up(exchange),
            (_, _, unknown @ 1..) if seen.found.is_empty() => {
                let why = format!("the checker gave up on {unknown} of the histories");
                return Report::broken(why, None);
            }
            (_, 0, _) => return Report::skip(self.unjudged),
            _ => {}
        }
        let (failed, judged) = (seen.failed, seen.judged);
        if seen.found.is_empty() {
            let look = self
                .arena
                .get("last look", &self.endpoint, &[("count", "1")]);
            report.told = Some(bound(judged));
            report.sightings.push(Sighting {
                requirement: self.held,
                judgement: Judgement::Held,
                exchange: look.await,
                times: 1,
            });
        }
        for wrong in seen.found {
            let hint = format!(
                "{failed} of {judged} rounds. {} sends the same again, though requests may meet otherwise: a race \
                 can't be kept as a scenario. The least that shows it, time to the right:\n{}",
                self.arena.command(),
                wrong.timeline
            );
            let judgement = Judgement::broken(wrong.at, wrong.expected, wrong.actual);
            let judgement = judgement.with_hint(hint);
            report.sightings.push(Sighting {
                requirement: wrong.requirement,
                judgement: match wrong.tolerance {
                    Some(tolerance) => judgement.tolerated(tolerance),
                    None => judgement,
                },
                exchange: wrong.exchange,
                times: 1,
            });
        }
        report
    }
}

/// What rounds came to.
#[derive(Default)]
struct Seen {
    judged: u32,
    failed: usize,
    unknown: u32,
    found: Vec<Wrong>,
    trouble: Option<Exchange>,
}

impl Seen {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Held => self.judged += 1,
            Verdict::Failed(wrong) => {
                self.judged += 1;
                self.failed += 1;
                self.found.extend(wrong);
            }
            Verdict::Unjudged => {}
            Verdict::Unknown => self.unknown += 1,
            Verdict::SetUp(exchange) => self.trouble = Some(*exchange),
        }
    }
}

/// What no failure in so many rounds says: with 95 % confidence the share of failing rounds is below three in as
/// many (the rule of three).
fn bound(rounds: u32) -> String {
    if rounds < 3 {
        return format!("0 of {rounds} rounds");
    }
    let share = 300.0 / f64::from(rounds);
    format!(
        "0 of {rounds} rounds: with 95 % confidence fewer than {share:.1} % of such meetings fail"
    )
}

/// A conflict that the target answers as if it were its own fault.
pub(super) fn server_error(meeting: &Meeting<'_>) -> Option<Wrong> {
    let broke = |op: &Op| matches!(op.status, Some(500 | 502 | 504..)) && op.client != OBSERVER;
    let ops = meeting.ops();
    let op = ops.iter().find(|op| broke(op))?;
    // Where nobody wins nobody loses.
    let wins = |op: &Op| op.is_done() && !matches!(op.kind, Kind::Read | Kind::Look);
    ops.iter().find(|op| wins(op))?;
    let said = Said {
        requirement: OURS,
        at: "response.status",
        expected: "409 or 412 to who loses a race".to_owned(),
        actual: meeting.exchange(op)?.said(),
    };
    let mut wrong = Wrong::shown(meeting, &ops, said)?;
    wrong.exchange = meeting.exchange(op)?;
    Some(wrong)
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn the_bound_follows_the_rule_of_three() {
        assert_eq!(
            bound(200),
            "0 of 200 rounds: with 95 % confidence fewer than 1.5 % of such meetings fail"
        );
        assert!(bound(10).contains("30.0 %"));
        assert_eq!(bound(2), "0 of 2 rounds");
    }
}
