//! What a run looks like to its readers: terminal, JSON, JUnit, Markdown, HTML; and what was said in it, as HAR and NDJSON.
//!
//! Every report is a pure function of a saved [`RunRecord`](crate::record::RunRecord) and of
//! [`Options`]: it reads no clock, no file and no network, and it decides no outcome. Text that a
//! server sent is shown, never obeyed: [`escape`] makes it harmless before any format prints it.
//! Two parts do more: [`Progress`] writes while a run goes on, and [`write_conversation`] takes the exchanges
//! from where they are kept, which may be a file larger than memory.

mod conversation;
pub mod escape;
mod format;
mod har;
mod html;
mod json;
mod junit;
mod load;
mod markdown;
mod progress;
mod terminal;
mod view;
mod word;

pub use conversation::{Extent, write_conversation};
pub use format::{Format, Options, ReportError, UnknownFormat, render};
pub use load::{
    Conclusion, DIFF_FORMATS, DiffOptions, Finding, Incomparable, LOAD_FORMATS, LoadDiff,
    LoadMoment, Metric, OperationChange, WrongChange, diff_loads, load_file_name, load_metrics,
    load_moment_metrics, render_diff, render_load,
};
pub use progress::Progress;
