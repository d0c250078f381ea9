//! Mistakes about who asks and what they may do.

mod anonymous_accepted;
mod anonymous_bulk_accepted;
mod anonymous_change_refused_and_made;
mod anonymous_changes_accepted;
mod anonymous_search_accepted;
mod any_token_accepted;
mod basic_accepted;
mod empty_bearer_accepted;
mod every_credential_may_delete;
mod every_credential_may_write;
mod expired_tokens_accepted;
mod look_alike_tokens_accepted;
mod readers_may_not_read;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    anonymous_accepted,
    anonymous_bulk_accepted,
    anonymous_change_refused_and_made,
    anonymous_changes_accepted,
    anonymous_search_accepted,
    any_token_accepted,
    basic_accepted,
    empty_bearer_accepted,
    every_credential_may_delete,
    every_credential_may_write,
    expired_tokens_accepted,
    look_alike_tokens_accepted,
    readers_may_not_read,
};
