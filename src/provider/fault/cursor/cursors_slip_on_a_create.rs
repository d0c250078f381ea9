//! A cursor is a number of resources in a table that grows at its front.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page by cursor after a create, whatever it creates, leaves out a resource",
        CursorsSlipOnACreate::default(),
    )
}

#[derive(Default)]
struct CursorsSlipOnACreate {
    /// Creates since the last page.
    creates: AtomicUsize,
}

impl Fault for CursorsSlipOnACreate {
    fn name(&self) -> &'static str {
        "cursors-slip-on-a-create"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        match &plan.action {
            Action::Create(..) => {
                self.creates.fetch_add(1, Ordering::SeqCst);
            }
            Action::List(_, query) if selection.by_cursor => {
                let creates = self.creates.swap(0, Ordering::SeqCst);
                let follows = query.walk.as_ref().is_some_and(|walk| walk.place.is_some());
                if creates > 0 && follows && !selection.resources.is_empty() {
                    selection.resources.remove(0);
                }
            }
            _ => {}
        }
    }
}
