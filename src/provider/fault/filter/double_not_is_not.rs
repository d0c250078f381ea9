//! A second `not` is passed over.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("not (not (a)) is read as not (a)", DoubleNotIsNot)
        .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct DoubleNotIsNot;

impl Fault for DoubleNotIsNot {
    fn name(&self) -> &'static str {
        "double-not-is-not"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::Not(a) => Filter::Not(a),
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
