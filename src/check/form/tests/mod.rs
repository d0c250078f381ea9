//! The forms of messages and resources, and whose their violations are.

mod discovery;
mod equivalence;
mod message;
mod resource;

use serde_json::{Value, json};

use super::*;
use crate::check::Context;
use crate::check::sample::{self, Sample};
use crate::check::typing;
use crate::scim::urn;

/// What a sample's violations come to: requirement or owner, and place.
fn judged(sample: Sample, capabilities: &Capabilities) -> Vec<(String, String)> {
    let forms = Forms::of(capabilities);
    let context = Context {
        forms: Some(&forms),
        ..Context::new(capabilities, sample::BASE)
    };
    let exchange = sample.build();
    let mut found = Vec::new();
    for part in parts(&exchange, &forms, &context) {
        for violation in part.violations() {
            let whose = match blame(&part, &violation, &context) {
                Verdict::Breaks(requirement) => requirement.to_owned(),
                Verdict::Tolerated(requirement, tolerance) => format!("{requirement} {tolerance}"),
                Verdict::Owned(owner) => format!("({owner})"),
                Verdict::Nothing => continue,
            };
            found.push((whose, violation.deviation.at));
        }
    }
    found
}

#[track_caller]
fn check(sample: Sample, expected: &[(&str, &str)]) {
    check_with(sample, &sample::capabilities(), expected);
}

#[track_caller]
fn check_with(sample: Sample, capabilities: &Capabilities, expected: &[(&str, &str)]) {
    let mut found = judged(sample, capabilities);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(found, expected);
}

fn user(change: &Value) -> Value {
    let mut user = sample::user();
    for (name, value) in change.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

fn shown(change: &Value) -> Sample {
    Sample::get("/Users/2819").body(&user(change))
}

const DEFAULT: &str = "rfc7643-7-default-attributes-appear-unless-projected-away";
const MEMBERS: &str = "rfc7643-3-top-level-members-are-known A31-unlisted";
const TYPES: &str = "(attribute-types)";

#[test]
fn every_message_compiles_and_takes_what_it_should() {
    for message in Message::ALL {
        assert!(
            !message_violations(message, &json!({})).is_empty(),
            "{message:?}"
        );
    }
    let patch =
        json!({"schemas": [urn::PATCH_OP], "Operations": [{"op": "remove", "path": "title"}]});
    assert_eq!(message_violations(Message::PatchOp, &patch), []);
    let search = json!({"schemas": [urn::SEARCH_REQUEST], "attributes": ["id"], "count": 1});
    assert_eq!(message_violations(Message::SearchRequest, &search), []);
    let bulk = json!({"schemas": [urn::BULK_REQUEST], "Operations": [
        {"method": "DELETE", "path": "/Users/1"},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
    ]});
    assert_eq!(message_violations(Message::BulkRequest, &bulk), []);
    let bad = json!({"schemas": [urn::BULK_REQUEST], "Operations": [{"method": "POST", "path": "Users"}]});
    let at: Vec<String> = message_violations(Message::BulkRequest, &bad)
        .into_iter()
        .map(|it| it.pointer)
        .collect();
    assert_eq!(
        at,
        [
            "/Operations/0/path",
            "/Operations/0/bulkId",
            "/Operations/0/data"
        ]
    );
}
