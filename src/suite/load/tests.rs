//! Profiles and thresholds as they are read, and what is said of those that are wrong.

use std::sync::Arc;

use super::*;

const SOUND: &str =
    "name: a\ntitle: All is well\nmodel: { open: { rate: 25 } }\nduration: 1m\nmix: [load.match]\n";

fn told(text: &str) -> Result<LoadProfile, String> {
    let known = Known {
        cases: vec!["load.match", "entra-id.disable.user[legacy]", "x.waits"],
        unfit: &|case| {
            (case == "x.waits").then(|| ("`wait`".to_owned(), "x/waits.yaml:4".to_owned()))
        },
    };
    let source: Arc<str> = text.into();
    read("load/a.yaml", "a", &source, &known).map_err(|found| {
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        told.join("\n")
    })
}

#[test]
fn a_profile_is_read_whole() {
    let text = "name: a\ntitle: T\nmodel: { closed: { users: 10, ramp: 5s, think: 500ms } }\nwarm-up: 2s\nduration: 1m\n\
        pool: { users: 20, groups: 2, members: 5 }\ncycle: [load.match, { scenario: 'entra-id.disable.user[legacy]', given: each }]\n\
        thresholds: [p99<200ms, 'load.match p95<=1.5s']\nthrottled: obey\n";
    let profile = told(text).unwrap();
    assert!(profile.in_order);
    assert_eq!(profile.mix.len(), 2);
    assert_eq!(profile.mix[1].given, Given::Each);
    assert_eq!(profile.pool.members, 5);
    assert_eq!(profile.throttled, Throttled::Obey);
    assert_eq!(
        profile.thresholds[1].operation.as_deref(),
        Some("load.match")
    );
    assert!((profile.thresholds[1].bound - 1500.0).abs() < 1e-9);
    assert_eq!(profile.model.word(), "closed");
}

#[test]
fn every_mistake_of_a_profile_has_its_place_and_what_would_be_right() {
    let check = |from: &str, to: &str, parts: &[&str]| {
        let text = SOUND.replace(from, to);
        let told = told(&text).unwrap_err();
        for part in parts {
            assert!(told.contains(part), "{to}: {told}");
        }
    };
    assert!(told(SOUND).is_ok());
    check(
        "duration: 1m\n",
        "",
        &["`duration` is missing", "load/a.yaml:1:1"],
    );
    check(
        "rate: 25",
        "rate: -1",
        &["`rate` is negative", "load/a.yaml:3:24", "^^"],
    );
    check(
        "rate: 25",
        "rat: 25",
        &["unknown key `rat`", "did you mean `rate`?"],
    );
    check(
        "load.match",
        "load.mach",
        &["unknown scenario `load.mach`", "did you mean `load.match`?"],
    );
    check(
        "load.match",
        "entra-id.disable.user",
        &["name one of its rows", "[legacy]"],
    );
    check(
        "load.match",
        "x.waits",
        &["can't be used under load: it has `wait`", "x/waits.yaml:4"],
    );
    check(
        "duration: 1m",
        "duration: 60",
        &["`duration` is a length of time"],
    );
    check("duration: 1m", "duration: 0s", &["no time at all"]);
    check(
        "duration: 1m",
        "durations: 1m",
        &["did you mean `duration`?", "`duration` is missing"],
    );
    check("name: a", "name: b", &["the file makes it `a`"]);
    check(
        "{ rate: 25 }",
        "{ rate: 25, ramp: { from: 1, to: 2 } }",
        &["`rate` is there already"],
    );
    check(
        "{ rate: 25 }",
        "{ arrival: poison, rate: 1 }",
        &["did you mean `poisson`?"],
    );
    check(
        "{ open: { rate: 25 } }",
        "{ closed: { users: 0 } }",
        &["a whole number from 1"],
    );
    check("{ open: { rate: 25 } }", "open", &["`model` is a map"]);
    check(
        "mix: [load.match]",
        "pool: { users: 1 }",
        &["neither `mix` nor `cycle`"],
    );
    check("mix: [load.match]", "mix: []", &["no scenario is in it"]);
    check(
        "mix:",
        "thresholds: ['p99 < 200']\nmix:",
        &["`200` is no bound of p99", "500us, 200ms"],
    );
    check(
        "mix:",
        "pool: { users: 2, members: 3 }\nmix:",
        &["3 members out of 2 users"],
    );
}

#[test]
fn thresholds_are_read_with_their_units() {
    let check = |text: &str, bound: f64, operation: Option<&str>| {
        let threshold = Threshold::parse(text).unwrap();
        assert!((threshold.bound - bound).abs() < 1e-9, "{text}");
        assert_eq!(threshold.operation.as_deref(), operation, "{text}");
        assert_eq!(threshold.text, text.trim());
    };
    check("p99<200ms", 200.0, None);
    check("p99.9 <= 1.5s", 1500.0, None);
    check("max<500us", 0.5, None);
    check(" error-rate<0.1%", 0.001, None);
    check("rps>=25", 25.0, None);
    check("group.add-member p99<1s", 1000.0, Some("group.add-member"));
    check(
        "load.match: ask * p50 < 2ms",
        2.0,
        Some("load.match: ask *"),
    );
}

#[test]
fn a_text_that_is_no_threshold_has_its_place() {
    let check = |text: &str, at: &str, problem: &str| {
        let error = Threshold::parse(text).unwrap_err();
        assert_eq!(text.get(error.at.clone()), Some(at), "{text}: {error}");
        assert!(error.problem.contains(problem), "{text}: {error}");
        assert!(!error.help.is_empty());
    };
    check("p99", "p99", "no comparison");
    check("p98<1s", "p98", "unknown metric");
    check("x p98<1s", "p98", "unknown metric");
    check("p99<1parsec", "1parsec", "no bound");
    check("p99<", "<", "no bound after it");
    check("<1s", "<", "no metric");
    check("rps>=25ms", "25ms", "no bound of rps");
    check("error-rate<1s", "1s", "no bound of error-rate");
    check("", "", "no comparison");
}

#[test]
fn a_threshold_names_operations() {
    let threshold = Threshold::parse("user.* p99<1s").unwrap();
    assert!(threshold.names("user.create") && !threshold.names("group.create"));
    let whole = Threshold::parse("user.create p99<1s").unwrap();
    assert!(whole.names("user.create") && whole.names("user.create.read"));
    assert!(!whole.names("user.created"));
    assert!(!Threshold::parse("p99<1s").unwrap().names("user.create"));
}

#[test]
fn cells_of_a_cost_curve_are_the_cheapest_first() {
    let cost = Cost {
        members: vec![100, 10],
        batches: vec![1, 20],
    };
    assert_eq!(cost.cells(), [(10, 1), (100, 20), (100, 1)]);
}

/// The committed schema; `UPDATE=1` writes it anew.
#[test]
fn the_committed_schema_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/load.schema.json");
    let text = serde_json::to_string_pretty(&load_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == text, "run with UPDATE=1 to write {path} anew");
}

#[test]
fn the_schema_knows_the_keys_that_the_reader_knows() {
    let schema = load_schema();
    let check = |pointer: &str, known: &[&str]| {
        let members = schema.pointer(pointer).unwrap().as_object().unwrap();
        let mut keys: Vec<&str> = members.keys().map(String::as_str).collect();
        let mut known = known.to_vec();
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known, "{pointer}");
    };
    check("/properties", key::TOP);
    check("/properties/model/properties", key::MODEL);
    check(
        "/properties/model/properties/closed/properties",
        key::CLOSED,
    );
    check("/properties/model/properties/open/properties", key::OPEN);
    check("/properties/pool/properties", key::POOL);
    check("/$defs/share/oneOf/1/properties", key::SHARE);
}
