//! Mistakes of creating resources.

mod create_refuses_read_only_values;
mod create_stores_before_checking;
mod created_values_truncated;
mod duplicate_create_overwrites;
mod duplicate_create_stored;
mod recreated_shows_old_values;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    create_refuses_read_only_values,
    create_stores_before_checking,
    created_values_truncated,
    duplicate_create_overwrites,
    duplicate_create_stored,
    recreated_shows_old_values,
};
