//! What the verdict on a pack means for the client that the pack plays: will it work with the target, and
//! if not, why not and what will it do.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::verdict::Said;
use super::{Outcome, PackVerdict, Verdict};
use crate::requirement::Level;
use crate::scim::capabilities::Capabilities;

/// The pack that holds a standard and no client.
const STANDARD: &str = "rfc";
/// Reasons that a readiness gives; what is worse comes first.
pub const MOST_REASONS: usize = 3;

/// Whether a client will work with the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Readiness {
    /// The client, by the name of the document that says what it needs (`Microsoft Entra ID`).
    pub client: String,
    /// The profile, where it takes a part of the pack: readiness is for what that is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The verdict in the words of readiness.
    pub state: State,
    /// Whether that holds for users alone, because the target has no groups.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub users_only: bool,
    /// The worst of what was found, three at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u64,
    /// What was not judged, most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// The verdict in the words of readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing was found that the client minds.
    Ready,
    /// The client works, with flaws.
    ReadyWithWarnings,
    /// The client does not work.
    NotReady,
    /// Too little could be judged.
    NotAssessed,
}

/// A requirement that was broken, or that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reason {
    /// Id of the requirement.
    pub requirement: String,
    /// Its level.
    pub level: Level,
    /// What became of it.
    pub outcome: Outcome,
    /// What it says.
    pub statement: String,
    /// What the client does then, as a clause without a subject ("puts the job into quarantine").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// Why it could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The first case that found it.
    pub case: String,
}

/// Requirements that were skipped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Skipped {
    /// The reason.
    pub why: String,
    /// How many.
    pub requirements: u64,
}

/// Whether the client will work; none where the pack says nothing of a client.
pub(super) fn readiness(
    pack: &PackVerdict,
    said: &[Said<'_>],
    capabilities: &Capabilities,
) -> Option<Readiness> {
    if pack.pack == STANDARD {
        return None;
    }
    let client = said.first()?.requirement.document.name.clone();
    let mut found: Vec<&Said<'_>> = said
        .iter()
        .filter(|one| matches!(one.worst(), Outcome::Fail | Outcome::Error | Outcome::Warn))
        .collect();
    found.sort_by_key(|one| {
        let requirement = one.requirement;
        (
            one.expected_failure,
            Reverse(one.worst()),
            requirement.level,
            requirement.weight,
        )
    });
    Some(Readiness {
        client,
        profile: None,
        state: match pack.verdict {
            Verdict::Pass => State::Ready,
            Verdict::Warn => State::ReadyWithWarnings,
            Verdict::Inconclusive => State::NotAssessed,
            Verdict::Fail => State::NotReady,
        },
        users_only: has_no_groups(capabilities) && said.iter().any(Said::is_of_groups),
        reasons: found
            .iter()
            .take(MOST_REASONS)
            .map(|one| reason(one))
            .collect(),
        more: found.len().saturating_sub(MOST_REASONS) as u64,
        skipped: skipped(said),
    })
}

/// Whether the target says which resource types it has, and groups are not among them.
pub(super) fn has_no_groups(capabilities: &Capabilities) -> bool {
    let types = &capabilities.resource_types;
    !types.is_empty()
        && !types
            .iter()
            .any(|kind| kind.name.eq_ignore_ascii_case("Group"))
}

fn reason(one: &Said<'_>) -> Reason {
    let worst = one.worst();
    let case = one
        .cases
        .iter()
        .zip(&one.outcomes)
        .find(|(_, outcome)| **outcome == worst)
        .map(|(case, _)| *case);
    Reason {
        requirement: one.requirement.id.clone(),
        level: one.requirement.level,
        outcome: worst,
        statement: one.requirement.statement.clone(),
        then: one
            .requirement
            .then
            .clone()
            .filter(|_| worst != Outcome::Error),
        error: case
            .and_then(|case| case.error.clone())
            .filter(|_| worst == Outcome::Error),
        case: case.map(|case| case.id.clone()).unwrap_or_default(),
    }
}

fn skipped(said: &[Said<'_>]) -> Vec<Skipped> {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for one in said.iter().filter(|one| one.is_skipped()) {
        let why = one.skip_reason().unwrap_or("no answer exercised it");
        *reasons.entry(why).or_default() += 1;
    }
    let mut skipped: Vec<Skipped> = reasons
        .into_iter()
        .map(|(why, requirements)| Skipped {
            why: why.to_owned(),
            requirements,
        })
        .collect();
    skipped.sort_by_key(|row| Reverse(row.requirements));
    skipped
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::verdict::verdict;
    use crate::record::{CaseKind, CaseRecord};
    use crate::requirement::{Basis, Document, Party, Requirement, Status, Weight};
    use crate::scim::capabilities::ResourceType;

    const NO_GROUPS: &str = "the target has no resource type Group";

    fn requirement(slug: &str, level: Level, weight: Weight) -> Requirement {
        Requirement {
            id: format!("okta-{slug}"),
            pack: "okta".to_owned(),
            document: Document {
                name: "Okta".to_owned(),
                link: None,
            },
            section: "match".to_owned(),
            level,
            basis: Basis::Documented,
            party: Party::Server,
            statement: format!("It holds: {slug}."),
            feature: "x".to_owned(),
            weight,
            status: Status::Tested,
            needs: Vec::new(),
            no_fault: String::new(),
            aliases: Vec::new(),
            page: None,
            then: Some("gives up".to_owned()),
        }
    }

    fn case(skip_reason: Option<&str>, error: Option<&str>) -> CaseRecord {
        CaseRecord {
            id: "okta.case".to_owned(),
            kind: CaseKind::Scenario,
            pack: "okta".to_owned(),
            title: String::new(),
            outcome: Outcome::Skip,
            duration_ms: 0,
            lag_ms: None,
            measured: Vec::new(),
            skip_reason: skip_reason.map(str::to_owned),
            told: None,
            error: error.map(str::to_owned),
            expected: None,
            findings: Vec::new(),
        }
    }

    /// The readiness that follows from what was said, for a target of these resource types.
    fn of(rows: &[(&Requirement, Outcome, &CaseRecord)], types: &[&str]) -> Readiness {
        let said: Vec<Said<'_>> = rows
            .iter()
            .map(|(requirement, outcome, case)| Said {
                requirement,
                outcomes: vec![*outcome],
                cases: vec![case],
                applies: true,
                expected_failure: false,
            })
            .collect();
        let capabilities = Capabilities {
            resource_types: types
                .iter()
                .map(|name| ResourceType {
                    name: (*name).to_owned(),
                    endpoint: String::new(),
                    schema: String::new(),
                    extensions: Vec::new(),
                })
                .collect(),
            ..Capabilities::default()
        };
        readiness(&verdict("okta", true, &said), &said, &capabilities).unwrap()
    }

    #[test]
    fn the_worst_requirements_are_the_reasons() {
        let low = requirement("low", Level::Must, Weight::Low);
        let high = requirement("high", Level::Must, Weight::High);
        let should = requirement("should", Level::Should, Weight::High);
        let broken = requirement("broken", Level::Must, Weight::High);
        let held = requirement("held", Level::Must, Weight::High);
        let (plain, stuck) = (case(None, None), case(None, Some("it broke down")));
        let found = of(
            &[
                (&should, Outcome::Warn, &plain),
                (&low, Outcome::Fail, &plain),
                (&held, Outcome::Pass, &plain),
                (&broken, Outcome::Error, &stuck),
                (&high, Outcome::Fail, &plain),
            ],
            &["User", "Group"],
        );
        assert_eq!(
            (found.client.as_str(), found.state),
            ("Okta", State::NotReady)
        );
        let reasons: Vec<(&str, Option<&str>, Option<&str>)> = found
            .reasons
            .iter()
            .map(|one| {
                let (then, error) = (one.then.as_deref(), one.error.as_deref());
                (one.requirement.as_str(), then, error)
            })
            .collect();
        assert_eq!(
            reasons,
            [
                ("okta-high", Some("gives up"), None),
                ("okta-low", Some("gives up"), None),
                ("okta-broken", None, Some("it broke down")),
            ]
        );
        assert_eq!((found.more, found.users_only), (1, false));
    }

    #[test]
    fn without_groups_a_client_is_ready_for_users_only() {
        let user = requirement("user", Level::Must, Weight::High);
        let group = requirement("group", Level::Must, Weight::High);
        let push = requirement("push", Level::Must, Weight::High);
        let (plain, skipped) = (case(None, None), case(Some(NO_GROUPS), None));
        let rows = [
            (&user, Outcome::Pass, &plain),
            (&group, Outcome::Skip, &skipped),
            (&push, Outcome::Skip, &skipped),
        ];
        let found = of(&rows, &["User"]);
        assert_eq!((found.state, found.users_only), (State::Ready, true));
        let expected = Skipped {
            why: NO_GROUPS.to_owned(),
            requirements: 2,
        };
        assert_eq!(found.skipped, [expected]);
        for types in [&["User", "Group"][..], &[]] {
            assert!(!of(&rows, types).users_only, "{types:?}");
        }
        assert!(!of(&rows[..1], &["User"]).users_only);
    }
}
