//! Files with load profiles, among all files of a suite.

use std::hash::Hasher;
use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::super::diagnostic::Diagnostic;
use super::super::file;
use super::super::heading::Heading;
use super::super::near;
use super::super::source::{Suite, SuiteError};
use super::super::vocabulary::Vocabulary;
use super::model::LoadProfile;
use super::read::{Known, read};
use super::unfit::unfit;

/// A file with a load profile, not yet read.
#[derive(Clone, Debug)]
pub struct LoadFile {
    /// Name: that of the file without its ending.
    pub name: String,
    /// File, as the user would name it.
    pub file: String,
    pub(in crate::suite) source: Arc<str>,
}

impl LoadFile {
    /// A file with this text.
    pub fn new(file: &str, text: &str) -> Self {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Self {
            name: name.to_owned(),
            file: file.to_owned(),
            source: text.into(),
        }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.source
    }
}

impl Suite {
    /// The headings of scenarios that load profiles alone use.
    pub fn load_headings(&self) -> &[Heading] {
        &self.loads
    }

    /// The heading of a file, be it one that load profiles alone use.
    pub fn any_heading(&self, id: &str) -> Option<&Heading> {
        let load = || self.loads.iter().find(|heading| heading.id == id);
        self.heading(id).or_else(load)
    }

    /// All files with load profiles, by name.
    pub fn load_files(&self) -> impl Iterator<Item = &LoadFile> {
        self.load_files.values()
    }

    /// The file with the load profile of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn load_file(&self, name: &str) -> Result<&LoadFile, SuiteError> {
        let known = || self.load_files.keys().map(String::as_str);
        self.load_files
            .get(name)
            .ok_or_else(|| SuiteError::UnknownLoadProfile {
                name: name.to_owned(),
                near: near(name, known()).map(str::to_owned),
                known: known().map(str::to_owned).collect(),
            })
    }

    /// Reads a load profile.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load_profile(
        &self,
        file: &LoadFile,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<LoadProfile, Vec<Diagnostic>> {
        let all: Vec<String> = self
            .headings
            .iter()
            .chain(&self.loads)
            .flat_map(Heading::cases)
            .collect();
        let unfit = |case: &str| {
            let id = case.split('[').next().unwrap_or(case);
            let heading = self.any_heading(id)?;
            // What is wrong with the scenario itself is said where it is read.
            let scenario = file::read(&heading.place, &heading.source, vocabulary).ok()?;
            let (what, line) = unfit(&scenario)?;
            Some((what, format!("{}:{line}", heading.file)))
        };
        let known = Known {
            cases: all.iter().map(String::as_str).collect(),
            unfit: &unfit,
        };
        read(&file.file, &file.name, &file.source, &known)
    }

    /// A digest of a load profile and the scenarios with these ids: the same where their texts are.
    pub fn load_digest(&self, file: &LoadFile, ids: &[&str]) -> String {
        let mut hasher = SipHasher13::new();
        let scenarios = ids.iter().filter_map(|id| self.any_heading(id));
        let texts = scenarios.map(|heading| &heading.source);
        for text in std::iter::once(&file.source).chain(texts) {
            hasher.write_u64(text.len() as u64);
            hasher.write(text.as_bytes());
        }
        format!("{:032x}", u128::from(hasher.finish128()))
    }
}

/// The name of the load profile in a file; `None` for what is none.
pub(in crate::suite) fn profile_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix("load/")?;
    let name = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"))?;
    (!name.contains('/')).then_some(name)
}
