//! Mistakes about which attributes are shown.

mod attributes_ignored;
mod excluded_attributes_ignored;
mod password_returned;
mod request_attributes_always_shown;
mod request_attributes_never_shown;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    attributes_ignored,
    excluded_attributes_ignored,
    password_returned,
    request_attributes_always_shown,
    request_attributes_never_shown,
};
