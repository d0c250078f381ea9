//! What a run will do: the selected cases in their order, and which of them are skipped for a reason.
//!
//! Pure: sends nothing, reads nothing.

use std::collections::BTreeSet;

use crate::check::Invariant;
use crate::probe::{Effort, Probe, replay};
use crate::scim::capabilities::Capabilities;
use crate::suite::{Action, Case, Need, Step};

/// The selected cases.
#[derive(Clone, Default)]
pub struct Plan {
    /// Scenarios and rows, in order.
    pub cases: Vec<Case>,
    /// Judgements on every exchange.
    pub invariants: Vec<&'static dyn Invariant>,
    /// Laws that are tried with what is drawn, after the scenarios.
    pub probes: Vec<&'static dyn Probe>,
    /// Packs of the selection, and whether each decides the exit code.
    pub packs: Vec<(String, bool)>,
}

/// Why cases are skipped without being run.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// What the target says it can do.
    pub capabilities: &'a Capabilities,
    /// What the user has set.
    pub settings: &'a BTreeSet<String>,
    /// Whether nothing may be changed, and why.
    pub no_writes: Option<&'a str>,
}

impl Plan {
    /// How many cases it has.
    pub fn len(&self) -> usize {
        self.cases.len() + self.probes.len() + self.invariants.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many requests that may write the scenarios and probes hold: set-up, and steps that are no reads.
    pub fn writes(&self, effort: Effort) -> usize {
        let probes = self.probes.iter().map(|probe| probe.writes(effort));
        self.cases.iter().map(writes).chain(probes).sum()
    }
}

/// Why a probe can't be run; none where it can.
pub fn skip_probe(probe: &dyn Probe, limits: Limits<'_>) -> Option<String> {
    let unmet = probe.needs().iter().find_map(|need| {
        let need: Need = need.parse().ok()?;
        need.met(limits.capabilities, limits.settings).err()
    });
    let why = limits.no_writes.map(str::to_owned);
    // Every probe makes what it looks at.
    unmet.or(why)
}

/// Why a case can't run; none where it can.
pub fn skip_reason(case: &Case, limits: Limits<'_>) -> Option<String> {
    let unmet = case
        .needs()
        .find_map(|need| need.met(limits.capabilities, limits.settings).err());
    if unmet.is_some() {
        return unmet;
    }
    let why = limits.no_writes?;
    (writes(case) > 0).then(|| why.to_owned())
}

/// Whether a case is what a probe found once: such cases run before all others.
pub fn is_regression(case: &Case) -> bool {
    case.scenario.tags.iter().any(|tag| tag == replay::TAG)
}

/// Whether nothing else may run beside a case.
pub fn is_alone(case: &Case) -> bool {
    case.scenario
        .steps
        .iter()
        .any(|step| step.alone || step.unmarked)
}

/// How many requests of a case may write.
pub fn writes(case: &Case) -> usize {
    let steps = case.scenario.steps.iter().filter(|step| !is_read(step));
    case.scenario.given.len() + steps.count()
}

fn is_read(step: &Step) -> bool {
    match &step.action {
        Action::Walk(_) => true,
        Action::Send(method) => {
            matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS")
                || (method == http::Method::POST
                    && step
                        .path
                        .as_literal()
                        .is_some_and(|path| path.trim_end_matches('/').ends_with("/.search")))
        }
    }
}
