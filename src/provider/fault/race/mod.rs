//! Mistakes that only rivals see: each holds its window open until a rival arrives or 20 ms have passed, so that
//! it shows whenever two requests meet.

mod broken_off_creates_keep_their_name;
mod bulk_writes_back_what_it_read;
mod cursors_count_from_the_start;
mod freed_names_are_checked_before_a_wait;
mod if_match_checked_before_a_wait;
mod meeting;
mod members_overwrite_each_other;
mod names_checked_before_a_wait;
mod names_locked_as_they_are_spelled;
mod overtaken_additions_are_made_twice;
mod patch_in_flight_revives_the_deleted;
mod reads_are_behind_where_changes_meet;
mod refused_creates_are_stored;
mod refused_values_are_read;
mod renamed_users_answer_to_both_names;
mod rival_creates_answer_500;
mod tags_change_once_a_second;
mod updates_overwrite_each_other;
mod versions_come_back;
mod wanted;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    broken_off_creates_keep_their_name,
    bulk_writes_back_what_it_read,
    cursors_count_from_the_start,
    freed_names_are_checked_before_a_wait,
    if_match_checked_before_a_wait,
    members_overwrite_each_other,
    names_checked_before_a_wait,
    names_locked_as_they_are_spelled,
    overtaken_additions_are_made_twice,
    patch_in_flight_revives_the_deleted,
    reads_are_behind_where_changes_meet,
    refused_creates_are_stored,
    refused_values_are_read,
    renamed_users_answer_to_both_names,
    rival_creates_answer_500,
    tags_change_once_a_second,
    updates_overwrite_each_other,
    versions_come_back,
};
