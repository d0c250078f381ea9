//! Mistakes of copies that follow their original late: a change is acknowledged, and some readers see it ten
//! seconds later; or a moment later, which nobody forbids.

mod changes_are_read_a_moment_late;
mod changes_are_read_late;
mod changes_reach_lists_late;
mod deleted_users_leave_groups_late;
mod groups_of_users_change_late;
mod history;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    changes_are_read_a_moment_late,
    changes_are_read_late,
    changes_reach_lists_late,
    deleted_users_leave_groups_late,
    groups_of_users_change_late,
};
