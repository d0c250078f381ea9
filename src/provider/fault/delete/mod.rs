//! Mistakes of deleting resources, and of what a deletion leaves behind.

mod delete_deactivates;
mod deleted_is_listed;
mod deleted_keeps_its_name;
mod deleted_stays;
mod old_id_leads_to_the_new_user;
mod recreated_gets_its_old_id;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    delete_deactivates,
    deleted_is_listed,
    deleted_keeps_its_name,
    deleted_stays,
    old_id_leads_to_the_new_user,
    recreated_gets_its_old_id,
};
