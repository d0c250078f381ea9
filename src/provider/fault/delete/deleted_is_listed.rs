//! Lists come from a cache.

use std::sync::{Arc, Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::Resource;
use crate::scim::filter::{Filter, Literal};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A deleted user is still found by its userName",
        DeletedIsListed::default(),
    )
    .breaks(&["rfc7644-3.6-deleted-is-not-listed"])
}

#[derive(Default)]
struct DeletedIsListed {
    deleted: Mutex<Vec<Arc<Resource>>>,
}

impl Fault for DeletedIsListed {
    fn name(&self) -> &'static str {
        "deleted-is-listed"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            self.deleted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Arc::clone(before));
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        let Some(Filter::Compare(path, comparison)) = &query.filter else {
            return;
        };
        let Literal::String(wanted) = &comparison.value else {
            return;
        };
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        let found = deleted
            .iter()
            .filter(|resource| resource.text(&path.name) == Some(wanted));
        let found: Vec<Arc<Resource>> = found.cloned().collect();
        selection.total += found.len();
        selection.resources.extend(found);
    }
}
