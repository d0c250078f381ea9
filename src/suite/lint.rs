//! Lint of a suite directory: every scenario and load profile is read whole and every error reported.

use std::path::Path;
use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::file::{self, Place};
use super::model::Scenario;
use super::source::{LOCAL, Suite, SuiteError};
use super::vocabulary::Vocabulary;

/// What a lint found.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// How many scenario files were read.
    pub files: usize,
    /// How many cases they make.
    pub cases: usize,
    /// Everything that is wrong, by file and place.
    pub found: Vec<Diagnostic>,
}

/// Reads every scenario and profile of a directory that is laid out as `suites` is.
///
/// # Errors
/// Where the directory or a profile can't be read, or two files have the same id.
pub fn lint(directory: &Path, vocabulary: &Vocabulary<'_>) -> Result<Linted, SuiteError> {
    let mut suite = Suite::default();
    suite.add(directory)?;
    let headings = || suite.headings().iter().chain(suite.load_headings());
    let mut linted = Linted {
        files: headings().count(),
        cases: headings().map(|heading| heading.cases().len()).sum(),
        found: suite.load(headings(), vocabulary).err().unwrap_or_default(),
    };
    // A load profile may name scenarios that scimitar carries.
    let mut whole = Suite::embedded()?;
    if whole.add(directory).is_err() {
        whole = suite.clone();
    }
    for file in suite.load_files() {
        let found = whole.load_profile(file, vocabulary).err();
        linted.found.extend(found.into_iter().flatten());
    }
    linted
        .found
        .sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    Ok(linted)
}

/// The scenario of a text, as if it stood in the file `PACK/ID.yaml` of a directory.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_text(
    pack: &str,
    id: &str,
    text: &str,
    vocabulary: &Vocabulary<'_>,
) -> Result<Scenario, Vec<Diagnostic>> {
    let place = Place {
        file: format!("{pack}/{id}.yaml"),
        pack: pack.to_owned(),
        id: id.to_owned(),
    };
    file::read(&place, &Arc::from(text), vocabulary)
}

/// What is wrong with the text of one scenario, as if it stood in the file `ID.yaml` of a directory.
pub fn lint_text(id: &str, text: &str, vocabulary: &Vocabulary<'_>) -> Vec<Diagnostic> {
    read_text(LOCAL, id, text, vocabulary)
        .err()
        .unwrap_or_default()
}
