//! `emails[a and b]` is evaluated as `emails.a and emails.b`.

use super::below::below;
use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

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
                    Filter::ValuePath(path, inner) => below(&path, *inner),
                    other => other,
                })
            });
        }
    }
}
