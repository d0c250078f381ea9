//! gt and lt on one attribute become BETWEEN.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{CompareOp, Comparison, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "gt and lt on one attribute, joined by and, also select the operands themselves",
        RangesIncludeTheirEnds,
    )
    .breaks(&["rfc7644-3.4.2.2-strings-order-lexicographically"])
}

struct RangesIncludeTheirEnds;

impl Fault for RangesIncludeTheirEnds {
    fn name(&self) -> &'static str {
        "ranges-include-their-ends"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(a, b) => match (*a, *b) {
                (Filter::Compare(one, from), Filter::Compare(other, to))
                    if one.same(&other)
                        && [
                            (CompareOp::Gt, CompareOp::Lt),
                            (CompareOp::Lt, CompareOp::Gt),
                        ]
                        .contains(&(from.op, to.op)) =>
                {
                    let from = Filter::Compare(one, closed(from));
                    Filter::And(Box::new(from), Box::new(Filter::Compare(other, closed(to))))
                }
                (a, b) => Filter::And(Box::new(a), Box::new(b)),
            },
            other => other,
        });
    }
}

fn closed(Comparison { op, value }: Comparison) -> Comparison {
    let op = if op == CompareOp::Gt {
        CompareOp::Ge
    } else {
        CompareOp::Le
    };
    Comparison { op, value }
}
