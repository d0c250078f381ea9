//! Brackets with room for two.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of a chain of or in brackets only the first two alternatives count",
        ThirdAlternativeInBracketsDropped,
    )
    .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
    .only_by("probe.filter")
}

struct ThirdAlternativeInBracketsDropped;

impl Fault for ThirdAlternativeInBracketsDropped {
    fn name(&self) -> &'static str {
        "third-alternative-in-brackets-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_brackets(plan, &mut |filter| match filter {
            ValueFilter::Or(two, third) => match *two {
                two @ ValueFilter::Or(..) => two,
                one => ValueFilter::Or(Box::new(one), third),
            },
            other => other,
        });
    }
}
