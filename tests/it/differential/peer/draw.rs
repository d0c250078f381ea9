//! Cases from a seed: filters over a population, texts of filters, and operations on resources.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use scimitar::scim::filter::parse;
use scimitar::scim::urn;
use serde_json::{Value, json};

use super::super::write::Type;
use super::super::write::operation::operation;
use super::super::{Bench, text};
use super::evaluate::parts;

/// By question: the lines of its file.
pub(super) fn all(cases: usize, seed: u64) -> BTreeMap<&'static str, Vec<Value>> {
    let users = &super::SCHEMAS.0;
    let resources = population();
    let filters = text::filter(users, &resources);
    let mut evaluated = vec![json!({"resources": resources})];
    evaluated.extend(drawn(&filters, cases, seed, |filter, n| {
        let parsed = parse(&filter).ok()?;
        let parts: Vec<String> = parts(&parsed).iter().map(ToString::to_string).collect();
        Some(json!({"n": n, "filter": filter, "parts": parts}))
    }));
    let texts = prop_oneof![filters.clone(), text::spoilt(filters)];
    let texts = drawn(&texts, cases, seed, |text, n| {
        Some(json!({"n": n, "text": text}))
    });
    BTreeMap::from([
        ("evaluate", evaluated),
        ("parse", texts),
        ("patch", patches(cases, seed)),
    ])
}

/// Draws until there are as many cases as wanted; what makes none is left out.
fn drawn<S: Strategy>(
    strategy: &S,
    cases: usize,
    seed: u64,
    make: impl Fn(S::Value, usize) -> Option<Value>,
) -> Vec<Value> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut all = Vec::new();
    while all.len() < cases {
        let value = strategy
            .new_tree(&mut runner)
            .expect("nothing is filtered away")
            .current();
        all.extend(make(value, all.len()));
    }
    all
}

/// Operations on users and groups in turn, most of them one at a time.
fn patches(cases: usize, seed: u64) -> Vec<Value> {
    let bench = Bench::new();
    let half = |endpoint: &'static str, cases: usize| {
        let ids = ["u1", "u2", "g1"].map(String::from).to_vec();
        let of = Type::among(&bench, endpoint, ids);
        let one = operation(&of);
        let operations = prop_oneof![
            3 => proptest::collection::vec(one.clone(), 1..=1),
            2 => proptest::collection::vec(one, 2..5),
        ];
        drawn(
            &(of.resource(), operations),
            cases,
            seed,
            |(mut before, operations), n| {
                // Strict models refuse to begin with these.
                let odd = ["\"../Users/a\"", "\"QUI\""].map(|it| before.to_string().contains(it));
                if odd.contains(&true) {
                    return None;
                }
                before["id"] = json!("r");
                Some(json!({"n": n, "before": before, "operations": operations}))
            },
        )
    };
    let groups = cases / 4;
    let mut all = half("/Users", cases - groups);
    all.extend(half("/Groups", groups));
    for (n, case) in all.iter_mut().enumerate() {
        case["n"] = json!(n);
    }
    all
}

/// Users on which comparisons go wrong, with values that strict models take.
fn population() -> Vec<Value> {
    let enterprise = urn::ENTERPRISE_USER;
    let mut users = vec![
        json!({
            "userName": "Bjensen", "externalId": "Ext-A", "title": "Tour Guide", "active": true, "userType": "Employee",
            "name": {"givenName": "Barbara", "familyName": "O'Malley", "formatted": "Ms. Barbara"},
            "emails": [
                {"value": "a@x.example", "type": "work", "primary": true},
                {"value": "b@x.example", "type": "home"},
            ],
            "groups": [{"value": "g1", "display": "Tour Guides"}],
            enterprise: {"department": "Sales", "employeeNumber": "100", "manager": {"value": "u2"}},
        }),
        json!({
            "userName": "jsmith", "externalId": "ext-a", "active": false, "userType": "employee",
            "emails": [{"value": "A@X.example", "type": "WORK", "primary": false}],
            "phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}], "name": {"familyName": "Smith"},
        }),
        json!({
            "userName": "kdoe", "title": "tour guide", "nickName": "M\u{fc}ller",
            "emails": [{"type": "work", "display": "only a display"}],
            "addresses": [
                {"type": "work", "locality": "Z\u{fc}rich", "country": "CH", "primary": true},
                {"type": "home", "locality": "zu\u{308}rich"},
            ],
        }),
        json!({
            "userName": "zoe", "nickName": "Mu\u{308}ller", "displayName": "say \"hi\" \\ back",
            "profileUrl": "https://x.example/Zoe", enterprise: {"department": "sales", "costCenter": "4130"},
        }),
        json!({"userName": "m\u{fc}ller", "displayName": "", "title": " ", "name": {"givenName": ""}}),
        json!({
            "userName": "a", "title": "a", "preferredLanguage": "en-US", "locale": "en-us",
            "x509Certificates": [{"value": "QUJD", "type": "a"}, {"value": "qujd"}],
            "roles": [{"value": "Admin", "primary": true}, {"value": "admin"}],
        }),
        json!({
            "userName": "A_b%c*", "title": "_ % *", "active": true,
            "photos": [{"value": "https://x.example/p/1", "type": "photo"}],
            "ims": [{"value": "im", "type": "xmpp"}], "entitlements": [{"value": "e"}],
        }),
        json!({"userName": "\u{df}", "nickName": "SS", "timezone": "Europe/Zurich"}),
        json!({"userName": "\u{1F600}", "nickName": "\u{212B}"}),
    ];
    for (n, user) in users.iter_mut().enumerate() {
        let extended = user.get(enterprise).is_some();
        user["schemas"] = if extended {
            json!([urn::USER, enterprise])
        } else {
            json!([urn::USER])
        };
        user["id"] = json!(format!("u{n}"));
        let day = n + 1;
        user["meta"] = json!({
            "resourceType": "User", "created": format!("2011-05-{day:02}T04:42:34Z"),
            "lastModified": format!("2011-05-{day:02}T06:42:34+02:00"), "location": format!("https://x.example/Users/u{n}"),
        });
    }
    users
}
