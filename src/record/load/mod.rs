//! The load record, `load.json`: versioned, published as a JSON Schema.
//!
//! What a load run leaves behind. Reports, comparison and merging are pure functions of it. Figures
//! of time are whole microseconds; each comes with the histogram that it was read from, so that
//! records of several shards can be added exactly. Nothing here sends, prints or decides.

mod errors;
mod latency;
mod part;
mod schema;
mod shard;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cleanup, RunOutcome, Tool};

pub use errors::{Errors, Retries, Wrongs, add};
pub use latency::{Latency, Unreadable, WIDEST, decoded, encoded, histogram};
pub use part::*;
pub use schema::load_schema;
pub use shard::{Merged, Shard};

/// What stands in `format`.
pub const FORMAT: &str = "scimitar.load";

/// What stands in `version`.
pub const VERSION: u32 = 1;

/// Everything a report needs to know of a load run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LoadRecord {
    /// Always `scimitar.load`.
    pub format: String,
    /// Version of the format.
    pub version: u32,
    /// What produced it.
    pub tool: Tool,
    /// Seed of the run.
    pub seed: u64,
    /// Id of the run; what it created bears it in its name. Empty in a merged record.
    #[serde(default)]
    pub run: String,
    /// Digest over all that decides which load is put on a target: profile, scenarios and what the user changed.
    #[serde(default)]
    pub config: String,
    /// The user's label.
    pub label: String,
    /// When the first request was due, RFC 3339, UTC.
    pub started: String,
    /// Wall time that was measured, without the warm-up.
    pub duration_ms: u64,
    /// Wall time before that, whose requests are in the series alone.
    pub warm_up_ms: u64,
    /// What the load was put on.
    pub target: LoadTarget,
    /// What load it was.
    pub profile: LoadProfile,
    /// Which part of a run over several machines this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// The shards that this record was merged from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
    /// What was asked for, by name of the option (`users`, `rate`, `connections`, `timeout` …).
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// One entry for each kind of request, in the order of the profile.
    pub operations: Vec<Operation>,
    /// All of them together; its name is empty.
    pub total: Operation,
    /// What happened second by second, warm-up included.
    pub series: Vec<Second>,
    /// Histograms of the response times of each of these seconds, as `hdr` has them; only in a shard, so that its
    /// seconds can be added to those of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series_hdr: Vec<String>,
    /// How the machine fared that put the load on the target.
    pub generator: Generator,
    /// What was wrong in answers beyond their status.
    pub correctness: Correctness,
    /// Thresholds and whether they held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
    /// Thresholds that a shard leaves to be judged once, on all shards together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<String>,
    /// What changes of memberships cost by size of group and of batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cost: Vec<Cost>,
    /// Where a rising rate broke a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakpoint: Option<Breakpoint>,
    /// Why the run ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What clean-up did.
    pub cleanup: Cleanup,
    /// Exit code and all its reasons.
    pub outcome: RunOutcome,
}

impl LoadRecord {
    /// An empty record of this format.
    #[must_use]
    pub fn new(tool: Tool, seed: u64) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            tool,
            seed,
            ..Self::default()
        }
    }
}
