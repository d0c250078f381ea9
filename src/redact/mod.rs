//! Secrets become stable labels before anything is recorded.
//!
//! A [`Vault`] knows the run's secrets and where a target's schemas hide values. Everything that is
//! kept or shown passes it. Only what carries a request may call [`Vault::reveal`]: the client, and
//! the session of the embedded provider. Nothing else turns a label back into its secret.

mod encoding;
mod field;
mod json;
mod vault;

pub use field::Fields;
pub use vault::{REDACTED, Vault};

#[cfg(test)]
mod tests;
