//! Mistakes of HTTP as SCIM uses it: methods, versions, preferences, discovery.

mod accept_refused_before_preference;
mod any_version_served;
mod discovery_filters_ignored;
mod method_override_honoured;
mod unversioned_is_version_1;
mod wait_preference_ignored;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    accept_refused_before_preference,
    any_version_served,
    discovery_filters_ignored,
    method_override_honoured,
    unversioned_is_version_1,
    wait_preference_ignored,
};
