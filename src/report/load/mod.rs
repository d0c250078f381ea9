//! What a load run looks like to its readers: terminal, JSON, Markdown, HTML; and what a comparison of two says.
//!
//! Pure functions of a saved [`LoadRecord`], as all reports are.

mod chart;
mod diff;
mod figure;
mod markdown;
mod page;
mod prometheus;
mod terminal;

pub use diff::{
    Conclusion, DIFF_FORMATS, DiffOptions, Finding, Incomparable, LoadDiff, Metric,
    OperationChange, WrongChange, diff_loads, render_diff,
};

pub use prometheus::{LoadMoment, load_metrics, load_moment_metrics};

use super::{Format, Options, ReportError};
use crate::record::load::LoadRecord;

/// The formats that a load record can be rendered in.
pub const LOAD_FORMATS: [Format; 4] = [
    Format::Terminal,
    Format::Json,
    Format::Html,
    Format::Markdown,
];

/// Name of the file in the output directory of a load run; none where the format is not for load runs.
#[must_use]
pub fn load_file_name(format: Format) -> Option<&'static str> {
    match format {
        Format::Terminal => Some("load.txt"),
        Format::Json => Some("load.json"),
        Format::Html => Some("load.html"),
        Format::Markdown => Some("load.md"),
        Format::Cases | Format::Junit | Format::Har | Format::Ndjson => None,
    }
}

/// Renders a load record.
///
/// # Errors
/// Where the format is not for load runs, or the record can't be written in it.
pub fn render_load(
    format: Format,
    record: &LoadRecord,
    options: &Options,
) -> Result<String, ReportError> {
    match format {
        Format::Terminal => Ok(terminal::render(record, options)),
        Format::Json => Ok(serde_json::to_string_pretty(record)? + "\n"),
        Format::Html => page::render(record),
        Format::Markdown => Ok(markdown::render(record)),
        Format::Cases | Format::Junit | Format::Har | Format::Ndjson => {
            Err(ReportError::NotOfLoad(format))
        }
    }
}
