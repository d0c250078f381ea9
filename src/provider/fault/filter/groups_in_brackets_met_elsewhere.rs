//! Each group in brackets becomes a query of its own.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A group in brackets and what it is joined with by and may be met by different values",
        GroupsInBracketsMetElsewhere,
    )
    .breaks(&["rfc7644-3.4.2.2-grouping-comes-first"])
    .only_by("probe.filter")
}

struct GroupsInBracketsMetElsewhere;

impl Fault for GroupsInBracketsMetElsewhere {
    fn name(&self) -> &'static str {
        "groups-in-brackets-met-elsewhere"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::ValuePath(path, inner) => match *inner {
                ValueFilter::And(a, b)
                    if matches!(*a, ValueFilter::Or(..)) || matches!(*b, ValueFilter::Or(..)) =>
                {
                    let first = Filter::ValuePath(path.clone(), a);
                    Filter::And(Box::new(first), Box::new(Filter::ValuePath(path, b)))
                }
                inner => Filter::ValuePath(path, Box::new(inner)),
            },
            other => other,
        });
    }
}
