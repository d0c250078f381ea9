//! The table of values is joined once.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two pairs of brackets on one attribute that are joined by and have to be met by one value",
        ValuePathsShareAValue,
    )
    .breaks(&["rfc7644-3.4.2.2-and-needs-both"])
    .only_by("probe.filter")
}

struct ValuePathsShareAValue;

impl Fault for ValuePathsShareAValue {
    fn name(&self) -> &'static str {
        "value-paths-share-a-value"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(a, b) => match (*a, *b) {
                (Filter::ValuePath(one, first), Filter::ValuePath(other, second))
                    if one.same(&other) =>
                {
                    Filter::ValuePath(one, Box::new(ValueFilter::And(first, second)))
                }
                (a, b) => Filter::And(Box::new(a), Box::new(b)),
            },
            other => other,
        });
    }
}
