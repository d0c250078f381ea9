//! The table of the extension is joined, and who has none is gone.

use super::chain::names;
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, Filter};
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new("A filter with or that names an attribute of an extension leaves out users without that extension", AlternativesJoinTheExtension)
        .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
        .only_by("probe.filter")
}

struct AlternativesJoinTheExtension;

impl Fault for AlternativesJoinTheExtension {
    fn name(&self) -> &'static str {
        "alternatives-join-the-extension"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            filter @ Filter::Or(..) if names(&filter, &extends) => {
                let urn = urn::ENTERPRISE_USER
                    .strip_suffix(":User")
                    .map(str::to_owned);
                let container = AttributePath {
                    urn,
                    ..AttributePath::new("User", None)
                };
                Filter::And(Box::new(filter), Box::new(Filter::Present(container)))
            }
            other => other,
        });
    }
}

fn extends(path: &AttributePath) -> bool {
    path.urn
        .as_ref()
        .is_some_and(|urn| urn.eq_ignore_ascii_case(urn::ENTERPRISE_USER))
}
