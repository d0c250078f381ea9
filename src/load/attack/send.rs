//! One request of a user: when it is sent, what becomes of it, what is counted.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use super::field::Start;
use super::seen::{About, Told};
use super::user::{Ended, User};
use crate::load::histogram::{Ending, Sample};
use crate::load::program::{Effect, Outcome, Routine, Step, broken};
use crate::load::wire::{Answer, Cause, Request, Trouble};
use crate::suite::load::Throttled;

/// One answer in so many is put to the full set of checks.
const SAMPLED: u64 = 1000;

/// So many answers are from the start.
const FIRST: u64 = 10;

/// Times that a request is sent where the target asks to wait.
const PATIENCE: u32 = 10;

/// Longest that a user waits at once.
const LONGEST: Duration = Duration::from_secs(300);

impl User {
    /// Sends a request when it is wanted, reads its answer, and counts both.
    pub(super) async fn send(
        &mut self,
        step: &Step,
        routine: &Routine,
        operation: u16,
        start: &Start,
    ) -> Result<Answer, Ended> {
        let field = Arc::clone(&self.field);
        let Ok(request) = step.request(&self.memory) else {
            field.unsendable.fetch_add(1, Ordering::Relaxed);
            return Err(Ended);
        };
        let wanted = self.wanted(start).await?;
        let (mut first, mut late) = (wanted, None);
        for attempt in 1_u32.. {
            let answer = match self.exchange(&request).await {
                Ok(answer) => answer,
                Err(trouble) => {
                    if trouble.cause == Cause::Interrupted {
                        // Cut off by us: nothing is known of its answer.
                        field.cut_off.fetch_add(1, Ordering::Relaxed);
                        return Err(Ended);
                    }
                    if trouble.cause == Cause::Exhausted {
                        field.exhausted.fetch_add(1, Ordering::Relaxed);
                    }
                    let sample = Sample::failed(operation, start.at, first, &request, &trouble);
                    self.record(sample.tried_before(late));
                    return Err(Ended);
                }
            };
            self.sent += 1;
            let sample = Sample::answered(operation, start.at, first, &request, &answer);
            if let Some(wait) = self.asked_to_wait(&answer).filter(|_| attempt < PATIENCE) {
                // One request, whatever it takes: the wait is part of the time until its last answer.
                first = first.or(Some(answer.at.sent));
                late = late.or(Some(sample.late_us));
                field.rest(wait).await;
                field.leave().await;
                if field.is_over() {
                    self.record(sample.ended(Ending::Waiting));
                    return Err(Ended);
                }
                self.record(sample.ended(Ending::Refused));
                continue;
            }
            let sample = sample.tried_before(late);
            let outcome = step.read(&answer, &mut self.memory);
            self.record(sample.ended(outcome.ending));
            self.after(step, &outcome);
            self.judge((step, routine), operation, (&request, &answer), &outcome);
            return if outcome.ending == Ending::Good {
                Ok(answer)
            } else {
                Err(Ended)
            };
        }
        Err(Ended)
    }

    /// Counts what is wrong with an answer; one of many is put to the full set of checks.
    fn judge(
        &self,
        (step, routine): (&Step, &Routine),
        operation: u16,
        (request, answer): (&Request, &Answer),
        outcome: &Outcome,
    ) {
        let field = &self.field;
        if outcome.wrong.is_none() && !self.is_sampled() {
            return;
        }
        let id = format!("{}-{}-{}", field.run, answer.id.connection, answer.id.n);
        if let Some(wrong) = &outcome.wrong {
            let told = Told {
                operation,
                request: &id,
                target: request.target(),
                status: answer.status,
                total: step.total,
            };
            field.note(wrong, told, self.about(step, routine));
        } else {
            let found = broken(step, routine, &self.memory, (request, answer), &field.bench);
            field.sampled(found, operation, &id);
        }
    }

    /// When the next request is wanted: at its ticket's time, or as soon as there is leave.
    async fn wanted(&mut self, start: &Start) -> Result<Option<Instant>, Ended> {
        let field = &self.field;
        // A schedule is below the ceiling from the start: waiting would be taken for the target's time.
        if start.desk.is_none() {
            field.leave().await;
        }
        if field.is_over() {
            return Err(Ended);
        }
        let Some(desk) = &start.desk else {
            return Ok(None);
        };
        let ticket = tokio::select! {
            ticket = desk.take() => ticket,
            () = field.over.cancelled() => None,
        };
        if let Some(ticket) = ticket {
            if let Some(limit) = &field.limit {
                field.rest(limit.pass(Instant::now())).await;
            }
            return Ok(Some(ticket.wanted));
        }
        // The schedule has come to its end.
        field.rest(Duration::from_millis(20)).await;
        Err(Ended)
    }

    async fn exchange(&mut self, request: &Request) -> Result<Answer, Trouble> {
        let field = Arc::clone(&self.field);
        field.in_flight.fetch_add(1, Ordering::Relaxed);
        let sent = Instant::now();
        let answer = tokio::select! {
            biased;
            answer = self.connection.send(request) => answer,
            () = field.cut.cancelled() => Err(Trouble {
                cause: Cause::Interrupted,
                detail: "the run ended before the answer came".into(),
                sent,
                done: Instant::now(),
                reached: true,
            }),
        };
        field.in_flight.fetch_sub(1, Ordering::Relaxed);
        if let Ok(answer) = &answer {
            field.answered.fetch_add(1, Ordering::Relaxed);
            if matches!(answer.status, 401 | 403) {
                field.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
        answer
    }

    /// How long the target asks to wait, where the profile obeys.
    fn asked_to_wait(&self, answer: &Answer) -> Option<Duration> {
        let throttles = matches!(answer.status, 429 | 503);
        if self.field.profile.throttled != Throttled::Obey || !throttles {
            return None;
        }
        retry_after(answer.retry_after()?).map(|wait| wait.min(LONGEST))
    }

    /// The resource that a request is about.
    fn about(&self, step: &Step, routine: &Routine) -> Option<About> {
        let slot = step.about(&routine.setups)?;
        let id = self.memory.slot(slot)?.as_str()?.to_owned();
        let told = self.field.stocked && self.from_pool.contains(&slot);
        Some(About { id, told })
    }

    fn record(&mut self, sample: Sample) {
        if let Some(recorder) = &mut self.recorder {
            recorder.record(sample);
        }
    }

    /// The first answers, whoever gets them, and one in a thousand of all.
    fn is_sampled(&self) -> bool {
        let first = &self.field.first;
        // Looked at before it is changed: later on nobody has to wait for anybody.
        (first.load(Ordering::Relaxed) < FIRST && first.fetch_add(1, Ordering::Relaxed) < FIRST)
            || (self.sent + self.number as u64 * 37).is_multiple_of(SAMPLED)
    }

    fn after(&mut self, step: &Step, outcome: &Outcome) {
        self.keep_created(step, outcome);
        if let Effect::Deletes(endpoint, slot) = &step.effect
            && outcome.ending == Ending::Good
            && let Some(id) = self.memory.slot(*slot).and_then(Value::as_str)
        {
            let open = self.created.get_mut(endpoint);
            let at = open
                .as_ref()
                .and_then(|ids| ids.iter().rposition(|it| it == id));
            self.field.forget(id, at.is_none());
            match (open, at) {
                (Some(ids), Some(at)) => drop(ids.swap_remove(at)),
                _ => self.field.ledger.deleted(endpoint, id),
            }
        }
        if let (true, Some((number, total))) = (step.pages, outcome.listed) {
            let next = self.memory.page + number;
            self.memory.page = if number == 0 || next > total { 1 } else { next };
        }
    }
}

/// How long `Retry-After` asks to wait: seconds, or until a date.
pub(in crate::load) fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("2"), Some(Duration::from_secs(2)));
        assert_eq!(
            retry_after("Wed, 21 Oct 2015 07:28:00 GMT"),
            Some(Duration::ZERO)
        );
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        assert!(retry_after(&soon).is_some_and(|wait| wait.as_secs() > 90));
        assert_eq!(retry_after("soon"), None);
    }
}
