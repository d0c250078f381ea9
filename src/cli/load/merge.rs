//! `scimitar load merge`: the shards of a run as one record, judged once.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args as ClapArgs;
use hdrhistogram::Histogram;
use jiff::Timestamp;

use super::{LOG, blame, leave, settle};
use crate::cli::config::Config;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::option::FormatArg;
use crate::load::histogram::Log;
use crate::load::merge::{self, Part};
use crate::record::Tool;
use crate::record::load::{FORMAT, LoadRecord, VERSION};
use crate::report::load_file_name;
use crate::run::outcome::{Reason, conclude as concluded};
use crate::suite::load::Threshold;

/// Name of the record in the output directory of a shard.
const RECORD: &str = "load.json";

/// Reasons of a shard that say something of the target, and so of the whole.
const KEPT: &[Reason] = &[
    Reason::AuthNeverAccepted,
    Reason::TargetLost,
    Reason::Throttled,
    Reason::ThresholdCrossed,
];

/// Adds the records of all shards of a load run, and judges its thresholds once
///
/// Exit codes: those of a run: 0 every threshold held; 2 these are not all the shards of one run; 3 a shard was the limit,
/// was stopped or came too late; 6 a threshold was crossed; 7 a shard left resources behind; 73 and 74 output can't be
/// created or written.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// The record of each shard: its load.json, or the directory that holds it
    #[arg(required = true, value_name = "SHARD")]
    shards: Vec<PathBuf>,
    #[command(flatten)]
    leave: leave::LeaveFlags,
    /// What must hold, in place of the thresholds of the shards; may be repeated
    #[arg(long, value_name = "TEXT")]
    threshold: Vec<String>,
    /// A word of yours that stands in the record, in place of that of the shards
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
}

/// Runs the command: its exit code.
///
/// # Errors
/// Where the shards are not whole, or the record can't be written.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let files: Vec<PathBuf> = args.shards.iter().map(|path| record_in(path)).collect();
    let parts = files.iter().map(|file| part(file));
    let parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
    let thresholds = args.threshold.iter().map(|text| settle::threshold(text));
    let thresholds: Vec<Threshold> = thresholds.collect::<Result<_, _>>()?;
    let own = (!thresholds.is_empty()).then_some(thresholds.as_slice());
    let tool = Tool {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite_digest: (parts.first())
            .map(|part| part.record.tool.suite_digest.clone())
            .unwrap_or_default(),
    };
    let told = reasons(&parts);
    let merge::Whole {
        mut record,
        seconds,
    } = merge::merge(parts, tool, own)
        .map_err(|refusal| Failure::usage(format!("cannot merge: {refusal}")))?;
    if let Some(label) = &args.label {
        record.label.clone_from(label);
    }
    record.outcome = concluded(met(&record, told));
    let formats = leave::formats(&args.leave.format, &config.format)?;
    let directory = directory(args, config, &files, &formats)?;
    let log = directory.join(LOG);
    let logged = write(&log, &record.started, &seconds);
    let left = leave::Left {
        record: &record,
        directory: &directory,
        formats: &formats,
        log: logged.is_ok(),
    };
    let code = left.conclude(None, console)?;
    logged.map_err(|error| {
        let message = format!("cannot write {}: {error}", log.display());
        Failure::new(Exit::CannotWrite, message)
    })?;
    Ok(code)
}

/// Writes the response times of all seconds as a log of histograms.
fn write(file: &Path, started: &str, seconds: &[(u64, Histogram<u64>)]) -> io::Result<()> {
    let start: Timestamp = started.parse().map_err(io::Error::other)?;
    let file = BufWriter::new(File::create(file)?);
    let mut log = Log::begin(Box::new(file), start)?;
    for (at, times) in seconds {
        log.write(*at, Duration::from_secs(1), times, std::iter::empty())?;
    }
    log.finish()
}

/// The record in a directory, or the file itself.
fn record_in(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(RECORD)
    } else {
        path.to_owned()
    }
}

fn part(file: &Path) -> Result<Part, Failure> {
    let refuse = |why: String| Failure::usage(format!("cannot read {}: {why}", file.display()));
    let text = std::fs::read(file).map_err(|error| refuse(error.to_string()))?;
    let value: serde_json::Value = serde_json::from_slice(&text)
        .map_err(|error| refuse(format!("it is no whole JSON: {error}")))?;
    let member = |name: &str| value.get(name).cloned().unwrap_or_default();
    let (format, version) = (member("format"), member("version"));
    if format != FORMAT {
        return Err(refuse(
            "it is no record of a load run, which scimitar writes as load.json".to_owned(),
        ));
    }
    if version != VERSION {
        return Err(refuse(format!(
            "it is of version {version}, and this scimitar reads version {VERSION}"
        )));
    }
    let record: LoadRecord = serde_json::from_value(value)
        .map_err(|error| refuse(format!("it is not as scimitar writes it: {error}")))?;
    Ok(Part {
        file: file.to_owned(),
        record,
    })
}

/// The output directory; never one that would write over a shard.
fn directory(
    args: &Args,
    config: &Config,
    files: &[PathBuf],
    formats: &[FormatArg],
) -> Result<PathBuf, Failure> {
    let named = args.leave.named(config);
    let within = |arg: &FormatArg| Some(named.as_ref()?.join(load_file_name(arg.format)?));
    let targets = formats.iter();
    let targets = targets.filter_map(|arg| arg.file.clone().or_else(|| within(arg)));
    let targets: Vec<PathBuf> = targets.filter_map(|it| it.canonicalize().ok()).collect();
    let lost = files
        .iter()
        .find(|file| (file.canonicalize()).is_ok_and(|it| targets.contains(&it)));
    if let Some(file) = lost {
        return Err(Failure::usage(format!(
            "the merged record would be written over {}\n  name another directory with --output",
            file.display()
        )));
    }
    let stamp = Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ").to_string();
    leave::directory(named.as_deref(), "merged", &stamp, formats, &[LOG])
}

/// The reasons of shards that are those of the whole.
fn reasons(parts: &[Part]) -> Vec<Reason> {
    let words = || parts.iter().flat_map(|part| &part.record.outcome.reasons);
    let told = |reason: &Reason| words().any(|word| word == reason.word());
    KEPT.iter().copied().filter(told).collect()
}

/// All reasons of the whole.
fn met(record: &LoadRecord, mut told: Vec<Reason>) -> Vec<Reason> {
    // A shard that was given up because too much failed has judged as much.
    let given_up = told.contains(&Reason::ThresholdCrossed);
    let crossed = record.thresholds.iter().any(|it| !it.held);
    let met = [
        (Reason::NothingJudged, record.total.count == 0 && !given_up),
        (
            Reason::GeneratorLimited,
            record.generator.limited.is_some() || blame::is_open(record),
        ),
        (
            Reason::StockNotThere,
            crossed && record.correctness.not_there > 0,
        ),
        (Reason::ThresholdCrossed, crossed),
        (
            Reason::CleanupIncomplete,
            !record.cleanup.leftover.is_empty(),
        ),
    ];
    let met = met.into_iter().filter(|(_, is)| *is);
    told.extend(met.map(|(reason, _)| reason));
    told
}
