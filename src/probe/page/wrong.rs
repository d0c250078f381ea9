//! How a walk over pages goes wrong.

use crate::exchange::Exchange;

/// What was wrong about a walk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// There is no page.
    Trouble,
    /// What the page from here on says of itself, by the name that scenarios have for it.
    Page { at: u64, key: &'static str },
    /// Somebody is on two places.
    Twice,
    /// Somebody is nowhere.
    Missing,
    /// All are there, in another order.
    Order,
}

/// How a walk failed.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) requirement: &'static str,
    pub(super) kind: Kind,
    pub(super) tolerance: Option<&'static str>,
    pub(super) at: &'static str,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) exchange: Exchange,
}
