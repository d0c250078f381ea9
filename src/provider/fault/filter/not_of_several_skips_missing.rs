//! The logic of a data base, in which what is not there makes a condition neither true nor false.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not before several conditions leaves out resources without one of the attributes",
        NotOfSeveralSkipsMissing,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
    .only_by("probe.filter")
}

struct NotOfSeveralSkipsMissing;

impl Fault for NotOfSeveralSkipsMissing {
    fn name(&self) -> &'static str {
        "not-of-several-skips-missing"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) if matches!(*inner, Filter::And(..) | Filter::Or(..)) => {
                denied(*inner)
            }
            other => other,
        });
    }
}

/// What a data base makes of the negation.
fn denied(filter: Filter) -> Filter {
    match filter {
        Filter::And(a, b) => Filter::Or(Box::new(denied(*a)), Box::new(denied(*b))),
        Filter::Or(a, b) => Filter::And(Box::new(denied(*a)), Box::new(denied(*b))),
        Filter::Compare(path, comparison) => Filter::And(
            Box::new(Filter::Present(path.clone())),
            Box::new(Filter::Not(Box::new(Filter::Compare(path, comparison)))),
        ),
        other => Filter::Not(Box::new(other)),
    }
}
