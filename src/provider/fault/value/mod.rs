//! Mistakes about attributes, their values and the schemas of a resource.

mod deactivation_renames;
mod disabled_users_are_hidden;
mod duplicate_values_kept;
mod extension_data_at_the_top;
mod extension_demanded_once_given;
mod first_schema_decides;
mod inactive_user_refuses_changes;
mod inactive_user_refuses_delete;
mod inactive_users_hidden;
mod inactive_users_not_listed;
mod repeated_disable_answers_409;
mod same_value_twice_answers_500;
mod schemas_have_to_come_first;
mod text_is_latin_1;
mod text_read_as_latin_1;
mod two_primaries_stored;
mod unknown_attributes_kept;
mod user_names_lose_their_domain;
mod wrong_types_dropped;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    deactivation_renames,
    disabled_users_are_hidden,
    duplicate_values_kept,
    extension_data_at_the_top,
    extension_demanded_once_given,
    first_schema_decides,
    inactive_user_refuses_changes,
    inactive_user_refuses_delete,
    inactive_users_hidden,
    inactive_users_not_listed,
    repeated_disable_answers_409,
    same_value_twice_answers_500,
    schemas_have_to_come_first,
    text_is_latin_1,
    text_read_as_latin_1,
    two_primaries_stored,
    unknown_attributes_kept,
    user_names_lose_their_domain,
    wrong_types_dropped,
};
