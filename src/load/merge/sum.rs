//! Sums over shards: operations, the generators' health, correctness, clean-up.

use std::time::Duration;

use super::together::name;
use super::{Part, Refusal};
use crate::load::histogram::{Figures, per_second};
use crate::record::Cleanup;
use crate::record::load::{
    Correctness, Cost, Example, Generator, Latency, LoadTarget, Operation, add, histogram,
};

/// Examples of what was wrong that a record holds.
const EXAMPLES: usize = 10;

/// An operation of one shard, and where it stands.
type Of<'a> = (&'a Part, &'a Operation);

/// Every kind of request that a shard sent, in the order of the profile as far as one shard shows it.
///
/// # Errors
/// Where a histogram can't be read.
pub(super) fn operations(parts: &[Part], measured: Duration) -> Result<Vec<Operation>, Refusal> {
    let mut names: Vec<&str> = Vec::new();
    for operation in parts.iter().flat_map(|part| &part.record.operations) {
        if !names.contains(&operation.name.as_str()) {
            names.push(&operation.name);
        }
    }
    let sums = names.into_iter().map(|name| {
        let of: Vec<Of<'_>> = parts
            .iter()
            .flat_map(|part| part.record.operations.iter().map(move |it| (part, it)))
            .filter(|(_, operation)| operation.name == name)
            .collect();
        sum(name, &of, measured)
    });
    sums.collect()
}

/// All kinds together.
///
/// # Errors
/// Where a histogram can't be read.
pub(super) fn total(parts: &[Part], measured: Duration) -> Result<Operation, Refusal> {
    let of: Vec<Of<'_>> = (parts.iter())
        .map(|part| (part, &part.record.total))
        .collect();
    sum("", &of, measured)
}

fn sum(name: &str, of: &[Of<'_>], measured: Duration) -> Result<Operation, Refusal> {
    let place = |what: &str| {
        let name = if name.is_empty() { "the total" } else { name };
        format!("{what} of {name}")
    };
    let latency = |what, read: fn(&Operation) -> &Latency| {
        latencies(of.iter().map(|(part, it)| (*part, read(it))), &place(what))
    };
    let mut sum = Operation {
        name: name.to_owned(),
        service: latency("`service`", |it| &it.service)?,
        response: latency("`response`", |it| &it.response)?,
        headers: latency("`headers`", |it| &it.headers)?,
        lateness: latency("`lateness`", |it| &it.lateness)?,
        ..Operation::default()
    };
    for (_, one) in of {
        sum.count = sum.count.saturating_add(one.count);
        sum.in_time = sum.in_time.saturating_add(one.in_time);
        sum.good_in_time = sum.good_in_time.saturating_add(one.good_in_time);
        add(&mut sum.statuses, &one.statuses);
        sum.errors.merge(&one.errors);
        sum.retries.merge(&one.retries);
        sum.wrong.merge(&one.wrong);
        sum.bytes_in = sum.bytes_in.saturating_add(one.bytes_in);
        sum.bytes_out = sum.bytes_out.saturating_add(one.bytes_out);
    }
    sum.rate = per_second(sum.in_time, measured);
    Ok(sum)
}

/// Adds the histograms of several shards and reads the percentiles off the sum.
fn latencies<'a>(
    of: impl Iterator<Item = (&'a Part, &'a Latency)>,
    place: &str,
) -> Result<Latency, Refusal> {
    let mut sum = histogram();
    for (part, latency) in of {
        let refuse = |why| Refusal::Histogram {
            file: part.file.clone(),
            place: place.to_owned(),
            why,
        };
        let held = latency.histogram().map_err(refuse)?;
        // Both grow up to the same widest value, so that one always holds the other.
        let _ = sum.add(held);
    }
    Ok(Latency::of(&sum))
}

/// How the machines fared together; why they were the limit is said elsewhere.
///
/// # Errors
/// Where a histogram can't be read.
pub(super) fn generator(parts: &[Part]) -> Result<Generator, Refusal> {
    let all = || parts.iter().map(|part| &part.record.generator);
    let sum = |read: fn(&Generator) -> u64| all().map(read).fold(0, u64::saturating_add);
    let cores: u32 = all().map(|it| it.cores).fold(0, u32::saturating_add);
    let busy: f64 = all().map(|it| it.cpu_share * f64::from(it.cores)).sum();
    let pacing = parts
        .iter()
        .map(|part| (part, &part.record.generator.pacing));
    Ok(Generator {
        cpu_seconds: all().map(|it| it.cpu_seconds).sum(),
        cpu_share: busy / f64::from(cores.max(1)),
        cores,
        fds_open_max: all().map(|it| it.fds_open_max).max().unwrap_or(0),
        fds_limit: (all().map(|it| it.fds_limit))
            .filter(|limit| *limit > 0)
            .min()
            .unwrap_or(0),
        pacing: latencies(pacing, "`generator.pacing`")?,
        planned: sum(|it| it.planned),
        unsent: sum(|it| it.unsent),
        resent: sum(|it| it.resent),
        connections: sum(|it| it.connections),
        limited: None,
        held_up: parts.iter().find_map(|part| {
            let why = part.record.generator.held_up.as_ref()?;
            Some(format!("{}: {why}", name(part)))
        }),
    })
}

/// What was wrong in answers. Examples are taken from all shards in turn.
pub(super) fn correctness(parts: &[Part]) -> Correctness {
    let all = || parts.iter().map(|part| &part.record.correctness);
    let sum = |read: fn(&Correctness) -> u64| all().map(read).fold(0, u64::saturating_add);
    let nth = |nth: usize| all().filter_map(move |it| it.examples.get(nth));
    let examples: Vec<Example> = (0..EXAMPLES)
        .flat_map(nth)
        .take(EXAMPLES)
        .cloned()
        .collect();
    Correctness {
        sampled: sum(|it| it.sampled),
        full_checks_failed: sum(|it| it.full_checks_failed),
        wrong_status: sum(|it| it.wrong_status),
        unparsable: sum(|it| it.unparsable),
        lost_write: sum(|it| it.lost_write),
        duplicate: sum(|it| it.duplicate),
        stale_read: sum(|it| it.stale_read),
        not_there: sum(|it| it.not_there),
        examples,
    }
}

/// What changes of memberships cost, read off the sums.
pub(super) fn cost(parts: &[Part], figures: &Figures) -> Vec<Cost> {
    let mut cells: Vec<Cost> = Vec::new();
    for cell in parts.iter().flat_map(|part| &part.record.cost) {
        let known = |it: &Cost| (it.members, it.batch) == (cell.members, cell.batch);
        if cells.iter().any(known) {
            continue;
        }
        let end = format!("[{}/{}]", cell.members, cell.batch);
        let of = (figures.operations.iter()).find(|operation| operation.name.ends_with(&end));
        cells.extend(of.map(|operation| Cost {
            count: operation.count,
            p50: operation.response.p50,
            p99: operation.response.p99,
            ..*cell
        }));
    }
    cells.sort_by_key(|cell| (cell.members, cell.members.div_ceil(cell.batch.max(1))));
    cells
}

/// What the load was put on; what only some shards remark bears their name.
pub(super) fn target(parts: &[Part]) -> LoadTarget {
    let mut target = parts
        .first()
        .map(|part| part.record.target.clone())
        .unwrap_or_default();
    let all = || parts.iter().map(|part| &part.record.target.remarks);
    let common = |remark: &String| all().all(|remarks| remarks.contains(remark));
    target.remarks.retain(common);
    let own = parts.iter().flat_map(|part| {
        let remarks = part.record.target.remarks.iter();
        remarks
            .filter(|it| !common(it))
            .map(|it| format!("{}: {it}", name(part)))
    });
    let own: Vec<String> = own.collect();
    target.remarks.extend(own);
    target
}

/// What clean-up did.
pub(super) fn cleanup(parts: &[Part]) -> Cleanup {
    let mut sum = Cleanup::default();
    for part in parts {
        let cleanup = &part.record.cleanup;
        sum.created = sum.created.saturating_add(cleanup.created);
        sum.deleted = sum.deleted.saturating_add(cleanup.deleted);
        sum.leftover.extend(cleanup.leftover.iter().cloned());
    }
    sum
}
