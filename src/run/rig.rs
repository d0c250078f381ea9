//! What every case of a run shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::lag::Behind;
use super::probe::Shelf;
use super::stop::Stop;
use super::tally::Rules;
use crate::clock::Clock;
use crate::payload::{Adaptation, Marker, Overlay, Scope};
use crate::probe::{Arena, Effort};
use crate::redact::Vault;
use crate::requirement::{Catalogue, Grading};
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::Session;

/// What every case of a run shares.
pub struct Rig {
    /// Carries the requests: recorder over guard over client.
    pub session: Arc<dyn Session>,
    /// What the target says it can do.
    pub capabilities: Arc<Capabilities>,
    /// What is required.
    pub catalogue: Arc<Catalogue>,
    /// How strictly.
    pub grading: Grading,
    /// Carried by everything that the run creates.
    pub marker: Marker,
    /// Seed of the run.
    pub seed: Seed,
    /// Time that the target can see.
    pub clock: Clock,
    /// Secrets.
    pub vault: Arc<Vault>,
    /// What the user says about payloads.
    pub overlay: Overlay,
    /// Settings that cases may need (`second-token`).
    pub settings: BTreeSet<String>,
    /// What templates see of the user's settings (`setting.scope`), secrets as labels.
    pub values: BTreeMap<String, String>,
    /// How long a read after a write may stay behind; none where no lag was seen before the first case.
    pub window: Option<Duration>,
    /// How long it may where a lag is seen later.
    pub patience: Duration,
    /// Lags that a probe brought to light.
    pub(super) late: Mutex<Vec<Behind>>,
    /// How long a change that ends somebody's access may take to be seen.
    pub revoke_within: Duration,
    /// Tells the guard that the run made up this id.
    pub mint: Arc<dyn Fn(&str) + Send + Sync>,
    /// How much each probe may do.
    pub effort: Effort,
    /// Takes what probes find, as scenarios.
    pub shelf: Option<Arc<dyn Shelf>>,
    /// What names the target on a command line: its base URL, or `--embedded`.
    pub target: String,
    /// The wish to stop.
    pub stop: Stop,
}

impl Rig {
    /// A scope for a case in which nothing was captured yet.
    pub fn scope(&self, case: &str) -> Scope {
        let mut scope = Scope::new(
            &self.marker,
            case,
            self.overlay.domain(),
            self.seed,
            self.clock.clone(),
            Arc::clone(&self.vault),
        );
        for (name, value) in &self.values {
            scope.set(format!("setting.{name}"), value.as_str().into());
        }
        scope
    }

    /// What payloads are adapted to.
    pub fn adaptation(&self) -> Adaptation<'_> {
        Adaptation {
            capabilities: &self.capabilities,
            overlay: &self.overlay,
        }
    }

    /// What a probe works with that may do so much.
    pub fn arena(&self, case: &str, effort: Effort) -> Arena {
        let stop = self.stop.clone();
        Arena {
            case: case.to_owned(),
            session: Arc::clone(&self.session),
            capabilities: Arc::clone(&self.capabilities),
            scope: self.scope(case),
            marker: self.marker.as_str().to_owned(),
            overlay: self.overlay.clone(),
            clock: self.clock.clone(),
            window: self.window(),
            effort,
            run_seed: self.seed,
            target: self.target.clone(),
            begun: Instant::now(),
            stopped: Box::new(move || stop.is_asked()),
        }
    }

    /// How long a read after a write may stay behind; none where no lag was seen so far.
    pub fn window(&self) -> Option<Duration> {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        self.window
            .or_else(|| (!late.is_empty()).then_some(self.patience))
    }

    /// What findings are graded by.
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            catalogue: &self.catalogue,
            grading: self.grading,
        }
    }

    /// Endpoints of the target's resource types.
    pub fn endpoints(&self) -> Vec<String> {
        self.capabilities
            .resource_types
            .iter()
            .map(|kind| kind.endpoint.clone())
            .collect()
    }

    /// The endpoint of a resource type, or where the RFC puts it.
    pub fn endpoint(&self, resource_type: &str) -> String {
        self.capabilities
            .resource_types
            .iter()
            .find(|kind| kind.name.eq_ignore_ascii_case(resource_type))
            .map_or_else(
                || format!("/{resource_type}s"),
                |kind| kind.endpoint.clone(),
            )
    }
}
