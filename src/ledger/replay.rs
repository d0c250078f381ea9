//! Reads journals back, also those that a crash cut short.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::book::Book;
use super::line::{Line, VERSION};

/// Why a journal is of no use. Lowercase fragments that follow "cannot use the journal: ".
#[derive(Debug, Error)]
pub enum LedgerError {
    /// Reading or writing failed.
    #[error("'{}': {source}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// A run is using it.
    #[error("'{}' is in use by a run that has not ended", .0.display())]
    Locked(PathBuf),
    /// It is none.
    #[error("'{}' line {line}: {why}", path.display())]
    Unreadable {
        /// The journal.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// Newer than this program.
    #[error("'{}' has version {version}; this scimitar reads version {VERSION}", path.display())]
    Version {
        /// The journal.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// It is the journal of another kind of run.
    #[error("'{}' is the journal of a run, not a manifest of `scimitar load seed`", .0.display())]
    NoManifest(PathBuf),
    /// It is about another target.
    #[error("it was written for {journal}, not for {target}")]
    OtherTarget {
        /// Base URL in the journal.
        journal: String,
        /// Base URL given.
        target: String,
    },
}

/// Where the journal of a run stands by default: `.scimitar/<run>.jsonl` below a folder.
#[must_use]
pub fn default_path(folder: &Path, run: &str) -> PathBuf {
    folder.join(".scimitar").join(format!("{run}.jsonl"))
}

/// Journals below a folder's `.scimitar` that a run left open, oldest first.
pub fn open_journals(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder.join(".scimitar")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .filter(|path| !read_book(path).is_ok_and(|(book, _)| !book.is_open()))
        .map(|path| {
            let changed = path.metadata().and_then(|about| about.modified()).ok();
            (changed, path)
        })
        .collect();
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// Reads a journal, and how many of its bytes are whole lines.
pub(super) fn read_book(path: &Path) -> Result<(Book, u64), LedgerError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|source| LedgerError::Io {
            path: path.to_owned(),
            source,
        })?;
    let unreadable = |line, why: &str| LedgerError::Unreadable {
        path: path.to_owned(),
        line,
        why: why.to_owned(),
    };
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let mut book = Book::default();
    let text = bytes.get(..whole).unwrap_or_default();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Line>(line) {
            Ok(Line::Open { version, .. }) if version > VERSION => {
                let path = path.to_owned();
                return Err(LedgerError::Version { path, version });
            }
            Ok(line) if index == 0 && !matches!(line, Line::Open { .. }) => {
                return Err(unreadable(1, "it does not begin as a journal does"));
            }
            Ok(line) => book.enter(&line),
            Err(error) => return Err(unreadable(index + 1, &error.to_string())),
        }
    }
    if book.head.base.is_empty() {
        return Err(unreadable(1, "it does not begin as a journal does"));
    }
    Ok((book, whole as u64))
}
