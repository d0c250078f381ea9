//! Service providers that others run, as `serve --like` imitates them: which identity providers are ready for each
//! is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use scimitar::provider::Settings;
use scimitar::provider::fault::like::{self, Like};
use scimitar::record::{Outcome, RunRecord, Verdict};
use scimitar::suite::Case;

use crate::{golden, in_process};

/// The packs of identity providers; `operator` asks for settings that an imitation doesn't have.
const PACKS: [&str; 7] = [
    "entra-id",
    "okta",
    "onelogin",
    "google",
    "jumpcloud",
    "ping",
    "sailpoint",
];

/// What `[payload]` of a `scimitar.toml` says for them: users with names and an email.
const OVERLAY: &str = r#"
[resource.User]
displayName = "{{name}}"
name = { givenName = "Given", familyName = "Family" }
emails = [{ value = "{{mail}}", type = "work", primary = true }]
"#;

fn judge(like: &Like, pack: &str) -> Option<RunRecord> {
    let cases = in_process::identity_provider_cases().iter();
    let cases: Vec<Case> = cases
        .filter(|case| case.scenario.pack == pack)
        .cloned()
        .collect();
    (!cases.is_empty()).then(|| {
        let settings = like.imitated(Settings::default());
        let overlay = toml::from_str(OVERLAY).expect("an overlay");
        in_process::run_cases_against(pack, cases, settings, overlay)
    })
}

fn verdict(record: &RunRecord, pack: &str) -> &'static str {
    let found = record.verdicts.iter().find(|one| one.pack == pack);
    match found.map(|one| one.verdict) {
        Some(Verdict::Pass) => "ready",
        Some(Verdict::Warn) => "ready with warnings",
        Some(Verdict::Fail) => "not ready",
        _ => "not assessed",
    }
}

/// The requirements that were broken, notes left out.
fn broken(record: &RunRecord) -> Vec<&str> {
    let findings = record.cases.iter().flat_map(|case| &case.findings);
    let ids: BTreeSet<&str> = findings
        .filter(|one| matches!(one.outcome, Outcome::Fail | Outcome::Warn))
        .map(|one| one.requirement.as_str())
        .collect();
    ids.into_iter().collect()
}

#[test]
fn which_identity_providers_are_ready_for_an_imitation_is_committed() {
    let mut text = String::from(
        "# Imitations\n\nGenerated: which identity providers are ready for what `scimitar serve --like` imitates, and what they need \
         that is broken there. A pack of one that has arranged itself with the service provider is not ready all the same: it sends what \
         the usual integration sends. The users that a scenario finds there have names and an email.\n",
    );
    for like in like::all() {
        let _ = write!(
            text,
            "\n## {}\n\n{}.\n\n| pack | verdict | broken |\n|---|---|---|\n",
            like.name, like.title
        );
        for pack in PACKS {
            let Some(record) = judge(like, pack) else {
                continue;
            };
            let verdict = verdict(&record, pack);
            let broken = broken(&record);
            assert_eq!(
                broken.is_empty(),
                verdict == "ready",
                "{} {pack}: {broken:?}",
                like.name
            );
            let _ = writeln!(text, "| {pack} | {verdict} | {} |", broken.join(", "));
        }
    }
    golden::check("fixtures/like/READY.md", &text);
}
