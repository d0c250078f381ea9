//! Stage 5: the resource as it will be.
//!
//! Works on copies; nothing is visible to others before stage 6.

use std::sync::Arc;

use super::problem::Problem;
use super::store::Resource;

/// What stage 5 made of a write.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The resource as it is; none for a create.
    pub before: Option<Arc<Resource>>,
    /// The resource as it will be; none for a delete or a refusal.
    pub after: Option<Resource>,
    /// Where a PATCH failed: the resource after the operations before the failing one.
    pub partial: Option<Resource>,
    /// Why the write is refused.
    pub problem: Option<Problem>,
}
