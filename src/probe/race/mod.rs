//! Races: rivals that meet on one resource, and what may never come of it, however they meet.
//!
//! SCIM promises no order between rivals, so only what no order explains is a finding: a change that was
//! acknowledged and is gone, one name given twice, one version changed twice.

mod disjoint;
mod member_set;
mod round;
mod tag_swap;
mod unique_create;

pub(super) use disjoint::Disjoint;
pub(super) use member_set::MemberSet;
pub(super) use tag_swap::TagSwap;
pub(super) use unique_create::UniqueCreate;
