//! Creates the users and groups of a plan: blocks of numbers, each announced in the manifest before it
//! is sent, by several workers.

use std::sync::Arc;

use super::labour::Ground;
use super::phase::phase;
use super::stencil::{Stencil, Stencils};
use super::trial;
use crate::ledger::{Made, Number, Seeding};
use crate::seed::Seed;

/// Why not everything was done. Whole clauses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halted {
    /// The target does not answer.
    #[error("the target was lost: {0}")]
    Lost(String),
    /// The target takes none of it.
    #[error("the target refuses one after the other: {0}")]
    Refused(String),
    /// What is created could not be removed again.
    #[error("the target does not remove what was created on trial: {0}")]
    Kept(String),
    /// The manifest.
    #[error("the manifest can't be written: {0}")]
    Journal(String),
}

/// What became of the resources of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// So many were asked for.
    pub wanted: u64,
    /// Of those, the manifest had this many already.
    pub before: u64,
    /// Created by this run.
    pub created: u64,
    /// Found in the target: an earlier run had created them and did not live to note it.
    pub found: u64,
    /// Refused.
    pub failed: u64,
}

impl Part {
    /// Whether all are there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.before + self.created + self.found >= self.wanted
    }
}

/// What became of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sown {
    /// Users.
    pub users: Part,
    /// Groups.
    pub groups: Part,
    /// The first refusal.
    pub trouble: Option<String>,
    /// Why it ended early, where nobody asked for that.
    pub halted: Option<Halted>,
}

/// What became of one creation.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Made(Made),
    /// Somebody has its name, maybe we ourselves.
    Taken(String),
    Refused(String),
    /// It was carried out, and what it made is not said.
    Doubtful,
    /// No answer, or one that says nothing.
    Lost {
        why: String,
        reached: bool,
    },
}

/// Resources of one kind that are to be created.
pub(super) struct Bed {
    pub(super) stencil: Stencil,
    /// Whom members are drawn from.
    people: Vec<String>,
    members: usize,
    seed: Seed,
}

impl Bed {
    pub(super) fn of_users(stencils: &Stencils) -> Self {
        Self {
            stencil: stencils.user.clone(),
            people: Vec::new(),
            members: 0,
            seed: Seed(0),
        }
    }

    /// Writes the resource with a number. Members are neighbours, from a place that follows from the seed.
    pub(super) fn write(&self, number: u64, out: &mut String) {
        let all = self.people.len();
        let begin = self.seed.derive("seed members").nth(number).0 % (all.max(1) as u64);
        let begin = usize::try_from(begin).unwrap_or(0);
        let neighbours = self.people.iter().cycle().skip(begin);
        let members: Vec<&str> = neighbours
            .take(self.members.min(all))
            .map(String::as_str)
            .collect();
        self.stencil.write(number, &members, out);
    }
}

/// Creates what is not there yet: users, then groups. `trial` creates and removes one user first.
pub async fn sow(ground: &Arc<Ground>, stencils: &Stencils, plan: Seeding, trial: bool) -> Sown {
    let mut sown = Sown::default();
    let users = Bed::of_users(stencils);
    let endpoint = users.stencil.endpoint.clone();
    if trial && let Err(halted) = trial::run(ground, &users).await {
        sown.halted = halted;
        return sown;
    }
    let (part, trouble, halted) = phase(ground, users, plan.users, "users").await;
    sown = Sown {
        users: part,
        trouble,
        halted,
        ..sown
    };
    if sown.halted.is_some() || ground.stop.is_asked() || plan.groups == 0 {
        return sown;
    }
    let people = ground.ledger.numbers(&endpoint).into_iter();
    let people = people.filter_map(|number| match number {
        Number::Made(made) => Some(made.id),
        Number::Unsent | Number::Sent => None,
    });
    let groups = Bed {
        stencil: stencils.group.clone(),
        people: people.collect(),
        members: usize::try_from(plan.members).unwrap_or(usize::MAX),
        seed: Seed(plan.seed),
    };
    let (part, trouble, halted) = phase(ground, groups, plan.groups, "groups").await;
    Sown {
        groups: part,
        trouble: sown.trouble.or(trouble),
        halted,
        ..sown
    }
}
