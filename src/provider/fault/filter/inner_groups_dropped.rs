//! Parentheses are looked for once.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Parentheses inside parentheses do not change the order of evaluation",
        InnerGroupsDropped,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-grouping-comes-first",
        "rfc7644-3.4.2.2-and-binds-tighter-than-or",
    ])
    .only_by("probe.filter")
}

struct InnerGroupsDropped;

impl Fault for InnerGroupsDropped {
    fn name(&self) -> &'static str {
        "inner-groups-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| flat(filter, false));
        }
    }
}

/// The filter without the groups that stand in a group.
fn flat(filter: Filter, inside: bool) -> Filter {
    match filter {
        Filter::Or(a, b) => Filter::Or(Box::new(flat(*a, inside)), Box::new(flat(*b, inside))),
        Filter::Not(a) => Filter::Not(Box::new(flat(*a, inside))),
        Filter::And(a, b) => match (*a, *b) {
            (Filter::Or(a, b), c) if inside => Filter::Or(a, Box::new(Filter::And(b, Box::new(c)))),
            (a, Filter::Or(b, c)) if inside => Filter::Or(Box::new(Filter::And(Box::new(a), b)), c),
            (a, b) => {
                let operand = |filter: Filter| {
                    let group = matches!(filter, Filter::Or(..));
                    Box::new(flat(filter, inside || group))
                };
                Filter::And(operand(a), operand(b))
            }
        },
        leaf => leaf,
    }
}
