//! The schedule of an open profile.

use std::time::Duration;

use crate::load::schedule::{Arrivals, BadSchedule, Schedule, Stretch};
use crate::seed::Seed;
use crate::suite::load::{Arrival, Shape};

/// The schedule of a shape, for so long, the warm-up included. A rate that rises begins to rise after it, so that each
/// of its steps is measured whole.
pub(super) fn schedule(
    arrival: &Arrival,
    warm_up: Duration,
    whole: Duration,
    seed: Seed,
) -> Result<Schedule, BadSchedule> {
    let arrivals = if arrival.poisson {
        Arrivals::Poisson(seed.derive("load schedule"))
    } else {
        Arrivals::Even
    };
    let mut left = whole;
    let mut stretches = Vec::new();
    let first = match arrival.shape {
        Shape::Breakpoint { from, .. } => Some(Stretch {
            length: warm_up,
            from,
            to: from,
        }),
        _ => None,
    };
    for stretch in first.into_iter().chain(shape(&arrival.shape, whole)) {
        let length = stretch.length.min(left);
        left -= length;
        if !length.is_zero() {
            // A ramp that is cut short keeps its slope.
            let share = length.as_secs_f64() / stretch.length.as_secs_f64();
            stretches.push(Stretch {
                length,
                to: stretch.from + (stretch.to - stretch.from) * share,
                ..stretch
            });
        }
    }
    Schedule::new(stretches, arrivals)
}

fn shape(shape: &Shape, whole: Duration) -> Vec<Stretch> {
    let flat = |rate: f64, length: Duration| Stretch {
        length,
        from: rate,
        to: rate,
    };
    match shape {
        Shape::Constant(rate) => vec![flat(*rate, whole)],
        Shape::Ramp { from, to } => vec![Stretch {
            length: whole,
            from: *from,
            to: *to,
        }],
        Shape::Steps(steps) => {
            let last = steps.last().map_or(0.0, |step| step.rate);
            let steps = steps.iter().map(|step| flat(step.rate, step.lasts));
            steps.chain([flat(last, whole)]).collect()
        }
        Shape::Spike {
            base,
            peak,
            at,
            lasts,
        } => vec![flat(*base, *at), flat(*peak, *lasts), flat(*base, whole)],
        Shape::Breakpoint { every, to, .. } => {
            let mut stretches: Vec<Stretch> = rates(shape)
                .take(100_000)
                .map(|rate| flat(rate, *every))
                .collect();
            stretches.push(flat(*to, whole));
            stretches
        }
    }
}

/// The rates of a breakpoint profile, one after the other.
pub(super) fn rates(shape: &Shape) -> impl Iterator<Item = f64> + use<> {
    let (from, by, to) = match shape {
        Shape::Breakpoint { from, by, to, .. } => (*from, *by, *to),
        _ => (0.0, 1.0, -1.0),
    };
    std::iter::successors(Some(from), move |rate| Some(rate + by))
        .take_while(move |rate| *rate <= to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::load::Step;

    #[test]
    fn a_shape_lasts_as_long_as_the_run_and_no_longer() {
        let second = Duration::from_secs;
        let check = |shape: Shape, whole: u64, wanted: f64, rates: &[(u64, f64)]| {
            let arrival = Arrival {
                shape: shape.clone(),
                poisson: false,
            };
            let made = schedule(&arrival, second(1), second(whole), Seed(1)).unwrap();
            assert_eq!(made.length(), second(whole), "{shape:?}");
            assert!(
                (made.wanted(second(whole)) - wanted).abs() < 1e-6,
                "{shape:?}"
            );
            for (at, rate) in rates {
                assert!(
                    (made.rate(second(*at)) - rate).abs() < 1e-6,
                    "{shape:?} at {at}"
                );
            }
        };
        check(Shape::Constant(25.0), 10, 250.0, &[(0, 25.0), (9, 25.0)]);
        check(
            Shape::Ramp {
                from: 0.5,
                to: 10.5,
            },
            10,
            55.0,
            &[(5, 5.5)],
        );
        let steps = [(10.0, 2), (20.0, 2)].map(|(rate, lasts)| Step {
            rate,
            lasts: second(lasts),
        });
        check(
            Shape::Steps(steps.to_vec()),
            5,
            80.0,
            &[(1, 10.0), (4, 20.0)],
        );
        check(Shape::Steps(steps.to_vec()), 1, 10.0, &[]);
        let spike = Shape::Spike {
            base: 1.0,
            peak: 10.0,
            at: second(2),
            lasts: second(1),
        };
        check(spike, 5, 14.0, &[(2, 10.0), (3, 1.0)]);
        let rising = Shape::Breakpoint {
            from: 10.0,
            by: 10.0,
            every: second(1),
            to: 30.0,
        };
        // One second of it is the warm-up.
        check(
            rising,
            6,
            130.0,
            &[(0, 10.0), (1, 10.0), (3, 30.0), (5, 30.0)],
        );
    }
}
