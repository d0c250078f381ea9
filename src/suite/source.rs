//! Where suite files come from: those in the binary, and those of `--suite DIR`.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::diagnostic::Diagnostic;
use super::file::{self, Place};
use super::heading::Heading;
use super::load::{self, LoadFile};
use super::model::Scenario;
use super::near;
use super::profile::Profile;
use super::select::{Candidate, CandidateKind};
use super::vocabulary::Vocabulary;
use crate::requirement::Catalogue;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/suites");

/// The pack of files that stand in no folder.
pub(super) const LOCAL: &str = "local";

/// The folder whose folders are packs.
const NESTED: &str = "idp";

/// The folders that hold no scenarios.
const OTHER: &[&str] = &["requirement", "profile", "load"];

/// All suite files of a run, known by their headings, and all profiles.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    pub(super) headings: Vec<Heading>,
    /// Those of scenarios that load profiles alone use.
    pub(super) loads: Vec<Heading>,
    profiles: BTreeMap<String, Profile>,
    pub(super) load_files: BTreeMap<String, LoadFile>,
    contents: BTreeMap<String, Arc<str>>,
}

/// Scenarios that were read, or everything that is wrong with their files.
pub type Loaded = Result<Vec<Arc<Scenario>>, Vec<Diagnostic>>;

impl Suite {
    /// The suites that scimitar carries.
    ///
    /// # Errors
    /// Never for a released binary; a test holds every file to be sound.
    pub fn embedded() -> Result<Self, SuiteError> {
        let mut files = Vec::new();
        gather_embedded(&EMBEDDED, &mut files);
        let mut suite = Self::default();
        suite.extend("suites", files)?;
        Ok(suite)
    }

    /// Adds the files of a directory that is laid out as `suites` is.
    ///
    /// # Errors
    /// Where the directory can't be read, or an id or profile is there already.
    pub fn add(&mut self, directory: &Path) -> Result<(), SuiteError> {
        let mut files = Vec::new();
        gather(directory, &mut PathBuf::new(), &mut files)?;
        self.extend(&directory.to_string_lossy(), files)
    }

    /// The headings of all files, by pack and id.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// The heading of a file.
    pub fn heading(&self, id: &str) -> Option<&Heading> {
        self.headings.iter().find(|heading| heading.id == id)
    }

    /// All profiles by name, those that packs make of themselves included.
    pub fn profiles(&self) -> Vec<Profile> {
        let mut profiles = self.profiles.clone();
        for heading in &self.headings {
            profiles
                .entry(heading.pack.clone())
                .or_insert_with(|| Profile::of_pack(&heading.pack));
        }
        profiles.into_values().collect()
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn profile(&self, name: &str) -> Result<Profile, SuiteError> {
        let profiles = self.profiles();
        profiles
            .iter()
            .find(|profile| profile.name == name)
            .cloned()
            .ok_or_else(|| SuiteError::UnknownProfile {
                name: name.to_owned(),
                near: near(name, profiles.iter().map(|profile| profile.name.as_str()))
                    .map(str::to_owned),
                known: profiles
                    .iter()
                    .map(|profile| profile.name.clone())
                    .collect(),
            })
    }

    /// What can be selected: each case, with its file's heading in the same place.
    pub fn candidates(&self, catalogue: &Catalogue) -> Vec<(Candidate, &Heading)> {
        self.headings
            .iter()
            .flat_map(|heading| {
                let requirements = heading.requirements(catalogue);
                heading.cases().into_iter().map(move |id| {
                    let candidate = Candidate {
                        kind: CandidateKind::Scenario,
                        id,
                        pack: heading.pack.clone(),
                        tags: heading.tags.clone(),
                        requirements: requirements.clone(),
                    };
                    (candidate, heading)
                })
            })
            .collect()
    }

    /// Reads the files with these headings, and with them every file whose heading can't be read.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load<'h>(
        &'h self,
        headings: impl IntoIterator<Item = &'h Heading>,
        vocabulary: &Vocabulary<'_>,
    ) -> Loaded {
        let broken = self.headings.iter().filter(|heading| heading.broken);
        let mut chosen: BTreeMap<&str, &Heading> = BTreeMap::new();
        for heading in headings.into_iter().chain(broken) {
            chosen.insert(heading.id.as_str(), heading);
        }
        let mut scenarios = Vec::new();
        let mut found = Vec::new();
        for heading in chosen.values() {
            match file::read(&heading.place, &heading.source, vocabulary) {
                Ok(scenario) => scenarios.push(Arc::new(scenario)),
                Err(wrong) => found.extend(wrong),
            }
        }
        if found.is_empty() {
            Ok(scenarios)
        } else {
            Err(found)
        }
    }

    /// A digest of all files: the same where their paths and contents are.
    pub fn digest(&self) -> String {
        let mut hasher = SipHasher13::new();
        for (path, text) in &self.contents {
            for part in [path.as_bytes(), text.as_bytes()] {
                hasher.write_u64(part.len() as u64);
                hasher.write(part);
            }
        }
        format!("{:032x}", u128::from(hasher.finish128()))
    }

    fn extend(&mut self, root: &str, files: Vec<(String, Arc<str>)>) -> Result<(), SuiteError> {
        for (path, text) in files {
            let shown = format!("{}/{path}", root.trim_end_matches('/'));
            if let Some(name) = path
                .strip_prefix("profile/")
                .and_then(|name| name.strip_suffix(".toml"))
            {
                self.add_profile(name, &shown, &text)?;
            }
            if let Some(name) = load::profile_name(&path) {
                let file = LoadFile::new(&shown, &text);
                if let Some(other) = self.load_files.insert(name.to_owned(), file) {
                    return Err(SuiteError::Duplicate {
                        id: name.to_owned(),
                        file: shown,
                        other: other.file,
                    });
                }
            }
            if let Some((pack, id)) = place(&path) {
                let place = Place {
                    file: shown,
                    pack,
                    id,
                };
                if let Some(other) = self.any_heading(&place.id) {
                    return Err(SuiteError::Duplicate {
                        id: place.id,
                        file: place.file,
                        other: other.file.clone(),
                    });
                }
                let of_load = place.pack == load::PACK;
                let heading = Heading::scan(place, Arc::clone(&text));
                if of_load {
                    self.loads.push(heading);
                } else {
                    self.headings.push(heading);
                }
            }
            self.contents.insert(path, text);
        }
        for headings in [&mut self.headings, &mut self.loads] {
            headings.sort_by(|a, b| (&a.pack, &a.id).cmp(&(&b.pack, &b.id)));
        }
        Ok(())
    }

    fn add_profile(&mut self, name: &str, file: &str, text: &str) -> Result<(), SuiteError> {
        let profile = Profile::parse(name, text).map_err(|error| SuiteError::BadProfile {
            file: file.to_owned(),
            problem: error.to_string().trim_end().to_owned(),
        })?;
        match self.profiles.insert(name.to_owned(), profile) {
            None => Ok(()),
            Some(_) => Err(SuiteError::BadProfile {
                file: file.to_owned(),
                problem: format!("there is a profile `{name}` already"),
            }),
        }
    }
}

/// The pack and the id that a path inside a suite directory gives; `None` for what is no scenario.
fn place(path: &str) -> Option<(String, String)> {
    let stem = path
        .strip_suffix(".yaml")
        .or_else(|| path.strip_suffix(".yml"))?;
    let Some((first, rest)) = stem.split_once('/') else {
        return Some((LOCAL.to_owned(), stem.to_owned()));
    };
    if let Some(rest) = rest
        .strip_prefix("scenario/")
        .filter(|_| first == load::PACK)
    {
        let id = format!("{}.{}", load::PACK, rest.replace('/', "."));
        return Some((load::PACK.to_owned(), id));
    }
    if OTHER.contains(&first) {
        return None;
    }
    // Packs of identity providers speak of the same things as the RFCs do: their ids begin with the pack.
    let (pack, rest) = match (first, rest.split_once('/')) {
        (NESTED, Some((pack, _))) => (pack, rest),
        _ => (first, rest),
    };
    Some((pack.to_owned(), rest.replace('/', ".")))
}

fn is_text(path: &str) -> bool {
    [".yaml", ".yml", ".toml"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn gather_embedded(directory: &Dir<'_>, files: &mut Vec<(String, Arc<str>)>) {
    for file in directory.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8().filter(|_| is_text(&path)) {
            files.push((path, text.into()));
        }
    }
    for inner in directory.dirs() {
        gather_embedded(inner, files);
    }
}

/// The files below a directory, in the order of their names; hidden ones are left out.
fn gather(
    root: &Path,
    below: &mut PathBuf,
    files: &mut Vec<(String, Arc<str>)>,
) -> Result<(), SuiteError> {
    let unreadable = |path: &Path, error: &std::io::Error| SuiteError::Unreadable {
        path: path.display().to_string(),
        problem: error.to_string(),
    };
    let directory = root.join(&below);
    let entries = std::fs::read_dir(&directory).map_err(|error| unreadable(&directory, &error))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(
            entry
                .map_err(|error| unreadable(&directory, &error))?
                .file_name(),
        );
    }
    names.sort();
    for name in names {
        let shown = name.to_string_lossy();
        if shown.starts_with('.') {
            continue;
        }
        below.push(&name);
        let path = root.join(&below);
        if path.is_dir() {
            gather(root, below, files)?;
        } else if is_text(&shown) {
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            let text = String::from_utf8(bytes).map_err(|error| SuiteError::Unreadable {
                path: path.display().to_string(),
                problem: error.to_string(),
            })?;
            files.push((below.to_string_lossy().replace('\\', "/"), text.into()));
        }
        below.pop();
    }
    Ok(())
}

/// Suite files that can't be used as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuiteError {
    /// A directory or file that can't be read.
    #[error("cannot read {path}: {problem}")]
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        problem: String,
    },
    /// Two files with the same id.
    #[error("{file} has the id `{id}`, which {other} has already")]
    Duplicate {
        /// The id.
        id: String,
        /// The file that came later.
        file: String,
        /// The file that came first.
        other: String,
    },
    /// A profile file that can't be used.
    #[error("cannot use {file}: {problem}")]
    BadProfile {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A load profile that does not exist.
    #[error("unknown load profile `{name}`{}", near.as_ref().map_or_else(|| format!("; there are {}", known.join(", ")), |near| format!("; did you mean `{near}`?")))]
    UnknownLoadProfile {
        /// As written.
        name: String,
        /// What was most likely meant.
        near: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A profile that does not exist.
    #[error("unknown profile `{name}`{}", near.as_ref().map_or_else(|| format!("; there are {}", known.join(", ")), |near| format!("; did you mean `{near}`?")))]
    UnknownProfile {
        /// As written.
        name: String,
        /// What was most likely meant.
        near: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::{Action, Selector};

    #[test]
    fn a_path_gives_pack_and_id() {
        let check = |path: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(pack, id)| (pack.to_owned(), id.to_owned()));
            assert_eq!(place(path), expected, "{path}");
        };
        check("rfc/users/delete.yaml", Some(("rfc", "users.delete")));
        check(
            "idp/okta/push/create.yaml",
            Some(("okta", "okta.push.create")),
        );
        check("acme/a.yml", Some(("acme", "a")));
        check("a.yaml", Some(("local", "a")));
        check("load/a.yaml", None);
        check(
            "load/scenario/user/match.yaml",
            Some(("load", "load.user.match")),
        );
        check("profile/a.toml", None);
        check("requirement/a.yaml", None);
        check("README.md", None);
    }

    #[test]
    fn every_embedded_file_is_sound_and_its_heading_true() {
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: crate::check::expect::all(),
            catalogue: &catalogue,
        };
        let suite = Suite::embedded().unwrap();
        let scenarios = suite
            .load(suite.headings(), &vocabulary)
            .unwrap_or_else(|found| {
                let told: Vec<String> = found.iter().map(ToString::to_string).collect();
                panic!("{}", told.join("\n"))
            });
        assert_eq!(scenarios.len(), suite.headings().len());
        assert!(!scenarios.is_empty());
        for scenario in scenarios {
            let heading = suite.heading(&scenario.id).unwrap();
            assert_eq!(
                (&heading.title, &heading.tags),
                (&scenario.title, &scenario.tags)
            );
            let cases: Vec<String> = scenario.cases().into_iter().map(|case| case.id).collect();
            assert_eq!(heading.cases(), cases);
            let named = heading.requirements(&catalogue);
            assert!(
                scenario
                    .covers()
                    .iter()
                    .all(|id| named.iter().any(|named| named == id))
            );
        }
    }

    #[test]
    fn every_embedded_load_profile_and_its_scenarios_are_sound() {
        fn told<T>(found: &[Diagnostic]) -> T {
            let told: Vec<String> = found.iter().map(ToString::to_string).collect();
            panic!("{}", told.join("\n"))
        }
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: crate::check::expect::all(),
            catalogue: &catalogue,
        };
        let suite = Suite::embedded().unwrap();
        let scenarios = suite
            .load(suite.load_headings(), &vocabulary)
            .unwrap_or_else(|found| told(&found));
        assert!(scenarios.iter().all(|one| load::unfit(one).is_none()));
        let validator = jsonschema::validator_for(&load::load_schema()).unwrap();
        let mut used = std::collections::BTreeSet::new();
        for file in suite.load_files() {
            let profile = suite
                .load_profile(file, &vocabulary)
                .unwrap_or_else(|found| told(&found));
            used.extend(profile.mix.into_iter().map(|share| share.case));
            let value = crate::suite::tree::parse(&file.file, &file.source).unwrap();
            if let Err(error) = validator.validate(&value.value()) {
                panic!("{}: {error} at {}", file.file, error.instance_path());
            }
        }
        assert!(suite.load_files().count() >= 14);
        for scenario in scenarios {
            assert!(
                used.contains(&scenario.id),
                "no profile uses {}",
                scenario.id
            );
        }
    }

    #[test]
    fn the_profile_smoke_writes_little() {
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: crate::check::expect::all(),
            catalogue: &catalogue,
        };
        let suite = Suite::embedded().unwrap();
        let selector = Selector::new(suite.profile("smoke").unwrap(), &[], &[], &[]).unwrap();
        let candidates = suite.candidates(&catalogue);
        let chosen = candidates
            .iter()
            .filter(|(candidate, _)| selector.admits(candidate))
            .map(|(_, heading)| *heading);
        let writes: usize = suite
            .load(chosen, &vocabulary)
            .unwrap()
            .iter()
            .map(|scenario| {
                let sends = scenario.steps.iter().filter(|step| match &step.action {
                    Action::Send(method) => !method.is_safe(),
                    Action::Walk(_) => false,
                });
                (scenario.given.len() + sends.count()) * scenario.cases().len()
            })
            .sum();
        assert!((1..=12).contains(&writes), "{writes} writes");
    }

    #[test]
    fn the_page_on_writing_shows_a_sound_scenario() {
        let page = include_str!("../../suites/README.md");
        let (_, rest) = page.split_once("```yaml\n").unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: crate::check::expect::all(),
            catalogue: &catalogue,
        };
        let mut suite = Suite::default();
        suite
            .extend(
                "suites",
                vec![("rfc/delete/user.yaml".to_owned(), text.into())],
            )
            .unwrap();
        let loaded = suite.load(suite.headings(), &vocabulary);
        assert!(loaded.is_ok(), "{}", loaded.unwrap_err()[0]);
    }

    #[test]
    fn profiles_are_known_by_name_and_packs_make_their_own() {
        let suite = Suite::embedded().unwrap();
        for name in ["smoke", "rfc", "full"] {
            let profile = suite.profile(name).unwrap();
            assert!(profile.gate.contains(&"rfc".to_owned()), "{name}");
        }
        let error = suite.profile("smok").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown profile `smok`; did you mean `smoke`?"
        );
    }

    #[test]
    fn a_directory_adds_to_the_suite_and_never_replaces() {
        let directory = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("acme/users/one.yaml", "title: One\nsteps: []\n");
        write("two.yaml", "title: [\n");
        write(".hidden/a.yaml", "[");
        let mut suite = Suite::embedded().unwrap();
        let before = suite.digest();
        suite.add(directory.path()).unwrap();
        assert_ne!(suite.digest(), before);
        assert_eq!(suite.heading("users.one").unwrap().pack, "acme");
        assert!(suite.heading("two").unwrap().broken);
        assert!(suite.profile("acme").is_ok());
        let twice = suite.add(directory.path()).unwrap_err();
        assert!(matches!(twice, SuiteError::Duplicate { .. }), "{twice}");
        let gone = suite.add(&directory.path().join("gone")).unwrap_err();
        assert!(matches!(gone, SuiteError::Unreadable { .. }), "{gone}");
        write("profile/bad.toml", "title = 'x'\ngate = []\ntag = []\n");
        let bad = Suite::default().add(directory.path());
        assert!(matches!(bad, Err(SuiteError::BadProfile { .. })));
    }
}
