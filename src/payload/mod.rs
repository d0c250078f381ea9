//! What is sent: templates, fixtures, and their adaptation to the target.
//!
//! Adaptation touches fixtures and `given` only; a literal body is sent as it was written.

mod adapt;
mod body;
mod change;
mod draft;
mod fixture;
mod overlay;
mod scope;
mod template;

pub use body::{Adaptation, Change, Limit, Payload, Raw, Rendered, build};
#[cfg(feature = "net")]
pub(crate) use change::{merge, remove};
pub use draft::{Draft, render};
pub use fixture::{Fixture, LOCAL, MARKED};
pub use overlay::{Overlay, Patch, UserName};
pub use scope::{BUILT_IN, Marker, SETTINGS, Scope, is_built_in, is_setting};
pub use template::{MissingCapture, Names, Template, TemplateError};
#[cfg(feature = "net")]
pub(crate) use template::{PARAMETER, SEGMENT};
