//! `not` in brackets is passed over.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

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
        rewrite_brackets(plan, &mut weaker);
    }
}

fn weaker(filter: ValueFilter) -> ValueFilter {
    match filter {
        ValueFilter::Not(inner) => *inner,
        other => other,
    }
}
