//! Lists have no order of their own.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::AttributePath;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A list that asks for no order has another one each time",
        ListOrderWanders::default(),
    )
}

#[derive(Default)]
struct ListOrderWanders {
    downwards: AtomicBool,
}

impl Fault for ListOrderWanders {
    fn name(&self) -> &'static str {
        "list-order-wanders"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.sort_by.is_none()
        {
            query.sort_by = Some(AttributePath::new("id", None));
            query.descending = self.downwards.fetch_xor(true, Ordering::SeqCst);
        }
    }
}
