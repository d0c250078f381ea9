//! A scenario as load carries it out: heads and bodies as text with holes, answers read as little as need be.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use serde_json::Value;

use super::memory::Source;
use super::parts::Parts;
use crate::suite::load::Given;
use crate::suite::{Capture, Case, Kind, Scenario};

/// Everything that users of a run may carry out.
#[derive(Debug, Default)]
pub struct Program {
    /// Names of the operations (`user.match`), by their numbers.
    pub operations: Vec<String>,
    /// The scenarios of the mix, in its order.
    pub routines: Vec<Routine>,
    /// What of the mix the target can't be asked, and why.
    pub left_out: Vec<(String, String)>,
}

/// One scenario.
#[derive(Debug)]
pub struct Routine {
    /// The case, for the full set of checks.
    pub case: Case,
    /// Weight among the others.
    pub weight: u32,
    /// Short word for names of resources that it creates.
    pub slug: String,
    /// What it is given.
    pub setups: Vec<Setup>,
    /// Its requests.
    pub steps: Vec<Step>,
    /// Places for what is captured.
    pub slots: usize,
    pub(super) names: BTreeMap<String, Source>,
    pub(super) fixed: BTreeMap<String, Value>,
}

/// A resource that a scenario is given.
#[derive(Debug)]
pub struct Setup {
    /// Kind of resource.
    pub kind: Kind,
    /// Where it comes from.
    pub given: Given,
    /// The place of its first part; the others follow in the order of [`PARTS`].
    pub slot: usize,
    /// The request that creates one.
    pub create: Step,
}

/// The parts of a given resource that load keeps.
pub const PARTS: [&str; 7] = [
    "id",
    "userName",
    "displayName",
    "externalId",
    "etag",
    "location",
    "body",
];

/// One request and what is done with its answer.
#[derive(Debug)]
pub struct Step {
    /// Number of its operation.
    pub operation: u16,
    /// Method.
    pub method: Method,
    pub(super) target: Parts,
    pub(super) headers: Vec<(String, Parts)>,
    pub(super) body: Body,
    /// Media type of its body.
    pub(super) media_type: Option<String>,
    /// Statuses that are right.
    pub accept: Statuses,
    /// `totalResults` that is right.
    pub total: Option<u64>,
    /// What a right answer does to the target.
    pub effect: Effect,
    /// What is kept of the answer.
    pub(super) captures: Vec<(usize, Capture)>,
    /// Whether the page is turned after it.
    pub pages: bool,
    /// Scenario and number of its step, for the full set of checks; none for set-up.
    pub(super) origin: Option<(Arc<Scenario>, usize)>,
}

impl Step {
    /// The place of the id that the request is about, where it is about a resource: one that the scenario is given,
    /// or whose id it has captured.
    pub fn about(&self, setups: &[Setup]) -> Option<usize> {
        let given = |setup: &Setup| {
            let parts = setup.slot..setup.slot + PARTS.len();
            let mut sources = self.target.sources();
            sources.any(|source| matches!(source, Source::Slot(at) if parts.contains(&at)))
        };
        let setup = setups.iter().find(|setup| given(setup));
        match (setup, &self.effect) {
            (Some(setup), _) => Some(setup.slot),
            (None, Effect::Reads { slot }) => *slot,
            (None, _) => None,
        }
    }
}

/// Where a body comes from.
#[derive(Debug)]
pub(super) enum Body {
    None,
    Text(Parts),
    /// A captured value, changed.
    Merged {
        slot: usize,
        with: Option<Parts>,
        without: Vec<String>,
    },
}

/// What a right answer does to the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Reads {
        /// The place of the id that the path names, where it names one.
        slot: Option<usize>,
    },
    /// A new resource at this endpoint.
    Creates(String),
    /// The resource at this endpoint with the id in this place changes.
    Writes,
    /// The resource at this endpoint with the id in this place is gone.
    Deletes(String, usize),
}

/// Statuses that are right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    pub(super) ranges: Vec<(u16, u16)>,
}

impl Statuses {
    /// Every success.
    pub fn success() -> Self {
        Self {
            ranges: vec![(200, 299)],
        }
    }

    /// Whether a status is right.
    pub fn has(&self, status: u16) -> bool {
        self.ranges
            .iter()
            .any(|(least, most)| (*least..=*most).contains(&status))
    }
}
