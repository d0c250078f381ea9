//! The formats that a record can be rendered in, and the one door to all of them.
//!
//! A new format is one file with a `render` and one line in each table here.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::conversation::{Extent, write_conversation};
use super::{html, json, junit, markdown, terminal};
use crate::record::{Conversation, RunRecord, Unreadable};

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// The record itself.
    Json,
    /// One case a line.
    Cases,
    /// Jenkins' dialect of JUnit XML.
    Junit,
    /// A summary for a pull request or a CI step.
    Markdown,
    /// One self-contained page.
    Html,
    /// What was sent and answered, as HTTP Archive 1.2.
    Har,
    /// What was sent and answered, one exchange a line.
    Ndjson,
}

impl Format {
    /// All formats, in the order in which help lists them.
    pub const ALL: [Self; 8] = [
        Self::Terminal,
        Self::Json,
        Self::Html,
        Self::Junit,
        Self::Markdown,
        Self::Cases,
        Self::Har,
        Self::Ndjson,
    ];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Cases => "cases",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Har => "har",
            Self::Ndjson => "ndjson",
        }
    }

    /// Whether it shows what was sent and answered rather than what was found, and can hold more than the record.
    pub fn is_conversation(self) -> bool {
        matches!(self, Self::Har | Self::Ndjson)
    }

    /// Name of its file in an output directory: fixed, and never taken from the target.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Terminal => "report.txt",
            Self::Json => "run.json",
            Self::Cases => "cases.ndjson",
            Self::Junit => "junit.xml",
            Self::Markdown => "summary.md",
            Self::Html => "report.html",
            Self::Har => "conversation.har",
            Self::Ndjson => "conversation.ndjson",
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
    /// The format has nothing to say of a load run.
    #[error("write a load run as {0}: it can be written as terminal, json, html and markdown")]
    NotOfLoad(Format),
    /// The format has nothing to say of a comparison.
    #[error("write a comparison as {0}: it can be written as terminal, json and markdown")]
    NotOfDiff(Format),
    /// The conversation could not be read or written.
    #[error("write the conversation: {0}")]
    Conversation(#[from] Unreadable),
}

/// Renders a record. A conversation holds the exchanges that the record keeps.
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
        Format::Cases => json::lines(record),
        Format::Junit => junit::render(record),
        Format::Markdown => Ok(markdown::render(record)),
        Format::Html => html::render(record),
        Format::Har | Format::Ndjson => {
            let mut bytes = Vec::new();
            let mut kept = Conversation::of(record);
            write_conversation(format, record, &mut kept, Extent::Cited, &mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}
