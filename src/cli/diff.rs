//! `scimitar diff`: what changed from one load run to another.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::console::Console;
use super::exit::{Exit, Failure};
use super::option::FormatArg;
use super::output;
use super::recorded::{self, Recorded};
use crate::record::load::LoadRecord;
use crate::report::{
    Conclusion, DIFF_FORMATS, DiffOptions, Format, Options, diff_loads, render_diff,
};

/// Compares two load runs of the same profile: what changed from A to B, and whether noise explains it
///
/// Exit codes: 0 nothing is worse beyond the tolerance; 1 something is; 2 wrong usage, or the runs can't be compared;
/// 3 no verdict, because a run says nothing about its target or is too short; 73 and 74 output can't be created or written.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// load.json, or the output directory, of the run before
    a: PathBuf,
    /// The same of the run after
    b: PathBuf,
    /// How much worse a figure may get, as a percentage of what it was
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = percentage)]
    tolerance: f64,
    /// Seed of the statistics
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Format: terminal, json, markdown
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "terminal")]
    format: FormatArg,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A percentage on the command line, as a share.
fn percentage(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').map(str::trim_end);
    let number = number.and_then(|number| number.parse::<f64>().ok());
    number
        .filter(|number| (0.0..=1_000.0).contains(number))
        .map(|number| number / 100.0)
        .ok_or_else(|| "write a percentage from 0% to 1000%: 5%".to_owned())
}

/// Compares.
///
/// # Errors
/// Where a record can't be read, the runs can't be compared, or the result can't be written.
pub(super) fn run(args: &Args, console: Console) -> Result<u8, Failure> {
    let FormatArg { format, file } = &args.format;
    if file.is_some() && args.output.is_some() {
        return Err(Failure::usage(
            "the file is named twice: write --format FORMAT=FILE or --output FILE",
        ));
    }
    if !DIFF_FORMATS.contains(format) {
        let known = DIFF_FORMATS.map(Format::name).join(", ");
        return Err(Failure::usage(format!(
            "cannot write a comparison as {format}: it can be written as {known}"
        )));
    }
    let (a, b) = (record(&args.a)?, record(&args.b)?);
    let how = DiffOptions {
        tolerance: args.tolerance,
        seed: args.seed,
    };
    let diff = diff_loads(&a, &b, how)
        .map_err(|error| Failure::usage(format!("cannot compare the runs: {error}")))?;
    let file = file.as_deref().or(args.output.as_deref());
    let options = match file {
        Some(_) => Options::default(),
        None => console.options(),
    };
    let text = render_diff(*format, &diff, &options)
        .map_err(|error| Failure::new(Exit::CannotWrite, format!("cannot {error}")))?;
    match file {
        None => output::print(&text)?,
        Some(path) => std::fs::write(path, text).map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            Failure::new(Exit::CannotCreate, message)
        })?,
    }
    let exit = match diff.conclusion {
        Conclusion::NoVerdict => Exit::Invalid,
        Conclusion::Regression => Exit::Failed,
        Conclusion::Tolerated | Conclusion::Improvement | Conclusion::NoDifference => Exit::Ok,
    };
    Ok(exit.into())
}

fn record(path: &Path) -> Result<LoadRecord, Failure> {
    match recorded::read(path)? {
        (Recorded::Load(record), _) => Ok(*record),
        (Recorded::Run(_), file) => Err(Failure::usage(format!(
            "cannot compare {file}: it is the record of a run of checks\n  diff compares load runs: give the load.json of each"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_a_percentage() {
        for (text, share) in [
            ("5%", Some(0.05)),
            ("0%", Some(0.0)),
            ("2.5 %", Some(0.025)),
            ("5", None),
            ("-1%", None),
            ("NaN%", None),
            ("%", None),
        ] {
            assert_eq!(percentage(text).ok(), share, "{text}");
        }
    }
}
