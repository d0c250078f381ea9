//! What a run looks like to its readers: terminal, JSON, NDJSON, JUnit, Markdown, HTML.
//!
//! Every report is a pure function of a saved [`RunRecord`](crate::record::RunRecord) and of
//! [`Options`]: it reads no clock, no file and no network, and it decides no outcome. Text that a
//! server sent is shown, never obeyed: [`escape`] makes it harmless before any format prints it.
//! The one part that writes while a run goes on is [`Progress`], fed by cases as they finish.

pub mod escape;
mod format;
mod html;
mod json;
mod junit;
mod markdown;
mod progress;
mod terminal;
mod view;
mod word;

pub use format::{Format, Options, ReportError, UnknownFormat, render};
pub use progress::Progress;
