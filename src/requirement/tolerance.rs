//! Tolerated deviations: ambiguities of the RFCs as data.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How strictly a run is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grading {
    /// What matters between implementations; the default.
    #[default]
    Interop,
    /// `--strict`: the letter of the standards.
    Strict,
}

/// How a tolerated deviation is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Grade {
    Pass,
    Note,
    Warn,
    Fail,
}

/// A deviation that a fair reader of the RFCs tolerates, or grades less than its requirement says.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance {
    /// Id (`C15`).
    pub id: String,
    /// Requirements from which it deviates.
    pub requirements: Vec<String>,
    /// The deviation in one sentence.
    pub summary: String,
    /// Grade in an interop run.
    pub interop: Grade,
    /// Grade in a strict run.
    pub strict: Grade,
    /// Expectations by name, as a scenario writes them: where all hold, the deviation is this one.
    pub when: Option<Map<String, Value>>,
}

impl Tolerance {
    /// The grade in a run of that strictness.
    pub fn grade(&self, grading: Grading) -> Grade {
        match grading {
            Grading::Interop => self.interop,
            Grading::Strict => self.strict,
        }
    }
}
