//! Operations of a bulk request, by what they are about and not by ids, made fewer and simpler.

use serde_json::{Map, Value};

use crate::probe::patch::poorer;
use crate::probe::property::Shrink;

/// Users that are there before.
pub(super) const OLD: usize = 2;

/// Users that a request may create.
pub(super) const NEW: usize = 2;

/// A member: somebody who was there, or somebody whom the request creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// There before.
    Old(usize),
    /// Created by the request.
    New(usize),
    /// Not created by the request, since its create has to fail.
    Nobody,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operation {
    /// Creates a user.
    Create(usize, Map<String, Value>),
    /// Tries to create a user whose name another has.
    Twin(usize),
    /// Creates a group.
    Found(Vec<Member>),
    /// PUT of a user.
    Replace(usize, Map<String, Value>),
    /// PATCH of a user.
    Patch(usize, Vec<Value>),
    /// PATCH without a target: it has to be refused.
    Senseless(usize),
    /// Adds members to the group.
    Add(Vec<Member>),
    /// Removes a member from the group.
    Drop(usize),
    /// Deletes a user.
    Delete(usize),
}

/// An example of the law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    /// What the users that are there have beside their names.
    pub(super) users: [Map<String, Value>; OLD],
    /// Who is in the group.
    pub(super) members: Vec<usize>,
    /// The operations.
    pub(super) operations: Vec<Operation>,
    /// `failOnErrors`.
    pub(super) fail_on_errors: Option<usize>,
}

impl Operation {
    /// Whom it refers to as members.
    pub(super) fn members(&self) -> &[Member] {
        match self {
            Self::Found(members) | Self::Add(members) => members,
            _ => &[],
        }
    }

    fn simpler(&self) -> Vec<Self> {
        let fewer = |members: &[Member]| -> Vec<Vec<Member>> {
            let kept = |out| {
                let all = members.iter().enumerate();
                let kept = all.filter(|(at, _)| *at != out);
                kept.map(|(_, one)| *one).collect()
            };
            (0..members.len()).map(kept).collect()
        };
        match self {
            Self::Create(user, members) => poorer(members)
                .into_iter()
                .map(|members| Self::Create(*user, members))
                .collect(),
            Self::Replace(user, members) => poorer(members)
                .into_iter()
                .map(|members| Self::Replace(*user, members))
                .collect(),
            Self::Patch(user, operations) if operations.len() > 1 => operations
                .iter()
                .map(|one| Self::Patch(*user, vec![one.clone()]))
                .collect(),
            Self::Found(members) => fewer(members).into_iter().map(Self::Found).collect(),
            Self::Add(members) if members.len() > 1 => {
                fewer(members).into_iter().map(Self::Add).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Example {
    /// The number of the operation that creates a user.
    pub(super) fn creates(&self, user: usize) -> Option<usize> {
        let mut all = self.operations.iter();
        all.position(|one| matches!(one, Operation::Create(number, _) if *number == user))
    }

    /// The number of the operation that tries to create somebody and has to fail.
    pub(super) fn twin(&self) -> Option<usize> {
        let mut all = self.operations.iter();
        all.position(|one| matches!(one, Operation::Twin(_)))
    }
}

impl Shrink for Example {
    /// Fewer operations, then no limit of errors, then poorer users and smaller operations.
    fn smaller(&self) -> Vec<Self> {
        let with = |operations| Self {
            operations,
            ..self.clone()
        };
        let mut all = Vec::new();
        for at in (0..self.operations.len()).filter(|_| self.operations.len() > 1) {
            let mut fewer = self.operations.clone();
            fewer.remove(at);
            all.push(with(fewer));
        }
        if self.fail_on_errors.is_some() {
            all.push(Self {
                fail_on_errors: None,
                ..self.clone()
            });
        }
        for at in 0..self.members.len() {
            let mut members = self.members.clone();
            members.remove(at);
            all.push(Self {
                members,
                ..self.clone()
            });
        }
        for (at, user) in self.users.iter().enumerate() {
            for poorer in poorer(user) {
                let mut users = self.users.clone();
                if let Some(user) = users.get_mut(at) {
                    *user = poorer;
                }
                all.push(Self {
                    users,
                    ..self.clone()
                });
            }
        }
        for (at, operation) in self.operations.iter().enumerate() {
            for simpler in operation.simpler() {
                let mut changed = self.operations.clone();
                changed.splice(at..=at, [simpler]);
                all.push(with(changed));
            }
        }
        all
    }
}
