//! `not` reaches beyond its parentheses.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("not (a) and b is read as not (a and b)", NotSpansTheRest)
        .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct NotSpansTheRest;

impl Fault for NotSpansTheRest {
    fn name(&self) -> &'static str {
        "not-spans-the-rest"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(left, right) => match *left {
                Filter::Not(a) => Filter::Not(Box::new(Filter::And(a, right))),
                left => Filter::And(Box::new(left), right),
            },
            other => other,
        });
    }
}
