//! Parentheses in brackets are passed over.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

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
        rewrite_brackets(plan, &mut weaker);
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
