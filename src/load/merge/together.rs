//! Whether shards put their load on the target at one time, and for how long.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Refusal};

/// How far apart shards may begin and still count as one: clocks, and machines that are a moment slower.
const APART: Duration = Duration::from_secs(1);

/// The same as a part of the run: a moment at either end of an hour changes nothing.
const SHARE: u32 = 100;

/// Reasons for which the load of a shard was not put on the target as planned.
const SPOILT: &[&str] = &[
    "generator-limited",
    "interrupted",
    "terminated",
    "nothing-judged",
];

/// When shards began.
pub(super) struct Span {
    /// When the first of them did, RFC 3339.
    pub(super) started: String,
    /// By how much each came after that, in the order of the shards.
    pub(super) behind: Vec<Duration>,
    /// Time that was measured.
    pub(super) measured: Duration,
    /// Whether they count as one.
    pub(super) is_one: bool,
}

/// When the shards of a run began, and how long it was measured.
///
/// # Errors
/// Where a beginning can't be read.
pub(super) fn span(parts: &[Part]) -> Result<Span, Refusal> {
    let read = parts.iter().map(|part| {
        let started = &part.record.started;
        started.parse().map_err(|_| Refusal::Odd {
            file: part.file.clone(),
            what: format!("`started` is no moment: `{started}`"),
        })
    });
    let moments: Vec<Timestamp> = read.collect::<Result<_, _>>()?;
    let first = moments.iter().min().copied().unwrap_or_default();
    let behind: Vec<Duration> = (moments.iter())
        .map(|moment| Duration::try_from(moment.duration_since(first)).unwrap_or_default())
        .collect();
    let measured: Vec<Duration> = parts
        .iter()
        .map(|part| Duration::from_millis(part.record.duration_ms))
        .collect();
    let longest = measured.iter().max().copied().unwrap_or_default();
    let spread = behind.iter().max().copied().unwrap_or_default();
    let ends = behind.iter().zip(&measured).map(|(late, ran)| *late + *ran);
    Ok(Span {
        started: format!("{first:.3}"),
        measured: if spread <= APART {
            longest
        } else {
            ends.max().unwrap_or_default()
        },
        is_one: spread <= APART + longest / SHARE,
        behind,
    })
}

/// Why the load that was asked for was not put on the target; the first reason alone.
pub(super) fn limited(parts: &[Part], span: &Span) -> Option<String> {
    let of = parts.iter().find_map(|part| {
        let record = &part.record;
        let spoilt = || {
            let reasons = &record.outcome.reasons;
            let is_spoilt = reasons.iter().any(|it| SPOILT.contains(&it.as_str()));
            let why = record.stopped.clone();
            is_spoilt.then(|| why.unwrap_or_else(|| "it sent nothing".to_owned()))
        };
        let why = record.generator.limited.clone().or_else(spoilt)?;
        Some(format!("{}: {why}", name(part)))
    });
    of.or_else(|| {
        let spread = span.behind.iter().max().copied().unwrap_or_default();
        (!span.is_one).then(|| {
            format!(
                "the shards began up to {:.1} s apart, so that their load was not put on the target at one time; --start-at keeps them together",
                spread.as_secs_f64()
            )
        })
    })
}

/// Why shards ended before their time.
pub(super) fn stopped(parts: &[Part]) -> Option<String> {
    let all: Vec<String> = parts
        .iter()
        .filter_map(|part| {
            let why = part.record.stopped.as_ref()?;
            Some(format!("{}: {why}", name(part)))
        })
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// `shard 2/4`.
pub(super) fn name(part: &Part) -> String {
    let shard = part.record.shard.map(|shard| shard.to_string());
    format!("shard {}", shard.unwrap_or_default())
}
