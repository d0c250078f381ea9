//! The resources of a provider and their indexes.

mod resource;

pub use resource::{Change, Kind, Resource, Rules, Unique};
