//! `or` in brackets is taken for `and`.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

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
        rewrite_brackets(plan, &mut |inner| match inner {
            ValueFilter::Or(a, b) => ValueFilter::And(a, b),
            other => other,
        });
    }
}
