//! The catalogue: what is required, by whom, how strongly, and the deviations that are tolerated.
//!
//! The level of a requirement stands here alone; no check decides severity.
//!
//! # Files
//!
//! `suites/requirement/NAME.toml` holds the requirements of one document. Their ids begin with
//! the name of the file: `rfc7644-3.6-delete-answers-204` stands in `rfc7644.toml`,
//! `http-9112-6.3-length-is-unambiguous` in `http.toml`, `entra-id-disables-with-patch` in
//! `entra-id.toml`. Requirements of RFCs and of HTTP form the pack `rfc`; every other file is a
//! pack of its own name. In ids of RFCs and of HTTP the section follows the prefix.
//!
//! ```toml
//! [document]                      # only where the ids name no RFC
//! name = "Microsoft Entra ID"
//! link = "https://learn.microsoft.com/…"
//!
//! [[requirement]]
//! id = "rfc7644-3.6-delete-answers-204"   # lower case, digits, dots, hyphens; never renamed
//! section = "3.6"
//! level = "must"                          # must | should | may
//! basis = "keyword"                       # keyword | prose | lower-case | table | erratum | example
//! party = "server"                        # server | client | both
//! statement = "A successful DELETE is answered with 204."
//! feature = "delete"
//! weight = "high"                         # high | medium | low | info: order of findings only
//! status = "tested"                       # tested | unverifiable: why | todo: why
//! needs = ["rt.User"]                     # optional
//! no_fault = ""                           # optional: why no fault can be made
//! aliases = []                            # optional: earlier ids
//! ```
//!
//! `suites/requirement/tolerance.toml` holds the deviations that a fair reader tolerates:
//!
//! ```toml
//! [[tolerance]]
//! id = "C09"
//! requirements = ["rfc7644-3.6-deleted-answers-404"]
//! summary = "Some servers answer 410 after a DELETE."
//! interop = "warn"                        # pass | note | warn | fail
//! strict = "fail"
//! when = { status = 410 }                 # optional: expectations, all of which hold where the deviation is this one
//! ```
//!
//! An ambiguity for which no tolerance is needed stands there too, with the reason:
//!
//! ```toml
//! [[unused]]
//! id = "D34"
//! why = "The form of the answer is left open, so nothing is graded."
//! ```
//!
//! `suites/requirement/advice.toml` says why requirements matter and how they are usually fixed:
//! for each feature, and for single requirements where there is more to say.
//!
//! ```toml
//! [[feature]]
//! name = "delete"
//! why = "…"
//! fix = "…"
//!
//! [[requirement]]                         # why, fix or both
//! id = "rfc7644-3.6-delete-answers-204"
//! why = "…"
//! ```
//!
//! A tolerance without `when` is named by checks and invariants themselves; a scenario's
//! `tolerate` may only name those that have it.

mod advice;
mod catalogue;
mod coverage;
mod document;
mod load;
mod tolerance;

use serde::{Deserialize, Serialize};

pub use advice::{Advice, Feature};
pub use catalogue::{Catalogue, Requirement};
pub use coverage::{Coverage, CoverageRow};
pub use document::Document;
pub use load::CatalogueError;
pub use tolerance::{Grade, Grading, Tolerance, Unused};

/// Strength of a requirement (RFC 2119, folded).
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
pub enum Level {
    /// MUST, SHALL, REQUIRED and their negations.
    Must,
    /// SHOULD, RECOMMENDED and their negations.
    Should,
    /// MAY, OPTIONAL.
    May,
}

impl Level {
    /// The level as it is written in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
        }
    }
}

/// What kind of text states a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// An upper-case key word.
    Keyword,
    /// Prose without an upper-case key word that leaves no choice: a definition.
    Prose,
    /// A lower-case must or should: a warning at most.
    LowerCase,
    /// The content of a table.
    Table,
    /// A verified erratum.
    Erratum,
    /// An example: a note at most.
    Example,
    /// What the maker of a client documents.
    Documented,
    /// What a client was seen to do: captured traffic, an answer of its maker's staff, reports that agree.
    Observed,
    /// What one weak source says: a note at most.
    SingleSource,
    /// What follows from other facts and nobody has confirmed: a note at most.
    Inference,
}

/// Who is bound by a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The service provider.
    Server,
    /// The client: here an obligation of scimitar itself.
    Client,
    /// Both.
    Both,
}

/// How much a broken requirement matters beside others; orders findings, decides nothing.
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
#[allow(missing_docs)]
pub enum Weight {
    High,
    Medium,
    Low,
    Info,
}

/// Whether a requirement is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// A leaf covers it.
    Tested,
    /// It can't be seen over HTTP: why.
    Unverifiable(String),
    /// Not yet: why.
    Todo(String),
}

impl Status {
    /// The first word of the status as it is written in the catalogue.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Unverifiable(_) => "unverifiable",
            Self::Todo(_) => "todo",
        }
    }

    /// Why it is not tested.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Tested => None,
            Self::Unverifiable(why) | Self::Todo(why) => Some(why),
        }
    }
}
