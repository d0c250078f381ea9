//! Every strict filter vector of `fixtures/vector` is sent by a case of the suite that expects what the vector says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::source;

#[derive(Deserialize)]
struct Vectors {
    filter: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    kind: String,
    endpoint: String,
    filter: String,
    #[serde(default)]
    selects: BTreeSet<String>,
}

/// A GET of the suite with a filter.
struct Sent {
    place: String,
    name: String,
    endpoint: String,
    filter: String,
    expect: Value,
}

fn vectors() -> Vec<Vector> {
    let text = source::text(Path::new("fixtures/vector/filter.toml"));
    toml::from_str::<Vectors>(&text).unwrap().filter
}

/// What the scenarios below a folder send, the rows of a matrix filled in.
fn sent(folder: &str) -> Vec<Sent> {
    let mut all = Vec::new();
    for file in source::files(folder, "yaml") {
        let scenario: Value = serde_saphyr::from_str(&source::text(&file)).unwrap();
        let rows = scenario["matrix"].as_object().cloned().unwrap_or_default();
        for step in scenario["steps"].as_array().unwrap() {
            let (Some(endpoint), Some(filter)) =
                (step["get"].as_str(), step["query"]["filter"].as_str())
            else {
                continue;
            };
            let mut filters = vec![filter.to_owned()];
            if let Some(name) = filter
                .strip_prefix("{{")
                .and_then(|rest| rest.strip_suffix("}}"))
                .filter(|name| !name.contains('{'))
            {
                let values = rows.values().filter_map(|row| row[name].as_str());
                filters = values.map(str::to_owned).collect();
            }
            all.extend(filters.into_iter().map(|filter| Sent {
                place: source::slashed(&file),
                name: step["name"].as_str().unwrap_or_default().to_owned(),
                endpoint: endpoint.to_owned(),
                filter,
                expect: step["expect"].clone(),
            }));
        }
    }
    all
}

/// The filter of a vector as a scenario sends it: its names marked, and held to its own resources.
fn scoped(vector: &Vector) -> String {
    let whole = Regex::new(r#"R-(Bjensen|bjensen|jsmith|kdoe|zoe)(["'])"#).unwrap();
    let marked = whole.replace_all(&vector.filter, "{{run}}-{{case}}-$1@{{domain}}$2");
    let id = Regex::new(r"\{([UG]\d)\.id\}").unwrap();
    let marked = marked
        .replace("R_", "{{run}}-{{case}}_")
        .replace("R-", "{{run}}-{{case}}-");
    let marked = id.replace_all(&marked, |found: &regex::Captures<'_>| {
        format!("{{{{{}.id}}}}", found[1].to_lowercase())
    });
    let name = if vector.endpoint == "/Groups" {
        "displayName"
    } else {
        "userName"
    };
    format!("{name} sw \"{{{{run}}}}-{{{{case}}}}-\" and ({marked})")
}

/// The resources that the first expectation on `Resources` names.
fn selected(expect: &Value) -> BTreeSet<String> {
    let sets: Vec<&Value> = expect
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| match &one["any_of"] {
            Value::Array(ways) => ways.iter().map(|way| &way["body"]["/Resources"]).collect(),
            _ => vec![&one["body"]["/Resources"]],
        })
        .filter(|matcher| matcher["set"].is_array() || *matcher == "absent")
        .collect();
    let first = sets.first().expect("an expectation on Resources");
    let ids = first["set"].as_array().into_iter().flatten();
    ids.map(|one| {
        let id = one["id"].as_str().unwrap();
        id.trim_matches(['{', '}'])
            .replace(".id", "")
            .to_uppercase()
    })
    .collect()
}

#[test]
fn every_valid_vector_is_a_case() {
    let sent = sent("suites/rfc/filter/vector");
    let mut by_id: BTreeMap<&str, Vec<&Sent>> = BTreeMap::new();
    for one in &sent {
        let id = one.name.split(' ').next().unwrap();
        by_id.entry(id).or_default().push(one);
    }
    for vector in vectors().iter().filter(|vector| vector.kind == "valid") {
        let found = by_id.remove(vector.id.as_str()).unwrap_or_default();
        let [one] = found.as_slice() else {
            panic!("{} is sent by {} steps", vector.id, found.len());
        };
        assert_eq!(one.filter, scoped(vector), "{} in {}", vector.id, one.place);
        assert_eq!(one.endpoint, vector.endpoint, "{}", vector.id);
        let mut selected = selected(&one.expect);
        if vector.id == "F53" {
            // Its resource is created by a step, since a target may refuse it.
            assert_eq!(selected, BTreeSet::from([String::from("SECOND")]));
            selected = BTreeSet::from([String::from("U2")]);
        }
        assert_eq!(selected, vector.selects, "{} in {}", vector.id, one.place);
    }
    assert!(by_id.is_empty(), "no vectors: {:?}", by_id.keys());
}

#[test]
fn every_invalid_vector_is_a_case() {
    let sent = sent("suites/rfc/filter");
    for vector in vectors().iter().filter(|vector| vector.kind == "invalid") {
        let found = sent.iter().find(|one| one.filter == vector.filter);
        let Some(one) = found else {
            panic!("{} is not sent: {}", vector.id, vector.filter);
        };
        let expectations = one.expect.as_array().unwrap();
        assert!(
            expectations.iter().any(|one| one["status"] == 400)
                && expectations
                    .iter()
                    .any(|one| one["body"]["/scimType"] == "invalidFilter"),
            "{} in {}",
            vector.id,
            one.place
        );
    }
}
