//! Mistakes of PATCH.

mod active_cannot_be_switched;
mod aside;
mod groups_can_be_patched;
mod message;
mod meta_can_be_patched;
mod outcome;
mod patch_add_duplicates;
mod patch_add_duplicates_beside_others;
mod patch_add_keeps_the_old_value;
mod patch_add_needs_a_value_there;
mod patch_add_refuses_the_present;
mod patch_add_replaces_complex;
mod patch_add_replaces_the_same_type;
mod patch_add_replaces_values;
mod patch_add_takes_all_values;
mod patch_add_takes_the_first_match;
mod patch_adds_come_last;
mod patch_adds_to_one_path_last_wins;
mod patch_after_put_loses_extensions;
mod patch_answers_with_the_old_state;
mod patch_changes_fixed_labels;
mod patch_conflict_keeps_the_rest;
mod patch_drops_siblings;
mod patch_equal_part_refused;
mod patch_equal_value_refused;
mod patch_extension_unlisted;
mod patch_extension_unlisted_without_path;
mod patch_failed_operation_skipped;
mod patch_failure_answers_200;
mod patch_false_parts_ignored;
mod patch_filter_and_takes_left;
mod patch_filter_ignores_operator;
mod patch_filter_not_ignored;
mod patch_filter_not_skips_missing;
mod patch_filter_or_chooses_one_side;
mod patch_filter_or_takes_left;
mod patch_first_operation_only;
mod patch_fourth_operation_dropped;
mod patch_ignores_uniqueness;
mod patch_keeps_last_modified;
mod patch_last_operation_dropped;
mod patch_later_names_by_case;
mod patch_later_primary_not_demoted;
mod patch_message_schema_ignored;
mod patch_new_extension_drops_others;
mod patch_new_values_not_chosen;
mod patch_no_op_moves_last_modified;
mod patch_not_atomic;
mod patch_operations_by_case;
mod patch_pathless_extension_replaces_all;
mod patch_pathless_takes_one_member;
mod patch_primary_demotes_all;
mod patch_refreshes_created;
mod patch_remove_counts_what_is_gone;
mod patch_remove_of_nothing_answers_404;
mod patch_remove_skips_the_neighbour;
mod patch_remove_spares_the_named;
mod patch_remove_takes_all_values;
mod patch_remove_takes_the_first_match;
mod patch_remove_takes_the_first_value;
mod patch_removed_parts_come_back;
mod patch_replace_needs_a_value_there;
mod patch_replace_takes_the_first_match;
mod patch_replace_takes_two_matches;
mod patch_replace_with_nothing_ignored;
mod patch_replace_without_match_adds;
mod patch_replace_without_match_succeeds;
mod patch_replace_without_path_replaces_all;
mod patch_replaced_values_keep_their_parts;
mod patch_replaces_all_values;
mod patch_reverses_operations;
mod patch_shown_not_stored;
mod patch_stores_boolean_texts;
mod patch_stores_dotted_names;
mod patch_stores_unknown_paths;
mod patch_sub_attributes_in_capitals_ignored;
mod patch_third_failure_keeps_the_rest;
mod patch_unique_by_case;
mod patch_without_effect_dates_back;
mod patch_without_operations_succeeds;
mod patch_writes_read_only_groups;
mod primary_not_demoted;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    active_cannot_be_switched,
    groups_can_be_patched,
    meta_can_be_patched,
    patch_add_duplicates,
    patch_add_duplicates_beside_others,
    patch_add_keeps_the_old_value,
    patch_add_needs_a_value_there,
    patch_add_refuses_the_present,
    patch_add_replaces_complex,
    patch_add_replaces_the_same_type,
    patch_add_replaces_values,
    patch_add_takes_all_values,
    patch_add_takes_the_first_match,
    patch_adds_come_last,
    patch_adds_to_one_path_last_wins,
    patch_after_put_loses_extensions,
    patch_answers_with_the_old_state,
    patch_changes_fixed_labels,
    patch_conflict_keeps_the_rest,
    patch_drops_siblings,
    patch_equal_part_refused,
    patch_equal_value_refused,
    patch_extension_unlisted,
    patch_extension_unlisted_without_path,
    patch_failed_operation_skipped,
    patch_failure_answers_200,
    patch_false_parts_ignored,
    patch_filter_and_takes_left,
    patch_filter_ignores_operator,
    patch_filter_not_ignored,
    patch_filter_not_skips_missing,
    patch_filter_or_chooses_one_side,
    patch_filter_or_takes_left,
    patch_first_operation_only,
    patch_fourth_operation_dropped,
    patch_ignores_uniqueness,
    patch_keeps_last_modified,
    patch_last_operation_dropped,
    patch_later_names_by_case,
    patch_later_primary_not_demoted,
    patch_message_schema_ignored,
    patch_new_extension_drops_others,
    patch_new_values_not_chosen,
    patch_no_op_moves_last_modified,
    patch_not_atomic,
    patch_operations_by_case,
    patch_pathless_extension_replaces_all,
    patch_pathless_takes_one_member,
    patch_primary_demotes_all,
    patch_refreshes_created,
    patch_remove_counts_what_is_gone,
    patch_remove_of_nothing_answers_404,
    patch_remove_skips_the_neighbour,
    patch_remove_spares_the_named,
    patch_remove_takes_all_values,
    patch_remove_takes_the_first_match,
    patch_remove_takes_the_first_value,
    patch_removed_parts_come_back,
    patch_replace_needs_a_value_there,
    patch_replace_takes_the_first_match,
    patch_replace_takes_two_matches,
    patch_replace_with_nothing_ignored,
    patch_replace_without_match_adds,
    patch_replace_without_match_succeeds,
    patch_replace_without_path_replaces_all,
    patch_replaced_values_keep_their_parts,
    patch_replaces_all_values,
    patch_reverses_operations,
    patch_shown_not_stored,
    patch_stores_boolean_texts,
    patch_stores_dotted_names,
    patch_stores_unknown_paths,
    patch_sub_attributes_in_capitals_ignored,
    patch_third_failure_keeps_the_rest,
    patch_unique_by_case,
    patch_without_effect_dates_back,
    patch_without_operations_succeeds,
    patch_writes_read_only_groups,
    primary_not_demoted,
};
