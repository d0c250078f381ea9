//! Stage 4: the resources that a plan is about.
//!
//! Changes nothing.

use std::sync::Arc;

use super::store::Resource;

/// What stage 4 found.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The resources, in the order of the answer.
    pub resources: Vec<Arc<Resource>>,
    /// Number of matches before paging.
    pub total: usize,
    /// Position of the first resource among the matches, from 1.
    pub start_index: usize,
}
