//! The faults that there are: those in code, one file each, and those in data.
//!
//! A new leaf needs its file and its line here; a test finds the forgotten line.

use std::sync::Arc;

use super::{Declaration, Fault, data, profile};

/// Declares a leaf.
type Declare = fn() -> Declaration;

/// Names the leaves once: file name and declaration.
macro_rules! leaves {
    ($($leaf:ident,)*) => { &[$((stringify!($leaf), super::$leaf::declare)),*] };
}

/// The faults in code, by file name.
pub(super) const LEAVES: &[(&str, Declare)] = leaves! {
    accept_refused_before_preference,
    active_cannot_be_switched,
    altered_cursor_accepted,
    and_is_or,
    and_looks_left,
    anonymous_accepted,
    anonymous_bulk_accepted,
    anonymous_change_refused_and_made,
    anonymous_changes_accepted,
    anonymous_search_accepted,
    any_token_accepted,
    any_version_served,
    asterisk_is_a_tag,
    attribute_names_match_by_case,
    attributes_ignored,
    basic_accepted,
    bulk_circles_crash,
    bulk_data_optional,
    bulk_fail_on_errors_counts_operations,
    bulk_fail_on_errors_ignored,
    bulk_forward_references_dropped,
    bulk_ids_in_extensions_stored,
    bulk_ids_stored,
    bulk_methods_unchecked,
    bulk_paths_unchecked,
    bulk_stops_at_the_first_error,
    bulk_unknown_references_stored,
    bulk_versions_ignored,
    bulk_without_operations_accepted,
    case_exact_ignored,
    client_chooses_id,
    client_meta_adopted,
    count_ignored,
    create_refuses_read_only_values,
    create_stores_before_checking,
    created_members_lost,
    created_values_truncated,
    cursor_carries_rights,
    cursor_count_exceeded,
    cursor_count_negative_ignored,
    cursor_count_required,
    cursor_count_zero_ignored,
    cursor_counts_up,
    cursor_items_per_page_is_count,
    cursor_lets_in,
    cursor_padded,
    cursor_page_loses_first,
    cursor_page_repeats_last,
    cursor_pages_unsorted,
    cursor_total_counts_the_page,
    cursor_walk_ends_early,
    cursors_expire_early,
    delete_deactivates,
    deleted_groups_leave_no_members,
    deleted_groups_stay_with_users,
    deleted_is_listed,
    deleted_keeps_its_name,
    deleted_stays,
    discovery_filters_ignored,
    dotted_conditions_meet,
    double_not_is_not,
    duplicate_create_overwrites,
    duplicate_create_stored,
    duplicate_values_kept,
    empty_bearer_accepted,
    empty_cursor_ignored,
    empty_user_name_accepted,
    every_credential_may_delete,
    every_credential_may_write,
    every_value_has_to_match,
    excluded_attributes_ignored,
    expired_tokens_accepted,
    extension_data_at_the_top,
    extension_demanded_once_given,
    external_ids_unique,
    filter_applied_to_the_page,
    filter_ignored,
    filter_left_to_right,
    first_page_names_previous,
    first_schema_decides,
    first_tag_of_a_list_counts,
    foreign_cursor_told_apart,
    grouping_dropped,
    groups_can_be_patched,
    groups_go_with_their_members,
    id_can_be_replaced,
    id_follows_the_version,
    ids_found_in_any_case,
    ids_hold_the_word_bulk_id,
    ids_serve_every_endpoint,
    if_match_ignored,
    if_match_on_delete_ignored,
    if_none_match_ignored,
    invalid_filter_ignored,
    last_modified_stuck,
    last_page_missing,
    lists_forget_the_newest,
    lists_mix_resource_types,
    lists_show_stubs,
    manager_name_adopted,
    matches_repeat_per_value,
    member_parts_exchanged,
    members_are_fixed,
    meta_can_be_patched,
    method_override_honoured,
    not_ignored,
    not_keeps_the_operator,
    not_reaches_the_first_only,
    not_spans_the_rest,
    or_is_and,
    or_selects_left,
    page_holds_one_too_many,
    pages_leave_gaps,
    pages_overlap,
    password_returned,
    patch_add_duplicates,
    patch_add_keeps_the_old_value,
    patch_add_needs_a_value_there,
    patch_add_refuses_the_present,
    patch_add_replaces_complex,
    patch_add_replaces_values,
    patch_add_takes_all_values,
    patch_add_takes_the_first_match,
    patch_answers_with_the_old_state,
    patch_conflict_keeps_the_rest,
    patch_drops_siblings,
    patch_equal_value_refused,
    patch_extension_unlisted,
    patch_failed_operation_skipped,
    patch_failure_answers_200,
    patch_filter_and_takes_left,
    patch_filter_ignores_operator,
    patch_filter_not_ignored,
    patch_filter_or_takes_left,
    patch_first_operation_only,
    patch_ignores_uniqueness,
    patch_keeps_last_modified,
    patch_last_operation_dropped,
    patch_message_schema_ignored,
    patch_no_op_moves_last_modified,
    patch_not_atomic,
    patch_operations_by_case,
    patch_primary_demotes_all,
    patch_remove_of_nothing_answers_404,
    patch_remove_spares_the_named,
    patch_remove_takes_all_values,
    patch_remove_takes_the_first_match,
    patch_remove_takes_the_first_value,
    patch_replace_needs_a_value_there,
    patch_replace_takes_the_first_match,
    patch_replace_with_nothing_ignored,
    patch_replace_without_match_adds,
    patch_replace_without_match_succeeds,
    patch_replace_without_path_replaces_all,
    patch_replaces_all_values,
    patch_reverses_operations,
    patch_shown_not_stored,
    patch_stores_boolean_texts,
    patch_stores_dotted_names,
    patch_stores_unknown_paths,
    patch_unique_by_case,
    patch_without_operations_succeeds,
    patch_writes_read_only_groups,
    prefix_as_substring,
    presence_always,
    primary_not_demoted,
    primary_value_only,
    put_adopts_meta,
    put_answers_with_the_old_state,
    put_appends_values,
    put_changes_nothing,
    put_clears_a_required_value,
    put_creates,
    put_half_applied,
    put_ignores_uniqueness,
    put_keeps_a_required_value,
    put_keeps_emptied_values,
    put_keeps_last_modified,
    put_keeps_omitted_extensions,
    put_keeps_omitted_values,
    put_refreshes_created,
    put_refuses_read_only_values,
    put_sets_no_immutable_values,
    put_takes_wrong_types,
    put_unique_by_case,
    put_unsupported,
    readers_may_not_read,
    recreated_gets_its_old_id,
    reference_climbs,
    replaced_immutable_values_change,
    replaced_immutable_values_ignored,
    request_attributes_always_shown,
    request_attributes_never_shown,
    root_query_covers_users_only,
    same_value_twice_answers_500,
    schemas_have_to_come_first,
    search_creates,
    search_cursor_ignored,
    search_needs_no_schema,
    shown_defaults_not_filtered,
    sort_by_code_point,
    sort_by_length,
    sort_descending_ignored,
    sort_descends_by_default,
    sort_drops_unassigned,
    sort_ignored,
    sort_puts_unassigned_first,
    sort_uses_the_first_value,
    sort_uses_the_smallest_value,
    stale_change_refused_and_made,
    start_index_counts_pages,
    start_index_from_zero,
    strings_match_by_case,
    suffix_as_substring,
    tags_match_in_any_case,
    text_is_latin_1,
    text_read_as_latin_1,
    title_is_fixed,
    too_many_results_unnamed,
    total_counts_the_page,
    total_counts_what_is_left,
    total_ignores_the_filter,
    two_primaries_stored,
    unicode_compared_raw,
    unknown_attributes_kept,
    unknown_cursor_begins_anew,
    unversioned_is_version_1,
    user_names_not_unique,
    user_names_unique_by_case,
    user_names_unprepared,
    value_path_across_values,
    value_path_and_is_or,
    value_path_drops_groups,
    value_path_drops_not,
    value_path_is_presence,
    value_path_negated_inside,
    value_path_or_is_and,
    value_path_takes_the_first_condition,
    version_stuck,
    version_stuck_on_patch,
    wait_preference_ignored,
    weak_tags_claim_to_be_strong,
    weak_tags_never_match,
    wrong_types_dropped,
};

/// Every fault, in the order of their names.
pub fn all() -> Vec<Declaration> {
    let mut all: Vec<Declaration> = LEAVES.iter().map(|(_, declare)| declare()).collect();
    all.extend(data::declarations());
    all.sort_by(|a, b| a.name().cmp(b.name()));
    all
}

/// Every sloppy profile.
pub fn profiles() -> Vec<profile::Profile> {
    profile::all()
}

/// The faults that a name stands for: one fault, or those of a sloppy profile.
pub fn find(name: &str) -> Option<Vec<Arc<dyn Fault>>> {
    if let Some(profile) = profile::all()
        .into_iter()
        .find(|profile| profile.name == name)
    {
        let faults = profile
            .faults
            .iter()
            .filter_map(|fault| find(fault))
            .flatten();
        return Some(faults.collect());
    }
    let found = all()
        .into_iter()
        .find(|declaration| declaration.name() == name)?;
    Some(vec![found.fault])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Files of the folder that are no leaves.
    const OTHERS: &[&str] = &[
        "amend",
        "batch",
        "compare",
        "data",
        "declaration",
        "edit",
        "mod",
        "page_cursor",
        "pointer",
        "profile",
        "registry",
        "request",
        "resort",
        "rewrite",
        "taken",
        "text",
    ];

    #[test]
    fn every_file_is_registered() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/fault");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|stem| !OTHERS.contains(&stem.as_str()))
            .collect();
        let registered: BTreeSet<String> =
            LEAVES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files, registered);
    }

    #[test]
    fn names_are_unique_and_follow_their_file() {
        let mut seen = BTreeSet::new();
        for declaration in all() {
            assert!(
                seen.insert(declaration.name().to_owned()),
                "{}",
                declaration.name()
            );
        }
        for (file, declare) in LEAVES {
            assert_eq!(declare().name().replace('-', "_"), *file);
        }
    }

    #[test]
    fn a_profile_stands_for_its_faults() {
        for profile in profile::all() {
            let faults = find(&profile.name).unwrap();
            assert!(
                faults.len() >= profile.faults.len(),
                "{}: an unknown fault",
                profile.name
            );
        }
        assert!(find("no-such-fault").is_none());
    }
}
