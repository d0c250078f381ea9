//! The vectors of `fixtures/vector/filter.toml` against the parser and the evaluator.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::super::*;
use super::resources;
use crate::scim::filter::parse;
use crate::scim::schema::SchemaSet;

#[derive(Deserialize)]
struct Vectors {
    filter: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    kind: String,
    endpoint: String,
    filter: String,
    #[serde(default)]
    repeat: Option<Repeat>,
    #[serde(default)]
    selects: BTreeSet<String>,
    #[serde(default)]
    fair: Option<Fair>,
    #[serde(default)]
    refuse: String,
    #[serde(default, rename = "accepted")]
    _accepted: String,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
struct Repeat {
    #[serde(default)]
    join: String,
    #[serde(default)]
    times: usize,
    #[serde(default)]
    nest: usize,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Fair {
    Any(String),
    Sets(BTreeSet<BTreeSet<String>>),
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../../fixtures/vector/filter.toml");
    toml::from_str::<Vectors>(text).unwrap().filter
}

impl Vector {
    fn text(&self, resources: &BTreeMap<String, Value>) -> String {
        let mut text = self.filter.clone();
        for (key, resource) in resources {
            let modified = resource["meta"]["lastModified"].as_str().unwrap();
            text = text
                .replace(&format!("{{{key}.id}}"), resource["id"].as_str().unwrap())
                .replace(&format!("{{{key}.lastModified}}"), modified);
        }
        assert!(!text.contains('{'), "{}: {text}", self.id);
        match &self.repeat {
            None => text,
            Some(it) if it.nest > 0 => {
                format!("{}{text}{}", "(".repeat(it.nest), ")".repeat(it.nest))
            }
            Some(it) => vec![text.as_str(); it.times].join(&it.join),
        }
    }

    fn schemas(&self) -> SchemaSet {
        match self.endpoint.as_str() {
            "/Groups" => SchemaSet::rfc_group(),
            _ => SchemaSet::rfc_user(),
        }
    }

    /// The resources at the endpoint of the vector.
    fn population<'a>(
        &self,
        resources: &'a BTreeMap<String, Value>,
    ) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let initial = if self.endpoint == "/Groups" { 'G' } else { 'U' };
        resources
            .iter()
            .filter(move |(key, _)| key.starts_with(initial))
    }

    /// What each reading selects; a set for each way to settle what is unknown.
    fn selections(
        &self,
        filter: &Filter,
        resources: &BTreeMap<String, Value>,
    ) -> BTreeSet<BTreeSet<String>> {
        let schemas = self.schemas();
        Reading::all(filter, &schemas)
            .map(|reading| {
                self.population(resources)
                    .filter(|(_, resource)| {
                        let truth = under(filter, resource, &schemas, reading);
                        // What lies within the last digit of a time is settled as if it were not selected.
                        if !reading.takes(Choice::TimesAreFiner) {
                            assert_ne!(truth, Truth::Unknown, "{}", self.id);
                        }
                        truth == Truth::True
                    })
                    .map(|(key, _)| key.clone())
                    .collect()
            })
            .collect()
    }
}

#[test]
fn all_vectors_hold() {
    let resources = resources();
    let vectors = vectors();
    assert_eq!(vectors.len(), 113);
    for vector in &vectors {
        let text = vector.text(&resources);
        let parsed = parse(&text);
        let schemas = vector.schemas();
        let refusal = parsed.as_ref().map(|filter| refusal(filter, &[&schemas]));
        match vector.kind.as_str() {
            "valid" => valid(vector, &parsed.unwrap(), &resources),
            "invalid" => assert!(
                parsed.is_err() || refusal == Ok(Refusal::Due),
                "{}: {text}",
                vector.id
            ),
            "grey" => grey(vector, &text, &resources),
            other => panic!("{}: kind {other}", vector.id),
        }
    }
}

fn valid(vector: &Vector, filter: &Filter, resources: &BTreeMap<String, Value>) {
    let schemas = vector.schemas();
    assert_eq!(
        refusal(filter, &[&schemas]),
        Refusal::Unfair,
        "{}",
        vector.id
    );
    for (key, resource) in vector.population(resources) {
        let expected = if vector.selects.contains(key) {
            Verdict::Yes
        } else {
            Verdict::No
        };
        assert_eq!(
            matches(filter, resource, &schemas),
            expected,
            "{} {key}",
            vector.id
        );
    }
}

fn grey(vector: &Vector, text: &str, resources: &BTreeMap<String, Value>) {
    let fair = vector
        .fair
        .as_ref()
        .expect("a grey vector says what is fair");
    let schemas = vector.schemas();
    let Ok(filter) = parse(text) else {
        assert_eq!(vector.refuse, "fair", "{}", vector.id);
        return;
    };
    let expected = match vector.refuse.as_str() {
        "fair" => Refusal::Fair,
        "unfair" => Refusal::Unfair,
        other => panic!("{}: refuse {other}", vector.id),
    };
    // What the grammar has one of, lenient readers have many of: text alone may be reason enough.
    let by_text = is_heavy(text)
        || crate::scim::filter::parse_with(text, crate::scim::filter::Spacing::Strict).is_err();
    let seen = refusal(&filter, &[&schemas]).max(if by_text {
        Refusal::Fair
    } else {
        Refusal::Unfair
    });
    assert_eq!(seen, expected, "{}", vector.id);
    match fair {
        Fair::Any(word) => {
            assert_eq!(word, "any", "{}", vector.id);
            for (_, resource) in vector.population(resources) {
                assert_eq!(
                    matches(&filter, resource, &schemas),
                    Verdict::Either,
                    "{}",
                    vector.id
                );
            }
        }
        Fair::Sets(sets) => {
            assert_eq!(
                &vector.selections(&filter, resources),
                sets,
                "{}",
                vector.id
            );
            for set in sets {
                let result = vector
                    .population(resources)
                    .map(|(key, it)| (it, set.contains(key)));
                assert!(explains(&filter, result, &schemas).is_ok(), "{}", vector.id);
            }
        }
    }
}
