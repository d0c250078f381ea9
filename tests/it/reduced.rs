//! Providers without an optional feature, which say so: nothing is found, what needs the feature is skipped.

use std::collections::BTreeSet;

use scimitar::provider::{Feature, Settings};
use scimitar::record::{Outcome, RunRecord};
use scimitar::run::expectation::Expectations;

use crate::in_process;

fn judge(without: &BTreeSet<Feature>) -> RunRecord {
    let settings = Settings {
        without: without.clone(),
        ..Settings::default()
    };
    in_process::run_against(settings, Expectations::default(), 1, 1)
}

/// What is wrong with the run against a provider that lacks these features.
fn complaints(names: &[&str]) -> Vec<String> {
    let without: BTreeSet<Feature> = names.iter().map(|name| name.parse().unwrap()).collect();
    let record = judge(&without);
    let mut wrong: Vec<String> = record
        .cases
        .iter()
        .filter(|case| matches!(case.outcome, Outcome::Fail | Outcome::Warn | Outcome::Error))
        .map(|case| {
            format!(
                "without {names:?}: {} {:?} {:?} {:?}",
                case.id, case.outcome, case.error, case.findings
            )
        })
        .collect();
    if record.outcome.exit_code != 0 {
        wrong.push(format!("without {names:?}: {:?}", record.outcome));
    }
    if !record
        .cases
        .iter()
        .any(|case| case.outcome == Outcome::Skip)
    {
        wrong.push(format!("without {names:?}: nothing was skipped"));
    }
    wrong
}

#[test]
fn a_provider_without_a_feature_gets_no_finding() {
    let wrong: Vec<String> = Feature::NAMES
        .iter()
        .flat_map(|(name, _)| complaints(&[name]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_provider_without_several_features_gets_no_finding() {
    let mut wrong = Vec::new();
    // One method of paging has to stay.
    for method in ["index", "cursor"] {
        let all: Vec<&str> = Feature::NAMES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != method)
            .collect();
        wrong.extend(complaints(&all));
        for pair in all.windows(2) {
            wrong.extend(complaints(pair));
        }
        for (at, _) in all.iter().enumerate() {
            let mut kept = all.clone();
            kept.remove(at);
            wrong.extend(complaints(&kept));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
