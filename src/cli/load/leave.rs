//! What a load run leaves behind: its record and its page, and what was asked for beside them.

use std::path::{Path, PathBuf};

use clap::Args;

use super::LOG;
use super::metrics::Metrics;
use crate::cli::config::Config;
use crate::cli::console::{Console, say};
use crate::cli::exit::{Exit, Failure};
use crate::cli::option::FormatArg;
use crate::cli::output;
use crate::record::load::LoadRecord;
use crate::report::{Format, LOAD_FORMATS, Options, load_file_name, render_load};

/// What a run leaves behind, or a merge of several.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct LeaveFlags {
    /// Report beside load.json and load.html: terminal, markdown; or one of the two elsewhere; may be repeated
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        env = "SCIMITAR_FORMAT",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) format: Vec<FormatArg>,
    /// Directory for the reports and load.hlog [default: a new one, scimitar-report/<stamp>-<host>, or <stamp>-merged]
    #[arg(
        short,
        long,
        alias = "out",
        value_name = "DIR",
        env = "SCIMITAR_OUTPUT",
        hide_env = true
    )]
    output: Option<PathBuf>,
}

impl LeaveFlags {
    /// The directory that the user names.
    pub(super) fn named(&self, config: &Config) -> Option<PathBuf> {
        self.output.clone().or_else(|| config.output.clone())
    }
}

/// The record and the page, and what was asked for beside them. One that is asked for elsewhere moves there.
///
/// # Errors
/// Where a format says nothing of load runs. Of those that the configuration names, for runs of all kinds, the others are left out.
pub(super) fn formats(
    asked: &[FormatArg],
    configured: &[FormatArg],
) -> Result<Vec<FormatArg>, Failure> {
    let is_ours = |arg: &&FormatArg| LOAD_FORMATS.contains(&arg.format);
    if let Some(other) = asked.iter().find(|arg| !is_ours(arg)) {
        return Err(not_of_load(other.format));
    }
    let asked = if asked.is_empty() { configured } else { asked };
    let asked: Vec<&FormatArg> = asked.iter().filter(is_ours).collect();
    let usual = [Format::Json, Format::Html].into_iter();
    let usual = usual.filter(|format| asked.iter().all(|arg| arg.format != *format));
    let usual = usual.map(|format| FormatArg { format, file: None });
    Ok(usual.chain(asked.iter().copied().cloned()).collect())
}

/// A format that says nothing of load runs.
pub(in crate::cli) fn not_of_load(format: Format) -> Failure {
    let known = LOAD_FORMATS.map(Format::name).join(", ");
    Failure::usage(format!(
        "cannot write a load run as {format}: it can be written as {known}"
    ))
}

/// The output directory, made and writable, with these files beside the reports, and the files that are asked for elsewhere.
///
/// # Errors
/// Where one is not.
pub(super) fn directory(
    named: Option<&Path>,
    host: &str,
    stamp: &str,
    formats: &[FormatArg],
    beside: &[&str],
) -> Result<PathBuf, Failure> {
    let within = formats.iter().filter(|arg| arg.file.is_none());
    let mut files: Vec<&str> = within
        .filter_map(|arg| load_file_name(arg.format))
        .collect();
    files.extend(beside);
    let directory = output::directory(named, host, stamp, &files)?;
    for path in formats.iter().filter_map(|arg| arg.file.as_deref()) {
        output::reserve(path)?;
    }
    Ok(directory)
}

/// What a run that ended leaves behind.
pub(super) struct Left<'a> {
    pub(super) record: &'a LoadRecord,
    pub(super) directory: &'a Path,
    pub(super) formats: &'a [FormatArg],
    /// Whether the log of histograms stands beside them.
    pub(super) log: bool,
}

impl Left<'_> {
    /// Writes the reports, shows the result, and gives the exit code.
    ///
    /// # Errors
    /// The first trouble that writing met; the others are written all the same.
    pub(super) fn conclude(
        &self,
        metrics: Option<Metrics>,
        console: Console,
    ) -> Result<u8, Failure> {
        let told = Metrics::close(metrics, self.record);
        let written = self.write();
        let text = render_load(Format::Terminal, self.record, &console.options());
        let text = text.map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        output::print(&text)?;
        let written = written?;
        told?;
        if !console.quiet {
            for line in written {
                say(&line);
            }
            if self.log {
                let log = self.directory.join(LOG);
                say(&format!("{:<9}{}", "hlog", log.display()));
            }
        }
        Ok(self.record.outcome.exit_code)
    }

    /// Writes all reports; each line says what was written.
    fn write(&self) -> Result<Vec<String>, Failure> {
        let mut written = Vec::new();
        let mut trouble = None;
        for arg in self.formats {
            let path = match (&arg.file, load_file_name(arg.format)) {
                (Some(file), _) => file.clone(),
                (None, Some(name)) => self.directory.join(name),
                (None, None) => continue,
            };
            let text = render_load(arg.format, self.record, &Options::default());
            let done = text
                .map_err(|error| error.to_string())
                .and_then(|text| std::fs::write(&path, text).map_err(|error| error.to_string()));
            match done {
                Ok(()) => written.push(format!("{:<9}{}", arg.format.name(), path.display())),
                Err(error) => {
                    let message = format!("cannot write {}: {error}", path.display());
                    trouble.get_or_insert(Failure::new(Exit::CannotWrite, message));
                }
            }
        }
        trouble.map_or(Ok(written), Err)
    }
}
