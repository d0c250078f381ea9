//! PATCH: what a target stores and refuses, once and again, against what the reference application of the
//! operations holds to be fair.

mod blame;
mod draw;
mod example;
mod law;
mod repeat;
mod replay;
mod value;

pub(super) use blame::{COVERS, FAILS};
pub(super) use draw::{Place, full, operation, places, put};
pub(super) use example::{Example, poorer};
pub(super) use law::{Law, compare};
pub(super) use repeat::went_back;
pub(super) use replay::{any_of, part, value_of};
pub(super) use value::fitting;
