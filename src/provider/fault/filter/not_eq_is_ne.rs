//! `not (a eq b)` is simplified.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{CompareOp, Comparison, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not before eq is read as ne, which any other of several values satisfies",
        NotEqIsNe,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
    .only_by("probe.filter")
}

struct NotEqIsNe;

impl Fault for NotEqIsNe {
    fn name(&self) -> &'static str {
        "not-eq-is-ne"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::Compare(
                    path,
                    Comparison {
                        op: CompareOp::Eq,
                        value,
                    },
                ) => {
                    let op = CompareOp::Ne;
                    Filter::Compare(path, Comparison { op, value })
                }
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
