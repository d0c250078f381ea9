//! `not` is looked for once.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of two conditions with not that are joined the second loses it",
        SecondNotDropped,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-and-needs-both",
        "rfc7644-3.4.2.2-or-needs-one",
    ])
    .only_by("probe.filter")
}

struct SecondNotDropped;

impl Fault for SecondNotDropped {
    fn name(&self) -> &'static str {
        "second-not-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(a, b) => match (ends_in_not(&a), *b) {
                (true, Filter::Not(inner)) => Filter::And(a, inner),
                (_, b) => Filter::And(a, Box::new(b)),
            },
            Filter::Or(a, b) => match (ends_in_not(&a), *b) {
                (true, Filter::Not(inner)) => Filter::Or(a, inner),
                (_, b) => Filter::Or(a, Box::new(b)),
            },
            other => other,
        });
    }
}

fn ends_in_not(filter: &Filter) -> bool {
    match filter {
        Filter::Or(_, last) | Filter::And(_, last) => ends_in_not(last),
        Filter::Not(_) => true,
        _ => false,
    }
}
