//! Every value of an attribute has to meet a condition.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A condition on a multi-valued attribute holds only where every value meets it",
        EveryValueHasToMatch,
    )
    .breaks(&["rfc7644-3.4.2.2-any-value-may-match"])
}

struct EveryValueHasToMatch;

impl Fault for EveryValueHasToMatch {
    fn name(&self) -> &'static str {
        "every-value-has-to-match"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Compare(path, comparison) => match split(&path) {
                Some((whole, sub)) => {
                    let holds = Box::new(ValueFilter::Compare(sub, comparison));
                    let fails = Box::new(ValueFilter::Not(holds));
                    Filter::Not(Box::new(Filter::ValuePath(whole, fails)))
                }
                None => Filter::Compare(path, comparison),
            },
            other => other,
        });
    }
}

/// The parts of a path into an attribute with several values.
fn split(path: &AttributePath) -> Option<(AttributePath, AttributePath)> {
    let sub = path.sub.as_deref()?;
    let several = ["emails", "members", "groups", "phoneNumbers"];
    let whole = AttributePath {
        sub: None,
        ..path.clone()
    };
    several
        .iter()
        .any(|name| path.name.eq_ignore_ascii_case(name))
        .then(|| (whole, AttributePath::new(sub, None)))
}
