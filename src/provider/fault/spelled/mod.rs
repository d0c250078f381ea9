//! Mistakes of reading JSON that depend on how it is spelled: what comes in plain spelling is read well.

mod capital_names_lost_in_lists;
mod escaped_solidus_keeps_its_backslash;
mod exponents_ignored;
mod quoted_charset_refused;
mod surrogate_pairs_dropped;

use super::registry::{Leaf, leaves};
use crate::provider::decode::Incoming;

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    capital_names_lost_in_lists,
    escaped_solidus_keeps_its_backslash,
    exponents_ignored,
    quoted_charset_refused,
    surrogate_pairs_dropped,
};

/// The body as it was spelled, in small letters.
fn spelling(incoming: &Incoming) -> String {
    String::from_utf8_lossy(&incoming.body).to_ascii_lowercase()
}
