//! Mistakes about ids and `meta`.

mod client_chooses_id;
mod client_meta_adopted;
mod id_follows_the_version;
mod ids_found_in_any_case;
mod ids_serve_every_endpoint;
mod last_modified_stuck;
mod reference_climbs;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    client_chooses_id,
    client_meta_adopted,
    id_follows_the_version,
    ids_found_in_any_case,
    ids_serve_every_endpoint,
    last_modified_stuck,
    reference_climbs,
};
