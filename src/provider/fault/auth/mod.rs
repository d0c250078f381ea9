//! Mistakes about who asks and what they may do.

mod anonymous_accepted;
mod anonymous_bulk_accepted;
mod anonymous_change_refused_and_made;
mod anonymous_changes_accepted;
mod anonymous_search_accepted;
mod any_client_gets_a_token;
mod any_grant_gets_a_token;
mod any_token_accepted;
mod basic_accepted;
mod clients_in_the_form_refused;
mod clients_in_the_header_refused;
mod empty_bearer_accepted;
mod every_credential_may_delete;
mod every_credential_may_write;
mod expired_tokens_accepted;
mod false_assertions_accepted;
mod foreign_tokens_accepted;
mod gateway_knows_no_header_keys;
mod gateway_knows_one_key;
mod gateway_loses_query_keys_on_writes;
mod gateway_refuses_with_a_page;
mod gateway_stands_open;
mod look_alike_tokens_accepted;
mod one_token_at_a_time;
mod readers_may_not_read;
mod revoked_tokens_accepted;
mod tokens_expire_at_once;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    anonymous_accepted,
    anonymous_bulk_accepted,
    anonymous_change_refused_and_made,
    anonymous_changes_accepted,
    anonymous_search_accepted,
    any_client_gets_a_token,
    any_grant_gets_a_token,
    any_token_accepted,
    basic_accepted,
    clients_in_the_form_refused,
    clients_in_the_header_refused,
    empty_bearer_accepted,
    every_credential_may_delete,
    every_credential_may_write,
    expired_tokens_accepted,
    false_assertions_accepted,
    foreign_tokens_accepted,
    gateway_knows_no_header_keys,
    gateway_knows_one_key,
    gateway_loses_query_keys_on_writes,
    gateway_refuses_with_a_page,
    gateway_stands_open,
    look_alike_tokens_accepted,
    one_token_at_a_time,
    readers_may_not_read,
    revoked_tokens_accepted,
    tokens_expire_at_once,
};
