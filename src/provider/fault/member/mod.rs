//! Mistakes about groups, their members and references to other resources.

mod created_members_lost;
mod deleted_groups_leave_no_members;
mod deleted_groups_stay_with_users;
mod disabled_users_leave_their_groups;
mod groups_go_with_their_members;
mod manager_name_adopted;
mod member_parts_exchanged;
mod members_are_fixed;
mod second_removal_takes_the_first_member;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    created_members_lost,
    deleted_groups_leave_no_members,
    deleted_groups_stay_with_users,
    disabled_users_leave_their_groups,
    groups_go_with_their_members,
    manager_name_adopted,
    member_parts_exchanged,
    members_are_fixed,
    second_removal_takes_the_first_member,
};
