//! `or` in brackets is taken for `and`.

use crate::provider::fault::rewrite::{rewrite_query, rewrite_values};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new("or inside brackets is taken for and", ValuePathOrIsAnd)
        .breaks(&["rfc7644-3.4.2.2-value-paths-may-nest-expressions"])
}

struct ValuePathOrIsAnd;

impl Fault for ValuePathOrIsAnd {
    fn name(&self) -> &'static str {
        "value-path-or-is-and"
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
        ValueFilter::Or(a, b) => ValueFilter::And(a, b),
        other => other,
    }
}
