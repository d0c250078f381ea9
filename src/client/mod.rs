//! The network: HTTP behind [`Session`](crate::session::Session).
//!
//! Turns a call into an exchange and every trouble into data. It follows no redirect, keeps no
//! cookie, sends no credential beyond the origin that the user named, and judges nothing.

pub mod credential;
mod settings;
pub mod target;

pub use credential::{CredentialError, Sources};
pub use settings::{Http, Limits, Settings, Tls};
pub use target::{Target, TargetError};
