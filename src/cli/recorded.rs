//! Reads what a run left behind: the record of a run of checks, or that of a load run.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::exit::Failure;
use crate::record::load::{self, LoadRecord};
use crate::record::stream::{EVENTS, read_events};
use crate::record::{RunRecord, replay};
use crate::report::{Format, load_file_name};
use crate::requirement::Catalogue;
use crate::run;

/// What a file holds.
pub(super) enum Recorded {
    /// Checks.
    Run(Box<RunRecord>),
    /// Load.
    Load(Box<LoadRecord>),
}

/// What every record begins with.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// What is the file, or the output directory of a run, with its name.
///
/// # Errors
/// Where there is no record, or one that this scimitar does not read.
pub(super) fn read(path: &Path) -> Result<(Recorded, String), Failure> {
    let path = place(path);
    let file = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::usage(format!("cannot read {file}: {error}")))?;
    if path.extension().is_some_and(|end| end == "ndjson") {
        let record = from_events(&file, &text)?;
        return Ok((Recorded::Run(Box::new(record)), file));
    }
    let unusable = |error: serde_json::Error| {
        Failure::usage(format!(
            "cannot use {file}: {error}\n  a record is the run.json of a run, its events.ndjson, or the load.json of a load run"
        ))
    };
    let head: Head = serde_json::from_str(&text).map_err(unusable)?;
    let record = match (head.format.as_str(), head.version) {
        ("scimitar.run", 1) => Recorded::Run(serde_json::from_str(&text).map_err(unusable)?),
        (load::FORMAT, load::VERSION) => {
            Recorded::Load(serde_json::from_str(&text).map_err(unusable)?)
        }
        (format, version) => {
            return Err(Failure::usage(format!(
                "cannot use {file}: it is {format} version {version}; this scimitar reads scimitar.run version 1 and {} version {}",
                load::FORMAT,
                load::VERSION
            )));
        }
    };
    Ok((record, file))
}

/// The record in a directory: whole ones first, then what a crash left.
fn place(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let load = load_file_name(Format::Json).unwrap_or_default();
    let whole = [Format::Json.file_name(), load].map(|name| path.join(name));
    let finished = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
    let events = path.join(EVENTS);
    whole.into_iter().find(finished).unwrap_or(events)
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
