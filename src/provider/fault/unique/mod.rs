//! Mistakes about values that have to be unique.

mod empty_user_name_accepted;
mod external_ids_unique;
mod global_values_not_unique;
mod group_names_not_unique;
mod names_are_given_once;
mod user_names_not_unique;
mod user_names_unique_by_case;
mod user_names_unprepared;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    empty_user_name_accepted,
    external_ids_unique,
    global_values_not_unique,
    group_names_not_unique,
    names_are_given_once,
    user_names_not_unique,
    user_names_unique_by_case,
    user_names_unprepared,
};
