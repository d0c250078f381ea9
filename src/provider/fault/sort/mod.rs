//! Mistakes of sorting.

mod resort;
mod sort_by_code_point;
mod sort_by_length;
mod sort_descending_ignored;
mod sort_descends_by_default;
mod sort_drops_unassigned;
mod sort_ignored;
mod sort_puts_unassigned_first;
mod sort_uses_the_first_value;
mod sort_uses_the_smallest_value;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    sort_by_code_point,
    sort_by_length,
    sort_descending_ignored,
    sort_descends_by_default,
    sort_drops_unassigned,
    sort_ignored,
    sort_puts_unassigned_first,
    sort_uses_the_first_value,
    sort_uses_the_smallest_value,
};
