//! The vectors of `fixtures/vector/patch.toml` against the reference application, and what it leaves open.

mod law;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::*;
use crate::oracle::Done;
use crate::oracle::outcome::{Grade, Miss};
use crate::scim::json;

#[derive(Deserialize)]
struct Vectors {
    patch: Vec<Vector>,
    body: Vec<Vector>,
    more: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    #[serde(default)]
    target: String,
    #[serde(default, rename = "grade")]
    _grade: String,
    #[serde(default)]
    operations: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    http: String,
    #[serde(default)]
    done: Vec<String>,
    #[serde(default)]
    warned: Vec<String>,
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    refused_warned: Vec<String>,
    #[serde(default)]
    tolerated: Vec<String>,
    #[serde(default = "bad_request")]
    statuses: Vec<u16>,
    #[serde(default, rename = "outcome")]
    _outcome: String,
    #[serde(rename = "why")]
    _why: String,
}

fn bad_request() -> Vec<u16> {
    vec![400]
}

fn vectors() -> Vectors {
    toml::from_str(include_str!("../../../fixtures/vector/patch.toml")).unwrap()
}

fn resources() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!(
        "../../../fixtures/vector/patch-resources.json"
    ))
    .unwrap()
}

fn merge_patch(into: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else {
        return patch.clone();
    };
    let mut out = into.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if value.is_null() {
            out.remove(name);
        } else {
            out.insert(name.clone(), value.clone());
        }
    }
    Value::Object(out)
}

fn schemas_of(target: &str) -> SchemaSet {
    if target == "G" {
        SchemaSet::rfc_group()
    } else {
        SchemaSet::rfc_user()
    }
}

fn filled(text: &str, resources: &BTreeMap<String, Value>) -> String {
    let mut text = text.replace("{random}", "id-nobody");
    for (key, resource) in resources {
        let name = resource["userName"].as_str().unwrap_or("");
        text = text
            .replace(&format!("{{{key}.id}}"), resource["id"].as_str().unwrap())
            .replace(&format!("{{{key}.userName}}"), name);
    }
    text
}

#[test]
fn all_vectors_hold() {
    let resources = resources();
    let vectors = vectors();
    assert_eq!((vectors.patch.len(), vectors.body.len()), (68, 11));
    let ids: BTreeSet<_> = resources
        .values()
        .filter_map(|it| it["id"].as_str())
        .collect();
    let names: Vec<_> = resources
        .values()
        .filter_map(|it| it["userName"].as_str())
        .collect();
    let world = World {
        in_use: &|name, value| name == "userName" && names.iter().any(|it| value == it),
        exists: &|id| ids.contains(id),
    };
    for vector in vectors
        .patch
        .iter()
        .chain(&vectors.body)
        .chain(&vectors.more)
    {
        if !vector.http.is_empty() {
            continue;
        }
        let target = if vector.target.is_empty() {
            "U"
        } else {
            &vector.target
        };
        let resource = &resources[target];
        let schemas = schemas_of(target);
        let outcomes = if vector.operations.is_empty() {
            let text = filled(&vector.body, &resources);
            let (Some(body), _) = json::read(text.as_bytes()) else {
                assert_eq!(vector.id, "B07");
                continue;
            };
            apply(resource, &body, &schemas, world)
        } else {
            let text = filled(&vector.operations, &resources);
            let operations = serde_json::from_str(&text).unwrap();
            apply_operations(resource, &operations, &schemas, world)
        };
        assert!(outcomes.complete, "{}", vector.id);
        states(vector, resource, &outcomes, &schemas);
        refusals(vector, &outcomes);
    }
}

/// Every state of the vector is an outcome of that grade, and there is no other outcome.
fn states(vector: &Vector, resource: &Value, outcomes: &Outcomes, schemas: &SchemaSet) {
    let id = &vector.id;
    let state = |text: &String| merge_patch(resource, &serde_json::from_str(text).unwrap());
    for (texts, grade) in [(&vector.done, Grade::Fair), (&vector.warned, Grade::Warned)] {
        for text in texts {
            let judged = outcomes.judge_state(&state(text), schemas);
            assert_eq!(judged, Ok(grade), "{id} {text} {:#?}", outcomes.done);
        }
        let listed: Vec<_> = texts.iter().map(state).collect();
        for done in outcomes.done.iter().filter(|it| it.grade == grade) {
            let mut single = outcomes.clone();
            single.done = vec![done.clone()];
            let known = listed
                .iter()
                .any(|it| single.judge_state(it, schemas).is_ok());
            assert!(known, "{id} {done:#?}");
        }
    }
    if vector.done.is_empty() && vector.warned.is_empty() {
        assert!(outcomes.must_refuse(), "{id} {:#?}", outcomes.done);
    }
}

fn refusals(vector: &Vector, outcomes: &Outcomes) {
    let id = &vector.id;
    let all: Vec<_> = outcomes.refused.iter().collect();
    let fair = &vector.refused;
    let warned = &vector.refused_warned;
    assert_eq!(
        fair.is_empty() && warned.is_empty(),
        all.is_empty(),
        "{id} {all:?}"
    );
    let of = |grade: Grade| -> BTreeSet<String> {
        let keywords = all
            .iter()
            .filter(|it| it.grade == grade)
            .flat_map(|it| &it.keywords);
        keywords.map(|it| String::from(it.keyword())).collect()
    };
    assert_eq!(of(Grade::Fair), fair.iter().cloned().collect(), "{id}");
    assert_eq!(of(Grade::Warned), warned.iter().cloned().collect(), "{id}");
    let tolerated: BTreeSet<_> = all
        .iter()
        .flat_map(|it| &it.tolerated)
        .map(|it| it.keyword())
        .collect();
    assert_eq!(
        tolerated,
        vector.tolerated.iter().map(String::as_str).collect(),
        "{id}"
    );
    let mut statuses = vector.statuses.clone();
    for refused in &all {
        assert_eq!(refused.statuses, statuses, "{id}");
    }
    statuses.sort_unstable();
    if !all.is_empty() {
        let judged = outcomes.judge_refusal(500, None);
        assert_eq!(judged, Err(Miss::Status(statuses)), "{id}");
    }
}

/// What a server supplies of its own agrees; what it keeps, loses or invents does not.
#[test]
fn what_is_left_open_may_be_refused() {
    let user = json!({"schemas": [urn::USER], "userName": "a", "title": "T"});
    let check = |operation: Value| {
        let schemas = SchemaSet::rfc_user();
        let outcomes = apply_operations(&user, &json!([operation]), &schemas, World::default());
        assert!(
            !outcomes.must_refuse() && !outcomes.must_succeed(),
            "{operation}"
        );
    };
    // RFC 7644 §3.5.2.2 defines no value for remove.
    check(json!({"op": "remove", "path": "title", "value": "T"}));
    check(json!({"op": "remove", "path": "title", "value": {}}));
    // RFC 4648 §3.2 wants padding.
    check(json!({"op": "add", "path": "x509Certificates", "value": [{"value": "QUI"}]}));
}

/// What a server may make of two values that are the same, or nearly.
#[test]
fn what_is_alike_may_be_told_apart_or_not() {
    let user = json!({"schemas": [urn::USER], "userName": "a", "photos": [
        {"value": "https://x.example/2", "primary": false}, {"value": "https://x.example/1"},
    ]});
    let check = |operation: Value, fair: &[Value]| {
        let schemas = SchemaSet::rfc_user();
        let outcomes = apply_operations(&user, &json!([operation]), &schemas, World::default());
        for photos in fair {
            let is_it = |done: &Done| done.resource["photos"] == *photos;
            assert!(outcomes.done.iter().any(is_it), "{operation}: {photos}");
        }
    };
    let photo = |n: u8| json!({"value": format!("https://x.example/{n}")});
    let kept = json!({"value": "https://x.example/2", "primary": false});
    // RFC 7643 §2.4 assumes a missing primary to be false, and a server may look at what is written alone.
    let both = json!({"op": "add", "path": "photos", "value": [photo(2), photo(1)]});
    check(
        both,
        &[json!([kept, photo(1)]), json!([kept, photo(1), photo(2)])],
    );
    // What is the same afterwards may be kept once.
    let all = json!({"op": "replace", "path": "photos[value sw \"https\"]", "value": photo(3)});
    check(all, &[json!([photo(3), photo(3)]), json!([photo(3)])]);
}

#[test]
fn states_are_compared_as_servers_show_them() {
    let resources = resources();
    let groups = SchemaSet::rfc_group();
    let operations = json!([{"op": "add", "path": "members", "value": [{"value": "id-W"}]}]);
    let outcomes = apply_operations(&resources["G"], &operations, &groups, World::default());
    let check = |change: fn(&mut Value), expected: Option<&str>| {
        let mut state = resources["G"].clone();
        let new = json!({"value": "id-W", "type": "User", "display": "W", "$ref": "../Users/id-W"});
        state["members"].as_array_mut().unwrap().push(new);
        state["meta"]["lastModified"] = "2030-01-01T00:00:00Z".into();
        change(&mut state);
        let at = match outcomes.judge_state(&state, &groups) {
            Ok(_) => None,
            Err(Miss::State(difference)) => Some(difference.pointer),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(at.as_deref(), expected, "{state}");
    };
    check(|_| {}, None);
    check(|it| it["externalId"] = "server".into(), None);
    check(
        |it| it["displayName"] = "other".into(),
        Some("/displayName"),
    );
    check(|it| it["value"] = "id-W".into(), Some("/value"));
    check(
        |it| drop(it["members"].as_array_mut().unwrap().pop()),
        Some("/members"),
    );
    check(
        |it| drop(it["members"].as_array_mut().unwrap().remove(0)),
        Some("/members"),
    );
    check(
        |it| it["members"][2]["value"] = "id-X".into(),
        Some("/members"),
    );
    check(|it| it["schemas"] = json!([]), Some("/schemas"));
    assert!(outcomes.judge_untouched(&resources["G"], &groups).is_ok());
    assert_eq!(
        outcomes.judge_refusal(400, Some("noTarget")),
        Err(Miss::MustSucceed)
    );
}
