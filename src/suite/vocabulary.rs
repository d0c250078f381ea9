//! The words that a scenario may use: checks, requirements, tolerances.

use crate::check::Expect;
use crate::requirement::Catalogue;

/// What a step can measure: a change that ends somebody's access, and where it is looked for.
pub(super) const MEASURES: &[&str] = &[
    "disable.by-id",
    "disable.by-filter",
    "remove-member.in-group",
    "remove-member.by-filter",
    "remove-member.in-user-groups",
    "delete-user.by-id",
    "delete-user.by-filter",
    "delete-user.in-group",
    "delete-group.by-id",
    "delete-group.by-filter",
    "delete-group.in-user-groups",
];

/// What a scenario is read against.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The checks.
    pub checks: &'a [&'static dyn Expect],
    /// Requirements and tolerances.
    pub catalogue: &'a Catalogue,
}

impl Vocabulary<'_> {
    /// The check with this name.
    pub fn check(&self, name: &str) -> Option<&'static dyn Expect> {
        self.checks
            .iter()
            .find(|check| check.name() == name)
            .copied()
    }

    /// The names of all checks.
    pub(super) fn check_names(&self) -> impl Iterator<Item = &'static str> {
        self.checks.iter().map(|check| check.name())
    }

    /// The tolerance that a mistyped id most likely meant.
    pub(super) fn near_tolerance(&self, id: &str) -> Option<&str> {
        let ids = self
            .catalogue
            .tolerances()
            .map(|tolerance| tolerance.id.as_str());
        super::near(id, ids)
    }
}
