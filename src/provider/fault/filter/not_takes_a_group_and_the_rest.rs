//! A group after `not` does not end it.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not before a group of several conditions spans what follows the group",
        NotTakesAGroupAndTheRest,
    )
    .breaks(&["rfc7644-3.4.2.2-and-needs-both"])
    .only_by("probe.filter")
}

struct NotTakesAGroupAndTheRest;

impl Fault for NotTakesAGroupAndTheRest {
    fn name(&self) -> &'static str {
        "not-takes-a-group-and-the-rest"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(a, b) => match *a {
                Filter::Not(inner) if matches!(*inner, Filter::And(..) | Filter::Or(..)) => {
                    Filter::Not(Box::new(Filter::And(inner, b)))
                }
                a => Filter::And(Box::new(a), b),
            },
            other => other,
        });
    }
}
