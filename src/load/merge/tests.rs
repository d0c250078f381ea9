//! The sum of shards against the run that they are parts of.

mod refused;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::load::histogram::{Collector, Ending, Gauges, Sample};
use crate::load::wire::Cause;
use crate::record::load::{Cost, Example, Latency, Operation, Second, histogram};
use crate::record::{Leftover, RunOutcome};
use crate::scim::error::ScimType;

const START: &str = "2026-03-01T12:00:00.000Z";

/// The record of a run of `seconds` seconds with these samples, one of them warm-up.
fn record(samples: &[Sample], seconds: u64, shard: Option<Shard>) -> LoadRecord {
    let start = Instant::now();
    let names = ["user.match", "user.create"].map(str::to_owned).to_vec();
    let collector = Collector::new(start, Duration::from_secs(1), names).with_seconds(true);
    let mut recorder = collector.recorders().recorder();
    for sample in samples {
        recorder.record(*sample);
    }
    drop(recorder);
    let end = start + Duration::from_secs(seconds);
    let (figures, _) = collector.finish(end, Gauges::default());
    LoadRecord {
        started: START.to_owned(),
        duration_ms: (seconds - 1) * 1000,
        warm_up_ms: 1000,
        shard,
        operations: (figures.operations.into_iter())
            .filter(|one| one.count + one.in_time > 0)
            .collect(),
        total: figures.total,
        series: figures.series,
        series_hdr: figures.series_hdr,
        ..LoadRecord::new(Tool::default(), 7)
    }
}

fn part(file: &str, record: LoadRecord) -> Part {
    Part {
        file: PathBuf::from(file),
        record,
    }
}

/// The shards of a run without a request.
fn shards(of: u32) -> Vec<Part> {
    let one = |index| {
        let shard = Some(Shard { index, of });
        part(&format!("{index}.json"), record(&[], 3, shard))
    };
    (0..of).map(one).collect()
}

fn merged(parts: Vec<Part>) -> Result<LoadRecord, Refusal> {
    merge(parts, Tool::default(), None).map(|whole| whole.record)
}

/// Everything of an operation but how its histograms are written down.
fn plain(operation: &Operation) -> Value {
    let mut value = serde_json::to_value(operation).unwrap();
    for time in ["service", "response", "headers", "lateness"] {
        value[time]["hdr"] = Value::Null;
    }
    value
}

fn same(left: &Operation, right: &Operation) {
    assert_eq!(plain(left), plain(right));
    let held = |operation: &Operation| {
        [
            &operation.service,
            &operation.response,
            &operation.headers,
            &operation.lateness,
        ]
        .map(|latency| latency.histogram().unwrap())
    };
    assert_eq!(held(left), held(right));
}

/// A good answer after a millisecond.
fn good(operation: u16, done_us: u64) -> Sample {
    Sample {
        operation,
        ending: Ending::Good,
        status: 200,
        done_us,
        response_us: 1_000,
        service_us: 1_000,
        headers_us: 500,
        late_us: 0,
        bytes_in: 1,
        bytes_out: 1,
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    let ending = prop_oneof![
        6 => Just((Ending::Good, 200)),
        1 => Just((Ending::Status(Some(ScimType::Uniqueness)), 409)),
        1 => Just((Ending::Status(None), 500)),
        1 => Just((Ending::Failed(Cause::Reset), 0)),
        1 => Just((Ending::Failed(Cause::HeaderTimeout), 0)),
    ];
    let times = (0..4_000_000_u64, 1..900_000_u32, 0..100_u32);
    (0..2_u16, ending, times).prop_map(|(operation, (ending, status), (done, took, late))| Sample {
        operation,
        ending,
        status,
        done_us: done + u64::from(took),
        response_us: took,
        service_us: took.saturating_sub(late),
        headers_us: took / 2,
        late_us: late,
        bytes_in: took % 977,
        bytes_out: took % 331,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_shards_of_a_run_add_up_to_the_run(
        samples in prop::collection::vec(sample(), 0..200),
        of in 1..7_u32,
        turn in any::<u32>(),
    ) {
        let mut parts: Vec<Part> = (0..of).map(|index| {
            let own: Vec<Sample> = (samples.iter().copied())
                .skip(index as usize)
                .step_by(of as usize)
                .collect();
            part(&format!("{index}.json"), record(&own, 5, Some(Shard { index, of })))
        }).collect();
        // The order in which files are named changes nothing.
        parts.rotate_left((turn % of) as usize);
        let sum = merged(parts).unwrap();
        let whole = record(&samples, 5, None);
        same(&sum.total, &whole.total);
        prop_assert_eq!(sum.operations.len(), whole.operations.len());
        for one in &whole.operations {
            let other = sum.operations.iter().find(|it| it.name == one.name).unwrap();
            same(other, one);
        }
        prop_assert_eq!(sum.series.len(), whole.series.len());
        for (left, right) in sum.series.iter().zip(&whole.series) {
            // Rates are sums of quotients, equal but for the last bits.
            prop_assert!((left.rate - right.rate).abs() < 1e-6);
            let exact = |second: &Second| serde_json::to_value(Second { rate: 0.0, ..*second }).unwrap();
            prop_assert_eq!(exact(left), exact(right));
        }
        prop_assert_eq!((sum.duration_ms, sum.warm_up_ms, sum.seed), (4000, 1000, 7));
        prop_assert_eq!(sum.merged.len(), of as usize);
        prop_assert!(sum.shard.is_none() && sum.series_hdr.is_empty());
    }
}

#[test]
fn percentiles_are_those_of_the_sum_and_no_mean() {
    let mut parts = shards(2);
    // A fast shard with 990 requests, a slow one with 10.
    for (part, (count, micros)) in parts.iter_mut().zip([(990, 1_000), (10, 500_000)]) {
        let mut times = histogram();
        times.record_n(micros, count).unwrap();
        part.record.total.count = count;
        part.record.total.response = Latency::of(&times);
        part.record.total.lateness = Latency::of(&times);
        part.record.operations = vec![part.record.total.clone()];
        part.record.unjudged = vec!["p50<2ms".to_owned(), "p99.9<100ms".to_owned()];
    }
    let sum = merged(parts.clone()).unwrap();
    let response = &sum.total.response;
    assert_eq!((response.count, response.p50), (1000, 1_000));
    assert!(
        response.p99 <= 1_001 && response.p999 >= 499_000,
        "{response:?}"
    );
    let held: Vec<bool> = sum.thresholds.iter().map(|it| it.held).collect();
    assert_eq!(held, [true, false]);
    assert!(sum.unjudged.is_empty());
    let own = [Threshold::parse("max<1s").unwrap()];
    let sum = merge(parts, Tool::default(), Some(&own)).unwrap().record;
    assert_eq!(sum.thresholds.len(), 1);
    assert!(sum.thresholds[0].held);
}

#[test]
fn seconds_are_aligned_by_the_clock() {
    let one = |started: &str, index| {
        let mut made = record(&[good(0, 1_500_000)], 3, Some(Shard { index, of: 2 }));
        made.started = started.to_owned();
        part(&format!("{index}.json"), made)
    };
    let check = |second: &str, counts: &[u64], duration: u64, limited: Option<&str>| {
        let sum = merged(vec![one(START, 0), one(second, 1)]).unwrap();
        let got: Vec<u64> = sum.series.iter().map(|it| it.count).collect();
        assert_eq!(
            (got.as_slice(), sum.duration_ms),
            (counts, duration),
            "{second}"
        );
        let said = sum.generator.limited.unwrap_or_default();
        assert_eq!(said.is_empty(), limited.is_none(), "{said}");
        assert!(said.contains(limited.unwrap_or_default()), "{said}");
        assert_eq!(sum.started, START);
    };
    check("2026-03-01T12:00:00.000Z", &[0, 2, 0], 2000, None);
    check("2026-03-01T12:00:00.400Z", &[0, 2, 0], 2000, None);
    check("2026-03-01T12:00:00.900Z", &[0, 1, 1, 0], 2000, None);
    check(
        "2026-03-01T12:00:02.000Z",
        &[0, 1, 0, 1, 0],
        4000,
        Some("up to 2.0 s apart"),
    );
}

#[test]
fn what_shards_tell_is_kept() {
    let mut parts = shards(3);
    for (nth, part) in parts.iter_mut().enumerate() {
        let record = &mut part.record;
        record.target.remarks = vec!["all alike".to_owned()];
        record.generator.cores = 2;
        record.generator.cpu_share = 0.25;
        record.generator.planned = 10;
        record.correctness.lost_write = nth as u64;
        record.correctness.examples = vec![Example::default(); 6];
        record.cleanup.created = 5;
        record.cleanup.deleted = 5;
    }
    let last = &mut parts[2].record;
    last.target.remarks.push("only here".to_owned());
    last.stopped = Some("the run was interrupted".to_owned());
    last.outcome = RunOutcome {
        exit_code: 130,
        reasons: vec!["interrupted".to_owned()],
    };
    last.cleanup.leftover = vec![Leftover {
        resource: "/Users/1".to_owned(),
        reason: "503".to_owned(),
    }];
    let sum = merged(parts).unwrap();
    assert_eq!(sum.target.remarks, ["all alike", "shard 2/3: only here"]);
    assert_eq!(
        sum.stopped.as_deref(),
        Some("shard 2/3: the run was interrupted")
    );
    let limited = sum.generator.limited.unwrap();
    assert_eq!(limited, "shard 2/3: the run was interrupted");
    assert_eq!((sum.generator.cores, sum.generator.planned), (6, 30));
    assert!((sum.generator.cpu_share - 0.25).abs() < 1e-9);
    assert_eq!(
        (sum.correctness.lost_write, sum.correctness.examples.len()),
        (3, 10)
    );
    assert_eq!((sum.cleanup.created, sum.cleanup.leftover.len()), (15, 1));
    assert_eq!(sum.merged[2].reasons, ["interrupted"]);
}

#[test]
fn the_cost_of_a_cell_is_read_off_the_sum() {
    let mut parts = shards(2);
    for (part, micros) in parts.iter_mut().zip([1_000, 9_000]) {
        let mut times = histogram();
        times.record_n(micros, 10).unwrap();
        part.record.operations = vec![Operation {
            name: "group.grow[100/20]".to_owned(),
            count: 10,
            response: Latency::of(&times),
            lateness: Latency::of(&times),
            ..Operation::default()
        }];
        part.record.total = part.record.operations[0].clone();
        part.record.cost = vec![Cost {
            members: 100,
            batch: 20,
            count: 10,
            p50: micros,
            p99: micros,
        }];
    }
    let cost = merged(parts).unwrap().cost;
    assert_eq!(cost.len(), 1);
    assert_eq!((cost[0].count, cost[0].p50), (20, 1_000));
    assert!(cost[0].p99 > 8_900, "{cost:?}");
}
