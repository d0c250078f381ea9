//! `not` in brackets is passed over.

use crate::provider::fault::rewrite::{rewrite_query, rewrite_values};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new("not inside brackets is passed over", ValuePathDropsNot)
        .breaks(&["rfc7644-3.4.2.2-value-paths-may-nest-expressions"])
}

struct ValuePathDropsNot;

impl Fault for ValuePathDropsNot {
    fn name(&self) -> &'static str {
        "value-path-drops-not"
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
        ValueFilter::Not(inner) => *inner,
        other => other,
    }
}
