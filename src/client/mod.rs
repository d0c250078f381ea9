//! The network: HTTP behind [`Session`](crate::session::Session).
//!
//! Turns a call into an exchange and every trouble into data. It follows no redirect, keeps no
//! cookie, sends no credential beyond the origin that the user named, and judges nothing.

mod address;
mod bearer;
mod connect;
pub mod credential;
mod decode;
mod failure;
mod forward;
mod pace;
mod record;
mod round;
mod route;
mod sender;
mod settings;
mod stack;
pub mod target;
mod tls;
mod wire;

pub use credential::{Credential, CredentialError, Sources};
pub use forward::{ForwardError, Forwarder, plain};
pub use pace::REMOTE_RPS;
pub use sender::Client;
pub use settings::{Gateway, Http, Limits, OAuth, Settings, Tls};
pub use stack::{ClientError, build as stack};
pub use target::{Target, TargetError};
pub use tls::connector;

#[cfg(test)]
pub(crate) mod bad_server;
#[cfg(test)]
mod tests;
