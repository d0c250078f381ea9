//! Stage 6: makes the change, whole or not at all.
//!
//! The store's rules are checked under its lock; everything else was decided before.

use std::sync::Arc;

use super::problem::Problem;
use super::store::Resource;
use super::store::{Change, Rules};

/// A change and the rules the store will hold it to.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The change.
    pub change: Change,
    /// The rules.
    pub rules: Rules,
}

/// What the store did.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The resource before.
    pub before: Option<Arc<Resource>>,
    /// The resource as stored now; none after a delete.
    pub after: Option<Arc<Resource>>,
    /// Why the store refused.
    pub problem: Option<Problem>,
}
