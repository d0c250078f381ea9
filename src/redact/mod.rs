//! Secrets become stable labels before anything is recorded.
//!
//! A [`Vault`] knows the run's secrets and where a target's schemas hide values. Everything that is
//! kept or shown passes it. Only `client` may call [`Vault::reveal`]; nothing else turns a label
//! back into its secret.

mod encoding;
mod field;
mod json;
mod vault;

pub use field::Fields;
pub use vault::{REDACTED, Vault};

#[cfg(test)]
mod tests;
