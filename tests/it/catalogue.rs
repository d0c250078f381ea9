//! The catalogue and the suites agree: what is called tested has a leaf, what has a leaf is called tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use scimitar::check::{expect, invariant};
use scimitar::requirement::{Catalogue, Party, Status};
use scimitar::suite::{Suite, Vocabulary};

use crate::golden;

/// Requirements by the cases and invariants that judge them.
fn leaves(catalogue: &Catalogue) -> BTreeMap<String, BTreeSet<String>> {
    let suite = Suite::embedded().expect("the embedded suites are sound");
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue,
    };
    let scenarios = suite
        .load(suite.headings(), &vocabulary)
        .unwrap_or_else(|wrong| {
            let shown: Vec<String> = wrong
                .iter()
                .map(|diagnostic| diagnostic.render(false))
                .collect();
            panic!("{}", shown.join("\n"))
        });
    let mut leaves: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for scenario in &scenarios {
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

#[test]
fn tested_means_that_a_leaf_judges_it() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let leaves = leaves(&catalogue);
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
fn catalogue_page_is_current() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    golden::check(
        "suites/CATALOGUE.md",
        &page(&catalogue, &leaves(&catalogue)),
    );
}

fn page(catalogue: &Catalogue, leaves: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut page = String::from(
        "# Catalogue\n\nGenerated from `suites/requirement` and the leaves that cover it.\n\n\
         | document | level | tested | not observable | not yet |\n|---|---|---|---|---|\n",
    );
    for row in catalogue.coverage().rows {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            row.document,
            row.level.name(),
            row.tested,
            row.unverifiable,
            row.todo
        );
    }
    let mut document = "";
    for requirement in catalogue.iter() {
        if requirement.document.name != document {
            document = &requirement.document.name;
            let _ = write!(
                page,
                "\n## {document}\n\n| requirement | level | statement | judged by |\n|---|---|---|---|\n"
            );
        }
        let by = match (&requirement.status, leaves.get(&requirement.id)) {
            (_, Some(cases)) => cases.iter().cloned().collect::<Vec<_>>().join(", "),
            (status, None) => format!("{}: {}", status.name(), status.reason().unwrap_or_default()),
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            requirement.id,
            requirement.level.name(),
            requirement.statement.replace('|', "\\|"),
            by.replace('|', "\\|")
        );
    }
    page
}
