//! A request that has to leave values behind by their characteristics, and simpler ones like it.

use std::sync::Arc;

use serde_json::Value;

use super::kind::Field;
use super::value::simpler;
use crate::probe::property::Shrink;

/// A method that writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Post,
    Put,
    Patch,
}

/// What is done with the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// They are created.
    Create,
    /// They replace plain ones, with the whole resource.
    Put,
    /// They are added by PATCH where there are none.
    Add,
    /// They replace plain ones by PATCH.
    Replace,
    /// The same without a path.
    Pathless,
    /// They are created, then removed by PATCH.
    Remove,
    /// They are created, then replaced by null or an empty array.
    Empty,
    /// A read-only value is sent all the same.
    Foreign(Route),
    /// An immutable value is created plain, then sent another.
    Fixed(Route),
    /// A unique value is given to two resources.
    Twin(Route),
    /// A value is sought in other letters.
    Letters,
    /// A required attribute is left out.
    Missing,
}

/// What of a resource is asked for when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Whatever comes unasked.
    Plain,
    /// The first attribute by its name.
    Named,
    /// All but the first attribute.
    Excluded,
}

/// A request and its values.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// Number of the type among those that can be walked.
    pub(super) kind: usize,
    /// Attributes of all types.
    pub(super) fields: Arc<Vec<Vec<Field>>>,
    /// What is done.
    pub(super) way: Way,
    /// How the resource is read afterwards, beside the plain way.
    pub(super) look: Look,
    /// Attributes by their number, each with its value.
    pub(super) entries: Vec<(usize, Value)>,
}

impl Example {
    /// The attributes with their values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&Field, &Value)> {
        let fields = self.fields.get(self.kind);
        let all = self.entries.iter();
        all.filter_map(move |(at, value)| Some((fields?.get(*at)?, value)))
    }

    /// The first of them.
    pub(super) fn first(&self) -> Option<(&Field, &Value)> {
        self.values().next()
    }

    fn with_entries(&self, entries: Vec<(usize, Value)>) -> Self {
        Self {
            entries,
            ..self.clone()
        }
    }
}

impl Shrink for Example {
    fn smaller(&self) -> Vec<Self> {
        let many = self.entries.len();
        let mut all = Vec::new();
        if many > 1 {
            all.extend(
                self.entries
                    .iter()
                    .map(|one| self.with_entries(vec![one.clone()])),
            );
            all.extend((0..many).filter(|_| many > 2).map(|out| {
                let mut fewer = self.entries.clone();
                fewer.remove(out);
                self.with_entries(fewer)
            }));
        }
        if self.look != Look::Plain {
            all.push(Self {
                look: Look::Plain,
                ..self.clone()
            });
        }
        if matches!(self.way, Way::Put | Way::Add | Way::Replace | Way::Pathless) {
            all.push(Self {
                way: Way::Create,
                ..self.clone()
            });
        }
        for (place, (field, value)) in self.values().enumerate() {
            for plainer in simpler(value, &field.definition, "") {
                let mut entries = self.entries.clone();
                if let Some(entry) = entries.get_mut(place) {
                    entry.1 = plainer;
                }
                all.push(self.with_entries(entries));
            }
        }
        all
    }
}
