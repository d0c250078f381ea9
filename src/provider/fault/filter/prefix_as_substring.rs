//! `sw` is evaluated as `co`.

use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::{CompareOp, Filter};

pub(super) fn declare() -> Declaration {
    Declaration::new("sw matches anywhere in the value", PrefixAsSubstring)
        .breaks(&["rfc7644-3.4.2.2-sw-matches-prefixes"])
}

struct PrefixAsSubstring;

impl Fault for PrefixAsSubstring {
    fn name(&self) -> &'static str {
        "prefix-as-substring"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| {
                rewrite(filter, &mut |filter| match filter {
                    Filter::Compare(path, mut comparison) => {
                        if comparison.op == CompareOp::Sw {
                            comparison.op = CompareOp::Co;
                        }
                        Filter::Compare(path, comparison)
                    }
                    other => other,
                })
            });
        }
    }
}
