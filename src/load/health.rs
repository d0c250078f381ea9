//! How the generator itself fares: when it is the limit, the run says nothing about the target.

use std::time::{Duration, Instant};

use crate::record::load::{Generator, Latency};

/// Kernel ticks a second in `/proc`, the same on all Linux systems that there are.
const TICKS: f64 = 100.0;

/// Share of the processors above which the generator itself may be what is slow.
const BUSY: f64 = 0.9;

/// How late (99th percentile, microseconds) a schedule may be laid out.
const LATE: u64 = 10_000;

/// Share of the planned requests that may stay unsent.
const UNSENT: f64 = 0.001;

/// Watches the process from its making.
#[derive(Debug)]
pub struct Meter {
    began: Instant,
    cpu: f64,
    fds_max: u64,
}

/// What the generator's health is judged by, beside what the meter itself sees.
#[derive(Clone, Debug, Default)]
pub struct Strain {
    /// Whether the target shares this process and so its processors.
    pub embedded: bool,
    /// How late the schedule was laid out; empty in a closed model.
    pub pacing: Latency,
    /// Requests that the schedule wanted.
    pub planned: u64,
    /// Of those, never sent.
    pub unsent: u64,
    /// What users did while requests were due.
    pub crowd: Crowd,
    /// Requests of the schedule that the ceiling held back, because others had been sent again.
    pub held: u64,
    /// Requests that failed for want of descriptors, ports or memory.
    pub exhausted: u64,
    /// Requests that were sent a second time.
    pub resent: u64,
    /// Connections that were opened.
    pub connections: u64,
}

/// What users did while requests were due that none of them had taken, by looks at even distances.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crowd {
    /// Users of this process.
    pub users: u64,
    /// Looks at which requests were due.
    pub looks: u64,
    /// Of those, looks at which (almost) all users waited for an answer.
    pub waiting: u64,
}

impl Crowd {
    /// Whether it was the answers that users were waiting for.
    fn waits_for_answers(self) -> bool {
        self.looks > 0 && self.waiting * 10 >= self.looks * 9
    }
}

impl Meter {
    /// Begins to watch.
    #[must_use]
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            cpu: cpu_seconds(),
            fds_max: open_fds(),
        }
    }

    /// To be called once a second.
    pub fn look(&mut self) {
        self.fds_max = self.fds_max.max(open_fds());
    }

    /// How the generator fared from the start to now.
    #[must_use]
    pub fn finish(mut self, strain: Strain) -> Generator {
        self.look();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let cores = u32::try_from(cores).unwrap_or(u32::MAX);
        let cpu = (cpu_seconds() - self.cpu).max(0.0);
        let had = self
            .began
            .elapsed()
            .max(Duration::from_millis(1))
            .as_secs_f64();
        let share = cpu / (had * f64::from(cores));
        let limited = limited(share, cores, &strain);
        Generator {
            cpu_seconds: cpu,
            cpu_share: share,
            cores,
            fds_open_max: self.fds_max,
            fds_limit: fds_limit(),
            held_up: held_up(&strain).filter(|_| limited.is_none()),
            limited,
            pacing: strain.pacing,
            planned: strain.planned,
            unsent: strain.unsent,
            resent: strain.resent,
            connections: strain.connections,
        }
    }
}

/// Why the generator may have been the limit; the gravest reason alone.
fn limited(share: f64, cores: u32, strain: &Strain) -> Option<String> {
    let Strain {
        planned, unsent, ..
    } = strain;
    if strain.exhausted > 0 {
        let requests = strain.exhausted;
        return Some(format!(
            "this machine had no descriptors, ports or memory left for {requests} requests"
        ));
    }
    if strain.pacing.p99 > LATE {
        let late = strain.pacing.p99 / 1000;
        return Some(format!(
            "this machine kept its schedule {late} ms late (p99), before any user was asked"
        ));
    }
    if share > BUSY && !strain.embedded {
        let percent = share * 100.0;
        return Some(format!(
            "the generator took {percent:.0} % of this machine's {cores} processors"
        ));
    }
    (strain.is_short() && strain.held == 0 && !strain.crowd.waits_for_answers()).then(|| {
        format!("{unsent} of {planned} planned requests were never sent: no user was free for them")
    })
}

/// Why less was sent than was wanted, or later, where this machine could have sent it.
fn held_up(strain: &Strain) -> Option<String> {
    let Strain {
        planned,
        unsent,
        crowd,
        held,
        ..
    } = strain;
    if *held > 0 {
        return Some(format!(
            "the ceiling on the rate held back {held} of {planned} planned requests, because the target had others sent again; {unsent} were never sent"
        ));
    }
    (strain.is_short() && crowd.waits_for_answers()).then(|| {
        format!(
            "{unsent} of {planned} planned requests were never sent: all {} connections were waiting for answers of the target",
            crowd.users
        )
    })
}

impl Strain {
    /// Whether more requests were left unsent than is tolerated.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of requests are far below 2^52"
    )]
    fn is_short(&self) -> bool {
        self.unsent as f64 > self.planned as f64 * UNSENT
    }
}

/// Processor time of this process so far, in seconds; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in brackets, which may hold anything.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

fn open_fds() -> u64 {
    let open = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    u64::try_from(open).unwrap_or(u64::MAX)
}

fn fds_limit() -> u64 {
    let text = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|soft| soft.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_says_when_it_was_the_limit() {
        let check = |share, strain: Strain, part: Option<&str>| {
            let said = limited(share, 2, &strain);
            assert_eq!(said.is_some(), part.is_some(), "{said:?}");
            assert!(said.unwrap_or_default().contains(part.unwrap_or_default()));
        };
        let fine = Strain {
            planned: 10_000,
            unsent: 10,
            ..Strain::default()
        };
        check(0.5, fine.clone(), None);
        check(0.95, fine.clone(), Some("95 % of this machine's 2"));
        let embedded = Strain {
            embedded: true,
            ..fine.clone()
        };
        check(0.95, embedded, None);
        let unsent = Strain {
            unsent: 11,
            ..fine.clone()
        };
        check(0.1, unsent, Some("11 of 10000"));
        let late = Strain {
            pacing: Latency {
                p99: 12_000,
                ..Latency::default()
            },
            ..fine.clone()
        };
        check(0.1, late, Some("12 ms late"));
        let exhausted = Strain {
            exhausted: 3,
            ..fine
        };
        check(0.1, exhausted, Some("3 requests"));
    }

    #[test]
    fn requests_that_no_user_was_free_to_send_are_the_targets_only_where_all_waited_for_it() {
        let crowd = |looks, waiting| Crowd {
            users: 50,
            looks,
            waiting,
        };
        let strain = |crowd| Strain {
            planned: 300,
            unsent: 168,
            crowd,
            ..Strain::default()
        };
        let check = |share, strain: &Strain, ours: Option<&str>, theirs: Option<&str>| {
            let meter = (limited(share, 2, strain), held_up(strain));
            let (limited, held_up) = (&meter.0, meter.1.filter(|_| meter.0.is_none()));
            for (said, part) in [(limited.as_ref(), ours), (held_up.as_ref(), theirs)] {
                assert_eq!(said.is_some(), part.is_some(), "{said:?}");
                assert!(said.is_none_or(|said| said.contains(part.unwrap_or_default())));
            }
        };
        let waited = strain(crowd(100, 95));
        check(0.1, &waited, None, Some("168 of 300 planned requests"));
        check(0.95, &waited, Some("95 %"), None);
        check(0.1, &strain(crowd(100, 50)), Some("no user was free"), None);
        check(0.1, &strain(crowd(0, 0)), Some("no user was free"), None);
        let ceiling = Strain {
            held: 7,
            ..strain(crowd(100, 50))
        };
        check(0.1, &ceiling, None, Some("held back 7 of 300"));
        let sent = Strain {
            unsent: 0,
            ..waited
        };
        check(0.1, &sent, None, None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_meter_sees_this_process() {
        let before = cpu_seconds();
        let mut sum = 0_u64;
        while cpu_seconds() - before < 0.02 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let open = open_fds();
        let held = std::fs::File::open("/proc/self/stat").unwrap();
        let mut meter = Meter::start();
        meter.look();
        drop(held);
        let generator = meter.finish(Strain::default());
        assert!(open > 0 && generator.fds_open_max > 0);
        assert!(generator.fds_limit >= generator.fds_open_max);
        assert!(generator.cores > 0);
    }
}
