//! `not (a gt b)` is simplified.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{CompareOp, Comparison, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new("not before an ordering is read as the opposite ordering, which what is not there does not satisfy", NotGtIsLe)
        .breaks(&["rfc7644-3.4.2.2-not-inverts"])
        .only_by("probe.filter")
}

struct NotGtIsLe;

impl Fault for NotGtIsLe {
    fn name(&self) -> &'static str {
        "not-gt-is-le"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::Compare(path, Comparison { op, value }) if op.is_ordering() => {
                    let op = opposite(op);
                    Filter::Compare(path, Comparison { op, value })
                }
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}

fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Gt => CompareOp::Le,
        CompareOp::Ge => CompareOp::Lt,
        CompareOp::Lt => CompareOp::Ge,
        CompareOp::Le => CompareOp::Gt,
        other => other,
    }
}
