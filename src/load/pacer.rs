//! Hands out the tickets of an open profile when they are due.
//!
//! One thread with an absolute clock; it sleeps, never spins, and never skips: a ticket that nobody
//! takes in time is handed out late, one that nobody takes at all is counted as unsent.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::sync::Semaphore;

use super::schedule::{Schedule, Tickets};
use crate::record::load::{Shard, WIDEST, histogram};

/// Shortest sleep: tickets that are due within it are handed out together.
const QUANTUM: Duration = Duration::from_micros(200);

/// Longest sleep while there is no room for tickets.
const NO_ROOM: Duration = Duration::from_millis(5);

/// The right to send one request.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Its number in the schedule of all shards.
    pub k: u64,
    /// When the request is wanted.
    pub wanted: Instant,
}

/// Where users take tickets.
#[derive(Debug)]
pub struct Desk {
    waiting: Mutex<VecDeque<Ticket>>,
    /// As many permits as tickets wait; closed once no more will come.
    count: Semaphore,
    capacity: usize,
    taken: AtomicU64,
    stop: AtomicBool,
}

impl Desk {
    /// The next ticket, as soon as it is due; none once the schedule has come to its end, or was stopped.
    pub async fn take(&self) -> Option<Ticket> {
        if let Ok(permit) = self.count.acquire().await {
            permit.forget();
        }
        if self.stop.load(Ordering::Acquire) {
            return None;
        }
        let ticket = self.lock().pop_front()?;
        self.taken.fetch_add(1, Ordering::Relaxed);
        Some(ticket)
    }

    /// Hands out no more tickets.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.count.close();
    }

    /// Tickets that were taken so far.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Tickets that are due and wait for a user.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Ticket>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that hands out tickets.
#[derive(Debug)]
pub struct Pacer {
    desk: Arc<Desk>,
    thread: JoinHandle<(u64, Histogram<u64>)>,
}

/// How the schedule was kept.
#[derive(Clone, Debug)]
pub struct Paced {
    /// Requests that were wanted until it ended or was stopped.
    pub planned: u64,
    /// Of those, never sent.
    pub unsent: u64,
    /// How late tickets were laid out, before any user took them: three digits, microseconds. Time in which the desk was
    /// full is not in it: there, no user came for those that were due.
    pub pacing: Histogram<u64>,
}

impl Pacer {
    /// Begins to hand out the tickets of a shard; the first is due at `begin`. At most `capacity`
    /// tickets wait at the desk.
    ///
    /// # Errors
    /// Where there is no thread to be had.
    pub fn start(
        schedule: &Schedule,
        shard: Option<Shard>,
        begin: Instant,
        capacity: usize,
    ) -> std::io::Result<Self> {
        let desk = Arc::new(Desk {
            waiting: Mutex::new(VecDeque::with_capacity(capacity.min(65_536))),
            count: Semaphore::new(0),
            capacity: capacity.max(1),
            taken: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        });
        let (tickets, laid) = (schedule.tickets(shard), Arc::clone(&desk));
        let thread = thread::Builder::new()
            .name("pacer".to_owned())
            .spawn(move || pace(tickets, begin, &laid))?;
        Ok(Self { desk, thread })
    }

    /// Where users take tickets.
    #[must_use]
    pub fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// Stops, if the schedule has not come to its end, and says how it was kept. Waits for the
    /// thread, which is awake within milliseconds.
    #[must_use]
    pub fn finish(self) -> Paced {
        self.desk.stop();
        self.thread.thread().unpark();
        let (planned, pacing) = self.thread.join().unwrap_or_else(|_| (0, histogram()));
        Paced {
            planned,
            unsent: planned.saturating_sub(self.desk.taken()),
            pacing,
        }
    }
}

/// Lays out tickets until there are no more: how many were wanted, and how late they were.
fn pace(tickets: Tickets, begin: Instant, desk: &Desk) -> (u64, Histogram<u64>) {
    let mut tickets = tickets.map(|(k, at)| Ticket {
        k,
        wanted: begin + at,
    });
    ask_for_precision();
    let mut pacing = histogram();
    let (mut planned, mut next) = (0, tickets.next());
    // Until when there was no room at the desk.
    let mut full = begin;
    while let Some(ticket) = next {
        if desk.stop.load(Ordering::Acquire) {
            let now = Instant::now();
            let due = std::iter::once(ticket).chain(tickets);
            planned += due.take_while(|one| one.wanted <= now).count() as u64;
            return (planned, pacing);
        }
        let now = Instant::now();
        if ticket.wanted > now {
            thread::park_timeout((ticket.wanted - now).max(QUANTUM));
            continue;
        }
        let mut laid = 0;
        let mut waiting = desk.lock();
        while let Some(due) = next.filter(|due| due.wanted <= now)
            && waiting.len() < desk.capacity
        {
            let late = now.saturating_duration_since(due.wanted.max(full));
            let late = late.as_micros();
            // It grows up to the widest value, so that none is ever refused.
            let _ = pacing.record(u64::try_from(late).unwrap_or(WIDEST).min(WIDEST));
            waiting.push_back(due);
            laid += 1;
            next = tickets.next();
        }
        if waiting.len() >= desk.capacity {
            full = now;
        }
        drop(waiting);
        planned += laid as u64;
        if laid == 0 {
            thread::park_timeout(NO_ROOM);
        } else {
            desk.count.add_permits(laid);
        }
    }
    desk.count.close();
    (planned, pacing)
}

/// Asks the kernel to wake this thread as exactly as it can; else it may sleep 50 µs too long. Best
/// effort: a system without that file keeps its own idea, which the figures show.
fn ask_for_precision() {
    let own = std::fs::read_link("/proc/thread-self").ok();
    if let Some(thread) = own.as_deref().and_then(Path::file_name) {
        let file = Path::new("/proc").join(thread).join("timerslack_ns");
        let _ = std::fs::write(file, "1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tickets_come_when_they_are_due_and_all_of_them() {
        let schedule = Schedule::constant(2_000.0, Duration::from_millis(200)).unwrap();
        let pacer = Pacer::start(&schedule, None, Instant::now(), 1_000).unwrap();
        let desk = Arc::clone(pacer.desk());
        let mut taken = Vec::new();
        while let Some(ticket) = desk.take().await {
            assert!(ticket.wanted <= Instant::now(), "{ticket:?} came early");
            taken.push(ticket.k);
        }
        assert_eq!(taken, (0..400).collect::<Vec<_>>());
        let kept = pacer.finish();
        assert_eq!((kept.planned, kept.unsent), (400, 0));
        assert_eq!(kept.pacing.len(), 400);
    }

    #[tokio::test]
    async fn tickets_that_nobody_takes_are_counted_and_kept_in_bounds() {
        let schedule = Schedule::constant(100_000.0, Duration::from_secs(3_600)).unwrap();
        let begin = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let pacer = Pacer::start(&schedule, None, begin, 10).unwrap();
        let desk = Arc::clone(pacer.desk());
        for k in 0..5 {
            assert_eq!(desk.take().await.unwrap().k, k);
        }
        assert!(desk.waiting() <= 10);
        let kept = pacer.finish();
        assert!(kept.planned >= 100_000, "{}", kept.planned);
        assert_eq!(kept.unsent, kept.planned - 5);
        assert!(desk.take().await.is_none());
    }

    #[tokio::test]
    async fn time_at_a_full_desk_is_not_the_pacers() {
        let schedule = Schedule::constant(1_000.0, Duration::from_secs(5)).unwrap();
        // The desk has been full for four seconds, since nobody came.
        let begin = Instant::now().checked_sub(Duration::from_secs(4)).unwrap();
        let pacer = Pacer::start(&schedule, None, begin, 1_000).unwrap();
        let desk = Arc::clone(pacer.desk());
        while desk.waiting() < 1_000 {
            tokio::task::yield_now().await;
        }
        for _ in 0..4_000 {
            desk.take().await.unwrap();
        }
        let kept = pacer.finish();
        // Of those that were laid out after the first thousand.
        let late = kept.pacing.value_at_quantile(0.7);
        assert!(late < 1_000_000, "{late} µs");
    }
}
