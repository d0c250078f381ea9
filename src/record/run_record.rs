//! The run record, `run.json`: versioned, published as a JSON Schema.

use serde::{Deserialize, Serialize};

use super::readiness::Readiness;
use super::revocation::{Revocation, Sighting};
use crate::exchange::Exchange;
use crate::requirement::Level;
use crate::scim::capabilities::Capabilities;

/// Everything a report needs to know of a run.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunRecord {
    /// Always `scimitar.run`.
    pub format: String,
    /// Version of the format.
    pub version: u32,
    /// What produced it.
    pub tool: Tool,
    /// Seed of the run.
    pub seed: u64,
    /// The user's label.
    pub label: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// Whether the run was stopped by a signal.
    #[serde(default)]
    pub interrupted: bool,
    /// Grading: `interop` or `strict`.
    pub grading: String,
    /// Profile that was selected.
    pub profile: String,
    /// What was judged.
    pub target: Target,
    /// Cases by outcome.
    pub summary: Summary,
    /// One verdict a pack.
    pub verdicts: Vec<PackVerdict>,
    /// Exit code and all its reasons.
    pub outcome: RunOutcome,
    /// Requirements that were in the selection, worst first.
    pub requirements: Vec<RequirementRecord>,
    /// Cases in the order of the plan.
    pub cases: Vec<CaseRecord>,
    /// How long changes that end somebody's access took to be seen; absent where none was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// Exchanges that findings and errors cite.
    pub exchanges: Vec<Exchange>,
    /// What clean-up did.
    pub cleanup: Cleanup,
}

/// What produced a record.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tool {
    /// Version of scimitar.
    pub version: String,
    /// Digest over the suite files that were loaded.
    pub suite_digest: String,
}

/// What was judged.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Target {
    /// Base URL.
    pub base_url: String,
    /// Whether it was the embedded provider.
    pub embedded: bool,
    /// What it advertised.
    pub capabilities: Capabilities,
    /// Read-after-write lag that discovery measured, in milliseconds.
    pub lag_ms: Lag,
    /// What a reader of the verdict must know: insecure TLS, read-only, interrupted, fallback of discovery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Read-after-write lag in milliseconds, none where it was not measured.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Lag {
    /// GET by id.
    pub by_id: Option<u64>,
    /// A filter.
    pub by_filter: Option<u64>,
    /// A list.
    pub by_list: Option<u64>,
}

/// Cases by outcome.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[allow(missing_docs)]
pub struct Summary {
    pub pass: u64,
    pub fail: u64,
    pub warn: u64,
    pub note: u64,
    pub skip: u64,
    pub error: u64,
}

/// How a case, a requirement or a finding ended, best first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was judged.
    Skip,
    /// The promise held.
    Pass,
    /// A MAY, or a tolerated deviation: observed.
    Note,
    /// A SHOULD was broken.
    Warn,
    /// It could not be judged: transport, set-up, harness. Never counted against the server.
    Error,
    /// A MUST was broken.
    Fail,
}

/// The verdict on one pack.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PackVerdict {
    /// `rfc`, `entra-id` …
    pub pack: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether it decides the exit code.
    pub gate: bool,
    /// The musts of the pack.
    pub must: MustCount,
    /// Shoulds that were broken.
    pub should_failed: u64,
    /// What that means for the client whose pack it is; absent for a standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Readiness>,
}

/// A verdict.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Verdict {
    Pass,
    Warn,
    Inconclusive,
    Fail,
}

/// Musts by what became of them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct MustCount {
    /// Judged, failed ones included.
    pub judged: u64,
    /// Broken.
    pub failed: u64,
    /// Skipped.
    pub skipped: u64,
    /// In the pack and never exercised by any selected case.
    pub never: u64,
}

/// How the run ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunOutcome {
    /// Exit code of the process.
    pub exit_code: u8,
    /// All reasons, most important first (`check-failed`, `cleanup-incomplete` …).
    pub reasons: Vec<String>,
}

/// What became of one requirement.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RequirementRecord {
    /// Id.
    pub id: String,
    /// Pack that it belongs to.
    pub pack: String,
    /// Level.
    pub level: Level,
    /// Document (`RFC 7644`).
    pub document: String,
    /// Section (`3.6`).
    pub section: String,
    /// Link to the section.
    pub link: String,
    /// Statement.
    pub statement: String,
    /// What the client does where it is broken, as a clause without a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// Worst outcome of its cases.
    pub outcome: Outcome,
    /// Cases that judged it.
    pub cases: Vec<String>,
}

/// What became of one case.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CaseRecord {
    /// Id (`users.disable[legacy]`).
    pub id: String,
    /// Kind.
    pub kind: CaseKind,
    /// Pack.
    pub pack: String,
    /// The promise.
    pub title: String,
    /// Worst outcome of its findings.
    pub outcome: Outcome,
    /// Wall time.
    pub duration_ms: u64,
    /// How long `until`, or a read after a write, had to be repeated, in milliseconds on the target's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_ms: Option<u64>,
    /// How long changes that it made took to be seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Sighting>,
    /// Why it was skipped.
    pub skip_reason: Option<String>,
    /// How much was tried without a finding, or what was learned of the target, where that is good to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// Why it ended in an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Reason of an expectation file's entry that applies: shown, does not gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Whatever was not a pass.
    pub findings: Vec<Finding>,
}

/// Kinds of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum CaseKind {
    Scenario,
    Invariant,
    Probe,
    /// Discovery, preflight, lag.
    Setup,
}

/// One broken or deviating rule, however often it was seen.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// Requirement id; empty for an error that no requirement owns.
    pub requirement: String,
    /// Level of the requirement.
    pub level: Level,
    /// Outcome after grading.
    pub outcome: Outcome,
    /// Tolerance that was applied.
    pub tolerance: Option<String>,
    /// Check that judged.
    pub check: String,
    /// Place, normalised: array index → `*`, id → `{id}`.
    pub at: String,
    /// Expected.
    pub expected: String,
    /// Actual.
    pub actual: String,
    /// How often it was seen.
    pub count: u64,
    /// Numbers of the exchanges that show it, at most three.
    pub exchanges: Vec<u64>,
    /// What to do about it.
    pub hint: Option<String>,
    /// A curl line that shows it again, for the first exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// Reason of an expectation file's entry that applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_failure: Option<String>,
}

/// What clean-up did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cleanup {
    /// Resources that the run created.
    pub created: u64,
    /// Of those, removed.
    pub deleted: u64,
    /// Of those, left behind.
    pub leftover: Vec<Leftover>,
}

/// A resource that could not be removed.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Leftover {
    /// Path below the base (`/Users/2819`), or the endpoint and marker where the id is unknown.
    pub resource: String,
    /// Why it is still there.
    pub reason: String,
}
