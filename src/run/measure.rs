//! How long a change takes to be seen: the steps that measure it, asked in turn until all of them show it.
//!
//! A change is late only where an answer that was asked for after the time allowed still shows the old state; how
//! far apart the questions lie is never held against the target.

use std::time::Duration;

use super::judge::{self, Answer};
use super::scenario::{Ended, Run};
use super::tally::Seen;
use crate::check::Judgement;
use crate::clock::Clock;
use crate::exchange::{Exchange, Timing};
use crate::record::revocation::Sighting;
use crate::session::Call;
use crate::suite::Step;

/// How much longer than allowed a change is looked for.
const BEYOND: Duration = Duration::from_secs(10);
/// Pauses between two rounds of questions.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));
/// How long the state before the change is waited for.
const SETTLE: Duration = Duration::from_secs(2);

/// Longest time that looking for one change takes.
pub(super) fn longest(within: Duration) -> Duration {
    within + BEYOND
}

/// A step that measures, and what has become of it.
struct Watch<'s> {
    step: &'s Step,
    call: Call,
    /// Why it can't be measured.
    moot: Option<&'static str>,
    /// Whether it is still looked for.
    open: bool,
    late: bool,
}

impl<'s> Watch<'s> {
    fn new(step: &'s Step, call: Call, moot: bool) -> Self {
        Self {
            step,
            call,
            moot: moot.then_some("it was so before the change already"),
            open: true,
            late: false,
        }
    }
}

impl Run<'_> {
    /// Asks what the steps ask before the change: those that then hold already measure nothing.
    pub(super) async fn before(&mut self, steps: &[Step]) -> Result<(), Ended> {
        self.so_before = vec![true; steps.len()];
        let mut waited = Duration::ZERO;
        loop {
            for (at, step) in steps.iter().enumerate() {
                if self.so_before.get(at) != Some(&true) {
                    continue;
                }
                let call = self.call(step).map_err(|missing| self.unset(&missing))?;
                let answer = self.answer(step, call).await;
                self.unjudgeable(&answer.exchange)?;
                let expectations = judge::render(step, &self.scope);
                let holds = judge::hold(&expectations, &answer, self.rig);
                if let Some(so) = self.so_before.get_mut(at) {
                    *so = holds;
                }
            }
            let lags = self.rig.window().is_some() && self.so_before.contains(&true);
            if !lags || waited >= SETTLE {
                return Ok(());
            }
            self.rest(PAUSES.1).await?;
            waited += PAUSES.1;
        }
    }

    /// Measures how long the last change takes to be seen by each of the steps.
    pub(super) async fn measure(&mut self, steps: &[Step]) -> Result<(), Ended> {
        let Some(change_us) = self.acknowledged.take() else {
            self.skipped("the change that it measures was not acknowledged");
            return Err(Ended);
        };
        let mut watches = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let call = self.call(step).map_err(|missing| self.unset(&missing))?;
            let moot = self.so_before.get(at).copied().unwrap_or_default();
            watches.push(Watch::new(step, call, moot));
        }
        // The part of the time that passed on a virtual clock alone.
        let (mut napped, mut pause) = (Duration::ZERO, PAUSES.0);
        loop {
            let mut asked = Duration::ZERO;
            for watch in watches.iter_mut().filter(|watch| watch.open) {
                asked = self.look(watch, change_us, napped).await?;
            }
            if !watches.iter().any(|watch| watch.open) {
                return Ok(());
            }
            let left = self.rig.revoke_within.saturating_sub(asked);
            // One question is asked right after the time allowed, so that what is late is seen to be.
            let nap = if left.is_zero() {
                pause
            } else {
                pause.min(left + Duration::from_millis(1))
            };
            self.rest(nap).await?;
            if matches!(self.rig.clock, Clock::Virtual(_)) {
                napped += nap;
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Asks one step once; gives the time between the change and the question.
    async fn look(
        &mut self,
        watch: &mut Watch<'_>,
        change_us: u64,
        napped: Duration,
    ) -> Result<Duration, Ended> {
        let answer = self.answer(watch.step, watch.call.clone()).await;
        self.unjudgeable(&answer.exchange)?;
        let Timing {
            started_us,
            total_us,
            ..
        } = answer.exchange.timing;
        let since = |us: u64| Duration::from_micros(us.saturating_sub(change_us)) + napped;
        let (asked, answered) = (since(started_us), since(started_us + total_us));
        let within = self.rig.revoke_within;
        let expectations = judge::render(watch.step, &self.scope);
        let seen = judge::hold(&expectations, &answer, self.rig);
        let moot =
            watch.moot.is_some() || judge::applies_to_nothing(&expectations, &answer, self.rig);
        watch.late |= !seen && asked > within;
        watch.open = !seen && !moot && asked < longest(within);
        if !watch.open {
            self.conclude(watch, &answer, answered, seen, moot);
        }
        Ok(asked)
    }

    /// Judges the last answer of a step, and notes what was measured.
    fn conclude(
        &mut self,
        watch: &Watch<'_>,
        answer: &Answer,
        took: Duration,
        seen: bool,
        moot: bool,
    ) {
        let measure = watch.step.measures.as_deref().unwrap_or_default();
        let within = self.rig.revoke_within;
        let expectations = judge::render(watch.step, &self.scope);
        let rank = (self.case.id.as_str(), self.sent);
        let tally = &mut self.ran.tally;
        if seen && watch.late && watch.moot.is_none() {
            let judgement = Judgement::broken(
                measure,
                format!("seen within {}", time(within)),
                format!("seen after {}", time(took)),
            );
            for requirement in judge::covered(&expectations) {
                let seen = Seen {
                    requirement,
                    check: "measures",
                    judgement: &judgement,
                    exchange: &answer.exchange,
                    rank,
                };
                tally.add(self.rig.rules(), &seen);
            }
        } else {
            let graded = |judgement: Judgement| match (judgement, watch.moot) {
                (_, Some(why)) => Judgement::Inapplicable(why.to_owned()),
                (Judgement::Broken(mut deviation), None) => {
                    deviation.actual = format!("{}, still after {}", deviation.actual, time(took));
                    Judgement::Broken(deviation)
                }
                (other, None) => other,
            };
            judge::tally_as(&expectations, answer, self.rig, rank, tally, graded);
        }
        if !moot && answer.exchange.failure.is_none() {
            self.ran.measured.push(Sighting {
                measure: measure.to_owned(),
                us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                seen,
                late: watch.late,
            });
        }
    }

    /// Sleeps on the target's clock, and ends the case where a stop is asked for meanwhile.
    pub(super) async fn rest(&mut self, time: Duration) -> Result<(), Ended> {
        tokio::select! {
            () = self.rig.clock.sleep(time) => Ok(()),
            () = self.rig.stop.asked() => {
                self.skipped(&self.rig.stop.why());
                Err(Ended)
            }
        }
    }
}

/// When a change was acknowledged: the end of its answer, where it was a success.
pub(super) fn acknowledged(exchange: &Exchange) -> Option<u64> {
    let Timing {
        started_us,
        total_us,
        ..
    } = exchange.timing;
    matches!(exchange.status(), Some(200..=299)).then(|| started_us.saturating_add(total_us))
}

/// A time for a reader, to the tenth of a second from one second on.
fn time(time: Duration) -> String {
    let ms = time.as_millis();
    if ms < 1_000 {
        format!("{ms} ms")
    } else {
        format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)
    }
}
