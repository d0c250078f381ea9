//! Mistakes of paging by cursor (RFC 9865).

mod altered_cursor_accepted;
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
mod cursors_slip_on_a_create;
mod empty_cursor_ignored;
mod first_page_names_previous;
mod foreign_cursor_told_apart;
mod page_cursor;
mod search_cursor_ignored;
mod unknown_cursor_begins_anew;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    altered_cursor_accepted,
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
    cursors_slip_on_a_create,
    empty_cursor_ignored,
    first_page_names_previous,
    foreign_cursor_told_apart,
    search_cursor_ignored,
    unknown_cursor_begins_anew,
};
