//! Races: rivals that meet on one resource, and what may never come of it, however they meet.
//!
//! SCIM promises no order between rivals, so what no order explains is a finding: a change that was acknowledged
//! and is gone, one name given twice, one version changed twice, a client that does not see its own change. That
//! one client sees late what another was told is noted, and fails where the grading is strict.

mod bulk;
mod delete_patch;
mod disjoint;
mod history;
mod list_append;
mod meet;
mod member_set;
mod pages;
mod register;
mod rename_swap;
mod resource;
mod retry;
mod round;
mod settable;
mod shows;
mod tag_swap;
mod unique_create;
mod unique_forms;

pub(super) use bulk::Bulk;
pub(super) use delete_patch::DeletePatch;
pub(super) use disjoint::Disjoint;
pub(super) use list_append::ListAppend;
pub(super) use member_set::MemberSet;
pub(super) use pages::Pages;
pub(super) use register::Register;
pub(super) use rename_swap::RenameSwap;
pub(super) use retry::Retry;
pub(super) use tag_swap::TagSwap;
pub(super) use unique_create::UniqueCreate;
pub(super) use unique_forms::UniqueForms;
