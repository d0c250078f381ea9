//! The formats that a record can be rendered in, and the one door to all of them.
//!
//! A new format is one file with a `render` and one line in each table here.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{html, json, junit, markdown, terminal};
use crate::record::RunRecord;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// The record itself.
    Json,
    /// One case a line.
    Ndjson,
    /// Jenkins' dialect of JUnit XML.
    Junit,
    /// A summary for a pull request or a CI step.
    Markdown,
    /// One self-contained page.
    Html,
}

impl Format {
    /// All formats, in the order in which help lists them.
    pub const ALL: [Self; 6] = [
        Self::Terminal,
        Self::Json,
        Self::Ndjson,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// Name of its file in an output directory: fixed, and never taken from the target.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Terminal => "report.txt",
            Self::Json => "run.json",
            Self::Ndjson => "cases.ndjson",
            Self::Junit => "junit.xml",
            Self::Markdown => "summary.md",
            Self::Html => "report.html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat::new(name))
    }
}

/// How a report for the terminal is laid out; the other formats ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Colour, as escape sequences. Nothing is told by colour alone.
    pub color: bool,
    /// Width in columns at which lines are folded.
    pub width: usize,
    /// Also the cases in which there was nothing to find.
    pub verbose: bool,
    /// Only verdicts and failures.
    pub quiet: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            verbose: false,
            quiet: false,
        }
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown report format `{name}`; known are {known}{suggestion}")]
pub struct UnknownFormat {
    name: String,
    known: String,
    suggestion: String,
}

impl UnknownFormat {
    fn new(name: &str) -> Self {
        let names = Format::ALL.map(Format::name);
        let near = names
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), known))
            .filter(|(distance, _)| *distance <= 2)
            .min();
        Self {
            name: name.to_owned(),
            known: names.join(", "),
            suggestion: near.map_or_else(String::new, |(_, known)| {
                format!("; did you mean `{known}`?")
            }),
        }
    }
}

/// Why a record could not be rendered.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The record does not serialise.
    #[error("write the record as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The template of the page does not render.
    #[error("render the page: {0}")]
    Html(#[from] minijinja::Error),
    /// The XML could not be written, not even its minimal form.
    #[error("write JUnit XML: {0}")]
    Junit(String),
}

/// Renders a record.
///
/// # Errors
/// Where the record can't be written in the format; never because of what a server sent.
pub fn render(
    format: Format,
    record: &RunRecord,
    options: &Options,
) -> Result<String, ReportError> {
    match format {
        Format::Terminal => Ok(terminal::render(record, options)),
        Format::Json => json::pretty(record),
        Format::Ndjson => json::lines(record),
        Format::Junit => junit::render(record),
        Format::Markdown => Ok(markdown::render(record)),
        Format::Html => html::render(record),
    }
}
