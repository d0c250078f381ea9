//! What probes find, as scenarios: sound, failing where the fault is, passing where it is not.

use std::path::Path;
use std::sync::{Arc, Mutex};

use scimitar::check::expect;
use scimitar::probe::replay::File;
use scimitar::provider::Settings;
use scimitar::provider::fault::registry;
use scimitar::record::Outcome;
use scimitar::requirement::Catalogue;
use scimitar::run::Shelf;
use scimitar::suite::{Vocabulary, lint};

use super::bulk::BULK_FAULTS;
use super::filter::FILTER_FAULTS;
use super::page::PAGE_FAULTS;
use super::patch::{PATCH_FAULTS, REPEATED_FAULTS};
use super::store::STORE_FAULTS;
use crate::fault::each;
use crate::in_process;

/// Keeps what is handed on.
#[derive(Default)]
struct Heap(Mutex<Vec<(String, File, bool)>>);

impl Shelf for Heap {
    fn holds(&self, _: &str, _: &File) -> bool {
        false
    }

    fn put(&self, pack: &str, file: &File, repeats: bool) {
        let mut all = self.0.lock().unwrap();
        all.push((pack.to_owned(), file.clone(), repeats));
    }
}

/// What a probe finds of a fault, written to a folder; a line for each that does not fail when it is repeated.
fn saved(probe: &str, fault: &str, folder: &Path) -> Vec<String> {
    let heap = Arc::new(Heap::default());
    let faults = registry::find(fault).unwrap_or_else(|| panic!("no fault {fault}"));
    in_process::run_probe_onto(probe, faults, 1, Arc::clone(&heap) as Arc<dyn Shelf>);
    let all = heap.0.lock().unwrap();
    let mut wrong = Vec::new();
    if all.is_empty() {
        wrong.push(format!("{fault}: nothing was handed on"));
    }
    for (pack, file, repeats) in all.iter() {
        if !repeats {
            wrong.push(format!("{fault}: does not repeat\n{}", file.text));
        }
        let folder = folder.join(pack);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{}.yaml", file.id)), &file.text).unwrap();
    }
    wrong
}

#[track_caller]
fn check(probe: &str, faults: &[&'static str]) {
    let folder = tempfile::tempdir().unwrap();
    let wrong: Vec<String> = each(faults, |fault| saved(probe, fault, folder.path()))
        .into_iter()
        .flatten()
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let catalogue = Catalogue::embedded().unwrap();
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &catalogue,
    };
    let linted = lint(folder.path(), &vocabulary).unwrap();
    assert!(linted.found.is_empty(), "{}", linted.found[0]);
    assert!(linted.cases > 0, "no file was saved");
    let (record, _) = in_process::run_folder(Settings::default(), folder.path());
    let wrong: Vec<String> = record
        .cases
        .iter()
        .filter(|case| case.id.starts_with("regression.") && case.outcome != Outcome::Pass)
        .map(|case| {
            let (id, outcome) = (&case.id, case.outcome);
            let text = std::fs::read_dir(folder.path()).unwrap().find_map(|pack| {
                let pack = pack.unwrap().path();
                std::fs::read_to_string(pack.join(format!("{id}.yaml"))).ok()
            });
            let text = text.unwrap_or_default();
            format!(
                "{id}: {outcome:?} {:?} {:?}\n{text}",
                case.error, case.findings
            )
        })
        .collect();
    assert!(wrong.is_empty(), "without a fault:\n{}", wrong.join("\n"));
}

#[test]
fn smallest_filters_repeat_as_scenarios() {
    check("probe.filter", FILTER_FAULTS);
}

#[test]
fn what_is_no_filter_repeats_as_a_scenario() {
    check("probe.filter-refusals", &["invalid-filter-ignored"]);
}

#[test]
fn smallest_patches_repeat_as_scenarios() {
    // Of each kind of operation, of order, and of what a refusal leaves.
    let some = PATCH_FAULTS.iter().copied().step_by(3).collect::<Vec<_>>();
    check("probe.patch", &some);
    // What may be refused as well, and changes too little or nothing where it is not.
    check(
        "probe.patch",
        &[
            "patch-filter-not-skips-missing",
            "patch-filter-ignores-operator",
        ],
    );
}

#[test]
fn patches_that_are_sent_twice_repeat_as_scenarios() {
    let mut faults = REPEATED_FAULTS.to_vec();
    faults.push("version-stuck-on-removals");
    check("probe.patch", &faults);
}

#[test]
fn smallest_pairs_of_filters_repeat_as_scenarios() {
    let some = ["not-ignored", "or-selects-left", "count-zero-totals-zero"];
    check("probe.filter-algebra", &some);
}

#[test]
fn spellings_that_matter_repeat_as_scenarios() {
    check(
        "probe.codec",
        &[
            "escaped-solidus-keeps-its-backslash",
            "exponents-ignored",
            "surrogate-pairs-dropped",
        ],
    );
}

#[test]
fn smallest_sequences_repeat_as_scenarios() {
    check("probe.store", STORE_FAULTS);
}

#[test]
fn smallest_bulk_requests_repeat_as_scenarios() {
    check("probe.bulk", BULK_FAULTS);
}

#[test]
fn shortest_walks_repeat_as_scenarios() {
    // What others do meanwhile no scenario says, and pages without an order are graded by a reading of their own.
    let apart = [
        "cursors-slip-on-a-create",
        "full-last-page-lost",
        "pages-of-seven-overlap",
    ];
    let some = PAGE_FAULTS.iter().filter(|fault| !apart.contains(fault));
    check("probe.pages", &some.copied().collect::<Vec<_>>());
}
