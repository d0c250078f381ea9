//! Parentheses in brackets are passed over.

use crate::provider::fault::rewrite::{rewrite_query, rewrite_values};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Parentheses inside brackets do not change the order of evaluation",
        ValuePathDropsGroups,
    )
    .breaks(&["rfc7644-3.4.2.2-value-paths-may-nest-expressions"])
}

struct ValuePathDropsGroups;

impl Fault for ValuePathDropsGroups {
    fn name(&self) -> &'static str {
        "value-path-drops-groups"
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
        ValueFilter::And(left, right) => match (*left, *right) {
            (ValueFilter::Or(a, b), c) => {
                ValueFilter::Or(a, Box::new(ValueFilter::And(b, Box::new(c))))
            }
            (a, b) => ValueFilter::And(Box::new(a), Box::new(b)),
        },
        other => other,
    }
}
