//! Parts of a run over several machines, and what is known of each once they are merged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which part of a run over several machines a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Shard {
    /// From 0.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// A shard that is part of a merged record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Merged {
    /// From 0.
    pub index: u32,
    /// Id of its run.
    pub run: String,
    /// When its first request was due, RFC 3339, UTC.
    pub started: String,
    /// Wall time that it measured.
    pub duration_ms: u64,
    /// Its requests, without the warm-up.
    pub count: u64,
    /// Why it ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Reasons of its exit code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}
