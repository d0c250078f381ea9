//! The data that a provider starts with: people and teams that look real, the same for the same seed.
//!
//! Goes to the store by the same door as every write.

use rand_chacha::rand_core::Rng;
use serde_json::{Map, Value, json};

use super::identity;
use super::settings::Data;
use super::store::{Change, Kind, Resource, Rules, Store};
use crate::scim::urn;
use crate::seed::Seed;

const GIVEN: [&str; 24] = [
    "Ada", "Amir", "Anna", "Bao", "Carmen", "Chidi", "Dana", "Emil", "Fatima", "Grace", "Hiro",
    "Ines", "Jonas", "Kavya", "Lena", "Mateo", "Nadia", "Olga", "Pavel", "Rosa", "Samir", "Tove",
    "Uma", "Yusuf",
];
const FAMILY: [&str; 24] = [
    "Adeyemi", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ivanova",
    "Jensen", "Khan", "Lopez", "Meyer", "Nakamura", "Okafor", "Patel", "Quinn", "Rossi", "Silva",
    "Tanaka", "Ueda", "Virtanen", "Weber", "Zhang",
];
const TITLES: [&str; 8] = [
    "Accountant",
    "Analyst",
    "Buyer",
    "Engineer",
    "Manager",
    "Nurse",
    "Researcher",
    "Technician",
];
const DEPARTMENTS: [&str; 8] = [
    "Care",
    "Engineering",
    "Finance",
    "Logistics",
    "Operations",
    "Research",
    "Sales",
    "Support",
];
const TYPES: [&str; 4] = ["Employee", "Employee", "Contractor", "Intern"];

/// How many changes go to the store at once.
const BATCH: usize = 1_000;

/// Puts the data in an empty store.
pub(super) fn fill(store: &Store, data: &Data) {
    let ids: Vec<String> = (0..data.users).map(|n| id(data.seed, "user", n)).collect();
    put(
        store,
        ids.iter().enumerate().map(|(n, id)| user(data.seed, n, id)),
    );
    put(store, (0..data.groups).map(|n| group(data, n, &ids)));
}

/// Puts one user of this userName in the store.
pub(super) fn person(store: &Store, name: &str) {
    let attributes = json!({ "userName": name, "displayName": name, "active": true });
    let user = Resource::new(id(Seed(0), "me", 0), Kind::User, members(attributes));
    put(store, std::iter::once(user));
}

fn put(store: &Store, resources: impl Iterator<Item = Resource>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut resources = resources.peekable();
    while let Some(resource) = resources.next() {
        batch.push((Change::Create(resource), Rules::default()));
        if batch.len() == BATCH || resources.peek().is_none() {
            let done = store.commit(std::mem::take(&mut batch));
            debug_assert!(done.is_ok(), "the data of a seed fits itself");
        }
    }
}

/// The id of the n-th resource of a kind.
fn id(seed: Seed, kind: &str, n: usize) -> String {
    let seed = seed.derive(kind).nth(n as u64);
    identity::of(seed.nth(0).0, seed.nth(1).0)
}

fn user(seed: Seed, n: usize, id: &str) -> Resource {
    let mut rng = seed.derive("user").nth(n as u64).rng();
    let (given, family) = (pick(&GIVEN, rng.next_u32()), pick(&FAMILY, rng.next_u32()));
    let name = format!("{}.{}{n}", given.to_lowercase(), family.to_lowercase());
    let attributes = json!({
        "externalId": format!("E{n:07}"),
        "userName": format!("{name}@example.com"),
        "name": {
            "formatted": format!("{given} {family}"),
            "familyName": family,
            "givenName": given,
        },
        "displayName": format!("{given} {family}"),
        "title": pick(&TITLES, rng.next_u32()),
        "userType": pick(&TYPES, rng.next_u32()),
        "active": !rng.next_u32().is_multiple_of(10),
        "emails": [{ "value": format!("{name}@example.com"), "type": "work", "primary": true }],
        urn::ENTERPRISE_USER: {
            "employeeNumber": n.to_string(),
            "department": pick(&DEPARTMENTS, rng.next_u32()),
        },
    });
    Resource::new(id, Kind::User, members(attributes))
}

/// A team: every `groups`-th user.
fn group(data: &Data, n: usize, ids: &[String]) -> Resource {
    let team: Vec<Value> = ids
        .iter()
        .skip(n)
        .step_by(data.groups.max(1))
        .map(|id| json!({ "value": id }))
        .collect();
    let mut attributes = members(json!({ "displayName": format!("Team {n}") }));
    if !team.is_empty() {
        attributes.insert(String::from("members"), Value::Array(team));
    }
    Resource::new(id(data.seed, "group", n), Kind::Group, attributes)
}

fn pick<'a>(from: &[&'a str], number: u32) -> &'a str {
    let at = usize::try_from(number).unwrap_or(0) % from.len().max(1);
    from.get(at).copied().unwrap_or("")
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
