//! Mistakes of bulk requests.

pub(super) mod batch;
mod bulk_circles_crash;
mod bulk_data_optional;
mod bulk_fail_on_errors_counts_operations;
mod bulk_fail_on_errors_ignored;
mod bulk_forgets_references_after_a_delete;
mod bulk_forward_references_dropped;
mod bulk_ids_in_extensions_stored;
mod bulk_ids_stored;
mod bulk_methods_unchecked;
mod bulk_patches_before_it_replaces;
mod bulk_patches_once;
mod bulk_paths_unchecked;
mod bulk_stops_at_the_first_error;
mod bulk_takes_a_higher_limit_for_one;
mod bulk_unknown_references_stored;
mod bulk_versions_ignored;
mod bulk_without_operations_accepted;
mod ids_hold_the_word_bulk_id;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    bulk_circles_crash,
    bulk_data_optional,
    bulk_fail_on_errors_counts_operations,
    bulk_fail_on_errors_ignored,
    bulk_forgets_references_after_a_delete,
    bulk_forward_references_dropped,
    bulk_ids_in_extensions_stored,
    bulk_ids_stored,
    bulk_methods_unchecked,
    bulk_patches_before_it_replaces,
    bulk_patches_once,
    bulk_paths_unchecked,
    bulk_stops_at_the_first_error,
    bulk_takes_a_higher_limit_for_one,
    bulk_unknown_references_stored,
    bulk_versions_ignored,
    bulk_without_operations_accepted,
    ids_hold_the_word_bulk_id,
};
