//! `not` before a value path goes into the brackets.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not (emails[…]) is read as emails[not (…)]",
        ValuePathNegatedInside,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct ValuePathNegatedInside;

impl Fault for ValuePathNegatedInside {
    fn name(&self) -> &'static str {
        "value-path-negated-inside"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::ValuePath(path, conditions) => {
                    Filter::ValuePath(path, Box::new(ValueFilter::Not(conditions)))
                }
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
