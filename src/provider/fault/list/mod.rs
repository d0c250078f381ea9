//! Mistakes of lists, of paging by index and of searches.

mod count_ignored;
mod deactivated_users_hidden;
mod descending_pages_turned;
mod filter_applied_to_the_page;
mod full_last_page_lost;
mod last_page_missing;
mod list_order_wanders;
mod lists_forget_the_newest;
mod lists_mix_resource_types;
mod lists_show_stubs;
mod matches_repeat_per_value;
mod page_holds_one_too_many;
mod pages_leave_gaps;
mod pages_of_seven_overlap;
mod pages_overlap;
mod replaced_after_patch_is_not_found;
mod root_query_covers_users_only;
mod search_creates;
mod search_needs_no_schema;
mod sorted_searches_forget_the_start;
mod start_index_counts_pages;
mod start_index_from_zero;
mod too_many_results_unnamed;
mod total_counts_the_page;
mod total_counts_what_is_left;
mod total_ignores_the_filter;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    count_ignored,
    deactivated_users_hidden,
    descending_pages_turned,
    filter_applied_to_the_page,
    full_last_page_lost,
    last_page_missing,
    list_order_wanders,
    lists_forget_the_newest,
    lists_mix_resource_types,
    lists_show_stubs,
    matches_repeat_per_value,
    page_holds_one_too_many,
    pages_leave_gaps,
    pages_of_seven_overlap,
    pages_overlap,
    replaced_after_patch_is_not_found,
    root_query_covers_users_only,
    search_creates,
    search_needs_no_schema,
    sorted_searches_forget_the_start,
    start_index_counts_pages,
    start_index_from_zero,
    too_many_results_unnamed,
    total_counts_the_page,
    total_counts_what_is_left,
    total_ignores_the_filter,
};
