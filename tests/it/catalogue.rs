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
