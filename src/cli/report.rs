//! `scimitar report`: another report of a run that was recorded.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::load::not_of_load;
use super::option::FormatArg;
use super::output;
use super::recorded::{self, Recorded};
use crate::record::{Conversation, RunRecord, Unreadable};
use crate::report::{Extent, Format, LOAD_FORMATS, Options, render, render_load};

/// Renders a recorded run again, from run.json, from load.json or, after a crash, from events.ndjson
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// run.json, load.json, events.ndjson, or the output directory of a run
    run: PathBuf,
    /// Format: terminal, json, html, junit, markdown, cases; har and ndjson hold the conversation, from exchanges.ndjson where that stands beside the record. A load run: terminal, json, html, markdown
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
    let (recorded, _) = recorded::read(&args.run)?;
    let options = match file {
        Some(_) => Options::default(),
        None => console.options(),
    };
    let text = match &recorded {
        Recorded::Run(record) if format.is_conversation() => {
            return conversation(*format, record, &directory(&args.run), file);
        }
        Recorded::Load(_) if !LOAD_FORMATS.contains(format) => return Err(not_of_load(*format)),
        Recorded::Run(record) => render(*format, record, &options),
        Recorded::Load(record) => render_load(*format, record, &options),
    };
    let text = text.map_err(|error| Failure::new(Exit::CannotWrite, format!("cannot {error}")))?;
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
