//! How much probes may do: against this machine, where requests are cheap, and against another.

use std::time::Duration;

use super::prepare::Settled;
use crate::probe::Effort;

/// Cases at the same time against this machine.
const JOBS_NEAR: u16 = 8;
/// Probes at the same time against this machine, which is kept busy by no single one of them.
const ABREAST_NEAR: usize = 2;
/// Probes at the same time against another machine: the requests of one are as many as it may be asked at once.
const ABREAST_FAR: usize = 1;
/// Cases at the same time against another machine.
const JOBS_FAR: u16 = 4;
/// Examples that a probe draws against this machine.
const CASES_NEAR: u32 = 300;
/// Examples that a probe draws against another machine.
const CASES_FAR: u32 = 60;
/// Rounds of a race for so many examples, against this machine.
const ROUNDS_NEAR: (u32, u32) = (2, 3);
/// The same against another.
const ROUNDS_FAR: (u32, u32) = (1, 6);
/// How long a round may take on average against this machine, before fewer are run.
const ROUND_TIME: Duration = Duration::from_millis(30);
/// Requests that a probe may spend on shrinking.
const SHRINKS: u32 = 400;
/// Failing examples after which a probe tries no more: others will not say more than these do.
const ENOUGH: usize = 40;
/// Longest time of one probe against this machine, which another one shares: more than any takes that is not stalled.
const PROBE_TIME_NEAR: Duration = Duration::from_secs(40);
/// Longest time of one probe against another machine.
const PROBE_TIME_FAR: Duration = Duration::from_secs(120);

impl Settled {
    /// How much each probe may do, against this machine or another.
    pub(super) fn effort(&self, near: bool) -> Effort {
        let (jobs, cases, (rounds, of), time) = if near {
            (JOBS_NEAR, CASES_NEAR, ROUNDS_NEAR, PROBE_TIME_NEAR)
        } else {
            (JOBS_FAR, CASES_FAR, ROUNDS_FAR, PROBE_TIME_FAR)
        };
        let jobs = usize::from(self.jobs.unwrap_or(jobs));
        let abreast = if near { ABREAST_NEAR } else { ABREAST_FAR };
        let cases = self.cases.unwrap_or(cases);
        let rounds = (cases.saturating_mul(rounds) / of).max(3);
        let time = self.probe_time.unwrap_or(time).min(self.max_time);
        Effort {
            cases,
            rounds,
            abreast: abreast.min(jobs),
            jobs,
            shrinks: SHRINKS,
            enough: ENOUGH,
            time,
            race: if near {
                ROUND_TIME.saturating_mul(rounds).min(time)
            } else {
                time
            },
        }
    }
}
