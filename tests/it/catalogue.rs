//! The catalogue and the suites agree: what is called tested has a leaf, what has a leaf is called tested.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use scimitar::check::{expect, invariant};
use scimitar::requirement::{Catalogue, Level, Party, Status, Tolerance};
use scimitar::suite::{Scenario, Suite, Vocabulary};

use crate::{golden, source};

/// Ids by id, both in order.
type Index = BTreeMap<String, BTreeSet<String>>;

/// Folders of the modules that may say themselves that they saw a tolerated deviation.
const JUDGES: [&str; 4] = ["src/check", "src/oracle", "src/probe", "src/run"];

/// Ambiguities of the RFCs by their letter: `A` are A01 to A31.
const AMBIGUITIES: [(char, usize); 7] = [
    ('A', 31),
    ('B', 18),
    ('C', 16),
    ('D', 38),
    ('E', 29),
    ('F', 32),
    ('G', 19),
];

/// All scenarios of the embedded suites.
fn scenarios(catalogue: &Catalogue) -> Vec<Arc<Scenario>> {
    let suite = Suite::embedded().expect("the embedded suites are sound");
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue,
    };
    suite
        .load(suite.headings(), &vocabulary)
        .unwrap_or_else(|wrong| {
            let shown: Vec<String> = wrong
                .iter()
                .map(|diagnostic| diagnostic.render(false))
                .collect();
            panic!("{}", shown.join("\n"))
        })
}

/// Requirements by the cases and invariants that judge them.
fn leaves(scenarios: &[Arc<Scenario>]) -> Index {
    let mut leaves = Index::new();
    for scenario in scenarios {
        for requirement in scenario.covers() {
            leaves
                .entry(requirement.to_owned())
                .or_default()
                .insert(scenario.id.clone());
        }
    }
    for invariant in invariant::all() {
        for requirement in invariant.covers() {
            leaves
                .entry((*requirement).to_owned())
                .or_default()
                .insert(invariant.id().to_owned());
        }
    }
    leaves
}

/// Tolerances by the scenarios that name them, and by the files of the checks that do.
fn uses(catalogue: &Catalogue, scenarios: &[Arc<Scenario>]) -> Index {
    let mut uses = Index::new();
    for scenario in scenarios {
        let expectations = scenario.steps.iter().flat_map(|step| &step.expect);
        for tolerated in expectations.flat_map(|one| &one.tolerate) {
            let cases = uses.entry(tolerated.id.clone()).or_default();
            cases.insert(scenario.id.clone());
        }
    }
    for path in JUDGES.iter().flat_map(|folder| source::files(folder, "rs")) {
        let name = source::slashed(&path);
        let text = source::text(&path);
        let production = text.split("#[cfg(test)]").next().unwrap_or_default();
        if name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        for row in catalogue.tolerances() {
            if production.contains(&format!("\"{}\"", row.id)) {
                let checks = uses.entry(row.id.clone()).or_default();
                checks.insert(format!("`{name}`"));
            }
        }
    }
    uses
}

#[test]
fn tolerances_are_named_by_what_they_deviate_from() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let mut wrong = Vec::new();
    for scenario in scenarios(&catalogue) {
        for one in scenario.steps.iter().flat_map(|step| &step.expect) {
            for row in one
                .tolerate
                .iter()
                .filter_map(|it| catalogue.tolerance(&it.id))
            {
                let unlisted = one.covers.iter().find(|id| !row.requirements.contains(id));
                wrong.extend(
                    unlisted
                        .map(|id| format!("{}: {} is no tolerance of {id}", scenario.id, row.id)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tested_means_that_a_leaf_judges_it() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let leaves = leaves(&scenarios(&catalogue));
    let mut wrong = Vec::new();
    for requirement in catalogue.iter() {
        let has_leaf = leaves.contains_key(&requirement.id);
        match (&requirement.status, has_leaf) {
            (Status::Tested, false) => wrong.push(format!(
                "{} is called tested and no leaf covers it",
                requirement.id
            )),
            (Status::Todo(_) | Status::Unverifiable(_), true) => {
                wrong.push(format!(
                    "{} has a leaf and is not called tested",
                    requirement.id
                ));
            }
            _ => {}
        }
        if requirement.status == Status::Tested && requirement.party == Party::Client {
            wrong.push(format!("{} binds the client", requirement.id));
        }
    }
    for id in leaves.keys() {
        if catalogue.get(id).is_none() {
            wrong.push(format!("{id} is covered and not in the catalogue"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Statements of the reference catalogue by document. Its ids are `RFC7644-3.6-02`: document,
/// section and an ordinal that has no gap within the section.
const REFERENCE: [(&str, usize); 6] = [
    ("RFC7642", 2),
    ("RFC7643", 269),
    ("RFC7644", 384),
    ("RFC9865", 45),
    ("RFC9944", 16),
    ("RFC9967", 31),
];

#[derive(serde::Deserialize)]
struct RequirementMap {
    map: BTreeMap<String, Vec<String>>,
}

/// TOML refuses a key that stands twice, so an id that is there is there once.
#[test]
fn every_reference_entry_is_mapped_to_known_requirements() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let text = std::fs::read_to_string("fixtures/requirement-map.toml").unwrap();
    let RequirementMap { map } = toml::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    let mut sections: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (reference, requirements) in &map {
        let (section, ordinal) = reference.rsplit_once('-').unwrap();
        let ordinal = ordinal.parse().unwrap();
        sections.entry(section).or_default().insert(ordinal);
        if requirements.is_empty() {
            wrong.push(format!("{reference} is mapped to nothing"));
        }
        for id in requirements {
            if catalogue.get(id).is_none_or(|known| known.id != *id) {
                wrong.push(format!("{reference} is mapped to {id}, which is not known"));
            }
        }
    }
    for (document, count) in REFERENCE {
        let prefix = format!("{document}-");
        let mapped = map.keys().filter(|id| id.starts_with(&prefix)).count();
        if mapped != count {
            wrong.push(format!("{document}: {mapped} of {count} are mapped"));
        }
        for (section, ordinals) in sections.iter().filter(|(id, _)| id.starts_with(&prefix)) {
            if ordinals.iter().copied().ne(1..=ordinals.len()) {
                wrong.push(format!("{section} has a gap: {ordinals:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn enough_is_tested() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let tested = catalogue
        .iter()
        .filter(|requirement| requirement.status == Status::Tested)
        .count();
    let scenarios = Suite::embedded()
        .expect("the embedded suites are sound")
        .headings()
        .len();
    assert!(tested >= 150, "{tested} requirements are tested");
    assert!(scenarios >= 80, "there are {scenarios} scenarios");
    assert!(invariant::all().len() >= 6);
}

#[test]
fn every_ambiguity_is_tolerated_or_needs_no_tolerance() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let tolerated: BTreeSet<&str> = catalogue.tolerances().map(Tolerance::ambiguity).collect();
    let unused: BTreeSet<&str> = catalogue.unused().map(|one| one.id.as_str()).collect();
    let all: BTreeSet<String> = AMBIGUITIES
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number:02}")))
        .collect();
    let mut wrong = Vec::new();
    for id in &all {
        match (
            tolerated.contains(id.as_str()),
            unused.contains(id.as_str()),
        ) {
            (true, true) => wrong.push(format!("{id} has a tolerance and is said to need none")),
            (false, false) => wrong.push(format!("{id} is not accounted for")),
            _ => {}
        }
    }
    // A tolerance may be for an ambiguity that the reference doesn't list.
    for id in unused {
        if !all.contains(id) {
            wrong.push(format!("{id} is no ambiguity"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_tolerance_is_dead() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let uses = uses(&catalogue, &scenarios(&catalogue));
    let dead: Vec<&str> = catalogue
        .tolerances()
        .map(|row| row.id.as_str())
        .filter(|id| !uses.contains_key(*id))
        .collect();
    assert!(dead.is_empty(), "nothing uses {}", dead.join(", "));
}

#[test]
fn what_binds_the_provider_and_can_be_seen_is_tested() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    for (level, least) in [(Level::Must, 100), (Level::Should, 90)] {
        let (tested, all) = page::share(&catalogue, level);
        assert!(
            tested * 100 >= all * least,
            "{tested} of {all} are tested of level {}",
            level.name()
        );
    }
}

#[test]
fn catalogue_page_is_current() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let scenarios = scenarios(&catalogue);
    let page = page::render(
        &catalogue,
        &leaves(&scenarios),
        &uses(&catalogue, &scenarios),
    );
    golden::check("suites/CATALOGUE.md", &page);
}
