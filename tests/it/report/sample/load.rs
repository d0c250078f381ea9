//! A realistic load record: a rate with a warm-up, a stall, errors of several kinds, thresholds held and crossed.

use scimitar::record::load::{
    Correctness, Cost, Errors, Example, Generator, Latency, LoadProfile, LoadRecord, LoadTarget,
    Model, Operation, Second, Threshold, histogram,
};
use scimitar::record::{Cleanup, Leftover, RunOutcome, Tool};

/// Seconds of the sample, its warm-up included.
const SECONDS: u64 = 65;

/// Seconds of its warm-up.
const WARM_UP: u64 = 5;

/// The record that the golden reports of load show.
pub(crate) fn record() -> LoadRecord {
    let tool = Tool {
        version: "0.1.0".to_owned(),
        suite_digest: "5f3c9a17d2e08b64".to_owned(),
    };
    let operations = vec![
        operation("load.user.match", 900, 6_000, 12),
        operation("load.user.create", 450, 14_000, 8),
        operation("load.user.change", 150, 11_000, 0),
    ];
    LoadRecord {
        label: "staging, nightly".to_owned(),
        started: "2026-11-20T08:30:00.000Z".to_owned(),
        duration_ms: (SECONDS - WARM_UP) * 1000,
        warm_up_ms: WARM_UP * 1000,
        target: LoadTarget {
            base_url: "https://scim.example.test/v2".to_owned(),
            embedded: false,
            http: "1.1".to_owned(),
            remarks: vec!["the certificate of the target was not checked".to_owned()],
        },
        profile: LoadProfile {
            name: "entra-25rps".to_owned(),
            digest: "0f2c6a51b7".to_owned(),
            model: Model::Open,
            description: "Twenty-five requests a second, the floor of Entra ID's gallery"
                .to_owned(),
        },
        settings: [("duration", "60000ms"), ("rate", "25")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        total: total(&operations),
        operations,
        series: (0..SECONDS).map(second).collect(),
        generator: generator(),
        correctness: correctness(),
        thresholds: thresholds(),
        cost: cost(),
        cleanup: Cleanup {
            created: 470,
            deleted: 469,
            leftover: vec![Leftover {
                resource: "/Users/2819c223-7f76-453a-919d-413861904646".to_owned(),
                reason: "DELETE answered 500".to_owned(),
            }],
        },
        outcome: RunOutcome {
            exit_code: 6,
            reasons: vec![
                "threshold-crossed".to_owned(),
                "cleanup-incomplete".to_owned(),
            ],
        },
        ..LoadRecord::new(tool, 42)
    }
}

/// Times around a middle, one in fifty of them slow, all of them later by some microseconds.
fn times(count: u64, middle: u64, later: u64) -> Latency {
    let mut made = histogram();
    for nth in 0..count {
        let slow = if nth % 50 == 7 { 12 + nth % 9 } else { 1 };
        made.record(middle * slow / 2 + nth * 37 % middle + later)
            .unwrap();
    }
    Latency::of(&made)
}

fn operation(name: &str, count: u64, middle: u64, bad: u64) -> Operation {
    let errors = Errors {
        count: bad,
        by_status: [(503, bad * 2 / 3)]
            .into_iter()
            .filter(|(_, it)| *it > 0)
            .collect(),
        by_scim_type: [("uniqueness".to_owned(), bad / 8)]
            .into_iter()
            .filter(|(_, it)| *it > 0)
            .collect(),
        by_cause: [("header-timeout".to_owned(), bad - bad * 2 / 3)]
            .into_iter()
            .filter(|(_, it)| *it > 0)
            .collect(),
    };
    Operation {
        name: name.to_owned(),
        count,
        in_time: count,
        good_in_time: count - bad,
        rate: number(count) / 60.0,
        statuses: [(200, count - bad), (503, bad * 2 / 3)].into(),
        errors,
        bytes_in: count * 480,
        bytes_out: count * 120,
        service: times(count, middle, 0),
        response: times(count, middle, middle / 6),
        headers: times(count, middle * 3 / 4, 0),
        lateness: times(count, 400, 0),
        ..Operation::default()
    }
}

fn total(operations: &[Operation]) -> Operation {
    let mut errors = Errors::default();
    for one in operations {
        errors.merge(&one.errors);
    }
    let sum = |of: fn(&Operation) -> u64| operations.iter().map(of).sum::<u64>();
    let merged =
        |of: fn(&Operation) -> &Latency| Latency::merged(operations.iter().map(of)).unwrap();
    Operation {
        name: String::new(),
        count: sum(|it| it.count),
        in_time: sum(|it| it.in_time),
        good_in_time: sum(|it| it.good_in_time),
        rate: number(sum(|it| it.count)) / 60.0,
        statuses: [(200, 1_480), (503, 13)].into(),
        errors,
        bytes_in: sum(|it| it.bytes_in),
        bytes_out: sum(|it| it.bytes_out),
        service: merged(|it| &it.service),
        response: merged(|it| &it.response),
        headers: merged(|it| &it.headers),
        lateness: merged(|it| &it.lateness),
        ..Operation::default()
    }
}

/// A second of the run; the target stalls in the fortieth.
fn second(at: u64) -> Second {
    let stalled = (40..43).contains(&at);
    let wave = at * 7 % 5;
    let count = if at == 40 { 9 } else { 24 + wave / 2 };
    let slow = if stalled { 20 } else { 1 };
    Second {
        at,
        count,
        errors: if stalled { 6 } else { u64::from(at == 55) * 2 },
        rate: number(count),
        p50: (6_200 + wave * 310) * slow,
        p90: (14_000 + wave * 720) * slow,
        p99: (42_000 + wave * 5_300) * slow,
        users: 16,
        in_flight: if stalled { 16 } else { 1 + wave / 3 },
        warm_up: at < WARM_UP,
    }
}

fn generator() -> Generator {
    Generator {
        cpu_seconds: 1.84,
        cpu_share: 0.0142,
        cores: 2,
        fds_open_max: 41,
        fds_limit: 1_048_576,
        pacing: times(1_625, 60, 0),
        planned: 1_625,
        unsent: 0,
        resent: 3,
        connections: 19,
        limited: None,
        held_up: None,
    }
}

fn correctness() -> Correctness {
    Correctness {
        sampled: 16,
        wrong_status: 13,
        stale_read: 1,
        examples: vec![Example {
            kind: "stale-read".to_owned(),
            operation: "load.user.change".to_owned(),
            request: "k3v9-000412".to_owned(),
            detail: "expected active false, the read showed true".to_owned(),
        }],
        ..Correctness::default()
    }
}

fn thresholds() -> Vec<Threshold> {
    [
        ("error-rate<1%", "1.333%", false),
        ("p99<200ms", "131.07ms", true),
        ("rps>=24", "25.00", true),
        ("load.user.create p50<50ms", "15.01ms", true),
    ]
    .map(|(text, measured, held)| Threshold {
        text: text.to_owned(),
        measured: measured.to_owned(),
        held,
    })
    .into()
}

fn cost() -> Vec<Cost> {
    let mut cells = Vec::new();
    for members in [10_u64, 100, 1_000, 10_000] {
        for batch in [1_u64, 20, 100] {
            let p50 = 900 + batch * 30 + members * u64::from(batch.ilog2().max(1)) / 2;
            cells.push(Cost {
                members,
                batch,
                count: (members / batch).max(1),
                p50,
                p99: p50 * 3,
            });
        }
    }
    cells
}

/// A small count as a number to calculate with.
fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
