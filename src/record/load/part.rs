//! The parts of a load record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Errors, Latency, Retries, Wrongs};

/// What the load was put on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LoadTarget {
    /// Base URL.
    pub base_url: String,
    /// Whether it was the embedded provider, which shares the generator's processors.
    pub embedded: bool,
    /// Version of HTTP that was spoken: `1.1` or `2`.
    pub http: String,
    /// What a reader of the figures must know: insecure TLS, a proxy, an interrupted run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What load it was.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LoadProfile {
    /// Name (`entra-25rps`).
    pub name: String,
    /// Digest over the profile and its scenario files.
    pub digest: String,
    /// Who decides when the next request is sent.
    pub model: Model,
    /// What it stands for, in a line.
    pub description: String,
}

/// Who decides when the next request is sent.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// The user, once it has the answer to the last.
    #[default]
    Closed,
    /// A schedule, whatever the answers take.
    Open,
}

/// Figures of one kind of request. Warm-up is not in them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Operation {
    /// `scenario.step` (`group.add-member`); empty for the total.
    pub name: String,
    /// Requests that came to an end, failed ones included.
    pub count: u64,
    /// Requests that came to an end within the time that was measured, whenever they were wanted.
    #[serde(default)]
    pub in_time: u64,
    /// Of those, such as ended as the profile expects.
    #[serde(default)]
    pub good_in_time: u64,
    /// Requests that came to an end within that time, a second.
    pub rate: f64,
    /// Complete answers by status, expected ones included.
    #[serde(default)]
    pub statuses: BTreeMap<u16, u64>,
    /// What went wrong, by kind.
    pub errors: Errors,
    /// Tries that were refused for a while and made again.
    #[serde(default, skip_serializing_if = "Retries::is_empty")]
    pub retries: Retries,
    /// Answers that show something wrong of the target.
    #[serde(default, skip_serializing_if = "Wrongs::is_empty")]
    pub wrong: Wrongs,
    /// Bytes of bodies received, as they came over the wire.
    pub bytes_in: u64,
    /// Bytes of bodies sent.
    pub bytes_out: u64,
    /// From the send to the last byte: complete answers of any status, and requests that ran into a time limit.
    pub service: Latency,
    /// The same from the moment at which the schedule wanted the request sent; in a closed model like `service`.
    pub response: Latency,
    /// From the send to the last byte of the head, of complete answers.
    pub headers: Latency,
    /// From the moment at which the schedule wanted the request sent to the send, of all requests; zero in a closed model.
    pub lateness: Latency,
}

/// One second of the run, by the end of its requests.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Second {
    /// Seconds from the start, warm-up included.
    pub at: u64,
    /// Requests that came to an end.
    pub count: u64,
    /// Of those, not as the profile expects.
    pub errors: u64,
    /// Requests a second that came to an end while the run lasted, by the part of the second that it did; 0 after its end.
    pub rate: f64,
    /// Median response time in microseconds.
    pub p50: u64,
    /// 90 % were not slower.
    pub p90: u64,
    /// 99 % were not slower.
    pub p99: u64,
    /// Users at the end of the second.
    pub users: u64,
    /// Requests under way at the end of the second.
    pub in_flight: u64,
    /// Whether it belongs to the warm-up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warm_up: bool,
}

/// How the machine fared that put the load on the target.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Generator {
    /// Processor time of the process.
    pub cpu_seconds: f64,
    /// That time as a share of what all processors had, 0 to 1.
    pub cpu_share: f64,
    /// Processors that the process may use.
    pub cores: u32,
    /// Most file descriptors that were open at once; 0 where the system does not tell.
    pub fds_open_max: u64,
    /// How many may be open; 0 where the system does not tell.
    pub fds_limit: u64,
    /// How late the schedule was handed out, before any user took it; empty in a closed model.
    pub pacing: Latency,
    /// Requests that the schedule wanted by the end of the run.
    pub planned: u64,
    /// Of those, never sent.
    pub unsent: u64,
    /// Requests sent a second time on a new connection, because the server had closed the old one.
    #[serde(default)]
    pub resent: u64,
    /// Connections that were opened.
    #[serde(default)]
    pub connections: u64,
    /// Why this machine rather than the target may have been the limit: then the run is no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<String>,
    /// Why less was sent than was wanted, or later, though this machine could have: all connections waited for the target's
    /// answers, or the ceiling left no room beside what it had sent again. A threshold that is crossed
    /// even by what was sent is crossed all the same; without one the run is no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_up: Option<String>,
}

/// What was wrong in answers beyond their status.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Correctness {
    /// Answers that were put to the full set of checks.
    pub sampled: u64,
    /// Of those, in breach of one.
    pub full_checks_failed: u64,
    /// Answers with another status than the scenario expects.
    pub wrong_status: u64,
    /// Bodies that are not the JSON that the step needs.
    pub unparsable: u64,
    /// Reads that did not show an acknowledged write, which was still not there at the end of the run.
    pub lost_write: u64,
    /// Resources that a list or a filter named twice.
    pub duplicate: u64,
    /// Reads that did not show an acknowledged write, which was there later, as far as it was asked.
    pub stale_read: u64,
    /// Reads of what a file or manifest names and the target does not have: no fault of the target.
    #[serde(default, skip_serializing_if = "is_none")]
    pub not_there: u64,
    /// The first ones, at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes members by reference"
)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Something wrong that was seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Example {
    /// Kind (`lost-write`), as the members of [`Correctness`] are called.
    pub kind: String,
    /// Name of the operation.
    pub operation: String,
    /// `X-Request-Id` of the request.
    pub request: String,
    /// What was expected and what came, in a line.
    pub detail: String,
}

/// A threshold and whether it held.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Threshold {
    /// As it was written (`group.add-member p99<1s`).
    pub text: String,
    /// What was measured, in the unit of the threshold.
    pub measured: String,
    /// Whether it held.
    pub held: bool,
}

/// What changes of memberships cost at one size.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cost {
    /// Members of the group.
    pub members: u64,
    /// Members that one request adds.
    pub batch: u64,
    /// Requests.
    pub count: u64,
    /// Median response time in microseconds.
    pub p50: u64,
    /// 99 % were not slower.
    pub p99: u64,
}

/// Where a rising rate broke a threshold.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Breakpoint {
    /// Highest rate, in requests a second, at which all thresholds held.
    pub last_good_rate: Option<f64>,
    /// Rate at which one broke; none where the run ended before.
    pub broken_at_rate: Option<f64>,
    /// The threshold that broke first.
    pub threshold: Option<String>,
}
