//! Lists come from an index that follows late.

use jiff::Timestamp;

use super::history::History;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan, Query};
use crate::provider::select::Selection;
use crate::provider::store::{Kind, Resource};
use crate::scim::filter::{CompareOp, Filter, Literal};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "For ten seconds lists show a changed or deleted resource as it was before",
        ChangesReachListsLate::default(),
    )
}

#[derive(Default)]
struct ChangesReachListsLate {
    history: History,
}

impl Fault for ChangesReachListsLate {
    fn name(&self) -> &'static str {
        "changes-reach-lists-late"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        self.history.follow(plan, committed);
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(kinds, query) = &plan.action else {
            return;
        };
        as_before(&self.history, plan.now, (kinds, query), selection);
    }
}

/// Shows what a query selects as late readers see it.
pub(super) fn as_before(
    history: &History,
    now: Timestamp,
    (kinds, query): (&[Kind], &Query),
    selection: &mut Selection,
) {
    for resource in &mut selection.resources {
        if let Some(earlier) = history.earlier(&resource.id, now) {
            *resource = earlier;
        }
    }
    for earlier in history.all(now) {
        let shown = selection.resources.iter().any(|it| it.id == earlier.id);
        if !shown && kinds.contains(&earlier.kind) && is_looked_for(query, &earlier) {
            selection.resources.push(earlier);
            selection.total += 1;
        }
    }
}

/// Whether the filter is a plain comparison that names this resource.
fn is_looked_for(query: &Query, resource: &Resource) -> bool {
    match &query.filter {
        Some(Filter::Compare(path, comparison)) if comparison.op == CompareOp::Eq => {
            matches!(&comparison.value, Literal::String(wanted)
                if resource.text(&path.name).is_some_and(|text| text.eq_ignore_ascii_case(wanted)))
        }
        _ => false,
    }
}
