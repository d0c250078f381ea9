//! A join with room for two conditions.

use super::below::below;
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The third condition in brackets may be met by another value",
        ThirdConditionMetElsewhere,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
    .only_by("probe.filter")
}

struct ThirdConditionMetElsewhere;

impl Fault for ThirdConditionMetElsewhere {
    fn name(&self) -> &'static str {
        "third-condition-met-elsewhere"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::ValuePath(path, inner) => match *inner {
                ValueFilter::And(two, third) if matches!(*two, ValueFilter::And(..)) => {
                    let third = below(&path, *third);
                    Filter::And(Box::new(Filter::ValuePath(path, two)), Box::new(third))
                }
                inner => Filter::ValuePath(path, Box::new(inner)),
            },
            other => other,
        });
    }
}
