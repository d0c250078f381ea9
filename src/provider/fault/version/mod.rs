//! Mistakes of entity tags and preconditions.

mod asterisk_is_a_tag;
mod first_tag_of_a_list_counts;
mod if_match_ignored;
mod if_match_on_delete_ignored;
mod if_none_match_ignored;
mod stale_change_refused_and_made;
mod tags_match_in_any_case;
mod version_stuck;
mod version_stuck_on_patch;
mod version_stuck_on_removals;
mod weak_tags_claim_to_be_strong;
mod weak_tags_never_match;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    asterisk_is_a_tag,
    first_tag_of_a_list_counts,
    if_match_ignored,
    if_match_on_delete_ignored,
    if_none_match_ignored,
    stale_change_refused_and_made,
    tags_match_in_any_case,
    version_stuck,
    version_stuck_on_patch,
    version_stuck_on_removals,
    weak_tags_claim_to_be_strong,
    weak_tags_never_match,
};
