//! The record of a run over several machines, out of the records of its shards.
//!
//! Histograms and counts are added exactly; percentiles are read off the sums and never averaged. What can't be added
//! (a shard that is missing, is there twice, or is of another run) is refused. Thresholds are judged once, on the whole.
//! Nothing here reads a file, prints, or decides the exit code.

mod check;
mod series;
mod sum;
#[cfg(test)]
mod tests;
mod together;

use std::path::PathBuf;

use hdrhistogram::Histogram;

use crate::load::histogram::Figures;
use crate::load::threshold;
use crate::record::Tool;
use crate::record::load::{LoadRecord, Merged, Shard, Unreadable};
use crate::suite::load::Threshold;

/// A record, and the file that it was read from.
#[derive(Clone, Debug)]
pub struct Part {
    /// The file, as the user named it.
    pub file: PathBuf,
    /// What stands in it.
    pub record: LoadRecord,
}

/// Why records can't be merged. Fragments that follow "cannot merge: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record at all.
    #[error("no shard is named")]
    Nothing,
    /// A whole run.
    #[error("{} is of a whole run, not of a shard: it was run without --shard", .0.display())]
    Whole(PathBuf),
    /// A record that was merged.
    #[error("{} was merged already", .0.display())]
    Merged(PathBuf),
    /// A record that contradicts itself.
    #[error("{} says that it is shard {shard}: shards count from 0", .file.display())]
    Number {
        /// Its file.
        file: PathBuf,
        /// What it says.
        shard: Shard,
    },
    /// Shards of different runs.
    #[error(
        "these are shards of different runs: their {what} differ\n  {first} in {}\n  {second} in {}",
        .first_file.display(), .second_file.display()
    )]
    Foreign {
        /// What differs.
        what: &'static str,
        /// What the first says.
        first: String,
        /// Its file.
        first_file: PathBuf,
        /// What the other says.
        second: String,
        /// Its file.
        second_file: PathBuf,
    },
    /// The same shard twice.
    #[error("{} and {} are both shard {shard}", .first.display(), .second.display())]
    Double {
        /// Which.
        shard: Shard,
        /// A file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Some are missing.
    #[error("of {of} shards {missing} missing\n  named were {given}")]
    Missing {
        /// How many there should be.
        of: u32,
        /// Which are not there, in words.
        missing: String,
        /// Those that are, with their files.
        given: String,
    },
    /// A histogram that can't be read.
    #[error("{} can't be read: the histogram of {place}: {why}", .file.display())]
    Histogram {
        /// Its file.
        file: PathBuf,
        /// Where it stands.
        place: String,
        /// Why.
        why: Unreadable,
    },
    /// Something else that is not as scimitar writes it.
    #[error("{} can't be read: {what}", .file.display())]
    Odd {
        /// Its file.
        file: PathBuf,
        /// What is odd.
        what: String,
    },
}

/// A run of several shards.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What the shards measured together; its outcome is left open.
    pub record: LoadRecord,
    /// The response times of all operations in each second of its series.
    pub seconds: Vec<(u64, Histogram<u64>)>,
}

/// Merges the shards of a run. `thresholds` stand in place of those that the shards name.
///
/// # Errors
/// Where they are not all the shards of one run, or one can't be read.
pub fn merge(
    mut parts: Vec<Part>,
    tool: Tool,
    thresholds: Option<&[Threshold]>,
) -> Result<Whole, Refusal> {
    check::check(&mut parts)?;
    let Some(first) = parts.first() else {
        return Err(Refusal::Nothing);
    };
    let span = together::span(&parts)?;
    let operations = sum::operations(&parts, span.measured)?;
    let total = sum::total(&parts, span.measured)?;
    let (series, times): (Vec<_>, Vec<_>) = series::series(&parts, &span)?.into_iter().unzip();
    parts.iter().try_for_each(check::agrees)?;
    let seconds = (series.iter().map(|second| second.at)).zip(times).collect();
    let figures = Figures {
        series,
        series_hdr: Vec::new(),
        operations,
        total,
    };
    let named = named(first)?;
    let wanted = match thresholds {
        Some(own) => Threshold::in_place_of(own, &named),
        None => named,
    };
    let judged = threshold::judge(&wanted, &figures, span.measured.as_secs_f64());
    let record = first.record.clone();
    let mut generator = sum::generator(&parts)?;
    generator.limited = together::limited(&parts, &span);
    generator.held_up = generator.held_up.filter(|_| generator.limited.is_none());
    let record = LoadRecord {
        config: record.config,
        label: record.label,
        started: span.started.clone(),
        duration_ms: u64::try_from(span.measured.as_millis()).unwrap_or(u64::MAX),
        warm_up_ms: record.warm_up_ms,
        target: sum::target(&parts),
        profile: record.profile,
        settings: record.settings,
        cost: sum::cost(&parts, &figures),
        operations: figures.operations,
        total: figures.total,
        series: figures.series,
        generator,
        correctness: sum::correctness(&parts),
        thresholds: judged,
        stopped: together::stopped(&parts),
        cleanup: sum::cleanup(&parts),
        merged: parts.iter().map(told).collect(),
        ..LoadRecord::new(tool, record.seed)
    };
    Ok(Whole { record, seconds })
}

/// The thresholds that the shards leave open; those of all are the same, as their configuration is.
fn named(part: &Part) -> Result<Vec<Threshold>, Refusal> {
    let read = part.record.unjudged.iter().map(|text| {
        Threshold::parse(text).map_err(|error| Refusal::Odd {
            file: part.file.clone(),
            what: format!("the threshold `{text}`: {}", error.problem),
        })
    });
    read.collect()
}

fn told(part: &Part) -> Merged {
    let record = &part.record;
    Merged {
        index: record.shard.map_or(0, |shard| shard.index),
        run: record.run.clone(),
        started: record.started.clone(),
        duration_ms: record.duration_ms,
        count: record.total.count,
        stopped: record.stopped.clone(),
        reasons: record.outcome.reasons.clone(),
    }
}
