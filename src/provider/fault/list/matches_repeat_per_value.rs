//! A join yields a resource for each of its values.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A resource is listed once for each value of a multi-valued attribute in the filter",
        MatchesRepeatPerValue,
    )
    .breaks(&["rfc7644-3.4.2.2-filter-selects-matching-resources-only"])
}

struct MatchesRepeatPerValue;

impl Fault for MatchesRepeatPerValue {
    fn name(&self) -> &'static str {
        "matches-repeat-per-value"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        if !query.filter.as_ref().is_some_and(joins) {
            return;
        }
        let before = selection.resources.len();
        selection.resources = selection
            .resources
            .iter()
            .flat_map(|resource| {
                let emails = resource.attributes.get("emails");
                let values = emails
                    .and_then(|emails| emails.as_array())
                    .map_or(1, Vec::len);
                std::iter::repeat_n(resource.clone(), values.max(1))
            })
            .collect();
        selection.total += selection.resources.len() - before;
    }
}

/// Whether a filter looks into the values of emails.
fn joins(filter: &Filter) -> bool {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => joins(a) || joins(b),
        Filter::Not(_) => false,
        Filter::Present(path) | Filter::Compare(path, _) | Filter::ValuePath(path, _) => {
            path.name.eq_ignore_ascii_case("emails")
        }
    }
}
