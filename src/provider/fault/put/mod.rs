//! Mistakes of replacing resources.

mod id_can_be_replaced;
mod put_adopts_meta;
mod put_answers_with_the_old_state;
mod put_appends_values;
mod put_changes_nothing;
mod put_clears_a_required_value;
mod put_creates;
mod put_fills_values_of_the_same_type;
mod put_half_applied;
mod put_ignores_parts_in_other_case;
mod put_ignores_uniqueness;
mod put_keeps_a_required_value;
mod put_keeps_an_extension_beside_null;
mod put_keeps_emptied_values;
mod put_keeps_last_modified;
mod put_keeps_omitted_extensions;
mod put_keeps_omitted_values;
mod put_loses_lists_beside_a_new_extension;
mod put_refreshes_created;
mod put_refuses_read_only_values;
mod put_sets_no_immutable_values;
mod put_takes_wrong_types;
mod put_unchanged_drops_extensions;
mod put_unique_by_case;
mod put_unsupported;
mod put_writes_read_only_groups;
mod replaced_immutable_values_change;
mod replaced_immutable_values_ignored;
mod title_is_fixed;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    id_can_be_replaced,
    put_adopts_meta,
    put_answers_with_the_old_state,
    put_appends_values,
    put_changes_nothing,
    put_clears_a_required_value,
    put_creates,
    put_fills_values_of_the_same_type,
    put_half_applied,
    put_ignores_parts_in_other_case,
    put_ignores_uniqueness,
    put_keeps_a_required_value,
    put_keeps_an_extension_beside_null,
    put_keeps_emptied_values,
    put_keeps_last_modified,
    put_keeps_omitted_extensions,
    put_keeps_omitted_values,
    put_loses_lists_beside_a_new_extension,
    put_refreshes_created,
    put_refuses_read_only_values,
    put_sets_no_immutable_values,
    put_takes_wrong_types,
    put_unchanged_drops_extensions,
    put_unique_by_case,
    put_unsupported,
    put_writes_read_only_groups,
    replaced_immutable_values_change,
    replaced_immutable_values_ignored,
    title_is_fixed,
};
