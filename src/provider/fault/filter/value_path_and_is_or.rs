//! `and` in brackets is taken for `or`.

use crate::provider::fault::rewrite::{rewrite_query, rewrite_values};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "One of the conditions in brackets will do",
        ValuePathAndIsOr,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
}

struct ValuePathAndIsOr;

impl Fault for ValuePathAndIsOr {
    fn name(&self) -> &'static str {
        "value-path-and-is-or"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::ValuePath(path, inner) => {
                Filter::ValuePath(path, Box::new(rewrite_values(*inner, &mut weaker)))
            }
            other => other,
        });
    }
}

fn weaker(filter: ValueFilter) -> ValueFilter {
    match filter {
        ValueFilter::And(a, b) => ValueFilter::Or(a, b),
        other => other,
    }
}
