//! JSON Schemas (2020-12) of what SCIM sends: one of each message, as embedded files, and one of each
//! resource type, made from the target's own `/Schemas`.
//!
//! Compiles and judges nothing. Only keywords of the standard are used, so that any validator reads them.

mod message;
mod normal;
mod resource;
mod view;

pub use message::Message;
pub use normal::{normal, spelled};
pub use resource::{Openness, resource};
pub use view::View;
