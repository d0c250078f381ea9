//! A parser that goes down three steps.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A group in a group in a group is a fault of the server",
        DeepGroupsAnswer500,
    )
    .breaks(&["rfc7644-3.4.2.2-filter-selects-matching-resources-only"])
    .only_by("probe.filter")
}

struct DeepGroupsAnswer500;

impl Fault for DeepGroupsAnswer500 {
    fn name(&self) -> &'static str {
        "deep-groups-answer-500"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        let deep = query(plan)
            .and_then(|query| query.filter.as_ref())
            .is_some_and(|filter| depth(filter) > 2);
        if deep {
            *plan = Err(Problem::new(500, "something went wrong"));
        }
    }
}

/// How many groups stand in each other.
fn depth(filter: &Filter) -> usize {
    match filter {
        Filter::Or(a, b) => depth(a).max(depth(b)),
        Filter::And(a, b) => [a, b]
            .into_iter()
            .map(|part| depth(part) + usize::from(matches!(**part, Filter::Or(..))))
            .max()
            .unwrap_or(0),
        Filter::Not(a) => depth(a) + 1,
        _ => 0,
    }
}
