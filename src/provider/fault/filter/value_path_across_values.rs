//! `emails[a and b]` is evaluated as `emails.a and emails.b`.

use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The conditions of a value path may be met by different values",
        ValuePathAcrossValues,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
}

struct ValuePathAcrossValues;

impl Fault for ValuePathAcrossValues {
    fn name(&self) -> &'static str {
        "value-path-across-values"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| {
                rewrite(filter, &mut |filter| match filter {
                    Filter::ValuePath(path, inner) => spread(&path, *inner),
                    other => other,
                })
            });
        }
    }
}

fn spread(path: &AttributePath, filter: ValueFilter) -> Filter {
    let below = |sub: AttributePath| AttributePath {
        sub: Some(sub.name),
        ..path.clone()
    };
    match filter {
        ValueFilter::Or(a, b) => Filter::Or(Box::new(spread(path, *a)), Box::new(spread(path, *b))),
        ValueFilter::And(a, b) => {
            Filter::And(Box::new(spread(path, *a)), Box::new(spread(path, *b)))
        }
        ValueFilter::Not(inner) => Filter::Not(Box::new(spread(path, *inner))),
        ValueFilter::Present(sub) => Filter::Present(below(sub)),
        ValueFilter::Compare(sub, comparison) => Filter::Compare(below(sub), comparison),
    }
}
