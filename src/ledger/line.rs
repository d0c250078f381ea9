//! The lines of a journal.

use serde::{Deserialize, Serialize};

use super::sown::{Made, Seeding};

/// Version of the format.
pub(super) const VERSION: u32 = 1;

/// Which run wrote a journal, against what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Id of the run.
    pub run: String,
    /// Base URL of the target, without a trailing slash.
    pub base: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// Whether the target is another machine: then each intent is flushed to the disk before its
    /// create is sent.
    pub remote: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Line {
    /// First line.
    Open {
        version: u32,
        #[serde(flatten)]
        head: Head,
    },
    /// A create is about to be sent.
    Intent {
        n: u64,
        endpoint: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        marker: String,
    },
    /// It made this resource.
    Created { n: u64, id: String },
    /// It made nothing.
    Failed { n: u64, why: String },
    /// Nobody knows; the answer may have claimed an id.
    Unknown {
        n: u64,
        why: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claimed: Option<String>,
    },
    /// These resources are ours, beyond what intents made.
    Ids { endpoint: String, ids: Vec<String> },
    /// At most so many resources with this prefix in a marked attribute are about to be created.
    Space {
        endpoint: String,
        prefix: String,
        bound: u64,
    },
    /// What is to be created by number.
    Seeding(Seeding),
    /// Resources with the numbers from the first to before the last are about to be created.
    Sending {
        endpoint: String,
        from: u64,
        to: u64,
    },
    /// What the numbers from the first on have made; none where nothing was made.
    Made {
        endpoint: String,
        from: u64,
        made: Vec<Option<Made>>,
    },
    /// A DELETE was answered with success.
    Deleted { endpoint: String, id: String },
    /// It is not there.
    Gone { endpoint: String, id: String },
    /// It can't be removed.
    Leftover {
        endpoint: String,
        id: String,
        reason: String,
    },
    /// A space was swept.
    Swept { endpoint: String, prefix: String },
    /// Nothing is left.
    Complete,
}
