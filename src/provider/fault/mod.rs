//! The seams at which a fault can bend the provider: one or more after every stage.
//!
//! A fault is a leaf of this directory, or data read by one. Everything here has an empty default
//! body; with no fault active none of it runs. Nothing else in the provider may name a fault.

mod accept_refused_before_preference;
mod active_cannot_be_switched;
mod altered_cursor_accepted;
mod amend;
mod and_is_or;
mod and_looks_left;
mod anonymous_accepted;
mod anonymous_bulk_accepted;
mod anonymous_change_refused_and_made;
mod anonymous_changes_accepted;
mod anonymous_search_accepted;
mod any_token_accepted;
mod any_version_served;
mod asterisk_is_a_tag;
mod attribute_names_match_by_case;
mod attributes_ignored;
mod basic_accepted;
mod batch;
mod bulk_circles_crash;
mod bulk_data_optional;
mod bulk_fail_on_errors_counts_operations;
mod bulk_fail_on_errors_ignored;
mod bulk_forward_references_dropped;
mod bulk_ids_in_extensions_stored;
mod bulk_ids_stored;
mod bulk_methods_unchecked;
mod bulk_paths_unchecked;
mod bulk_stops_at_the_first_error;
mod bulk_unknown_references_stored;
mod bulk_versions_ignored;
mod bulk_without_operations_accepted;
mod case_exact_ignored;
mod client_chooses_id;
mod client_meta_adopted;
mod compare;
mod count_ignored;
mod create_refuses_read_only_values;
mod create_stores_before_checking;
mod created_members_lost;
mod created_values_truncated;
mod cursor_carries_rights;
mod cursor_count_exceeded;
mod cursor_count_negative_ignored;
mod cursor_count_required;
mod cursor_count_zero_ignored;
mod cursor_counts_up;
mod cursor_items_per_page_is_count;
mod cursor_lets_in;
mod cursor_padded;
mod cursor_page_loses_first;
mod cursor_page_repeats_last;
mod cursor_pages_unsorted;
mod cursor_total_counts_the_page;
mod cursor_walk_ends_early;
mod cursors_expire_early;
mod data;
mod declaration;
mod delete_deactivates;
mod deleted_groups_leave_no_members;
mod deleted_groups_stay_with_users;
mod deleted_is_listed;
mod deleted_keeps_its_name;
mod deleted_stays;
mod discovery_filters_ignored;
mod dotted_conditions_meet;
mod double_not_is_not;
mod duplicate_create_overwrites;
mod duplicate_create_stored;
mod duplicate_values_kept;
mod edit;
mod empty_bearer_accepted;
mod empty_cursor_ignored;
mod empty_user_name_accepted;
mod every_credential_may_delete;
mod every_credential_may_write;
mod every_value_has_to_match;
mod excluded_attributes_ignored;
mod expired_tokens_accepted;
mod extension_data_at_the_top;
mod extension_demanded_once_given;
mod external_ids_unique;
mod filter_applied_to_the_page;
mod filter_ignored;
mod filter_left_to_right;
mod first_page_names_previous;
mod first_schema_decides;
mod first_tag_of_a_list_counts;
mod foreign_cursor_told_apart;
mod grouping_dropped;
mod groups_can_be_patched;
mod groups_go_with_their_members;
mod id_can_be_replaced;
mod id_follows_the_version;
mod ids_found_in_any_case;
mod ids_hold_the_word_bulk_id;
mod ids_serve_every_endpoint;
mod if_match_ignored;
mod if_match_on_delete_ignored;
mod if_none_match_ignored;
mod invalid_filter_ignored;
mod last_modified_stuck;
mod last_page_missing;
mod lists_forget_the_newest;
mod lists_mix_resource_types;
mod lists_show_stubs;
mod manager_name_adopted;
mod matches_repeat_per_value;
mod member_parts_exchanged;
mod members_are_fixed;
mod meta_can_be_patched;
mod method_override_honoured;
mod not_ignored;
mod not_keeps_the_operator;
mod not_reaches_the_first_only;
mod not_spans_the_rest;
mod or_is_and;
mod or_selects_left;
mod page_cursor;
mod page_holds_one_too_many;
mod pages_leave_gaps;
mod pages_overlap;
mod password_returned;
mod patch_add_duplicates;
mod patch_add_keeps_the_old_value;
mod patch_add_needs_a_value_there;
mod patch_add_refuses_the_present;
mod patch_add_replaces_complex;
mod patch_add_replaces_values;
mod patch_add_takes_all_values;
mod patch_add_takes_the_first_match;
mod patch_answers_with_the_old_state;
mod patch_conflict_keeps_the_rest;
mod patch_drops_siblings;
mod patch_equal_value_refused;
mod patch_extension_unlisted;
mod patch_failed_operation_skipped;
mod patch_failure_answers_200;
mod patch_filter_and_takes_left;
mod patch_filter_ignores_operator;
mod patch_filter_not_ignored;
mod patch_filter_or_takes_left;
mod patch_first_operation_only;
mod patch_ignores_uniqueness;
mod patch_keeps_last_modified;
mod patch_last_operation_dropped;
mod patch_message_schema_ignored;
mod patch_no_op_moves_last_modified;
mod patch_not_atomic;
mod patch_operations_by_case;
mod patch_primary_demotes_all;
mod patch_remove_of_nothing_answers_404;
mod patch_remove_spares_the_named;
mod patch_remove_takes_all_values;
mod patch_remove_takes_the_first_match;
mod patch_remove_takes_the_first_value;
mod patch_replace_needs_a_value_there;
mod patch_replace_takes_the_first_match;
mod patch_replace_with_nothing_ignored;
mod patch_replace_without_match_adds;
mod patch_replace_without_match_succeeds;
mod patch_replace_without_path_replaces_all;
mod patch_replaces_all_values;
mod patch_reverses_operations;
mod patch_shown_not_stored;
mod patch_stores_boolean_texts;
mod patch_stores_dotted_names;
mod patch_stores_unknown_paths;
mod patch_unique_by_case;
mod patch_without_operations_succeeds;
mod patch_writes_read_only_groups;
mod pointer;
mod prefix_as_substring;
mod presence_always;
mod primary_not_demoted;
mod primary_value_only;
pub mod profile;
mod put_adopts_meta;
mod put_answers_with_the_old_state;
mod put_appends_values;
mod put_changes_nothing;
mod put_clears_a_required_value;
mod put_creates;
mod put_half_applied;
mod put_ignores_uniqueness;
mod put_keeps_a_required_value;
mod put_keeps_emptied_values;
mod put_keeps_last_modified;
mod put_keeps_omitted_extensions;
mod put_keeps_omitted_values;
mod put_refreshes_created;
mod put_refuses_read_only_values;
mod put_sets_no_immutable_values;
mod put_takes_wrong_types;
mod put_unique_by_case;
mod put_unsupported;
mod readers_may_not_read;
mod recreated_gets_its_old_id;
mod reference_climbs;
pub mod registry;
mod replaced_immutable_values_change;
mod replaced_immutable_values_ignored;
mod request;
mod request_attributes_always_shown;
mod request_attributes_never_shown;
mod resort;
mod rewrite;
mod root_query_covers_users_only;
mod same_value_twice_answers_500;
mod schemas_have_to_come_first;
mod search_creates;
mod search_cursor_ignored;
mod search_needs_no_schema;
mod shown_defaults_not_filtered;
mod sort_by_code_point;
mod sort_by_length;
mod sort_descending_ignored;
mod sort_descends_by_default;
mod sort_drops_unassigned;
mod sort_ignored;
mod sort_puts_unassigned_first;
mod sort_uses_the_first_value;
mod sort_uses_the_smallest_value;
mod stale_change_refused_and_made;
mod start_index_counts_pages;
mod start_index_from_zero;
mod strings_match_by_case;
mod suffix_as_substring;
mod tags_match_in_any_case;
mod taken;
mod text;
mod text_is_latin_1;
mod text_read_as_latin_1;
mod title_is_fixed;
mod too_many_results_unnamed;
mod total_counts_the_page;
mod total_counts_what_is_left;
mod total_ignores_the_filter;
mod two_primaries_stored;
mod unicode_compared_raw;
mod unknown_attributes_kept;
mod unknown_cursor_begins_anew;
mod unversioned_is_version_1;
mod user_names_not_unique;
mod user_names_unique_by_case;
mod user_names_unprepared;
mod value_path_across_values;
mod value_path_and_is_or;
mod value_path_drops_groups;
mod value_path_drops_not;
mod value_path_is_presence;
mod value_path_negated_inside;
mod value_path_or_is_and;
mod value_path_takes_the_first_condition;
mod version_stuck;
mod version_stuck_on_patch;
mod wait_preference_ignored;
mod weak_tags_claim_to_be_strong;
mod weak_tags_never_match;
mod wrong_types_dropped;

use std::sync::Arc;

use http::HeaderValue;
use serde_json::{Map, Value};

use super::apply::Applied;
use super::authenticate::Authenticated;
use super::commit::{Commit, Committed};
use super::decode::{Decoded, Incoming};
use super::filter::Compared;
use super::patch::Operation;
use super::plan::Plan;
use super::problem::Problem;
use super::respond::Reply;
use super::select::Selection;
use super::store::Resource;
use crate::session::BoxFuture;

pub use declaration::Declaration;

/// A deviation that a provider can be given.
///
/// Stages in order: authenticate, decode, plan, select, apply, commit, represent, respond. Each
/// operation of a bulk request passes plan to represent on its own. A refusal (`Err`) skips the
/// stages up to respond, except where a seam says otherwise.
pub trait Fault: Send + Sync {
    /// Name, as `--fault` takes it.
    fn name(&self) -> &str;

    /// Stage 1: who asks, or why nobody is let in. Replace `outcome` to let in or to refuse.
    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let _ = (incoming, authenticated);
    }

    /// Stage 2: the request as method, path segments, query, body.
    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let _ = (incoming, decoded);
    }

    /// Stage 3: what will be done: action, filter, paging, projection, preconditions.
    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        let _ = plan;
    }

    /// Stage 4: the resources that the plan is about, after filter, sort and paging.
    /// For a single resource an empty list becomes a 404 after this seam.
    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let _ = (plan, selection);
    }

    /// The answer of one comparison or presence test of the filter evaluator, for one value.
    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        let _ = (compared, answer);
    }

    /// The operations of a PATCH about to be applied to this resource.
    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        let _ = (before, operations);
    }

    /// Which values (positions in `values`) a value filter in a PATCH path selected.
    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        let _ = (operation, values, chosen);
    }

    /// Stage 5: the resource before and after, or the problem with what had been applied by then.
    /// Where `after` is set it is committed, also when `problem` is answered.
    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let _ = (plan, applied);
    }

    /// Before stage 6, outside every lock: a future to wait for, which holds a race open.
    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let _ = plan;
        None
    }

    /// The change about to be made and which rules the store will hold it to.
    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let _ = (plan, commit);
    }

    /// Stage 6: what the store did.
    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let _ = (plan, committed);
    }

    /// One resource as it will be shown, after projection. `resource` holds what is stored,
    /// `password` included.
    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let _ = (plan, resource, shown);
    }

    /// Stage 7: the whole document of a successful answer: resource, list, bulk response, discovery.
    fn represented(&self, plan: &Plan, document: &mut Value) {
        let _ = (plan, document);
    }

    /// Stage 8: status, header fields, body, of successes and of errors.
    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        let _ = (incoming, reply);
    }
}

/// The active faults of a provider, in order.
pub type Faults = Arc<[Arc<dyn Fault>]>;

/// Text as a header value; text that can't be one becomes empty.
pub fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
