//! `--save-regression DIR`: what probes find is kept as scenarios, which the next run begins with.
//!
//! A folder like that of `--suite`: a file is only ever added, and one that is there is left alone.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::exit::{Exit, Failure};
use crate::probe::replay::File;
use crate::run::Shelf;

/// The folder.
pub(super) struct Regressions {
    directory: PathBuf,
    said: Mutex<Said>,
}

/// What came of it.
#[derive(Default)]
struct Said {
    lines: Vec<String>,
    trouble: Option<String>,
}

impl Regressions {
    /// Makes the folder, before anything is sent.
    ///
    /// # Errors
    /// Where it can't be made.
    pub(super) fn open(directory: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(directory).map_err(|error| {
            Failure::new(
                Exit::CannotCreate,
                format!(
                    "cannot make the folder {} of --save-regression: {error}\n  nothing was sent",
                    directory.display()
                ),
            )
        })?;
        Ok(Self {
            directory: directory.to_owned(),
            said: Mutex::default(),
        })
    }

    /// A line for each counterexample that was new.
    ///
    /// # Errors
    /// Where a file could not be written.
    pub(super) fn close(&self) -> Result<Vec<String>, Failure> {
        let said = std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner));
        match said.trouble {
            Some(trouble) => Err(Failure::new(Exit::CannotWrite, trouble)),
            None => Ok(said.lines),
        }
    }

    fn path(&self, pack: &str, file: &File) -> PathBuf {
        self.directory.join(pack).join(format!("{}.yaml", file.id))
    }

    fn write(path: &Path, text: &str) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Whole or not at all: a half file would make the next run stop before its first request.
        let aside = path.with_extension("new");
        std::fs::write(&aside, text)?;
        std::fs::rename(&aside, path)
    }
}

impl Shelf for Regressions {
    fn holds(&self, pack: &str, file: &File) -> bool {
        self.path(pack, file).exists()
    }

    fn put(&self, pack: &str, file: &File, repeats: bool) {
        let path = self.path(pack, file);
        let written = repeats.then(|| Self::write(&path, &file.text));
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        match written {
            Some(Ok(())) => said
                .lines
                .push(format!("regression {} saved", path.display())),
            Some(Err(error)) => {
                said.trouble
                    .get_or_insert(format!("cannot write {}: {error}", path.display()));
            }
            None => said.lines.push(format!(
                "regression {} not saved: it did not fail when it was repeated by itself",
                file.id
            )),
        }
    }
}
