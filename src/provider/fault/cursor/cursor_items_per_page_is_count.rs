//! itemsPerPage repeats count.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Action;
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "itemsPerPage of a page by cursor is the count that was asked for",
        CursorItemsPerPageIsCount,
    )
    .breaks(&["rfc9865-2-items-per-page-counts-the-page"])
}

struct CursorItemsPerPageIsCount;

impl Fault for CursorItemsPerPageIsCount {
    fn name(&self) -> &'static str {
        "cursor-items-per-page-is-count"
    }

    fn represented(&self, plan: &Plan, document: &mut Value) {
        if let Action::List(_, query) = &plan.action
            && query.walk.is_some()
        {
            document["itemsPerPage"] = Value::from(query.count);
        }
    }
}
