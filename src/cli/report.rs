//! `scimitar report`: another report of a run that was recorded.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::console::Console;
use super::exit::{Exit, Failure};
use super::output;
use crate::record::stream::read_events;
use crate::record::{RunRecord, replay};
use crate::report::{Format, Options, render};
use crate::requirement::Catalogue;
use crate::run;

/// Renders a recorded run again, from run.json or, after a crash, from events.ndjson
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// run.json, events.ndjson, or the output directory of a run
    run: PathBuf,
    /// Format: terminal, json, html, junit, markdown, ndjson
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Renders.
///
/// # Errors
/// Where the record can't be read or the report not be written.
pub(super) fn run(args: &Args, console: Console) -> Result<u8, Failure> {
    let record = read(&args.run)?;
    let options = match args.output {
        Some(_) => Options::default(),
        None => console.options(),
    };
    let text = render(args.format, &record, &options)
        .map_err(|error| Failure::new(Exit::CannotWrite, format!("cannot {error}")))?;
    match &args.output {
        None => output::print(&text)?,
        Some(path) => std::fs::write(path, text).map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            Failure::new(Exit::CannotCreate, message)
        })?,
    }
    Ok(Exit::Ok.into())
}

fn read(path: &std::path::Path) -> Result<RunRecord, Failure> {
    let mut path = path.to_owned();
    if path.is_dir() {
        let whole = path.join(Format::Json.file_name());
        let finished = std::fs::metadata(&whole).is_ok_and(|file| file.len() > 0);
        path = if finished {
            whole
        } else {
            path.join(crate::record::stream::EVENTS)
        };
    }
    let file = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::usage(format!("cannot read {file}: {error}")))?;
    let is_events = path.extension().is_some_and(|end| end == "ndjson");
    if is_events {
        return from_events(&file, &text);
    }
    let record: RunRecord = serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!(
            "cannot use {file}: {error}\n  a record is the run.json of a run, or its events.ndjson"
        ))
    })?;
    if record.format != "scimitar.run" || record.version != 1 {
        return Err(Failure::usage(format!(
            "cannot use {file}: it is {} version {}; this scimitar reads scimitar.run version 1",
            record.format, record.version
        )));
    }
    Ok(record)
}

fn from_events(file: &str, text: &str) -> Result<RunRecord, Failure> {
    let events = read_events(text).map_err(|(line, error)| {
        Failure::usage(format!(
            "cannot use {file}: line {line} is no event: {error}"
        ))
    })?;
    let catalogue = Catalogue::embedded().map_err(|error| Failure::usage(error.to_string()))?;
    replay(events, &catalogue, &run::offers)
        .map_err(|error| Failure::usage(format!("cannot use {file}: {error}")))
}
