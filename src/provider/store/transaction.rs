//! Changes of the store: all of a list, or none.
//!
//! Everything that must not race is checked here, under the writer's lock.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde_json::Value;

use super::super::text;
use super::{Change, Indexed, Kind, Ledger, Resource, Rules, Store, Unique};

/// The smallest step that timestamps show.
const TICK: Duration = Duration::from_millis(1);

/// What became of one change.
#[derive(Clone, Debug, Default)]
pub(in crate::provider) struct Done {
    /// The resource before.
    pub(in crate::provider) before: Option<Arc<Resource>>,
    /// The resource now.
    pub(in crate::provider) after: Option<Arc<Resource>>,
}

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Refusal {
    /// The resource has changed since it was read.
    Stale,
    /// The resource is gone.
    Gone,
    /// The userName belongs to another user.
    Taken(String),
    /// The displayName belongs to another group.
    NameTaken(String),
    /// The value of an attribute of this name belongs to another user.
    Claimed(String),
    /// A member does not exist.
    Dangling(String),
}

/// What the earlier changes of the same list will bring about.
#[derive(Default)]
struct Pending<'a> {
    names: HashMap<(Kind, String), &'a str>,
    values: HashMap<(usize, &'a str), &'a str>,
    ids: HashMap<&'a str, bool>,
}

impl Store {
    /// Makes all changes, or none and says which one was refused.
    ///
    /// # Errors
    /// With the position of the first change that breaks one of its rules.
    pub(in crate::provider) fn commit(
        &self,
        changes: Vec<(Change, Rules)>,
    ) -> Result<Vec<Done>, (usize, Refusal)> {
        let mut ledger = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending::default();
        for (change, _) in &changes {
            match change {
                Change::Create(resource) => pending.ids.insert(&resource.id, true),
                Change::Delete(resource) => pending.ids.insert(&resource.id, false),
                Change::Update { .. } => None,
            };
        }
        for (at, (change, rules)) in changes.iter().enumerate() {
            self.check(&ledger, change, *rules, &mut pending)
                .map_err(|refusal| (at, refusal))?;
        }
        drop(pending);
        let done = changes
            .into_iter()
            .map(|(change, rules)| self.make(&mut ledger, change, rules))
            .collect();
        Ok(done)
    }

    fn check<'a>(
        &self,
        ledger: &Ledger,
        change: &'a Change,
        rules: Rules,
        pending: &mut Pending<'a>,
    ) -> Result<(), Refusal> {
        let (before, after) = match change {
            Change::Create(resource) => (None, resource),
            Change::Update { before, after } => (Some(before), after),
            Change::Delete(before) => return self.check_current(before, rules),
        };
        if let Some(before) = before {
            self.check_current(before, rules)?;
        }
        self.check_unique(after, rules.unique, pending)?;
        if rules.unique_in_extensions {
            self.check_extensions(after, pending)?;
        }
        if rules.references {
            self.check_members(ledger, before.map(|before| &**before), after, pending)?;
        }
        Ok(())
    }

    fn check_current(&self, before: &Arc<Resource>, rules: Rules) -> Result<(), Refusal> {
        match self.get(&before.id) {
            None => Err(Refusal::Gone),
            Some(current) if rules.current && !Arc::ptr_eq(&current, before) => Err(Refusal::Stale),
            Some(_) => Ok(()),
        }
    }

    fn check_unique<'a>(
        &self,
        after: &'a Resource,
        unique: Unique,
        pending: &mut Pending<'a>,
    ) -> Result<(), Refusal> {
        let (indexed, refusal): (_, fn(String) -> Refusal) = match after.kind {
            Kind::User => (Indexed::UserName, Refusal::Taken),
            Kind::Group => (Indexed::DisplayName, Refusal::NameTaken),
            Kind::Device | Kind::EndpointApp => return Ok(()),
        };
        let Some(name) = after.text(indexed.name()) else {
            return Ok(());
        };
        let clashes = |other: &Resource| {
            let theirs = other.text(indexed.name());
            other.id != after.id
                && match unique {
                    Unique::Folded => theirs.map(text::fold) == Some(text::fold(name)),
                    Unique::Lowered => theirs.map(str::to_lowercase) == Some(name.to_lowercase()),
                    Unique::Exact => theirs == Some(name),
                    Unique::Ignored => false,
                }
        };
        let stored = self.lookup(after.kind, indexed, name);
        let claimed = pending
            .names
            .insert((after.kind, text::fold(name).into_owned()), &after.id);
        let twice = unique == Unique::Folded && claimed.is_some_and(|id| *id != *after.id);
        if twice || stored.iter().any(|other| clashes(other)) {
            return Err(refusal(name.to_owned()));
        }
        Ok(())
    }

    /// There is no index: attributes of this kind are rare, and so are their values.
    fn check_extensions<'a>(
        &self,
        after: &'a Resource,
        pending: &mut Pending<'a>,
    ) -> Result<(), Refusal> {
        if after.kind != Kind::User {
            return Ok(());
        }
        for (at, (urn, name)) in self.unique.iter().enumerate() {
            let Some(value) = text_in(after, urn, name) else {
                continue;
            };
            let claimed = pending.values.insert((at, value), &after.id);
            let twice = claimed.is_some_and(|id| *id != *after.id);
            let mut others = self
                .ids(Kind::User)
                .into_iter()
                .filter_map(|id| self.get(&id));
            let is_taken = |other: Arc<Resource>| {
                other.id != after.id && text_in(&other, urn, name) == Some(value)
            };
            if twice || others.any(is_taken) {
                return Err(Refusal::Claimed(name.clone()));
            }
        }
        Ok(())
    }

    fn check_members(
        &self,
        ledger: &Ledger,
        before: Option<&Resource>,
        after: &Resource,
        pending: &Pending<'_>,
    ) -> Result<(), Refusal> {
        if after.kind != Kind::Group {
            return Ok(());
        }
        // Members in their old places were checked when they came.
        let mut old = before.into_iter().flat_map(Resource::members);
        for member in after.members() {
            if old.next() == Some(member) {
                continue;
            }
            let fits = match pending.ids.get(member) {
                Some(created) => *created,
                None if self.members_exist => self.get(member).is_some(),
                None => !ledger.graves.contains(member),
            };
            if !fits {
                return Err(Refusal::Dangling(member.to_owned()));
            }
        }
        Ok(())
    }

    fn make(&self, ledger: &mut Ledger, change: Change, rules: Rules) -> Done {
        match change {
            Change::Create(resource) => self.create(ledger, resource),
            Change::Update { before, after } => self.update(ledger, &before, after, rules),
            Change::Delete(before) => self.delete(ledger, &before, rules),
        }
    }

    fn create(&self, ledger: &mut Ledger, mut resource: Resource) -> Done {
        ledger.sequence += 1;
        ledger.version += 1;
        resource.sequence = ledger.sequence;
        resource.version = ledger.version;
        resource.created = self.now();
        resource.last_modified = resource.created;
        Done {
            before: None,
            after: Some(self.put(None, resource)),
        }
    }

    fn update(
        &self,
        ledger: &mut Ledger,
        read: &Arc<Resource>,
        mut after: Resource,
        rules: Rules,
    ) -> Done {
        // Where the rule of the current resource is off, the stored one may be newer than the one read.
        let before = self.get(&read.id).unwrap_or_else(|| Arc::clone(read));
        if rules.version {
            ledger.version += 1;
            after.version = ledger.version;
        }
        if rules.stamp {
            after.last_modified = self.now().max(before.last_modified + TICK);
        }
        Done {
            after: Some(self.put(Some(&before), after)),
            before: Some(before),
        }
    }

    fn delete(&self, ledger: &mut Ledger, before: &Arc<Resource>, rules: Rules) -> Done {
        let before = self.get(&before.id).unwrap_or_else(|| Arc::clone(before));
        ledger.bury(&before.id);
        self.unlink(&before);
        self.order(before.kind)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&before.sequence);
        self.shard(&before.id)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&before.id);
        if rules.cascade {
            for group in self.groups_with(&before.id) {
                self.drop_member(ledger, &group, &before.id);
            }
        }
        self.memberships.fetch_add(1, Ordering::Release);
        Done {
            before: Some(before),
            after: None,
        }
    }

    fn drop_member(&self, ledger: &mut Ledger, group: &Arc<Resource>, id: &str) {
        let mut after = Resource::clone(group);
        let mut empty = false;
        if let Some(Value::Array(members)) = after.attributes.get_mut("members") {
            members.retain(|member| member.get("value").and_then(Value::as_str) != Some(id));
            empty = members.is_empty();
        }
        if empty {
            after.attributes.shift_remove("members");
        }
        self.update(ledger, group, after, Rules::default());
    }

    /// Stores a resource and brings the indexes in line.
    fn put(&self, before: Option<&Arc<Resource>>, resource: Resource) -> Arc<Resource> {
        let after = Arc::new(resource);
        self.shard(&after.id)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(Arc::clone(&after.id), Arc::clone(&after));
        if before.is_none() {
            self.order(after.kind)
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(after.sequence, Arc::clone(&after.id));
        }
        // New entries come before old ones go, so that nobody finds a resource under neither.
        for indexed in Indexed::ALL {
            let (old, new) = (
                before.and_then(|before| before.text(indexed.name())),
                after.text(indexed.name()),
            );
            let (old, new) = (
                old.map(|text| indexed.key(text)),
                new.map(|text| indexed.key(text)),
            );
            if old == new {
                continue;
            }
            let index = self.index(after.kind, indexed);
            if let Some(new) = new {
                index.add(&new, &after.id);
            }
            if let Some(old) = old {
                index.remove(&old, &after.id);
            }
        }
        if after.kind == Kind::Group {
            self.link_members(before.map(|before| &**before), &after);
        }
        after
    }

    fn link_members(&self, before: Option<&Resource>, after: &Arc<Resource>) {
        let old: std::collections::HashSet<&str> =
            before.into_iter().flat_map(Resource::members).collect();
        let new: std::collections::HashSet<&str> = after.members().collect();
        for member in new.difference(&old) {
            self.groups.add(&text::fold(member), &after.id);
        }
        for member in old.difference(&new) {
            self.groups.remove(&text::fold(member), &after.id);
        }
        self.memberships.fetch_add(1, Ordering::Release);
    }

    fn unlink(&self, resource: &Arc<Resource>) {
        for indexed in Indexed::ALL {
            if let Some(text) = resource.text(indexed.name()) {
                self.index(resource.kind, indexed)
                    .remove(&indexed.key(text), &resource.id);
            }
        }
        if resource.kind == Kind::Group {
            for member in resource.members() {
                self.groups.remove(&text::fold(member), &resource.id);
            }
        }
    }

    /// The present moment in the steps that timestamps show.
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        now.round(
            jiff::TimestampRound::new()
                .smallest(Unit::Millisecond)
                .mode(jiff::RoundMode::Trunc),
        )
        .unwrap_or(now)
    }
}

/// A text of an extension.
fn text_in<'a>(resource: &'a Resource, urn: &str, name: &str) -> Option<&'a str> {
    resource.attributes.get(urn)?.get(name)?.as_str()
}
