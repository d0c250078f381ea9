//! Tolerated deviations: ambiguities of the RFCs as data.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::Spanned;

use super::catalogue::Catalogue;
use super::load::{CatalogueError, Source, parse};

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
    /// The ambiguity that it is an outcome of (`C15` of `C15-other`).
    pub fn ambiguity(&self) -> &str {
        ambiguity(&self.id)
    }

    /// The grade in a run of that strictness.
    pub fn grade(&self, grading: Grading) -> Grade {
        match grading {
            Grading::Interop => self.interop,
            Grading::Strict => self.strict,
        }
    }
}

/// An ambiguity of the RFCs for which no tolerance is needed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unused {
    /// Id of the ambiguity (`D34`).
    pub id: String,
    /// Why no tolerance is needed: nothing is graded, every reading passes, what names it, ….
    pub why: String,
}

impl Grade {
    /// The grade as it is written in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

fn ambiguity(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToleranceFile {
    #[serde(default)]
    tolerance: Vec<RawTolerance>,
    #[serde(default)]
    unused: Vec<Spanned<Unused>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTolerance {
    id: Spanned<String>,
    requirements: Vec<Spanned<String>>,
    summary: String,
    interop: Grade,
    strict: Spanned<Grade>,
    when: Option<Map<String, Value>>,
}

/// Adds a file of tolerances to the catalogue, whose requirements are known by now.
pub(super) fn read(catalogue: &mut Catalogue, source: &Source<'_>) -> Result<(), CatalogueError> {
    let file: ToleranceFile = parse(source)?;
    for raw in file.tolerance {
        let (id, at) = (raw.id.get_ref(), raw.id.span().start);
        if catalogue.tolerance(id).is_some() {
            return Err(source.error(at, format!("the tolerance {id} stands twice"), None));
        }
        for requirement in &raw.requirements {
            source.known(catalogue, requirement)?;
        }
        if *raw.strict.get_ref() < raw.interop {
            let message = "strict grades milder than interop".to_owned();
            return Err(source.error(raw.strict.span().start, message, None));
        }
        catalogue.tolerances.push(Tolerance {
            id: raw.id.into_inner(),
            requirements: raw
                .requirements
                .into_iter()
                .map(Spanned::into_inner)
                .collect(),
            summary: raw.summary,
            interop: raw.interop,
            strict: raw.strict.into_inner(),
            when: raw.when,
        });
    }
    for raw in file.unused {
        let at = raw.span().start;
        let unused = raw.into_inner();
        let id = &unused.id;
        let wrong = if unused.why.trim().is_empty() {
            Some(format!("the unused ambiguity {id} says nothing of why"))
        } else if catalogue.unused.iter().any(|known| known.id == *id) {
            Some(format!("the unused ambiguity {id} stands twice"))
        } else {
            None
        };
        if let Some(message) = wrong {
            return Err(source.error(at, message, None));
        }
        catalogue.unused.push(unused);
    }
    Ok(())
}
