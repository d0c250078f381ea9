//! Whether records are all the shards of one run, each of them once and none at odds with itself.

use super::{Part, Refusal};
use crate::record::load::{LoadRecord, Operation, Shard};

/// Something that all shards of a run have in common: what it is called, and what a record says.
type Common = (&'static str, fn(&LoadRecord) -> String);

/// All of it.
const COMMON: &[Common] = &[
    ("numbers of shards", |it| {
        it.shard.map_or(0, |shard| shard.of).to_string()
    }),
    ("seeds", |it| it.seed.to_string()),
    ("profiles", |it| it.profile.name.clone()),
    ("targets", |it| it.target.base_url.clone()),
    ("versions of scimitar", |it| it.tool.version.clone()),
    ("profile files or their scenarios", |it| {
        it.profile.digest.clone()
    }),
    ("configurations (options, overlay)", |it| it.config.clone()),
    ("versions of HTTP", |it| it.target.http.clone()),
    ("warm-ups", |it| format!("{} ms", it.warm_up_ms)),
    ("thresholds", |it| it.unjudged.join(", ")),
];

/// Puts shards in order.
///
/// # Errors
/// Where one is none, one is of another run, one is there twice, or one is missing.
pub(super) fn check(parts: &mut [Part]) -> Result<(), Refusal> {
    for part in parts.iter() {
        if !part.record.merged.is_empty() {
            return Err(Refusal::Merged(part.file.clone()));
        }
        match part.record.shard {
            None => return Err(Refusal::Whole(part.file.clone())),
            Some(shard) if shard.index >= shard.of => {
                return Err(Refusal::Number {
                    file: part.file.clone(),
                    shard,
                });
            }
            Some(_) => {}
        }
    }
    let Some(first) = parts.first() else {
        return Err(Refusal::Nothing);
    };
    for (what, read) in COMMON {
        let expected = read(&first.record);
        if let Some(other) = parts.iter().find(|part| read(&part.record) != expected) {
            return Err(Refusal::Foreign {
                what,
                first: expected,
                first_file: first.file.clone(),
                second: read(&other.record),
                second_file: other.file.clone(),
            });
        }
    }
    parts.sort_by_key(|part| part.record.shard.map(|shard| shard.index));
    for pair in parts.windows(2) {
        if let [first, second] = pair
            && let Some(shard) = first.record.shard
            && first.record.shard == second.record.shard
        {
            return Err(Refusal::Double {
                shard,
                first: first.file.clone(),
                second: second.file.clone(),
            });
        }
    }
    complete(parts)
}

/// Whether the counts of a record go with its histograms, which can be read, and with each other.
///
/// # Errors
/// Where they do not.
pub(super) fn agrees(part: &Part) -> Result<(), Refusal> {
    let odd = |what: String| {
        Err(Refusal::Odd {
            file: part.file.clone(),
            what,
        })
    };
    let record = &part.record;
    for one in record.operations.iter().chain([&record.total]) {
        let name = match one.name.as_str() {
            "" => "all requests",
            name => name,
        };
        let count = one.count;
        // The lateness is that of all requests, each of the others that of some.
        if one.lateness.count != count {
            let held = one.lateness.count;
            return odd(format!(
                "it counts {count} for {name}, and its histogram of `lateness` holds {held}"
            ));
        }
        let some = [
            ("of `service`", one.service.count),
            ("of `response`", one.response.count),
            ("of `headers`", one.headers.count),
            ("of errors", one.errors.count),
        ];
        if let Some((what, more)) = some.into_iter().find(|(_, some)| *some > count) {
            return odd(format!(
                "it counts {count} for {name}, and {what} there are {more}"
            ));
        }
    }
    let sum = |of: fn(&Operation) -> u64| -> u128 {
        record.operations.iter().map(of).map(u128::from).sum()
    };
    let (counted, in_time) = (sum(|it| it.count), sum(|it| it.in_time));
    let seen: u128 = (record.series.iter()).map(|it| u128::from(it.count)).sum();
    let total = &record.total;
    if counted != u128::from(total.count) {
        let total = total.count;
        return odd(format!(
            "it counts {total} requests, and {counted} by operation"
        ));
    }
    let within = u128::from(total.in_time);
    let is_good = record
        .operations
        .iter()
        .chain([total])
        .all(|it| it.good_in_time <= it.in_time);
    if in_time > within || within > seen || !is_good {
        return odd(format!(
            "it counts {within} requests that ended in time, {in_time} by operation and {seen} by second"
        ));
    }
    Ok(())
}

fn complete(parts: &[Part]) -> Result<(), Refusal> {
    let shards: Vec<Shard> = parts.iter().filter_map(|part| part.record.shard).collect();
    let of = shards.first().map_or(0, |shard| shard.of);
    let missing: Vec<String> = (0..of)
        .filter(|index| shards.iter().all(|shard| shard.index != *index))
        .map(|index| index.to_string())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let given: Vec<String> = (parts.iter().zip(&shards))
        .map(|(part, shard)| format!("{} ({shard})", part.file.display()))
        .collect();
    Err(Refusal::Missing {
        of,
        missing: format!("{} {verb}", missing.join(", ")),
        given: given.join(", "),
    })
}
