//! When the requests of an open profile are wanted: computed, never accumulated.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;

use crate::record::load::Shard;
use crate::seed::Seed;

/// A stretch of time over which the rate changes evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// How long.
    pub length: Duration,
    /// Requests a second at its begin.
    pub from: f64,
    /// Requests a second at its end.
    pub to: f64,
}

/// How requests arrive at a given rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Evenly spaced.
    Even,
    /// As those of many independent callers do: a Poisson process, drawn from a seed.
    Poisson(Seed),
}

/// A rate over time.
#[derive(Clone, Debug)]
pub struct Schedule {
    stretches: Vec<Stretch>,
    arrivals: Arrivals,
}

/// Why there is no such schedule. Fragments that follow "cannot plan the load: ".
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BadSchedule {
    /// A rate.
    #[error("a rate of {0} requests a second can't be had")]
    Rate(f64),
    /// No time at all.
    #[error("it lasts no time")]
    Empty,
}

/// Highest rate that a schedule takes; far above what a machine can send.
pub const HIGHEST: f64 = 10_000_000.0;

impl Schedule {
    /// A schedule of several stretches, one after the other.
    ///
    /// # Errors
    /// Where a rate is negative, no number, or beyond [`HIGHEST`]; where it lasts no time.
    pub fn new(stretches: Vec<Stretch>, arrivals: Arrivals) -> Result<Self, BadSchedule> {
        let rates = stretches.iter().flat_map(|one| [one.from, one.to]);
        let odd = |rate: &f64| !(0.0..=HIGHEST).contains(rate);
        if let Some(rate) = rates.into_iter().find(odd) {
            return Err(BadSchedule::Rate(rate));
        }
        if stretches.iter().all(|one| one.length.is_zero()) {
            return Err(BadSchedule::Empty);
        }
        Ok(Self {
            stretches,
            arrivals,
        })
    }

    /// The same rate all the time.
    ///
    /// # Errors
    /// As [`Schedule::new`].
    pub fn constant(rate: f64, length: Duration) -> Result<Self, BadSchedule> {
        Self::ramp(rate, rate, length)
    }

    /// From one rate to another.
    ///
    /// # Errors
    /// As [`Schedule::new`].
    pub fn ramp(from: f64, to: f64, length: Duration) -> Result<Self, BadSchedule> {
        Self::new(vec![Stretch { length, from, to }], Arrivals::Even)
    }

    /// One rate after the other, each for its time.
    ///
    /// # Errors
    /// As [`Schedule::new`].
    pub fn steps(steps: &[(f64, Duration)]) -> Result<Self, BadSchedule> {
        let stretch = |(rate, length): &(f64, Duration)| Stretch {
            length: *length,
            from: *rate,
            to: *rate,
        };
        Self::new(steps.iter().map(stretch).collect(), Arrivals::Even)
    }

    /// A base rate, a peak in it, the base rate again.
    ///
    /// # Errors
    /// As [`Schedule::new`].
    pub fn spike(
        base: f64,
        peak: f64,
        [before, during, after]: [Duration; 3],
    ) -> Result<Self, BadSchedule> {
        Self::steps(&[(base, before), (peak, during), (base, after)])
    }

    /// With other arrivals.
    #[must_use]
    pub fn arriving(mut self, arrivals: Arrivals) -> Self {
        self.arrivals = arrivals;
        self
    }

    /// How long it lasts.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.stretches.iter().map(|one| one.length).sum()
    }

    /// Requests a second wanted at a time; 0 beyond the end.
    #[must_use]
    pub fn rate(&self, at: Duration) -> f64 {
        let mut begin = Duration::ZERO;
        for one in &self.stretches {
            if at < begin + one.length {
                let share = at.saturating_sub(begin).as_secs_f64() / one.length.as_secs_f64();
                return one.from + (one.to - one.from) * share;
            }
            begin += one.length;
        }
        0.0
    }

    /// Requests wanted from the begin to a time: the integral of the rate.
    #[must_use]
    pub fn wanted(&self, until: Duration) -> f64 {
        let mut left = until;
        let mut sum = 0.0;
        for one in &self.stretches {
            let part = left.min(one.length);
            sum += one.wanted(part.as_secs_f64());
            left -= part;
        }
        sum
    }

    /// The tickets of a shard, in order of time; of all shards, where none is given.
    #[must_use]
    pub fn tickets(&self, shard: Option<Shard>) -> Tickets {
        Tickets {
            stretches: self.stretches.clone(),
            generator: match self.arrivals {
                Arrivals::Even => None,
                Arrivals::Poisson(seed) => Some(Box::new(seed.derive("arrivals").rng())),
            },
            shard: shard.unwrap_or(Shard { index: 0, of: 1 }),
            stretch: 0,
            begin: 0.0,
            before: 0.0,
            k: 0,
            mark: None,
        }
    }
}

impl Stretch {
    /// Requests wanted within its first seconds.
    fn wanted(&self, seconds: f64) -> f64 {
        let length = self.length.as_secs_f64();
        if length <= 0.0 {
            return 0.0;
        }
        self.from * seconds + (self.to - self.from) * seconds * seconds / (2.0 * length)
    }

    /// Seconds until so many requests were wanted; there have to be as many in it.
    fn until(&self, wanted: f64) -> f64 {
        if wanted <= 0.0 {
            return 0.0;
        }
        let slope = (self.to - self.from) / self.length.as_secs_f64();
        let root = (self.from * self.from + 2.0 * slope * wanted)
            .max(0.0)
            .sqrt();
        2.0 * wanted / (self.from + root)
    }
}

/// Tickets: the number of a request in the whole schedule, and when it is wanted, from the begin.
#[derive(Clone, Debug)]
pub struct Tickets {
    stretches: Vec<Stretch>,
    generator: Option<Box<ChaCha8Rng>>,
    shard: Shard,
    /// The stretch that the last ticket was in, when it began, and what was wanted before it.
    stretch: usize,
    begin: f64,
    before: f64,
    /// Number of the next ticket.
    k: u64,
    /// Where the next ticket stands in the integral of the rate.
    mark: Option<f64>,
}

impl Tickets {
    /// Where the next ticket of any shard stands in the integral of the rate: at k, or at the sum
    /// of k + 1 draws of the waiting time of a Poisson process of rate 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a draw has")]
    fn advance(&mut self) -> f64 {
        let mark = match &mut self.generator {
            None => self.k as f64,
            Some(generator) => {
                let draw = (generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
                self.mark.unwrap_or(0.0) - (1.0 - draw).ln()
            }
        };
        self.mark = Some(mark);
        self.k += 1;
        mark
    }

    /// When so many requests were wanted, in seconds from the begin; none beyond the end.
    fn place(&mut self, mark: f64) -> Option<f64> {
        loop {
            let stretch = self.stretches.get(self.stretch)?;
            let length = stretch.length.as_secs_f64();
            let whole = stretch.wanted(length);
            let wanted = mark - self.before;
            if wanted < whole {
                return Some(self.begin + stretch.until(wanted).min(length));
            }
            self.before += whole;
            self.begin += length;
            self.stretch += 1;
        }
    }
}

impl Iterator for Tickets {
    type Item = (u64, Duration);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let k = self.k;
            let mark = self.advance();
            let of = u64::from(self.shard.of.max(1));
            if k % of == u64::from(self.shard.index) {
                let at = self.place(mark)?;
                return Some((k, Duration::from_secs_f64(at)));
            }
            if self.generator.is_none() {
                // Evenly spaced tickets of other shards need not be computed.
                let index = u64::from(self.shard.index);
                self.k = k + (index + of - k % of) % of;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        let rate = prop_oneof![Just(0.0), 0.1..2_000.0_f64];
        let one = (1..3_000_u64, rate.clone(), rate).prop_map(|(millis, from, to)| Stretch {
            length: Duration::from_millis(millis),
            from,
            to,
        });
        prop::collection::vec(one, 1..5)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a test are small")]
    fn count(tickets: &[(u64, Duration)], until: Duration) -> f64 {
        tickets.iter().filter(|(_, at)| *at <= until).count() as f64
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn as_many_tickets_are_due_as_the_integral_of_the_rate_says(
            stretches in stretches(),
            share in 0.0..1.0_f64,
        ) {
            let schedule = Schedule::new(stretches, Arrivals::Even).unwrap();
            let tickets: Vec<_> = schedule.tickets(None).collect();
            let until = schedule.length().mul_f64(share);
            let wanted = schedule.wanted(until);
            prop_assert!((count(&tickets, until) - wanted).abs() <= 1.0 + 1e-6);
            let all = schedule.wanted(schedule.length());
            prop_assert!((count(&tickets, schedule.length()) - all).abs() <= 1.0 + 1e-6);
            prop_assert!(tickets.is_sorted_by_key(|(_, at)| *at));
        }

        #[test]
        fn shards_share_the_schedule_out(
            stretches in stretches(),
            of in 1..6_u32,
            seed in prop::option::of(any::<u64>()),
        ) {
            let arrivals = seed.map_or(Arrivals::Even, |seed| Arrivals::Poisson(Seed(seed)));
            let schedule = Schedule::new(stretches, arrivals).unwrap();
            let whole: Vec<_> = schedule.tickets(None).collect();
            let mut parts: Vec<_> = (0..of)
                .flat_map(|index| schedule.tickets(Some(Shard { index, of })))
                .collect();
            parts.sort_unstable();
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn arrivals_of_independent_callers_have_the_rate_on_average(seed in any::<u64>()) {
            let length = Duration::from_secs(20);
            let schedule = Schedule::ramp(100.0, 900.0, length).unwrap();
            let schedule = schedule.arriving(Arrivals::Poisson(Seed(seed)));
            let tickets: Vec<_> = schedule.tickets(None).collect();
            let half = count(&tickets, length / 2);
            let all = count(&tickets, length);
            // Six standard deviations of a Poisson count.
            prop_assert!((half - 3_000.0).abs() < 6.0 * 3_000_f64.sqrt(), "{half}");
            prop_assert!((all - 10_000.0).abs() < 600.0, "{all}");
            let again: Vec<_> = schedule.tickets(None).collect();
            prop_assert_eq!(again, tickets);
        }
    }

    #[test]
    fn the_shapes_have_the_rates_that_they_say() {
        let seconds = Duration::from_secs;
        let check = |schedule: &Schedule, rates: &[(u64, f64)], total: f64| {
            for (at, rate) in rates {
                assert!((schedule.rate(seconds(*at)) - rate).abs() < 1e-9, "{at}");
            }
            assert!((schedule.wanted(schedule.length()) - total).abs() < 1e-6);
        };
        let constant = Schedule::constant(25.0, seconds(10)).unwrap();
        check(&constant, &[(0, 25.0), (9, 25.0), (10, 0.0)], 250.0);
        let ramp = Schedule::ramp(0.0, 100.0, seconds(10)).unwrap();
        check(&ramp, &[(0, 0.0), (5, 50.0)], 500.0);
        let spike = Schedule::spike(10.0, 90.0, [seconds(5), seconds(2), seconds(3)]).unwrap();
        check(&spike, &[(4, 10.0), (5, 90.0), (6, 90.0), (7, 10.0)], 260.0);
        let steps = Schedule::steps(&[(1.0, seconds(1)), (2.0, seconds(2))]).unwrap();
        check(&steps, &[(0, 1.0), (1, 2.0), (2, 2.0)], 5.0);
    }

    #[test]
    fn rates_that_nobody_can_send_are_refused() {
        let second = Duration::from_secs(1);
        for rate in [-1.0, f64::NAN, f64::INFINITY, HIGHEST * 2.0] {
            assert!(Schedule::constant(rate, second).is_err(), "{rate}");
        }
        let empty = Schedule::constant(1.0, Duration::ZERO);
        assert_eq!(empty.unwrap_err(), BadSchedule::Empty);
        assert_eq!(
            Schedule::constant(0.0, second)
                .unwrap()
                .tickets(None)
                .count(),
            0
        );
    }
}
