//! The table of addresses is joined, and who has none is gone.

use super::chain::names;
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter with or that names emails leaves out users without emails",
        AlternativesJoinEmails,
    )
    .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
    .only_by("probe.filter")
}

struct AlternativesJoinEmails;

impl Fault for AlternativesJoinEmails {
    fn name(&self) -> &'static str {
        "alternatives-join-emails"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            filter @ Filter::Or(..)
                if names(&filter, &|path| path.name.eq_ignore_ascii_case("emails")) =>
            {
                let any = Filter::Present(AttributePath::new("emails", None));
                Filter::And(Box::new(filter), Box::new(any))
            }
            other => other,
        });
    }
}
