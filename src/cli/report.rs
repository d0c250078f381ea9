//! `scimitar report`: another report of a run that was recorded.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::option::FormatArg;
use super::output;
use crate::record::stream::read_events;
use crate::record::{Conversation, RunRecord, Unreadable, replay};
use crate::report::{Extent, Format, Options, render};
use crate::requirement::Catalogue;
use crate::run;

/// Renders a recorded run again, from run.json or, after a crash, from events.ndjson
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// run.json, events.ndjson, or the output directory of a run
    run: PathBuf,
    /// Format: terminal, json, html, junit, markdown, cases; har and ndjson hold the conversation, from exchanges.ndjson where that stands beside the record
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "terminal")]
    format: FormatArg,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Renders.
///
/// # Errors
/// Where the record can't be read or the report not be written.
pub(super) fn run(args: &Args, console: Console) -> Result<u8, Failure> {
    let FormatArg { format, file } = &args.format;
    if file.is_some() && args.output.is_some() {
        return Err(Failure::usage(
            "the file is named twice: write --format FORMAT=FILE or --output FILE",
        ));
    }
    let file = file.as_deref().or(args.output.as_deref());
    let record = read(&args.run)?;
    if format.is_conversation() {
        return conversation(*format, &record, &directory(&args.run), file);
    }
    let options = match file {
        Some(_) => Options::default(),
        None => console.options(),
    };
    let text = render(*format, &record, &options)
        .map_err(|error| Failure::new(Exit::CannotWrite, format!("cannot {error}")))?;
    match file {
        None => output::print(&text)?,
        Some(path) => std::fs::write(path, text).map_err(|error| cannot_create(path, &error))?,
    }
    Ok(Exit::Ok.into())
}

/// Writes the conversation: all of it where the stream of the run is at hand, else what the record keeps.
fn conversation(
    format: Format,
    record: &RunRecord,
    directory: &Path,
    file: Option<&Path>,
) -> Result<u8, Failure> {
    let (said, extent, why) = match Conversation::read(directory, record) {
        Ok(said) => (said, Extent::All, String::new()),
        Err(why @ (Unreadable::Absent | Unreadable::OfAnother)) => {
            let why = format!(", because {} in {}", why, directory.display());
            (Conversation::of(record), Extent::Cited, why)
        }
        Err(error) => return Err(Failure::usage(format!("cannot use {error}"))),
    };
    let written = match file {
        Some(path) => output::converse(format, record, said, extent, path)
            .map_err(|error| cannot_create(path, &error)),
        None => output::converse_aloud(format, record, said, extent),
    };
    say(&format!("{format}: {}{why}", written?));
    Ok(Exit::Ok.into())
}

fn cannot_create(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let message = format!("cannot write {}: {error}", path.display());
    Failure::new(Exit::CannotCreate, message)
}

/// Where the streams of a run stand, if they were kept.
fn directory(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_owned();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn read(path: &Path) -> Result<RunRecord, Failure> {
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
