//! Sloppy profiles: what a run finds on each is committed as an expectation file, which makes it pass.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::date;
use scimitar::provider::Settings;
use scimitar::provider::fault::{profile::Profile, registry};
use scimitar::record::{Outcome, RunRecord};
use scimitar::requirement::Catalogue;
use scimitar::run::expectation::{Expectations, Known};

use crate::golden;
use crate::in_process;

fn judge(profile: &Profile, expectations: Expectations) -> RunRecord {
    let settings = Settings {
        faults: registry::find(&profile.name).expect("a profile is found by its name"),
        ..Settings::default()
    };
    in_process::run_against(settings, expectations, 1, 1)
}

/// The findings of a run as an expectation file.
fn expectations(profile: &Profile, record: &RunRecord) -> String {
    let found: BTreeSet<(&str, Outcome)> = record
        .cases
        .iter()
        .flat_map(|case| &case.findings)
        .filter(|finding| matches!(finding.outcome, Outcome::Fail | Outcome::Warn))
        .map(|finding| (finding.requirement.as_str(), finding.outcome))
        .collect();
    let mut text = format!(
        "# Generated: what a run finds on `scimitar serve --fault {}`.\n# {}.\n",
        profile.name, profile.title
    );
    for (requirement, outcome) in found {
        let outcome = if outcome == Outcome::Fail {
            "fail"
        } else {
            "warn"
        };
        let _ = write!(
            text,
            "\n[[expect]]\nrequirement = \"{requirement}\"\noutcome = \"{outcome}\"\nreason = \"{}\"\n",
            profile.name
        );
    }
    for case in &record.cases {
        if case.outcome == Outcome::Error {
            let _ = write!(
                text,
                "\n[[expect]]\ncase = \"{}\"\noutcome = \"error\"\nreason = \"{}\"\n",
                case.id, profile.name
            );
        }
    }
    text
}

fn read(text: &str, record: &RunRecord) -> Expectations {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let known = Known {
        cases: record.cases.iter().map(|case| case.id.clone()).collect(),
        requirements: catalogue.iter().map(|one| one.id.clone()).collect(),
    };
    Expectations::parse(text, "http://127.0.0.1/v2", date(2026, 1, 1), &known)
        .expect("an expectation file")
}

#[test]
fn a_sloppy_profile_is_found_out_and_its_findings_are_committed() {
    let profiles = registry::profiles();
    assert!(profiles.len() >= 10, "there are {}", profiles.len());
    for profile in profiles {
        let name = &profile.name;
        let record = judge(&profile, Expectations::default());
        assert_eq!(record.outcome.exit_code, 1, "{name}: {:?}", record.outcome);
        let text = expectations(&profile, &record);
        golden::check(&format!("fixtures/fault/expected/{name}.toml"), &text);
        let record = judge(&profile, read(&text, &record));
        assert_eq!(record.outcome.exit_code, 0, "{name}: {:?}", record.outcome);
    }
}
