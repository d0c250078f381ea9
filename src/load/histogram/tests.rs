//! Samples in, figures out.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::load::wire::Cause;
use crate::record::load::{Latency, Operation};
use crate::scim::error::ScimType;

fn sample(operation: u16, done_us: u64, response_us: u32) -> Sample {
    Sample {
        operation,
        ending: Ending::Good,
        status: 200,
        done_us,
        response_us,
        service_us: response_us / 2,
        headers_us: response_us / 4,
        late_us: response_us - response_us / 2,
        bytes_in: 10,
        bytes_out: 2,
    }
}

fn failed(cause: Cause, done_us: u64, response_us: u32) -> Sample {
    Sample {
        status: 0,
        ..sample(0, done_us, response_us).ended(Ending::Failed(cause))
    }
}

fn collector(start: Instant, warm_up: u64) -> Collector {
    let names = ["users.get", "users.find"].map(str::to_owned).to_vec();
    Collector::new(start, Duration::from_secs(warm_up), names)
}

fn figures(warm_up: u64, ran: u64, samples: &[Sample]) -> Figures {
    let start = Instant::now();
    let collector = collector(start, warm_up);
    let mut recorder = collector.recorders().recorder();
    for sample in samples {
        recorder.record(*sample);
    }
    drop(recorder);
    let (figures, log) = collector.finish(start + Duration::from_secs(ran), Gauges::default());
    log.unwrap();
    figures
}

#[test]
fn figures_are_counted_by_operation_status_type_and_cause() {
    let status = |status, ending| Sample {
        status,
        ..sample(1, 500_000, 1_000).ended(ending)
    };
    let figures = figures(
        0,
        2,
        &[
            sample(0, 400_000, 2_000),
            status(409, Ending::Status(Some(ScimType::Uniqueness))),
            status(500, Ending::Status(None)),
            status(200, Ending::Body),
            failed(Cause::Reset, 600_000, 100),
            failed(Cause::HeaderTimeout, 1_900_000, 1_500_000),
        ],
    );
    let [get, find] = figures.operations.as_slice() else {
        panic!("{figures:?}");
    };
    assert_eq!(
        (get.name.as_str(), get.count, find.count),
        ("users.get", 3, 3)
    );
    assert_eq!(
        find.errors.by_status.iter().collect::<Vec<_>>(),
        [(&200, &1), (&409, &1), (&500, &1)]
    );
    assert_eq!(find.errors.by_scim_type["uniqueness"], 1);
    assert_eq!(
        (
            get.errors.by_cause["reset"],
            get.errors.by_cause["header-timeout"]
        ),
        (1, 1)
    );
    // A limit of time is a time; a reset is none.
    assert_eq!(
        (get.response.count, get.headers.count, get.lateness.count),
        (2, 1, 3)
    );
    assert!(get.response.max >= 1_500_000);
    let total = &figures.total;
    assert_eq!(
        (total.count, total.errors.count, total.statuses[&200]),
        (6, 5, 2)
    );
    assert_eq!((total.bytes_in, total.bytes_out), (60, 12));
    assert!((total.rate - 3.0).abs() < 1e-9);
    let rows: Vec<_> = figures
        .series
        .iter()
        .map(|row| (row.at, row.count, row.errors))
        .collect();
    assert_eq!(rows, [(0, 5, 4), (1, 1, 1)]);
}

#[test]
fn a_request_that_is_asked_to_wait_is_one_request_with_its_last_answer() {
    let refused = |operation, ending| Sample {
        status: 429,
        ..sample(operation, 500_000, 1_000).ended(ending)
    };
    let figures = figures(
        0,
        2,
        &[
            refused(0, Ending::Refused),
            refused(0, Ending::Refused),
            sample(0, 1_400_000, 900_000),
            refused(0, Ending::Waiting),
            refused(1, Ending::Refused),
            refused(1, Ending::Waiting),
        ],
    );
    let [get, find] = figures.operations.as_slice() else {
        panic!("{figures:?}");
    };
    let counts = |of: &Operation| {
        (
            of.count,
            of.errors.count,
            of.retries.count,
            of.retries.waiting,
        )
    };
    assert_eq!(counts(get), (1, 0, 2, 1));
    assert_eq!((get.response.count, get.statuses.get(&429)), (1, None));
    assert_eq!(get.retries.by_status[&429], 2);
    // Nobody was ever answered: those who waited to the end were refused.
    assert_eq!(counts(find), (1, 1, 1, 0));
    assert_eq!(find.errors.by_status[&429], 1);
    assert_eq!(counts(&figures.total), (2, 1, 3, 1));
    let rows = figures.series.iter();
    let rows: Vec<_> = rows.map(|row| (row.at, row.count, row.errors)).collect();
    assert_eq!(rows, [(0, 0, 0), (1, 1, 0)]);
}

#[test]
fn the_warm_up_is_in_the_series_alone() {
    let figures = figures(
        2,
        4,
        &[
            sample(0, 1_000_000, 500),
            // Wanted in the warm-up, answered after it.
            sample(0, 2_100_000, 200_000),
            sample(0, 2_300_000, 200_000),
        ],
    );
    assert_eq!((figures.total.count, figures.total.response.count), (1, 1));
    // Two came to an end in two seconds.
    assert!((figures.total.rate - 1.0).abs() < 1e-9);
    let rows: Vec<_> = figures
        .series
        .iter()
        .map(|row| (row.at, row.count, row.warm_up))
        .collect();
    assert_eq!(
        rows,
        [(0, 0, true), (1, 1, true), (2, 2, false), (3, 0, false)]
    );
}

#[test]
fn what_ends_after_the_run_is_no_part_of_its_rate() {
    let samples: Vec<Sample> = (1..=30)
        .map(|nth| sample(0, nth * 100_000, 50_000))
        .collect();
    let start = Instant::now();
    let end = start + Duration::from_millis(1_500);
    // Known before, or only at the end.
    for known in [true, false] {
        let mut collector = collector(start, 0);
        if known {
            collector = collector.until(end);
        }
        let mut recorder = collector.recorders().recorder();
        for sample in &samples {
            recorder.record(*sample);
        }
        drop(recorder);
        if known {
            collector.collect(end + Duration::from_secs(2), Gauges::default());
        }
        let (figures, _) = collector.finish(end, Gauges::default());
        let total = &figures.total;
        assert_eq!((total.count, total.in_time), (30, 15));
        assert!((total.rate - 10.0).abs() < 1e-9, "{}", total.rate);
        for row in &figures.series {
            assert!(row.rate < 13.0, "{row:?}");
            assert!(row.at < 2 || row.rate == 0.0, "{row:?}");
        }
        assert_eq!(figures.series.iter().map(|row| row.count).sum::<u64>(), 30);
    }
}

#[test]
fn what_went_wrong_in_the_warm_up_is_known_while_it_lasts() {
    let mut collector = collector(Instant::now(), 60);
    let mut recorder = collector.recorders().recorder();
    recorder.record(Sample {
        status: 500,
        ..sample(0, 400_000, 1_000).ended(Ending::Status(None))
    });
    recorder.record(failed(Cause::Reset, 500_000, 100));
    collector.collect(Instant::now(), Gauges::default());
    let errors = collector.errors();
    assert_eq!((errors.count, errors.by_status[&500]), (2, 1));
    assert_eq!(errors.by_cause["reset"], 1);
}

#[test]
fn seconds_come_out_once_they_are_complete_and_late_samples_are_not_lost() {
    let start = Instant::now();
    let mut collector = collector(start, 0);
    let mut recorder = collector.recorders().recorder();
    let gauges = Gauges {
        users: 3,
        in_flight: 2,
    };
    let at = |millis| start + Duration::from_millis(millis);
    recorder.record(sample(0, 900_000, 1_000));
    assert!(collector.collect(at(1_000), gauges).is_empty());
    recorder.record(sample(0, 950_000, 3_000));
    let rows = collector.collect(at(2_000), gauges).to_vec();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].count, rows[0].p50, rows[0].users, rows[0].in_flight),
        (2, 1_000, 3, 2)
    );
    recorder.record(sample(1, 960_000, 1_000));
    assert_eq!(collector.total(at(2_500)).count, 2);
    let (figures, _) = collector.finish(at(2_500), gauges);
    let counts: Vec<_> = figures.series.iter().map(|row| row.count).collect();
    assert_eq!((counts, figures.total.count), (vec![2, 1, 0], 3));
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_is_one_that_other_tools_read() {
    let (start, kept) = (Instant::now(), Kept::default());
    let log = Log::begin(Box::new(kept.clone()), Timestamp::UNIX_EPOCH).unwrap();
    let collector = collector(start, 0).with_log(log);
    let mut recorder = collector.recorders().recorder();
    for n in 1..=100 {
        recorder.record(sample(u16::from(n > 50), 900_000, n * 1_000));
    }
    recorder.record(sample(0, 1_500_000, 7));
    collector
        .finish(start + Duration::from_secs(2), Gauges::default())
        .1
        .unwrap();
    let bytes = kept.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        text.contains("#[StartTime: 0.000 (seconds since epoch)"),
        "{text}"
    );
    let mut read = Vec::new();
    for entry in IntervalLogIterator::new(&bytes) {
        if let LogEntry::Interval(interval) = entry.unwrap() {
            let decoded = base64::Engine::decode(
                &base64::engine::general_purpose::STANDARD,
                interval.encoded_histogram(),
            );
            let histogram: Histogram<u64> = Deserializer::new()
                .deserialize(&mut decoded.unwrap().as_slice())
                .unwrap();
            let tag = interval.tag().map(|tag| tag.as_str().to_owned());
            read.push((tag, interval.start_timestamp().as_secs(), histogram.len()));
        }
    }
    let tag = |name: &str| Some(name.to_owned());
    assert_eq!(
        read,
        [
            (None, 0, 100),
            (tag("users.get"), 0, 50),
            (tag("users.find"), 0, 50),
            (None, 1, 1),
            (tag("users.get"), 1, 1),
        ]
    );
}

#[test]
fn a_full_disk_is_said_and_costs_no_figure() {
    assert!(Log::begin(Box::new(Full), Timestamp::UNIX_EPOCH).is_err());
    let start = Instant::now();
    let mut log = Log::begin(Box::new(io::sink()), Timestamp::UNIX_EPOCH).unwrap();
    log.redirect(Box::new(Full));
    let collector = collector(start, 0).with_log(log);
    collector.recorders().recorder().record(sample(0, 1, 1));
    let (figures, said) = collector.finish(start + Duration::from_secs(1), Gauges::default());
    assert_eq!(said.unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!((figures.total.count, figures.series.len()), (1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn users_and_shards_add_up_to_what_one_would_have_seen(
        samples in prop::collection::vec((0..2_u16, 0..5_000_000_u64, 1..20_000_000_u32), 0..200),
        of in 1..5_usize,
    ) {
        let samples: Vec<Sample> = samples
            .into_iter()
            .map(|(operation, done, response)| sample(operation, done, response))
            .collect();
        let whole = figures(0, 5, &samples);
        let parts: Vec<Figures> = (0..of)
            .map(|part| {
                let own: Vec<Sample> = samples.iter().copied().skip(part).step_by(of).collect();
                figures(0, 5, &own)
            })
            .collect();
        for (index, operation) in whole.operations.iter().chain([&whole.total]).enumerate() {
            let own = |figures: &Figures| {
                figures.operations.get(index).unwrap_or(&figures.total).clone()
            };
            let merged = |of: fn(&crate::record::load::Operation) -> &Latency| {
                let each: Vec<_> = parts.iter().map(own).collect();
                Latency::merged(each.iter().map(of)).unwrap().histogram().unwrap()
            };
            prop_assert_eq!(merged(|one| &one.response), operation.response.histogram().unwrap());
            prop_assert_eq!(merged(|one| &one.service), operation.service.histogram().unwrap());
            prop_assert_eq!(merged(|one| &one.lateness), operation.lateness.histogram().unwrap());
        }
        let seen: u64 = whole.series.iter().map(|row| row.count).sum();
        prop_assert_eq!(seen, samples.len() as u64);
    }
}
