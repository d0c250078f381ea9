//! What should be in the store: of each user and group whether it is there, and as what it was last seen.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::step::{GROUPS, USERS, Who};
use crate::scim::resource::{member, member_mut};

/// A place for a resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    /// The resource that is there.
    pub(super) now: Option<Stored>,
    /// Ids of those that were there before, the last one last.
    pub(super) gone: Vec<String>,
}

/// A resource as it should be.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    /// As it was shown after the last change.
    pub(super) state: Value,
}

/// The store as it should be.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    users: [Slot; USERS],
    groups: [Slot; GROUPS],
}

impl Model {
    /// The slot of somebody.
    pub(super) fn slot(&self, who: Who) -> &Slot {
        static NOBODY: Slot = Slot {
            now: None,
            gone: Vec::new(),
        };
        match who {
            Who::User(number) => self.users.get(number),
            Who::Group(number) => self.groups.get(number),
        }
        .unwrap_or(&NOBODY)
    }

    /// The same, to be changed.
    pub(super) fn slot_mut(&mut self, who: Who) -> Option<&mut Slot> {
        match who {
            Who::User(number) => self.users.get_mut(number),
            Who::Group(number) => self.groups.get_mut(number),
        }
    }

    /// Everybody, there or not.
    pub(super) fn everybody() -> impl Iterator<Item = Who> {
        let users = (0..USERS).map(Who::User);
        users.chain((0..GROUPS).map(Who::Group))
    }

    /// The id of somebody who is there.
    pub(super) fn id(&self, who: Who) -> Option<&str> {
        Some(self.slot(who).now.as_ref()?.id.as_str())
    }

    /// Who has this id now.
    pub(super) fn whose(&self, id: &str) -> Option<Who> {
        Self::everybody().find(|who| self.id(*who) == Some(id))
    }

    /// Whether somebody had this id before.
    pub(super) fn was(&self, id: &str) -> bool {
        Self::everybody().any(|who| self.slot(who).gone.iter().any(|gone| gone == id))
    }

    /// Somebody is there and looks like this.
    pub(super) fn put(&mut self, who: Who, id: &str, state: Value) {
        if let Some(slot) = self.slot_mut(who) {
            slot.now = Some(Stored {
                id: id.to_owned(),
                state,
            });
        }
    }

    /// Somebody is no longer there.
    pub(super) fn take(&mut self, who: Who) {
        if let Some(slot) = self.slot_mut(who)
            && let Some(was) = slot.now.take()
        {
            slot.gone.push(was.id);
        }
    }

    /// The groups that should have a user.
    pub(super) fn groups_of(&self, user: &str) -> BTreeSet<String> {
        let groups = self.groups.iter().filter_map(|slot| slot.now.as_ref());
        groups
            .filter(|group| members(&group.state).any(|id| id == user))
            .map(|group| group.id.clone())
            .collect()
    }

    /// A group without the members that were deleted: whether they leave it is open. A user without its groups,
    /// which are judged on their own.
    pub(super) fn strip(&self, who: Who, state: &Value) -> Value {
        let mut state = state.clone();
        match who {
            Who::User(_) => {
                if let Some(groups) = member_mut(&mut state, "groups") {
                    *groups = Value::Null;
                }
            }
            Who::Group(_) => {
                // Names of members follow the members.
                if let Some(Value::Array(members)) = member_mut(&mut state, "members") {
                    let ids = members
                        .iter()
                        .filter_map(|one| member(one, "value")?.as_str());
                    *members = ids
                        .filter(|id| !self.was(id) || self.whose(id).is_some())
                        .map(|id| json!({"value": id}))
                        .collect();
                }
            }
        }
        state
    }
}

/// Ids of the members of a group.
pub(super) fn members(group: &Value) -> impl Iterator<Item = &str> {
    let members = member(group, "members").and_then(Value::as_array);
    members
        .into_iter()
        .flatten()
        .filter_map(|one| member(one, "value")?.as_str())
}

/// Ids of the groups that a user shows as those it is in itself.
pub(super) fn groups(user: &Value) -> BTreeSet<String> {
    let groups = member(user, "groups").and_then(Value::as_array);
    let direct = groups
        .into_iter()
        .flatten()
        .filter(|one| member(one, "type") != Some(&json!("indirect")));
    direct
        .filter_map(|one| Some(member(one, "value")?.as_str()?.to_owned()))
        .collect()
}
