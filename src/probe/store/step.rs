//! Steps of a sequence, by what they are about and not by ids, made fewer and simpler.

use serde_json::{Map, Value};

use crate::probe::patch::poorer;
use crate::probe::property::Shrink;

/// Users that a sequence knows.
pub(super) const USERS: usize = 3;

/// Groups that a sequence knows.
pub(super) const GROUPS: usize = 2;

/// A user or a group of the sequence, whether or not it is there at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// User with this number.
    User(usize),
    /// Group with this number.
    Group(usize),
}

impl Who {
    /// Its name in a script.
    pub(super) fn word(self) -> String {
        match self {
            Self::User(number) => format!("U{}", number + 1),
            Self::Group(number) => format!("G{}", number + 1),
        }
    }
}

/// One operation. What refers to something that never was is left out when the sequence is played.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Creates the user, also where there is one of the name.
    Create(usize, Map<String, Value>),
    /// Creates the group with those of these users that are there.
    Found(usize, Vec<usize>),
    /// Reads it.
    Read(Who),
    /// PUT of the user.
    Replace(usize, Map<String, Value>),
    /// PUT of the group with these members.
    Refound(usize, Vec<usize>),
    /// PATCH of the user.
    Patch(usize, Vec<Value>),
    /// Adds members.
    Add(usize, Vec<usize>),
    /// Removes a member, chosen by a filter.
    Remove(usize, usize),
    /// Replaces the members by PATCH.
    Exchange(usize, Vec<usize>),
    /// Deletes it.
    Delete(Who),
    /// Finds users by their names.
    Find(Vec<usize>),
    /// The same by POST.
    Search(Vec<usize>),
    /// Some changes in one request.
    Bulk(Vec<Step>),
}

/// A sequence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sequence(pub(super) Vec<Step>);

impl Step {
    /// What it changes.
    pub(super) fn subject(&self) -> Option<Who> {
        match self {
            Self::Create(user, _) | Self::Replace(user, _) | Self::Patch(user, _) => {
                Some(Who::User(*user))
            }
            Self::Found(group, _)
            | Self::Refound(group, _)
            | Self::Add(group, _)
            | Self::Remove(group, _)
            | Self::Exchange(group, _) => Some(Who::Group(*group)),
            Self::Delete(who) | Self::Read(who) => Some(*who),
            Self::Find(_) | Self::Search(_) | Self::Bulk(_) => None,
        }
    }

    fn simpler(&self) -> Vec<Self> {
        match self {
            Self::Create(user, members) => map(poorer(members), |it| Self::Create(*user, it)),
            Self::Replace(user, members) => map(poorer(members), |it| Self::Replace(*user, it)),
            Self::Patch(user, operations) => {
                let mut all = map(fewer(operations), |it| Self::Patch(*user, it));
                for (at, operation) in operations.iter().enumerate() {
                    let Some(value @ Value::Object(_)) = operation.get("value") else {
                        continue;
                    };
                    let Some(members) = value.as_object().filter(|it| it.len() > 1) else {
                        continue;
                    };
                    for members in poorer(members) {
                        let mut changed = operations.clone();
                        if let Some(operation) = changed.get_mut(at) {
                            operation["value"] = Value::Object(members);
                        }
                        all.push(Self::Patch(*user, changed));
                    }
                }
                all
            }
            Self::Found(group, users) => {
                let mut all = vec![Self::Found(*group, Vec::new())];
                all.extend(map(fewer(users), |it| Self::Found(*group, it)));
                all
            }
            Self::Refound(group, users) => {
                let mut all = vec![Self::Refound(*group, Vec::new())];
                all.extend(map(fewer(users), |it| Self::Refound(*group, it)));
                all
            }
            Self::Add(group, users) => map(fewer(users), |it| Self::Add(*group, it)),
            Self::Exchange(group, users) => map(fewer(users), |it| Self::Exchange(*group, it)),
            Self::Find(users) => map(fewer(users), Self::Find),
            Self::Search(users) => {
                let mut all = vec![Self::Find(users.clone())];
                all.extend(map(fewer(users), Self::Search));
                all
            }
            Self::Bulk(steps) => {
                let mut all = steps.clone();
                all.extend(map(fewer(steps), Self::Bulk));
                for (at, step) in steps.iter().enumerate() {
                    for simpler in step.simpler() {
                        let mut changed = steps.clone();
                        changed.splice(at..=at, [simpler]);
                        all.push(Self::Bulk(changed));
                    }
                }
                all
            }
            Self::Read(_) | Self::Remove(..) | Self::Delete(_) => Vec::new(),
        }
        .into_iter()
        .filter(|simpler| simpler != self)
        .collect()
    }
}

fn map<T>(all: Vec<T>, step: impl Fn(T) -> Step) -> Vec<Step> {
    all.into_iter().map(step).collect()
}

/// The items without one, but never none.
fn fewer<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.len() < 2 {
        return Vec::new();
    }
    (0..items.len())
        .map(|out| {
            let mut kept = items.to_vec();
            kept.remove(out);
            kept
        })
        .collect()
}

impl Shrink for Sequence {
    /// Without a half or a quarter, then without one step, then with a simpler step.
    fn smaller(&self) -> Vec<Self> {
        let steps = &self.0;
        let mut all = Vec::new();
        for part in [2, 4] {
            let length = steps.len() / part;
            if length < 2 {
                continue;
            }
            for from in (0..steps.len()).step_by(length).rev() {
                let mut kept = steps.clone();
                kept.drain(from..(from + length).min(steps.len()));
                all.push(Self(kept));
            }
        }
        for at in (0..steps.len()).rev() {
            let mut kept = steps.clone();
            kept.remove(at);
            all.push(Self(kept));
        }
        for (at, step) in steps.iter().enumerate() {
            for simpler in step.simpler() {
                let mut changed = steps.clone();
                changed.splice(at..=at, [simpler]);
                all.push(Self(changed));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shrinking_ends() {
        let members = json!({"title": "a", "name": {"givenName": "b", "familyName": "c"}});
        let members = members.as_object().cloned().unwrap();
        let mut sequence = Sequence(vec![
            Step::Create(0, members.clone()),
            Step::Found(0, vec![0, 1]),
            Step::Bulk(vec![Step::Replace(0, members), Step::Add(0, vec![1, 2])]),
            Step::Search(vec![0, 1]),
        ]);
        let mut steps = 0;
        while let Some(next) = sequence.smaller().pop() {
            sequence = next;
            steps += 1;
            assert!(steps < 100, "{sequence:?}");
        }
    }
}
