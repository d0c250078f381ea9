//! Judgements on every exchange, one file each.

use super::Invariant;

/// All invariants.
pub fn all() -> &'static [&'static dyn Invariant] {
    &[]
}
