//! The selection of a run: suites, profile, globs, tags, down to a plan.
//!
//! Sends nothing. Everything that is wrong here is found before the first request.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::config::Config;
use super::exit::{Exit, Failure};
use super::option::SelectFlags;
use crate::check::{Invariant, expect, invariant};
use crate::probe::{self, Probe, replay};
use crate::requirement::Catalogue;
use crate::run::Plan;
use crate::run::expectation::Known;
use crate::run::plan::is_regression;
use crate::suite::load::{LoadFile, LoadProfile};
use crate::suite::{
    Candidate, CandidateKind, Case, Diagnostic, Heading, Scenario, SelectError, Selector, Suite,
    Vocabulary,
};

/// What is run, as flags and file say.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// Name of the profile.
    pub(super) profile: String,
    only: Vec<String>,
    skip: Vec<String>,
    tag: Vec<String>,
    suite: Vec<PathBuf>,
    /// Folder for what probes find.
    pub(super) regressions: Option<PathBuf>,
}

/// Suites and catalogue, read.
pub(super) struct Library {
    /// What is required.
    pub(super) catalogue: Catalogue,
    /// All scenario files, by their headings.
    pub(super) suite: Suite,
}

impl Library {
    /// Parses scenarios.
    ///
    /// # Errors
    /// Where one can't be used, with all that is wrong.
    pub(super) fn scenarios(&self, headings: Vec<&Heading>) -> Result<Vec<Arc<Scenario>>, Failure> {
        let vocabulary = Vocabulary {
            checks: expect::all(),
            catalogue: &self.catalogue,
        };
        self.suite
            .load(headings, &vocabulary)
            .map_err(|found| mistakes("the suite has errors", &found))
    }

    /// Reads a load profile.
    ///
    /// # Errors
    /// Where it can't be used, with all that is wrong.
    pub(super) fn load_profile(&self, file: &LoadFile) -> Result<LoadProfile, Failure> {
        let vocabulary = Vocabulary {
            checks: expect::all(),
            catalogue: &self.catalogue,
        };
        self.suite
            .load_profile(file, &vocabulary)
            .map_err(|found| mistakes("the load profile has errors", &found))
    }

    /// The names that an expectation file may use.
    pub(super) fn known(&self) -> Known {
        Known {
            cases: candidates(self)
                .into_iter()
                .map(|(one, _)| one.id)
                .collect(),
            requirements: self.catalogue.iter().map(|one| one.id.clone()).collect(),
        }
    }
}

fn mistakes(title: &str, found: &[Diagnostic]) -> Failure {
    let shown: Vec<String> = found
        .iter()
        .map(|one| one.to_string().trim_end().to_owned())
        .collect();
    Failure::usage(format!("{title}\n\n{}", shown.join("\n\n")))
}

/// A selection, loaded.
pub(super) struct Chosen {
    /// The plan.
    pub(super) plan: Plan,
    /// Digest over the suite files.
    pub(super) digest: String,
    /// Whether its verdicts are on what it takes alone.
    pub(super) part: bool,
}

impl Choice {
    /// Flags before file before default.
    pub(super) fn of(flags: &SelectFlags, config: &Config) -> Self {
        let either = |flag: &Vec<String>, file: &Vec<String>| {
            if flag.is_empty() {
                file.clone()
            } else {
                flag.clone()
            }
        };
        let profile = flags.profile.clone().or_else(|| config.profile.clone());
        Self {
            profile: profile.unwrap_or_else(|| "full".to_owned()),
            only: either(&flags.only, &config.only),
            skip: either(&flags.skip, &config.skip),
            tag: either(&flags.tag, &config.tag),
            regressions: flags
                .save_regression
                .clone()
                .or_else(|| config.save_regression.clone()),
            suite: if flags.suite.is_empty() {
                config.suite.clone()
            } else {
                flags.suite.clone()
            },
        }
    }

    /// Reads the catalogue and the suites.
    pub(super) fn library(&self) -> Result<Library, Failure> {
        let bad = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
        let mut catalogue = Catalogue::embedded().map_err(|error| bad(&error))?;
        let mut suite = Suite::embedded().map_err(|error| bad(&error))?;
        // The folder is made when the first run begins that saves to it.
        let saved = self.regressions.iter().filter(|it| it.exists());
        let suites = self.suite.iter();
        let beside = saved.filter(|it| !self.suite.contains(it));
        for directory in suites.chain(beside) {
            catalogue = catalogue
                .with_suite(directory)
                .map_err(|error| bad(&error))?;
            suite.add(directory).map_err(|error| bad(&error))?;
        }
        Ok(Library { catalogue, suite })
    }

    /// The selected scenarios, known by their headings.
    pub(super) fn headings<'a>(
        &self,
        library: &'a Library,
    ) -> Result<Vec<(Candidate, &'a Heading)>, Failure> {
        let selector = self.selector(library)?;
        let candidates = candidates(library);
        let all: Vec<Candidate> = candidates.iter().map(|(one, _)| one.clone()).collect();
        let selected = selector.select(&all).map_err(|error| refusal(&error))?;
        Ok(candidates
            .into_iter()
            .zip(selected)
            .filter(|(_, on)| *on)
            .filter_map(|((candidate, source), _)| match source {
                Source::Scenario(heading) => Some((candidate, heading)),
                Source::Invariant(_) | Source::Probe(_) => None,
            })
            .collect())
    }

    fn selector(&self, library: &Library) -> Result<Selector, Failure> {
        let profile = library.suite.profile(&self.profile);
        let profile = profile.map_err(|error| Failure::usage(error.to_string()))?;
        Selector::new(profile, &self.only, &self.skip, &self.tag).map_err(|error| refusal(&error))
    }

    /// Selects, and loads what is selected.
    pub(super) fn select(&self, library: &Library) -> Result<Chosen, Failure> {
        let selector = self.selector(library)?;
        let candidates = candidates(library);
        let all: Vec<Candidate> = candidates.iter().map(|(one, _)| one.clone()).collect();
        let mut selected = selector.select(&all).map_err(|error| refusal(&error))?;
        with_their_probes(&selector, &all, &mut selected);
        let mut ids = BTreeSet::new();
        let mut headings: Vec<&Heading> = Vec::new();
        let mut plan = Plan::default();
        for ((candidate, source), _) in candidates.iter().zip(selected).filter(|(_, on)| *on) {
            match source {
                Source::Scenario(heading) => {
                    ids.insert(candidate.id.as_str());
                    headings.push(heading);
                }
                Source::Invariant(leaf) => plan.invariants.push(*leaf),
                Source::Probe(leaf) => plan.probes.push(*leaf),
            }
        }
        plan.cases = load(library, headings)?
            .into_iter()
            .filter(|case| ids.contains(case.id.as_str()))
            .collect();
        plan.cases.sort_by_key(|case| !is_regression(case));
        plan.packs = packs(&selector, &all, &plan);
        let narrowed = [&self.only, &self.skip, &self.tag]
            .iter()
            .any(|list| !list.is_empty());
        Ok(Chosen {
            part: selector.profile().part && !narrowed,
            plan,
            digest: library.suite.digest(),
        })
    }
}

/// Takes what a selected probe found before into the selection.
fn with_their_probes(selector: &Selector, all: &[Candidate], selected: &mut [bool]) {
    let probes: Vec<String> = all
        .iter()
        .zip(&*selected)
        .filter(|(one, on)| **on && one.kind == CandidateKind::Probe)
        .map(|(one, _)| replay::prefix(&one.id))
        .collect();
    for (one, on) in all.iter().zip(selected) {
        let is_theirs = one.kind == CandidateKind::Scenario
            && one.tags.iter().any(|tag| tag == replay::TAG)
            && probes.iter().any(|prefix| one.id.starts_with(prefix));
        *on |= is_theirs && !selector.skips(one);
    }
}

/// Where a candidate comes from.
enum Source<'a> {
    Scenario(&'a Heading),
    Invariant(&'static dyn Invariant),
    Probe(&'static dyn Probe),
}

/// All that can be selected: scenarios, probes, invariants.
fn candidates(library: &Library) -> Vec<(Candidate, Source<'_>)> {
    let scenarios = library
        .suite
        .candidates(&library.catalogue)
        .into_iter()
        .map(|(candidate, heading)| (candidate, Source::Scenario(heading)));
    let pack_of = |covers: &[&str]| {
        let pack = covers.first().and_then(|id| library.catalogue.pack_of(id));
        pack.unwrap_or("rfc").to_owned()
    };
    let probes = probe::all().iter().map(move |leaf| {
        let candidate = Candidate {
            kind: CandidateKind::Probe,
            id: leaf.id().to_owned(),
            pack: pack_of(leaf.covers()),
            tags: vec!["probe".to_owned()],
            requirements: leaf.covers().iter().map(ToString::to_string).collect(),
        };
        (candidate, Source::Probe(*leaf))
    });
    let invariants = invariant::all().iter().map(move |leaf| {
        let candidate = Candidate {
            kind: CandidateKind::Invariant,
            id: leaf.id().to_owned(),
            pack: pack_of(leaf.covers()),
            tags: Vec::new(),
            requirements: leaf.covers().iter().map(ToString::to_string).collect(),
        };
        (candidate, Source::Invariant(*leaf))
    });
    scenarios.chain(probes).chain(invariants).collect()
}

fn load(library: &Library, headings: Vec<&Heading>) -> Result<Vec<Case>, Failure> {
    let scenarios = library.scenarios(headings)?;
    Ok(scenarios
        .iter()
        .flat_map(|scenario| Arc::clone(scenario).cases())
        .collect())
}

/// The packs of what was selected, the gated ones first.
fn packs(selector: &Selector, all: &[Candidate], plan: &Plan) -> Vec<(String, bool)> {
    let gate = &selector.profile().gate;
    let mut present: BTreeSet<&str> = plan
        .cases
        .iter()
        .map(|case| case.scenario.pack.as_str())
        .collect();
    let probes = plan.probes.iter().map(|leaf| leaf.id());
    let invariants = plan.invariants.iter().map(|leaf| leaf.id()).chain(probes);
    let of = |id| {
        all.iter()
            .find(|one| one.id == id)
            .map(|one| one.pack.as_str())
    };
    present.extend(invariants.filter_map(of));
    let mut packs: Vec<(String, bool)> = present
        .into_iter()
        .map(|pack| (pack.to_owned(), gate.iter().any(|gated| gated == pack)))
        .collect();
    packs.sort_by_key(|(pack, gated)| (!gated, pack.clone()));
    packs
}

fn refusal(error: &SelectError) -> Failure {
    let exit = match error {
        SelectError::BadGlob { .. } => Exit::Usage,
        SelectError::NoMatch { .. } | SelectError::Nothing { .. } => Exit::NothingSelected,
    };
    Failure::new(
        exit,
        format!("{error}\n  `scimitar list scenarios` shows what there is; nothing was sent"),
    )
}
