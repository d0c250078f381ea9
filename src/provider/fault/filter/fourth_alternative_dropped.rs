//! A query builder with room for three.

use super::chain::{alternatives, any};
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of a chain of or only the first three alternatives count",
        FourthAlternativeDropped,
    )
    .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
    .only_by("probe.filter")
}

struct FourthAlternativeDropped;

impl Fault for FourthAlternativeDropped {
    fn name(&self) -> &'static str {
        "fourth-alternative-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            filter @ Filter::Or(..) => {
                let mut all = alternatives(filter.clone());
                all.truncate(3);
                any(all).unwrap_or(filter)
            }
            other => other,
        });
    }
}
