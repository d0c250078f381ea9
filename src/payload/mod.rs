//! What is sent: templates, fixtures, and their adaptation to the target.
//!
//! Adaptation touches fixtures and `given` only; a literal body is sent as it was written.

mod draft;
mod scope;
mod template;

pub use draft::{Draft, render};
pub use scope::{BUILT_IN, Marker, Scope, is_built_in};
pub use template::{MissingCapture, Names, Template, TemplateError};

/// Where a body comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An embedded fixture (`user/minimal`), adapted to the target, marked, then changed.
    Fixture {
        /// Its name.
        name: String,
        /// What the scenario changes.
        change: Change,
    },
    /// A captured value (`u1.body`), changed.
    From {
        /// Name of the capture.
        name: String,
        /// What the scenario changes.
        change: Change,
    },
    /// A value as written, templates filled in.
    Literal(Draft),
    /// Text or bytes as written, templates filled in text.
    Raw(Raw),
}

/// Changes to a fixture or a captured value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// JSON Merge Patch (RFC 7396).
    pub with: Option<Draft>,
    /// JSON Pointers of what is taken away afterwards.
    pub without: Vec<String>,
}

/// A body that is no clean JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// Text with templates.
    Text(Template),
    /// Bytes as they stand.
    Bytes(Vec<u8>),
}
