//! Mistakes that only rivals see: each holds its window open until a rival arrives or 20 ms have passed, so that
//! it shows whenever two requests meet.

mod if_match_checked_before_a_wait;
mod meeting;
mod names_checked_before_a_wait;
mod updates_overwrite_each_other;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    if_match_checked_before_a_wait,
    names_checked_before_a_wait,
    updates_overwrite_each_other,
};
