//! What a right server would answer: reference evaluation of filters, reference application of
//! PATCH and PUT.
//!
//! Pure, driven by schemas, naive on purpose. Where the RFCs leave a question open the oracle
//! gives every fair answer. Nothing of it runs in the embedded provider, which is judged by it.

pub mod filter;
pub mod outcome;
pub mod patch;
pub mod put;

mod choice;
mod primary;
mod value;

pub use outcome::{Done, Grade, Miss, Outcomes, Refused};

/// What the oracle cannot know from the resource alone.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Whether another resource has this value of a unique attribute.
    pub in_use: &'a dyn Fn(&str, &serde_json::Value) -> bool,
    /// Whether a resource with this id exists.
    pub exists: &'a dyn Fn(&str) -> bool,
}

impl Default for World<'_> {
    /// Every id exists, no value is in use.
    fn default() -> Self {
        Self {
            in_use: &|_, _| false,
            exists: &|_| true,
        }
    }
}
