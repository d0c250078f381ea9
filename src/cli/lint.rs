//! `scimitar lint`: is a folder of scenarios sound?

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::output;
use super::value::counted;
use crate::check::expect;
use crate::requirement::Catalogue;
use crate::suite::{self, Vocabulary};

/// Checks a folder of scenarios without running them
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// The folder, laid out as for --suite
    directory: PathBuf,
}

/// Lints; every mistake has file, line, column and caret.
///
/// # Errors
/// Where the folder can't be read, or a mistake was found.
pub(super) fn run(args: &Args, console: Console) -> Result<u8, Failure> {
    let bad = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let catalogue = Catalogue::embedded().map_err(|error| bad(&error))?;
    // The folder of scimitar's own suites brings the requirements that are known already.
    let catalogue = catalogue
        .clone()
        .with_suite(&args.directory)
        .unwrap_or(catalogue);
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &catalogue,
    };
    let linted = suite::lint(&args.directory, &vocabulary).map_err(|error| bad(&error))?;
    let color = console.stderr_color();
    for found in &linted.found {
        say(found.render(color).trim_end());
    }
    if !linted.found.is_empty() {
        let mistakes = counted(linted.found.len(), "mistake");
        let files = counted(linted.files, "scenario file");
        return Err(Failure::usage(format!("{mistakes} in {files}")));
    }
    output::print(&format!(
        "{}, {}: no mistakes\n",
        counted(linted.files, "scenario file"),
        counted(linted.cases, "case")
    ))?;
    Ok(Exit::Ok.into())
}
