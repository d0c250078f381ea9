//! One kind of resource under way: blocks of numbers, announced, sent, and what became of them noted.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::bulk::{self, Batch, Size, Whole};
use super::labour::{Break, Ground, Labour};
use super::resolve::resolve;
use super::single;
use super::sow::{Bed, Halted, Outcome, Part};
use crate::ledger::{Made, Number};
use crate::load::wire::Connection;

/// Numbers that a worker takes at once where it has to find out about them.
const DOUBTS: usize = 50;

/// Times that a resource is sent whose creation ended without an answer, and made nothing.
const TRIES: u32 = 3;

/// Work that is left.
#[derive(Debug)]
enum Job {
    /// Find out about these.
    Resolve(Vec<u64>),
    /// Create the numbers from the first to before the last, for the so manieth time.
    Make(u64, u64, u32),
}

/// One kind of resource under way.
struct Phase {
    labour: Labour,
    bed: Bed,
    size: Size,
    jobs: Mutex<VecDeque<Job>>,
    created: AtomicU64,
    found: AtomicU64,
}

/// Creates what is not there yet of a kind: what became of it, the first refusal, and why it ended early.
pub(super) async fn phase(
    ground: &Arc<Ground>,
    bed: Bed,
    wanted: u64,
    what: &str,
) -> (Part, Option<String>, Option<Halted>) {
    let mut numbers = ground.ledger.numbers(&bed.stencil.endpoint);
    let most = usize::try_from(wanted).unwrap_or(usize::MAX);
    numbers.resize(most, Number::Unsent);
    let before = numbers
        .iter()
        .filter(|number| matches!(number, Number::Made(_)))
        .count() as u64;
    let left = wanted.saturating_sub(before);
    let mut part = Part {
        wanted,
        before,
        ..Part::default()
    };
    if left == 0 {
        return (part, None, None);
    }
    ground.witness.phase(&format!("creating {left} {what}"));
    let phase = Arc::new(Phase {
        labour: Labour::new(ground, left),
        size: Size::of(ground.bulk),
        jobs: Mutex::new(jobs(&numbers)),
        bed,
        created: AtomicU64::new(0),
        found: AtomicU64::new(0),
    });
    let work = || Arc::clone(&phase).work();
    phase.labour.share(work).await;
    let (failed, trouble, halted) = phase.labour.close();
    part.created = phase.created.load(Ordering::Relaxed);
    part.found = phase.found.load(Ordering::Relaxed);
    part.failed = failed;
    (part, trouble, halted)
}

/// What is left to do: doubts first, then runs of numbers that were not sent.
fn jobs(numbers: &[Number]) -> VecDeque<Job> {
    let of = |wanted: &Number| -> Vec<u64> {
        let all = (0..).zip(numbers);
        all.filter_map(|(at, number)| (number == wanted).then_some(at))
            .collect()
    };
    let doubts = of(&Number::Sent);
    let doubts = doubts
        .chunks(DOUBTS)
        .map(|some| Job::Resolve(some.to_vec()));
    doubts.chain(make(&of(&Number::Unsent), 0)).collect()
}

/// Jobs that make numbers, in their order: blocks for one worker each.
fn make(numbers: &[u64], attempt: u32) -> Vec<Job> {
    let follows = |one: &u64, next: &u64| one + 1 == *next;
    let runs = numbers.chunk_by(follows).flat_map(|run| run.chunks(1000));
    runs.filter_map(|run| Some(Job::Make(*run.first()?, run.last()? + 1, attempt)))
        .collect()
}

impl Phase {
    async fn work(self: Arc<Self>) {
        let mut connection = self.labour.ground.endpoint.connection();
        while let Some(job) = self.next() {
            let done = match job {
                Job::Resolve(numbers) => self.resolve(&mut connection, &numbers).await,
                Job::Make(from, to, attempt) => self.make(&mut connection, from, to, attempt).await,
            };
            if let Err(why) = done {
                self.labour.ended(why);
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.pop_front()
    }

    /// Puts work back, to be done next.
    fn back(&self, work: Vec<Job>) {
        let mut held = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        for job in work.into_iter().rev() {
            held.push_front(job);
        }
    }

    /// Finds out what an earlier run has made of numbers, and leaves the rest to be made.
    async fn resolve(&self, connection: &mut Connection, numbers: &[u64]) -> Result<(), Break> {
        let stencil = &self.bed.stencil;
        let mut found = resolve(&self.labour, connection, stencil, numbers).await?;
        self.found.fetch_add(found.len() as u64, Ordering::Relaxed);
        self.labour.done(found.len() as u64);
        let known: Vec<_> = numbers.iter().map(|it| (*it, found.remove(it))).collect();
        let missing: Vec<u64> = known
            .iter()
            .filter_map(|(number, made)| made.is_none().then_some(*number))
            .collect();
        self.note(known)?;
        self.back(make(&missing, 0));
        Ok(())
    }

    /// Makes a block of numbers, as many of them as one request or one worker takes.
    async fn make(
        &self,
        connection: &mut Connection,
        from: u64,
        to: u64,
        attempt: u32,
    ) -> Result<(), Break> {
        self.labour.go_on()?;
        let ledger = &self.labour.ground.ledger;
        let endpoint = &self.bed.stencil.endpoint;
        let mut batch = Batch::new(&self.size);
        if self.size.operations().is_some() {
            for number in from..to {
                if !batch.create(&self.bed, number) {
                    break;
                }
            }
        }
        let count = batch.count;
        let end = match count {
            0 => to.min(from + single::BLOCK),
            count => from + count as u64,
        };
        if end < to {
            self.back(vec![Job::Make(end, to, attempt)]);
        }
        ledger.sending(endpoint, from, end).await?;
        let outcomes = match batch.request(&self.labour.ground.base_path) {
            None => single::create(&self.labour, connection, &self.bed, from, end).await,
            Some(request) => {
                match bulk::send(&self.labour, connection, &self.size, &request, count).await {
                    Ok(Whole::Done(all)) => Ok(bulk::outcomes(&all, &self.bed, from, count)),
                    Ok(Whole::Lost(outcome)) => Ok(vec![outcome; count]),
                    Ok(Whole::Smaller) => Ok(Vec::new()),
                    Err(why) => Err(why),
                }
            }
        };
        match outcomes {
            Ok(outcomes) => {
                self.settle(connection, (from, end), outcomes, attempt)
                    .await
            }
            Err(why) => {
                // Nothing of it went out.
                self.note((from..end).map(|number| (number, None)).collect())?;
                Err(why)
            }
        }
    }

    /// Notes what became of numbers; those after the last outcome were not sent.
    async fn settle(
        &self,
        connection: &mut Connection,
        (from, end): (u64, u64),
        outcomes: Vec<Outcome>,
        attempt: u32,
    ) -> Result<(), Break> {
        let (mut known, mut doubts, mut again) = (Vec::new(), Vec::new(), Vec::new());
        let mut end_of_it = Ok(());
        let mut all = outcomes.into_iter();
        for number in from..end {
            match all.next() {
                None => {
                    again.push(number);
                    known.push((number, None));
                }
                Some(Outcome::Made(made)) => known.push((number, Some(made))),
                Some(Outcome::Refused(why)) => {
                    known.push((number, None));
                    end_of_it = end_of_it.and(self.labour.refused(why));
                }
                Some(Outcome::Lost {
                    why,
                    reached: false,
                }) => {
                    known.push((number, None));
                    end_of_it = Err(Break::Halted(Halted::Lost(why)));
                }
                Some(doubt) => doubts.push((number, doubt)),
            }
        }
        let made = known.iter().filter(|(_, made)| made.is_some()).count() as u64;
        self.created.fetch_add(made, Ordering::Relaxed);
        self.note(known)?;
        self.labour.done(made);
        self.back(make(&again, attempt));
        end_of_it?;
        if doubts.is_empty() {
            return Ok(());
        }
        self.doubt(connection, doubts, attempt).await
    }

    /// Finds out about creations of this run, and tries again what made nothing.
    async fn doubt(
        &self,
        connection: &mut Connection,
        doubts: Vec<(u64, Outcome)>,
        attempt: u32,
    ) -> Result<(), Break> {
        if doubts
            .iter()
            .any(|(_, it)| matches!(it, Outcome::Lost { .. }))
        {
            let pause = Duration::from_millis(200) * 2_u32.pow(attempt.min(5));
            self.labour.rest(pause).await;
        }
        let numbers: Vec<u64> = doubts.iter().map(|(number, _)| *number).collect();
        let mut found = resolve(&self.labour, connection, &self.bed.stencil, &numbers).await?;
        self.labour.done(found.len() as u64);
        for (number, doubt) in &doubts {
            let by = match doubt {
                Outcome::Taken(_) => &self.found,
                _ => &self.created,
            };
            by.fetch_add(u64::from(found.contains_key(number)), Ordering::Relaxed);
        }
        let known = numbers.iter().map(|it| (*it, found.remove(it))).collect();
        let known: Vec<(u64, Option<Made>)> = known;
        let mut again = Vec::new();
        let mut end_of_it = Ok(());
        for ((number, doubt), (_, made)) in doubts.into_iter().zip(&known) {
            let why = match doubt {
                _ if made.is_some() => continue,
                Outcome::Taken(why) => why,
                Outcome::Lost { why, .. } if attempt + 1 >= TRIES => why,
                Outcome::Doubtful if attempt + 1 >= TRIES => {
                    "it was answered with success, and is not there".to_owned()
                }
                _ => {
                    again.push(number);
                    continue;
                }
            };
            end_of_it = end_of_it.and(self.labour.refused(why));
        }
        self.note(known)?;
        self.back(make(&again, attempt + 1));
        end_of_it
    }

    /// Writes what is known, a line a run of numbers.
    fn note(&self, known: Vec<(u64, Option<Made>)>) -> Result<(), Break> {
        let ledger = &self.labour.ground.ledger;
        let mut run: Vec<Option<Made>> = Vec::new();
        let mut begin = 0;
        for (number, made) in known {
            if begin + run.len() as u64 != number && !run.is_empty() {
                ledger.made(&self.bed.stencil.endpoint, begin, std::mem::take(&mut run))?;
            }
            if run.is_empty() {
                begin = number;
            }
            run.push(made);
        }
        if !run.is_empty() {
            ledger.made(&self.bed.stencil.endpoint, begin, run)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Number::{Sent, Unsent};

    #[test]
    fn what_is_left_are_doubts_and_runs_of_what_was_not_sent() {
        let made = Number::Made(Made {
            id: "a".to_owned(),
            name: "n".to_owned(),
        });
        let numbers = [Unsent, Unsent, made, Sent, Unsent, Sent];
        let told: Vec<String> = jobs(&numbers)
            .iter()
            .map(|job| format!("{job:?}"))
            .collect();
        assert_eq!(told, ["Resolve([3, 5])", "Make(0, 2, 0)", "Make(4, 5, 0)"]);
        let long: Vec<u64> = (0..2500).collect();
        assert_eq!(make(&long, 1).len(), 3);
    }
}
