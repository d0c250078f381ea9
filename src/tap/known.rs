//! What stands for what in the scenario: ids, names, passwords, and whatever else the target said
//! first.
//!
//! A capture is made where a later step uses it, and only then.

use std::collections::BTreeMap;

use serde_json::Value;

use super::identity::{self, Identity, Origin};
use super::invent::Inventor;
use super::leaf;
use super::name::Names;
use super::secret::Secrets;
use super::step::Step;
use crate::scim::resource::member;
use crate::seed::Seed;
use crate::suite::write::{self, Source};

/// Members of answers that clients send back as they are.
const REPEATED: [&str; 6] = [
    "version",
    "lastmodified",
    "created",
    "location",
    "nextcursor",
    "previouscursor",
];

/// Shortest id that is taken for one wherever it stands.
pub(super) const LONG_ID: usize = 8;

/// What is known of a recording while its steps are written.
pub(super) struct Known<'s> {
    pub(super) steps: &'s [Step],
    pub(super) secrets: &'s Secrets,
    pub(super) names: Names,
    pub(super) inventor: Inventor,
    /// Values that the given resources need, by the order of their first use.
    pub(super) given: Vec<Given>,
    /// What each step captures, in order.
    pub(super) captures: Vec<Vec<(String, Source)>>,
    /// What the reader should know.
    pub(super) notes: Vec<String>,
    identities: BTreeMap<String, Identity>,
    nowhere: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
}

/// A resource that was there before the recording.
pub(super) struct Given {
    pub(super) id: String,
    /// `user` or `group`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// Attributes that the conversation relies on.
    pub(super) with: Vec<(String, Value)>,
}

impl Given {
    /// As it is written.
    pub(super) fn written(&self) -> write::Given {
        write::Given {
            kind: self.kind,
            name: self.name.clone(),
            with: self.with.clone(),
        }
    }
}

impl<'s> Known<'s> {
    pub(super) fn of(steps: &'s [Step], secrets: &'s Secrets, seed: Seed) -> Self {
        let mut inventor = Inventor::new(seed);
        Self {
            names: Names::of(steps, &mut inventor),
            identities: identity::identities(steps),
            captures: steps.iter().map(|_| Vec::new()).collect(),
            steps,
            secrets,
            inventor,
            given: Vec::new(),
            notes: Vec::new(),
            nowhere: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// What stands for an id in the step of this index; none where it is no known id there.
    pub(super) fn id(&mut self, index: usize, id: &str) -> Option<String> {
        let identity = self.identities.get(id)?.clone();
        match identity.origin {
            Origin::Made(step, source) if step <= index => Some(self.capture("id", step, source)),
            // One that was not made yet is none that the target knows.
            Origin::Made(..) | Origin::Nowhere => {
                let known = self.nowhere.iter().position(|known| known == id);
                let number = known.unwrap_or_else(|| {
                    self.nowhere.push(id.to_owned());
                    self.nowhere.len() - 1
                });
                Some(match number {
                    0 => "{{uuid}}".to_owned(),
                    number => format!("{{{{uuid.{}}}}}", number + 1),
                })
            }
            Origin::Before => {
                let name = self.given(id, &identity.endpoint)?;
                Some(format!("{{{{{name}.id}}}}"))
            }
        }
    }

    /// Ids that are looked for within longer texts, the longest first.
    pub(super) fn long_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .identities
            .keys()
            .filter(|id| id.len() >= LONG_ID)
            .cloned()
            .collect();
        ids.sort_by_key(|id| std::cmp::Reverse(id.len()));
        ids
    }

    /// Whether a resource of this id was made before the step of this index, or was always there.
    pub(super) fn is_there(&self, index: usize, id: &str) -> bool {
        match self.identities.get(id).map(|identity| &identity.origin) {
            Some(Origin::Made(step, _)) => *step < index,
            Some(Origin::Before) => true,
            Some(Origin::Nowhere) | None => false,
        }
    }

    /// What stands for a value that the target said before the step of this index, best under this name.
    pub(super) fn minted(&mut self, index: usize, value: &str, name: &str) -> Option<String> {
        if value.is_empty() {
            return None;
        }
        let steps = self.steps.get(..index)?;
        let (step, kind, source) = steps.iter().enumerate().rev().find_map(|(at, step)| {
            said(step, value, name).map(|(kind, source)| (at, kind, source))
        })?;
        Some(self.capture(kind, step, source))
    }

    /// The tag of a resource that was there before, where no step read it.
    pub(super) fn given_tag(&mut self, id: &str) -> Option<String> {
        let identity = self.identities.get(id)?.clone();
        if identity.origin != Origin::Before {
            return None;
        }
        let name = self.given(id, &identity.endpoint)?;
        Some(format!("{{{{{name}.etag}}}}"))
    }

    fn capture(&mut self, kind: &'static str, step: usize, source: Source) -> String {
        let captures = self.captures.get(step).map_or(&[][..], Vec::as_slice);
        if let Some((name, _)) = captures.iter().find(|(_, known)| *known == source) {
            return format!("{{{{{name}}}}}");
        }
        let number = self.number(kind);
        let name = format!("{kind}{number}");
        if let Some(captures) = self.captures.get_mut(step) {
            captures.push((name.clone(), source));
        }
        format!("{{{{{name}}}}}")
    }

    /// The name of a resource that was there before.
    fn given(&mut self, id: &str, endpoint: &str) -> Option<String> {
        if let Some(known) = self.given.iter().find(|given| given.id == id) {
            return Some(known.name.clone());
        }
        let (kind, letter, unique) = match endpoint.to_ascii_lowercase().as_str() {
            "/users" => ("user", "u", "userName"),
            "/groups" => ("group", "g", "displayName"),
            _ => {
                let note = format!(
                    "a resource of {endpoint} was there before the recording: a replay has none, and what uses it will fail"
                );
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                return None;
            }
        };
        let name = format!("{letter}{}", self.number(letter));
        let mut with = Vec::new();
        if let Some(resource) = identity::shown(self.steps, id) {
            for attribute in [unique, "externalId"] {
                let value = member(resource, attribute).and_then(Value::as_str);
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    let template = self.names.template(value, &mut self.inventor);
                    with.push((attribute.to_owned(), Value::String(template)));
                }
            }
            if let Some(active) = member(resource, "active").filter(|active| active.is_boolean()) {
                with.push(("active".to_owned(), active.clone()));
            }
        }
        self.given.push(Given {
            id: id.to_owned(),
            kind,
            name: name.clone(),
            with,
        });
        Some(name)
    }

    fn number(&mut self, kind: &'static str) -> usize {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        *count
    }
}

/// Where an answer says a value that a client may send back, and what kind of value it is.
fn said(step: &Step, value: &str, name: &str) -> Option<(&'static str, Source)> {
    for (header, kind) in [("etag", "etag"), ("location", "location")] {
        if step.seen.header(header) == Some(value) {
            return Some((kind, Source::Whole(format!("header.{header}"))));
        }
    }
    let body = step.seen.json.as_ref()?;
    let mut found: Option<(&'static str, Source, bool)> = None;
    leaf::visit(body, &mut |at, leaf| {
        let best = at.name == name;
        let better = found.as_ref().is_none_or(|(_, _, known)| best && !known);
        if better && REPEATED.contains(&at.name.as_str()) && leaf.as_str() == Some(value) {
            let kind = match at.name.as_str() {
                "version" => "etag",
                "location" => "location",
                "nextcursor" | "previouscursor" => "cursor",
                _ => "time",
            };
            found = Some((kind, Source::Whole(at.pointer.clone()), best));
        }
    });
    found.map(|(kind, source, _)| (kind, source))
}
