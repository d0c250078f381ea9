//! `not` is dropped from filters.

use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not (…) selects what the expression inside selects",
        NotIgnored,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct NotIgnored;

impl Fault for NotIgnored {
    fn name(&self) -> &'static str {
        "not-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| {
                rewrite(filter, &mut |filter| match filter {
                    Filter::Not(inner) => *inner,
                    other => other,
                })
            });
        }
    }
}
