//! A list of values that is read one too short.

use super::chain::alternatives;
use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{CompareOp, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of three values or more that one attribute is compared with by eq and or the last is lost",
        ThirdEqualityDropped,
    )
    .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
    .only_by("probe.filter")
}

struct ThirdEqualityDropped;

impl Fault for ThirdEqualityDropped {
    fn name(&self) -> &'static str {
        "third-equality-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Or(rest, last) => {
                let before = alternatives((*rest).clone());
                let same = before.iter().filter(|one| alike(one, &last)).count();
                if same > 1 {
                    *rest
                } else {
                    Filter::Or(rest, last)
                }
            }
            other => other,
        });
    }
}

fn alike(a: &Filter, b: &Filter) -> bool {
    match (a, b) {
        (Filter::Compare(path, one), Filter::Compare(other, two)) => {
            path.same(other) && one.op == CompareOp::Eq && two.op == CompareOp::Eq
        }
        _ => false,
    }
}
