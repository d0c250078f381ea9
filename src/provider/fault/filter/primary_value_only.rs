//! Only the primary value is looked at.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A condition on a multi-valued attribute looks at the primary value alone",
        PrimaryValueOnly,
    )
    .breaks(&["rfc7644-3.4.2.2-any-value-may-match"])
}

struct PrimaryValueOnly;

impl Fault for PrimaryValueOnly {
    fn name(&self) -> &'static str {
        "primary-value-only"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Compare(path, comparison) if path.name.eq_ignore_ascii_case("emails") => {
                primary(path, comparison)
            }
            other => other,
        });
    }
}

fn primary(path: AttributePath, comparison: Comparison) -> Filter {
    let Some(sub) = path.sub.clone() else {
        return Filter::Compare(path, comparison);
    };
    let is_primary = Comparison {
        op: CompareOp::Eq,
        value: Literal::Bool(true),
    };
    let conditions = ValueFilter::And(
        Box::new(ValueFilter::Compare(
            AttributePath::new("primary", None),
            is_primary,
        )),
        Box::new(ValueFilter::Compare(
            AttributePath::new(sub, None),
            comparison,
        )),
    );
    Filter::ValuePath(AttributePath { sub: None, ..path }, Box::new(conditions))
}
