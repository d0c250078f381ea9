//! Lint of a suite directory: every file is read whole and every error reported.

use std::path::Path;
use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::file::{self, Place};
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
    let mut linted = Linted {
        files: suite.headings().len(),
        cases: suite
            .headings()
            .iter()
            .map(|heading| heading.cases().len())
            .sum(),
        found: Vec::new(),
    };
    if let Err(found) = suite.load(suite.headings(), vocabulary) {
        linted.found = found;
        linted
            .found
            .sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    }
    Ok(linted)
}

/// What is wrong with the text of one scenario, as if it stood in the file `ID.yaml` of a directory.
pub fn lint_text(id: &str, text: &str, vocabulary: &Vocabulary<'_>) -> Vec<Diagnostic> {
    let place = Place {
        file: format!("{id}.yaml"),
        pack: LOCAL.to_owned(),
        id: id.to_owned(),
    };
    file::read(&place, &Arc::from(text), vocabulary)
        .err()
        .unwrap_or_default()
}
