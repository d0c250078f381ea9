//! The vectors of `fixtures/vector` against the provider: that it and the reference evaluator agree
//! with the same facts without sharing code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Filters {
    filter: Vec<FilterVector>,
}

#[derive(Deserialize)]
struct FilterVector {
    id: String,
    kind: String,
    endpoint: String,
    filter: String,
    #[serde(default)]
    selects: BTreeSet<String>,
    fair: Option<Fair>,
    refuse: Option<String>,
    repeat: Option<Repeat>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Fair {
    Any(String),
    Sets(BTreeSet<BTreeSet<String>>),
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

/// The resources of the vectors by key, as the provider shows them.
type Fixture = BTreeMap<String, Value>;

/// Creates the resources; answers their new ids by the old ones, and how they are shown.
async fn create(client: &Client, given: &Fixture) -> (Vec<(String, String)>, Fixture) {
    let mut ids = Vec::new();
    let mut places = Vec::new();
    // Users come first: groups and managers refer to them.
    let (users, groups): (Vec<_>, Vec<_>) = given
        .iter()
        .partition(|(_, resource)| resource.get("userName").is_some());
    for (key, resource) in users.into_iter().chain(groups) {
        let endpoint = match resource.get("userName") {
            Some(_) => "/Users",
            None => "/Groups",
        };
        let body = serde_json::from_str(&renamed(&resource.to_string(), &ids)).unwrap();
        let created = client.post(endpoint, body).await;
        created.is(201);
        ids.push((
            resource["id"].as_str().unwrap().to_owned(),
            created.text("/id"),
        ));
        places.push((key.clone(), format!("{endpoint}/{}", created.text("/id"))));
        client
            .clock()
            .sleep(std::time::Duration::from_secs(1))
            .await;
    }
    let mut shown = Fixture::new();
    for (key, path) in places {
        shown.insert(key, client.get(&path).await.at(""));
    }
    (ids, shown)
}

/// A text with the ids of a fixture replaced by those that the provider gave.
fn renamed(text: &str, ids: &[(String, String)]) -> String {
    ids.iter().fold(text.to_owned(), |text, (old, new)| {
        text.replace(&format!("\"{old}\""), &format!("\"{new}\""))
            .replace(&format!("\"{old}\\\""), &format!("\"{new}\\\""))
    })
}

impl FilterVector {
    fn text(&self, fixture: &Fixture) -> String {
        let mut text = self.filter.clone();
        for (key, resource) in fixture {
            text = text
                .replace(&format!("{{{key}.id}}"), resource["id"].as_str().unwrap())
                .replace(
                    &format!("{{{key}.lastModified}}"),
                    resource["meta"]["lastModified"].as_str().unwrap(),
                );
        }
        match &self.repeat {
            None => text,
            Some(it) if it.nest > 0 => {
                format!("{}{text}{}", "(".repeat(it.nest), ")".repeat(it.nest))
            }
            Some(it) => vec![text.as_str(); it.times].join(&it.join),
        }
    }

    fn check(&self, answer: &Answer, fixture: &Fixture) {
        let id = &self.id;
        let key = |resource: &Value| {
            let found = fixture
                .iter()
                .find(|(_, known)| known["id"] == resource["id"]);
            found.map(|(key, _)| key.clone()).unwrap()
        };
        let status = answer.0.status();
        let resources = answer.at("/Resources");
        let selected: BTreeSet<String> = resources
            .as_array()
            .into_iter()
            .flatten()
            .map(key)
            .collect();
        match self.kind.as_str() {
            "valid" => assert_eq!((status, &selected), (Some(200), &self.selects), "{id}"),
            "invalid" => {
                answer.fails(400, "invalidFilter");
            }
            _ if status == Some(200) => match &self.fair {
                Some(Fair::Sets(fair)) => assert!(fair.contains(&selected), "{id}: {selected:?}"),
                Some(Fair::Any(any)) => assert_eq!(any, "any", "{id}"),
                None => panic!("{id}: has to be refused"),
            },
            _ => {
                assert!(matches!(status, Some(400 | 403)), "{id}: {status:?}");
                assert!(
                    self.refuse.as_deref() == Some("fair") || self.fair.is_none(),
                    "{id} is refused"
                );
            }
        }
    }
}

#[tokio::test]
async fn filters_select_what_the_vectors_say() {
    let vectors: Filters =
        toml::from_str(include_str!("../../../fixtures/vector/filter.toml")).unwrap();
    assert!(vectors.filter.len() >= 113);
    let client = Client::new();
    let text = include_str!("../../../fixtures/vector/filter-resources.json");
    let (_, fixture) = create(&client, &serde_json::from_str(text).unwrap()).await;
    for vector in &vectors.filter {
        let filter = vector.text(&fixture);
        let mut get = call(Method::GET, vector.endpoint.trim_end_matches('/'), None);
        get.query = vec![(String::from("filter"), filter.clone())];
        vector.check(&client.send(get).await, &fixture);
        let search = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": filter });
        let path = format!("{}/.search", vector.endpoint.trim_end_matches('/'));
        vector.check(&client.post(&path, search).await, &fixture);
    }
}

#[derive(Deserialize)]
struct Patches {
    patch: Vec<PatchVector>,
    more: Vec<PatchVector>,
}

#[derive(Deserialize)]
struct PatchVector {
    id: String,
    target: String,
    operations: String,
    #[serde(default)]
    done: Vec<String>,
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    refused_warned: Vec<String>,
    statuses: Option<Vec<u16>>,
}

impl PatchVector {
    async fn check(&self, given: &Fixture) {
        let client = Client::new();
        let (ids, shown) = create(&client, given).await;
        let id = &self.id;
        let before = &shown[&self.target];
        let mut operations = self.operations.replace("{random}", "id-nobody");
        for (key, resource) in given {
            operations = operations
                .replace(&format!("{{{key}.id}}"), resource["id"].as_str().unwrap())
                .replace(
                    &format!("{{{key}.userName}}"),
                    resource["userName"].as_str().unwrap_or(""),
                );
        }
        let operations = serde_json::from_str(&renamed(&operations, &ids)).unwrap();
        let path = before["meta"]["location"].as_str().unwrap();
        let path = path.strip_prefix(client.session.base_url()).unwrap();
        let answer = client.patch(path, operations).await;
        let after = client.get(path).await.at("");
        if answer.0.status() == Some(200) {
            let fair = self.done.iter().any(|done| {
                let mut expected = given[&self.target].clone();
                overlay(&mut expected, serde_json::from_str(done).unwrap());
                let expected = serde_json::from_str(&renamed(&expected.to_string(), &ids)).unwrap();
                comparable(&expected) == comparable(&after)
            });
            assert!(fair, "{id}: {after:#}");
            let unchanged = comparable(before) == comparable(&after);
            if unchanged && !self.operations.contains("password") {
                assert_eq!(before["meta"], after["meta"], "{id} moved a version");
            }
            return;
        }
        let keyword = answer.text("/scimType");
        let fair = self.refused.iter().chain(&self.refused_warned);
        assert!(
            fair.clone().any(|known| *known == keyword),
            "{id}: {:#}",
            answer.at("")
        );
        let status = answer.0.status().unwrap();
        let statuses = self.statuses.clone().unwrap_or_else(|| vec![400]);
        assert!(statuses.contains(&status), "{id}: {status}");
        assert_eq!(after, *before, "{id} left a trace");
    }
}

/// Puts the members of a patch in the place of the resource's; null takes one away.
fn overlay(resource: &mut Value, patch: Value) {
    let (Value::Object(resource), Value::Object(patch)) = (resource, patch) else {
        panic!("states are objects");
    };
    for (name, value) in patch {
        if value.is_null() {
            resource.shift_remove(&name);
        } else {
            resource.insert(name, value);
        }
    }
}

/// A resource without what the provider derives, and without order.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members = members.clone();
            for derived in ["meta", "groups", "$ref"] {
                members.shift_remove(derived);
            }
            members.retain(|name, value| {
                *value != json!([]) && !value.is_null() && !(name == "primary" && *value == false)
            });
            if let Some(Value::Array(list)) = members.get_mut("members") {
                *list = list
                    .iter()
                    .map(|member| json!({ "value": member["value"] }))
                    .collect();
            }
            let sorted: BTreeMap<String, Value> = members
                .iter()
                .map(|(name, value)| (name.clone(), comparable(value)))
                .collect();
            json!(sorted)
        }
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(comparable).collect();
            values.sort_by_key(ToString::to_string);
            Value::Array(values)
        }
        value => value.clone(),
    }
}

#[tokio::test]
async fn patches_do_what_the_vectors_say() {
    let vectors: Patches =
        toml::from_str(include_str!("../../../fixtures/vector/patch.toml")).unwrap();
    assert!(vectors.patch.len() >= 68);
    let given: Fixture = serde_json::from_str(include_str!(
        "../../../fixtures/vector/patch-resources.json"
    ))
    .unwrap();
    for vector in vectors.patch.iter().chain(&vectors.more) {
        vector.check(&given).await;
    }
}
