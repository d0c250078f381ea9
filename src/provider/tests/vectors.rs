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

async fn fixture(client: &Client) -> Fixture {
    let text = include_str!("../../../fixtures/vector/filter-resources.json");
    let given: Fixture = serde_json::from_str(text).unwrap();
    let mut ids: Vec<(String, String)> = Vec::new();
    let mut shown = Fixture::new();
    // Users come first: groups and managers refer to them.
    let (users, groups): (Vec<_>, Vec<_>) =
        given.into_iter().partition(|(key, _)| key.starts_with('U'));
    for (key, resource) in users.into_iter().chain(groups) {
        let mut text = resource.to_string();
        for (old, new) in &ids {
            text = text.replace(old, new);
        }
        let endpoint = if key.starts_with('U') {
            "/Users"
        } else {
            "/Groups"
        };
        let created = client
            .post(endpoint, serde_json::from_str(&text).unwrap())
            .await;
        created.is(201);
        ids.push((
            resource["id"].as_str().unwrap().to_owned(),
            created.text("/id"),
        ));
        shown.insert(key, created.at(""));
        client
            .clock()
            .sleep(std::time::Duration::from_secs(1))
            .await;
    }
    shown
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
    let fixture = fixture(&client).await;
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
