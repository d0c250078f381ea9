//! A load profile as data.

use std::time::Duration;

use super::threshold::Threshold;

/// One load profile.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadProfile {
    /// Name: that of the file.
    pub name: String,
    /// The promise that holds when no threshold is crossed.
    pub title: String,
    /// What it is made after, for the reader.
    pub description: Option<String>,
    /// File as the user would name it.
    pub file: String,
    /// Who sends, and how often.
    pub model: Model,
    /// Connections of an open model, each used by one request at a time; a closed one has one a user.
    pub connections: usize,
    /// Time before anything counts.
    pub warm_up: Duration,
    /// Time that counts.
    pub duration: Duration,
    /// Resources that are there before the first request.
    pub pool: Pool,
    /// Scenarios and their weights; in turn where `in_order`.
    pub mix: Vec<Share>,
    /// Whether each user takes the scenarios of the mix in turn (`cycle`) rather than by weight (`mix`).
    pub in_order: bool,
    /// What must hold.
    pub thresholds: Vec<Threshold>,
    /// What is done where the target asks to wait.
    pub throttled: Throttled,
    /// Cost of membership changes, cell by cell; the mix then is one scenario.
    pub cost: Option<Cost>,
}

/// Who sends, and how often.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// So many users, each sending its next request when the last was answered.
    Closed {
        /// Users.
        users: usize,
        /// Time over which they begin, evenly.
        ramp: Duration,
        /// Pause of a user between two scenarios.
        think: Duration,
    },
    /// Scenarios begin by a schedule, whatever became of those before them.
    Open(Arrival),
}

impl Model {
    /// `closed` or `open`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Closed { .. } => "closed",
            Self::Open(_) => "open",
        }
    }
}

/// The schedule of an open model.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Requests a second over time.
    pub shape: Shape,
    /// Whether arrivals are random (Poisson) rather than evenly spaced.
    pub poisson: bool,
}

/// Requests a second over time. Times count from the first request, the warm-up included.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// The same rate always.
    Constant(f64),
    /// From one rate to another over the whole run.
    Ramp {
        /// At the beginning.
        from: f64,
        /// At the end.
        to: f64,
    },
    /// One rate after another; the last one stays.
    Steps(Vec<Step>),
    /// A rate, and once a higher one.
    Spike {
        /// The rate before and after.
        base: f64,
        /// The higher one.
        peak: f64,
        /// When it begins.
        at: Duration,
        /// How long it lasts.
        lasts: Duration,
    },
    /// A rate that rises until a threshold breaks.
    Breakpoint {
        /// The first rate.
        from: f64,
        /// By how much it rises.
        by: f64,
        /// How long each rate is held.
        every: Duration,
        /// The highest rate.
        to: f64,
    },
}

/// One rate of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Requests a second.
    pub rate: f64,
    /// How long.
    pub lasts: Duration,
}

/// Resources that are there before the first request, and are removed after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Members of each group, out of the users.
    pub members: usize,
}

/// A scenario of the mix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Id of the case, its row included (`entra-id.disable.user[legacy]`).
    pub case: String,
    /// Weight among the others.
    pub weight: u32,
    /// Where its `given` resources come from.
    pub given: Given,
    /// Line in the profile, from 1.
    pub line: usize,
}

/// Where the `given` resources of a scenario come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Drawn from the pool, anew each time; what the pool has none of is created as by `own`.
    Pool,
    /// Created once when a user begins, and its own.
    Own,
    /// Created each time, as measured requests, before the steps.
    Each,
}

/// What is done where the target answers 429 or 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Throttled {
    /// It is an error as any other.
    #[default]
    Count,
    /// Who was asked to wait waits as long as asked, then sends the request again.
    Obey,
}

/// Groups that grow to each size by batches of each size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Members that a group ends with.
    pub members: Vec<usize>,
    /// Members that one request adds.
    pub batches: Vec<usize>,
}

impl Cost {
    /// The cells, cheapest first: members and batch. A batch is never larger than the group.
    pub fn cells(&self) -> Vec<(usize, usize)> {
        let mut cells: Vec<(usize, usize)> = self
            .members
            .iter()
            .flat_map(|members| self.batches.iter().map(|batch| (*members, *batch)))
            .filter(|(members, batch)| batch <= members)
            .collect();
        cells.sort_by_key(|(members, batch)| (*members, members.div_ceil(*batch)));
        cells
    }
}
