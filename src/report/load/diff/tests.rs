//! Runs whose truth is known: equal ones, slower ones, failing ones, and such as can't be compared.

use proptest::prelude::*;

use super::*;
use crate::record::Tool;
use crate::record::load::{Breakpoint, Merged, Second, Shard};

/// How a run of the tests goes.
#[derive(Clone, Copy)]
struct Truth {
    seconds: u64,
    rate: f64,
    /// Middle of the response times in microseconds.
    middle: f64,
    /// How far the times of a second lie off, as a share.
    noise: f64,
    /// How much a second is like the last, 0 to 1.
    like: f64,
    /// Share of requests that fail.
    errors: f64,
}

const USUAL: Truth = Truth {
    seconds: 60,
    rate: 100.0,
    middle: 10_000.0,
    noise: 0.1,
    like: 0.3,
    errors: 0.01,
};

/// A number of a bell curve.
fn bell(rng: &mut impl rand_chacha::rand_core::Rng) -> f64 {
    let even = (0..12).map(|_| f64::from(rng.next_u32()) / f64::from(u32::MAX));
    even.sum::<f64>() - 6.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small numbers of a test"
)]
fn run(truth: Truth, seed: u64) -> LoadRecord {
    let mut rng = Seed(seed).derive("run").rng();
    let mut record = LoadRecord::new(Tool::default(), 1);
    record.profile.name = "constant".to_owned();
    let mut state = bell(&mut rng);
    for at in 0..truth.seconds {
        let fresh = (1.0 - truth.like * truth.like).sqrt();
        state = truth.like * state + fresh * bell(&mut rng);
        let slow = truth.middle * (truth.noise * state).exp();
        let count = (truth.rate * (1.0 + 0.02 * bell(&mut rng))).max(1.0) as u64;
        let failed = count as f64 * truth.errors * (1.0 + 0.3 * bell(&mut rng)).max(0.0);
        record.series.push(Second {
            at,
            count,
            rate: count as f64,
            errors: failed.round() as u64,
            p50: slow as u64,
            p90: (slow * 2.0) as u64,
            p99: (slow * 4.0 * (2.0 * truth.noise * bell(&mut rng)).exp()) as u64,
            ..Second::default()
        });
    }
    record
}

fn options(seed: u64) -> DiffOptions {
    DiffOptions {
        tolerance: 0.05,
        seed,
    }
}

/// In how many of a hundred comparisons the conclusion is this one.
fn share(a: Truth, b: Truth, wanted: Conclusion) -> u64 {
    (0..100)
        .filter(|seed| {
            let (one, other) = (run(a, 2 * seed), run(b, 2 * seed + 1));
            diff_loads(&one, &other, options(*seed)).unwrap().conclusion == wanted
        })
        .count() as u64
}

#[test]
fn equal_runs_show_no_difference() {
    for truth in [
        USUAL,
        Truth {
            seconds: 20,
            ..USUAL
        },
        Truth {
            noise: 0.5,
            ..USUAL
        },
        Truth { like: 0.5, ..USUAL },
        Truth {
            errors: 0.0,
            rate: 25.0,
            ..USUAL
        },
    ] {
        let shown = share(truth, truth, Conclusion::NoDifference);
        assert!(
            shown >= 95,
            "{shown} of 100 at noise {} over {} s",
            truth.noise,
            truth.seconds
        );
    }
}

#[test]
fn what_is_a_fifth_slower_is_shown() {
    for (b, wanted) in [
        (
            Truth {
                middle: 12_000.0,
                ..USUAL
            },
            Conclusion::Regression,
        ),
        (
            Truth {
                rate: 80.0,
                ..USUAL
            },
            Conclusion::Regression,
        ),
        (
            Truth {
                errors: 0.05,
                ..USUAL
            },
            Conclusion::Regression,
        ),
        (
            Truth {
                middle: 8_000.0,
                ..USUAL
            },
            Conclusion::Improvement,
        ),
    ] {
        let shown = share(USUAL, b, wanted);
        assert!(shown >= 95, "{shown} of 100 are {wanted:?}");
    }
}

#[test]
fn noise_hides_what_it_is_larger_than() {
    let loud = Truth {
        noise: 0.8,
        seconds: 20,
        ..USUAL
    };
    let slower = Truth {
        middle: 12_000.0,
        ..loud
    };
    assert!(share(loud, slower, Conclusion::NoDifference) >= 80);
}

#[test]
fn what_is_tolerated_is_no_regression() {
    let steady = Truth {
        noise: 0.005,
        errors: 0.0,
        ..USUAL
    };
    let slower = Truth {
        middle: 10_300.0,
        ..steady
    };
    let diff = diff_loads(&run(steady, 1), &run(slower, 2), options(1)).unwrap();
    assert_eq!(diff.conclusion, Conclusion::Tolerated);
    let strict = DiffOptions {
        tolerance: 0.0,
        seed: 1,
    };
    let diff = diff_loads(&run(steady, 1), &run(slower, 2), strict).unwrap();
    assert_eq!(diff.conclusion, Conclusion::Regression);
}

#[test]
fn the_load_of_a_step_is_no_noise() {
    let shaped = |slower: f64, seed| {
        let mut record = run(
            Truth {
                middle: 10_000.0 * slower,
                noise: 0.03,
                ..USUAL
            },
            seed,
        );
        record.profile.model = Model::Open;
        for second in &mut record.series {
            let factor = if second.at < 30 { 1 } else { 6 };
            (second.p50, second.p90, second.p99) = (
                second.p50 * factor,
                second.p90 * factor,
                second.p99 * factor,
            );
        }
        record
    };
    let diff = diff_loads(&shaped(1.0, 1), &shaped(1.2, 2), options(1)).unwrap();
    assert!(diff.paired);
    assert_eq!(diff.conclusion, Conclusion::Regression);
    // The other way about it is an improvement.
    let diff = diff_loads(&shaped(1.2, 2), &shaped(1.0, 1), options(1)).unwrap();
    assert_eq!(diff.conclusion, Conclusion::Improvement);
}

#[test]
fn runs_of_other_loads_are_refused() {
    let check = |change: &dyn Fn(&mut LoadRecord), part: &str| {
        let (a, mut b) = (run(USUAL, 1), run(USUAL, 2));
        change(&mut b);
        let said = diff_loads(&a, &b, options(1)).unwrap_err().to_string();
        assert!(said.contains(part) && said.contains('\n'), "{said}");
    };
    check(
        &|b| b.profile.name = "spike".to_owned(),
        "A ran the profile constant and B spike",
    );
    check(
        &|b| b.profile.digest = "x".to_owned(),
        "changed between them",
    );
    check(
        &|b| drop(b.settings.insert("rate".to_owned(), "50".to_owned())),
        "rate as the profile says in A and 50 in B",
    );
    check(
        &|b| b.profile.model = Model::Open,
        "users in A and requests at a rate in B",
    );
    check(&|b| b.target.http = "2".to_owned(), "and 2 in B");
    check(
        &|b| b.target.embedded = true,
        "shares the generator's processors",
    );
    check(
        &|b| b.shard = Some(Shard { index: 1, of: 4 }),
        "B is shard 1 of 4",
    );
}

#[test]
fn what_says_nothing_of_its_target_gets_no_verdict() {
    let check = |change: &dyn Fn(&mut LoadRecord), part: &str| {
        let (a, mut b) = (
            run(USUAL, 1),
            run(
                Truth {
                    middle: 99_000.0,
                    ..USUAL
                },
                2,
            ),
        );
        change(&mut b);
        let diff = diff_loads(&a, &b, options(1)).unwrap();
        assert_eq!(diff.conclusion, Conclusion::NoVerdict);
        assert!(
            diff.no_verdict.iter().any(|why| why.contains(part)),
            "{:?}",
            diff.no_verdict
        );
    };
    check(
        &|b| b.generator.limited = Some("it was late".to_owned()),
        "B was limited by its generator",
    );
    check(
        &|b| b.outcome.reasons.push("target-lost".to_owned()),
        "target-lost",
    );
    check(&|b| b.series.truncate(7), "too few");
    check(
        &|b| b.series.iter_mut().for_each(|second| second.warm_up = true),
        "60 and 0 seconds",
    );
}

#[test]
fn what_a_reader_must_know_is_noted() {
    let (mut a, mut b) = (run(USUAL, 1), run(USUAL, 2));
    b.seed = 9;
    b.generator.held_up = Some("2 connections were busy".to_owned());
    for (record, rate) in [(&mut a, 75.0), (&mut b, 50.0)] {
        record.breakpoint = Some(Breakpoint {
            last_good_rate: Some(rate),
            ..Breakpoint::default()
        });
    }
    let notes = diff_loads(&a, &b, options(1)).unwrap().notes.join("\n");
    for part in [
        "seeds differ (1 and 9)",
        "75 in A and 50 in B",
        "in B requests waited before they were sent",
    ] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn merged_runs_compare_and_their_shards_are_told() {
    let (a, mut b) = (run(USUAL, 1), run(USUAL, 1));
    b.merged = vec![Merged::default(); 4];
    let start = ("start-at".to_owned(), "2026-01-01T00:00:00Z".to_owned());
    b.settings.extend([start]);
    let diff = diff_loads(&a, &b, options(1)).unwrap();
    assert_eq!(diff.conclusion, Conclusion::NoDifference);
    assert_eq!(
        diff.notes,
        ["A was put on its target by one process, B by 4 shards"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_run_is_no_different_from_itself(seed in any::<u64>(), seconds in 20..90_u64, errors in 0.0..0.5_f64, noise in 0.0..1.0_f64) {
        let record = run(Truth { seconds, noise, errors, ..USUAL }, seed);
        let diff = diff_loads(&record, &record, options(seed)).unwrap();
        prop_assert_eq!(diff.conclusion, Conclusion::NoDifference);
        prop_assert!(diff.metrics.iter().all(|metric| metric.change.abs() < 1e-9));
    }

    #[test]
    fn one_seed_gives_one_answer_and_intervals_hold_their_change(seed in any::<u64>(), slower in 0.5..2.0_f64) {
        let (a, b) = (run(USUAL, seed), run(Truth { middle: 10_000.0 * slower, ..USUAL }, seed ^ 1));
        let (once, again) = (diff_loads(&a, &b, options(3)).unwrap(), diff_loads(&a, &b, options(3)).unwrap());
        prop_assert_eq!(serde_json::to_string(&once).unwrap(), serde_json::to_string(&again).unwrap());
        for metric in &once.metrics {
            prop_assert!(metric.low <= metric.change && metric.change <= metric.high);
            prop_assert!(metric.finding != Finding::NoDifference || metric.low <= 0.0 && metric.high >= 0.0);
        }
    }
}
