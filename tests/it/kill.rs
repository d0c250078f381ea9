//! The packs of identity providers: each is ready on the faultless provider, and each of their requirements
//! has a fault, named in `fixtures/fault/kill`, that turns it red.
//!
//! `PACK=okta cargo test --test it kill` looks at one pack.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use scimitar::provider::fault::registry;
use scimitar::record::Outcome;
use scimitar::requirement::{Basis, Catalogue, Level, Requirement, Status};
use scimitar::suite::Case;
use serde::Deserialize;

use crate::fault::{each, found};
use crate::in_process;

/// The faults that turn a requirement red: one, or several together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
enum Killers {
    One(String),
    Together(Vec<String>),
}

impl Killers {
    fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Together(names) => names,
        }
    }
}

/// Requirements by id, with the faults that turn them red.
type Table = BTreeMap<String, Killers>;

/// The packs to look at.
fn packs() -> BTreeSet<String> {
    let chosen = std::env::var("PACK").ok();
    in_process::identity_provider_cases()
        .iter()
        .map(|case| case.scenario.pack.clone())
        .filter(|pack| chosen.as_ref().is_none_or(|chosen| chosen == pack))
        .collect()
}

fn table(pack: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/fault/kill")
        .join(pack)
        .with_extension("toml");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases(pack: &str, covering: impl Fn(&str) -> bool) -> Vec<Case> {
    in_process::identity_provider_cases()
        .iter()
        .filter(|case| case.scenario.pack == pack)
        .filter(|case| case.scenario.covers().iter().any(|id| covering(id)))
        .cloned()
        .collect()
}

#[test]
fn every_pack_is_ready_on_the_faultless_provider() {
    let packs: Vec<String> = packs().into_iter().collect();
    let wrong: Vec<String> = each(&packs, |pack| {
        let record = in_process::run_cases(pack, cases(pack, |_| true), Vec::new());
        let complaints = record
            .cases
            .iter()
            .filter(|case| case.outcome != Outcome::Pass);
        complaints
            .map(|case| {
                format!(
                    "{} {:?} {:?} {:?} {:?}",
                    case.id, case.outcome, case.error, case.skip_reason, case.findings
                )
            })
            .collect::<Vec<_>>()
    })
    .concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_requirement_of_a_pack_has_a_fault_that_turns_it_red() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let mut wrong = Vec::new();
    let mut runs: BTreeMap<(String, Killers), Vec<String>> = BTreeMap::new();
    for pack in packs() {
        let table = table(&pack);
        for one in catalogue.iter().filter(|one| one.pack == pack) {
            wrong.extend(
                complaint(one, table.contains_key(&one.id))
                    .map(|what| format!("{}: {what}", one.id)),
            );
        }
        for (id, killers) in table {
            if catalogue.pack_of(&id) != Some(pack.as_str()) {
                wrong.push(format!("{id}: not a requirement of {pack}"));
            }
            runs.entry((pack.clone(), killers)).or_default().push(id);
        }
    }
    let runs: Vec<_> = runs.into_iter().collect();
    let missed = each(&runs, |((pack, killers), ids)| {
        survivors(&catalogue, pack, killers, ids)
    });
    wrong.extend(missed.concat());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the entry of a requirement in the catalogue, seen with the table of faults.
fn complaint(one: &Requirement, killed: bool) -> Option<&'static str> {
    let tested = one.status == Status::Tested;
    let binds = one.level == Level::Must && !is_doubtful(one);
    match (tested, killed) {
        (true, false) if one.no_fault.is_empty() => Some("no fault turns it red"),
        (false, true) => Some("has a fault and is not tested"),
        _ if tested && binds && one.then.is_none() => Some("says not what the client does then"),
        _ => None,
    }
}

fn is_doubtful(one: &Requirement) -> bool {
    matches!(one.basis, Basis::SingleSource | Basis::Inference)
}

/// Which of the requirements a run of the cases that cover them does not find broken.
fn survivors(catalogue: &Catalogue, pack: &str, killers: &Killers, ids: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for name in killers.names() {
        match registry::find(name) {
            Some(found) => faults.extend(found),
            None => return vec![format!("{ids:?}: there is no fault {name}")],
        }
    }
    let cases = cases(pack, |id| ids.iter().any(|one| one == id));
    let found = found(&in_process::run_cases(pack, cases, faults));
    let is_red = |id: &String| {
        let known = catalogue.get(id);
        let notes = known.is_some_and(|one| one.level == Level::May || is_doubtful(one));
        match found.get(id) {
            Some(Outcome::Fail | Outcome::Warn) => true,
            Some(Outcome::Note) => notes,
            _ => false,
        }
    };
    ids.iter()
        .filter(|id| !is_red(id))
        .map(|id| format!("{id}: green with {killers:?}; found {found:?}"))
        .collect()
}
