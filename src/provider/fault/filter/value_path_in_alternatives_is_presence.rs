//! The conditions of brackets get lost behind `or`.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Brackets behind an or only ask whether there is a value",
        ValuePathInAlternativesIsPresence,
    )
    .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
}

struct ValuePathInAlternativesIsPresence;

impl Fault for ValuePathInAlternativesIsPresence {
    fn name(&self) -> &'static str {
        "value-path-in-alternatives-is-presence"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Or(a, b) => match *b {
                Filter::ValuePath(path, _) => Filter::Or(a, Box::new(Filter::Present(path))),
                b => Filter::Or(a, Box::new(b)),
            },
            other => other,
        });
    }
}
