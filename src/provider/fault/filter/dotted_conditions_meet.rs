//! Conditions on one attribute are joined to a value path.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{AttributePath, Filter, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "emails.type … and emails.value … have to be met by one value",
        DottedConditionsMeet,
    )
    .breaks(&["rfc7644-3.4.2.2-any-value-may-match"])
}

struct DottedConditionsMeet;

impl Fault for DottedConditionsMeet {
    fn name(&self) -> &'static str {
        "dotted-conditions-meet"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(left, right) => match (*left, *right) {
                (Filter::Compare(one, a), Filter::Compare(other, b))
                    if one.name == other.name && one.name == "emails" =>
                {
                    let condition = |path: &AttributePath, comparison| {
                        let sub = path.sub.as_deref().unwrap_or("value");
                        Box::new(ValueFilter::Compare(
                            AttributePath::new(sub, None),
                            comparison,
                        ))
                    };
                    let conditions = ValueFilter::And(condition(&one, a), condition(&other, b));
                    Filter::ValuePath(AttributePath { sub: None, ..one }, Box::new(conditions))
                }
                (a, b) => Filter::And(Box::new(a), Box::new(b)),
            },
            other => other,
        });
    }
}
