//! Probes: laws that hold for whatever is drawn, not for one request that somebody wrote down.
//!
//! A probe makes resources of its own, draws examples from a seed, compares what the target answers with the
//! reference model, and shrinks what fails to the smallest request. It names deviations; how bad they are is for
//! the requirements to say. It never touches what is not its own.

mod arena;
mod bench;
mod bulk;
mod codec;
mod filter;
mod page;
mod patch;
mod population;
pub mod property;
mod put;
mod race;
pub mod replay;
mod script;
mod store;
mod tape;
mod walk;
mod whole;

use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::session::BoxFuture;

pub use arena::{Arena, Effort};
pub use replay::Replay;

/// A law and how it is tried: one file, or one folder, of this module.
pub trait Probe: Send + Sync {
    /// Case id (`probe.filter`).
    fn id(&self) -> &'static str;

    /// The promise that holds when green.
    fn title(&self) -> &'static str;

    /// What is drawn, sent and compared, for `explain`.
    fn doc(&self) -> &'static str;

    /// Requirements that it can find broken.
    fn covers(&self) -> &'static [&'static str];

    /// What it needs of the target, in the vocabulary of scenarios.
    fn needs(&self) -> &'static [&'static str];

    /// How many requests that may write it sends at most; its clean-up, and the set-up of what the target refuses once,
    /// left out.
    fn writes(&self, effort: Effort) -> usize;

    /// Whether what is under way beside it takes nothing from what it says: it is no race.
    fn stands_others(&self) -> bool {
        true
    }

    /// Tries the law.
    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report>;
}

/// What a probe saw.
#[derive(Debug, Default)]
pub struct Report {
    /// What it can say of requirements.
    pub sightings: Vec<Sighting>,
    /// How much was tried, where nothing was found, or what was learned of the target.
    pub told: Option<String>,
    /// Why the law could not be tried on this target.
    pub skipped: Option<String>,
    /// Why it could not be judged, and the exchange that shows it.
    pub error: Option<(String, Vec<Exchange>)>,
    /// Whether it takes rivals to see what was found: no request shows it alone.
    pub rivals: bool,
    /// What it found, as scenarios; left out is what none can say.
    pub replays: Vec<Replay>,
}

/// What a probe says of one requirement.
#[derive(Debug)]
pub struct Sighting {
    /// Requirement.
    pub requirement: &'static str,
    /// What it found.
    pub judgement: Judgement,
    /// The exchange that shows it.
    pub exchange: Exchange,
    /// How many of the drawn examples show the same.
    pub times: u64,
}

impl Report {
    /// A probe that can't be run here: why.
    pub(crate) fn skip(why: impl Into<String>) -> Self {
        Self {
            skipped: Some(why.into()),
            ..Self::default()
        }
    }

    /// A probe that came to grief through no fault of the server.
    pub(crate) fn broken(why: impl Into<String>, exchange: Option<Exchange>) -> Self {
        Self {
            error: Some((why.into(), exchange.into_iter().collect())),
            ..Self::default()
        }
    }
}

/// What a probe says that found these.
pub(crate) fn concluded<V, F>(
    explored: &property::Explored<V, F>,
    sighting: impl Fn(&property::Counterexample<V, F>) -> Sighting,
) -> Report {
    Report {
        sightings: explored.found.iter().map(sighting).collect(),
        error: explored.silence().map(|why| (why, Vec::new())),
        ..Report::default()
    }
}

/// All probes.
pub fn all() -> &'static [&'static dyn Probe] {
    &[
        &bulk::Law,
        &codec::Law,
        &filter::Algebra,
        &filter::Law,
        &filter::Refusals,
        &page::Law,
        &patch::Law,
        &put::Law,
        &race::Bulk,
        &race::DeletePatch,
        &race::Disjoint,
        &race::ListAppend,
        &race::MemberSet,
        &race::Pages,
        &race::Register,
        &race::RenameSwap,
        &race::Retry,
        &race::TagSwap,
        &race::UniqueCreate,
        &race::UniqueForms,
        &store::Law,
        &walk::Law,
    ]
}

/// A probe by its id.
pub fn find(id: &str) -> Option<&'static dyn Probe> {
    all().iter().copied().find(|probe| probe.id() == id)
}
