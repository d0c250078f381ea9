//! What happens in a run, as it happens: one line each in `events.ndjson`, and the feed of the progress display.
//!
//! The events of a run hold all that its record holds, so that a record can be put together from them
//! after a crash ([`super::replay`]). They decide nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::run_record::{
    CaseRecord, Cleanup, Outcome, PackVerdict, RequirementRecord, RunOutcome, Target, Tool,
};
use crate::exchange::Exchange;

/// Something that happened in a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run began; nothing was sent yet.
    RunStarted(RunStarted),
    /// Discovery and preflight are over, the cases are known.
    Planned(Box<Planned>),
    /// A case began.
    CaseStarted {
        /// Id of the case.
        id: String,
    },
    /// A response came, or did not. Shown live; written to `exchanges.ndjson`, not to `events.ndjson`.
    Exchanged {
        /// Number of the exchange.
        n: u64,
        /// Case that sent it.
        case: String,
        /// Status of the complete response.
        status: Option<u16>,
        /// From the send to the last byte, microseconds.
        total_us: u64,
    },
    /// A case ended.
    CaseFinished(Box<CaseFinished>),
    /// Clean-up went one step on.
    CleanupProgress {
        /// Resources that the run created.
        created: u64,
        /// Of those, removed by now.
        deleted: u64,
    },
    /// The run ended, clean-up included.
    RunFinished(Box<RunFinished>),
}

impl Event {
    /// Whether the event stands in `events.ndjson`.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !matches!(self, Self::Exchanged { .. } | Self::CleanupProgress { .. })
    }
}

/// What is known before the first request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunStarted {
    /// What runs.
    pub tool: Tool,
    /// Seed of the run.
    pub seed: u64,
    /// The user's label.
    pub label: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// Grading: `interop` or `strict`.
    pub grading: String,
    /// Profile that was selected.
    pub profile: String,
    /// Whether the profile takes a part of its packs that is judged as a whole: what it leaves out
    /// does not count as never exercised.
    #[serde(default)]
    pub part: bool,
    /// Base URL of the target.
    pub base_url: String,
    /// Whether it is the embedded provider.
    pub embedded: bool,
    /// How long a change that ends somebody's access may take to be seen, in milliseconds.
    #[serde(default)]
    pub revoke_within_ms: u64,
}

/// What is known before the first case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// The target, as discovery found it.
    pub target: Target,
    /// How many cases were selected.
    pub cases: u64,
    /// The packs of the selection, and whether each decides the exit code.
    pub packs: Vec<(String, bool)>,
    /// Settings of the user that requirements may need (`second-token`).
    #[serde(default)]
    pub settings: BTreeSet<String>,
}

/// A case that ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseFinished {
    /// Its place in the plan, from 0.
    pub index: u64,
    /// Its record.
    pub case: CaseRecord,
    /// What became of each requirement that it covers, the held and the skipped ones included.
    pub judged: Vec<Judged>,
    /// The exchanges that its findings cite, cut to size.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
}

/// What became of one requirement in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Id of the requirement.
    pub requirement: String,
    /// Worst outcome in the case.
    pub outcome: Outcome,
    /// Whether an entry of the expectation file covers it: it does not gate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expected: bool,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunFinished {
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// Whether a signal stopped it.
    pub interrupted: bool,
    /// What a reader of the verdict must know, beyond what was known when the cases were planned.
    pub remarks: Vec<String>,
    /// What clean-up did.
    pub cleanup: Cleanup,
    /// One verdict a pack.
    pub verdicts: Vec<PackVerdict>,
    /// What became of each requirement of the selection, worst first.
    pub requirements: Vec<RequirementRecord>,
    /// Exit code and reasons.
    pub outcome: RunOutcome,
}
