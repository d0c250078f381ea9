//! Sorts a page anew, for the faults that order it by something else.

use serde_json::Value;

use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::Resource;
use crate::scim::filter::AttributePath;

/// The texts that a resource has where a query sorts.
pub(super) struct Values<'a> {
    /// Each with whether it is the primary one.
    found: Vec<(&'a str, bool)>,
}

impl<'a> Values<'a> {
    fn of(resource: &'a Resource, path: &AttributePath) -> Self {
        let stored = resource
            .attributes
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&path.name));
        let leaf = |value: &'a Value| -> Option<(&'a str, bool)> {
            let primary = value.get("primary") == Some(&Value::Bool(true));
            let text = match &path.sub {
                Some(sub) => value.get(sub)?.as_str()?,
                None => value.as_str()?,
            };
            Some((text, primary))
        };
        let found = match stored {
            Some((_, Value::Array(values))) => values.iter().filter_map(leaf).collect(),
            Some((_, value)) => leaf(value).into_iter().collect(),
            None => Vec::new(),
        };
        Self { found }
    }

    /// The primary value, else the first.
    pub(super) fn best(&self) -> Option<&'a str> {
        let primary = self.found.iter().find(|(_, primary)| *primary);
        primary.or(self.found.first()).map(|(text, _)| *text)
    }

    /// The first value.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.found.first().map(|(text, _)| *text)
    }

    /// Every value.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.found.iter().map(|(text, _)| *text)
    }
}

/// Orders the page of a sorted list by another key; what has none comes last.
pub(super) fn resort(
    plan: &Plan,
    selection: &mut Selection,
    key: impl Fn(&Values<'_>) -> Option<String>,
) {
    let Action::List(_, query) = &plan.action else {
        return;
    };
    let Some(path) = &query.sort_by else { return };
    selection.resources.sort_by_cached_key(|resource| {
        let key = key(&Values::of(resource, path));
        (key.is_none(), key)
    });
    if query.descending {
        selection.resources.reverse();
    }
}
