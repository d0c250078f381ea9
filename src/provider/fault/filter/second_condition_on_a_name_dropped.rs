//! Conditions are kept by name and operator.

use super::chain::{conditions, every};
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("Of two conditions with the same name and operator that are joined by and the first counts alone", SecondConditionOnANameDropped)
        .breaks(&["rfc7644-3.4.2.2-and-needs-both"])
        .only_by("probe.filter")
}

struct SecondConditionOnANameDropped;

impl Fault for SecondConditionOnANameDropped {
    fn name(&self) -> &'static str {
        "second-condition-on-a-name-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            filter @ Filter::And(..) => {
                let mut kept: Vec<Filter> = Vec::new();
                for condition in conditions(filter.clone()) {
                    if !kept.iter().any(|other| alike(other, &condition)) {
                        kept.push(condition);
                    }
                }
                every(kept).unwrap_or(filter)
            }
            other => other,
        });
    }
}

fn alike(a: &Filter, b: &Filter) -> bool {
    match (a, b) {
        (Filter::Compare(path, one), Filter::Compare(other, two)) => {
            path.same(other) && one.op == two.op && !path.name.eq_ignore_ascii_case("userName")
        }
        _ => false,
    }
}
