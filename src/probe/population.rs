//! The users that probes read: made for the probe, with values on which comparisons go wrong.
//!
//! What counts is what the target shows of them afterwards, not what was sent.

use http::Method;
use serde_json::{Value, json};

use super::Arena;
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::scim::capabilities::Capabilities;
use crate::scim::filter::AttributePath;
use crate::scim::resource::member;
use crate::scim::schema::{Mutability, Place, SchemaSet};
use crate::scim::urn;
use crate::session::segment;

/// How many users there are.
pub(super) const USERS: usize = 11;

/// Users of our own.
pub(super) struct Population {
    /// Where they are.
    pub(super) endpoint: String,
    /// Their schemas.
    pub(super) schemas: SchemaSet,
    /// What each was given beside its name; nothing where the target did not take it.
    pub(super) sent: Vec<Option<Value>>,
    /// As the target shows them.
    pub(super) users: Vec<Value>,
}

/// Why there is none.
pub(super) struct NoPopulation {
    /// Why.
    pub(super) why: String,
    /// The exchange that shows it.
    pub(super) exchange: Option<Exchange>,
}

impl NoPopulation {
    fn since(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            exchange: None,
        }
    }

    fn after(exchange: Exchange) -> Self {
        Self {
            why: format!("set-up: {}", exchange.said()),
            exchange: Some(exchange),
        }
    }
}

/// Creates users and reads each by its id.
pub(super) async fn settle(arena: &Arena) -> Result<Population, NoPopulation> {
    let schemas = arena.capabilities.schema_set("User");
    let schemas =
        schemas.ok_or_else(|| NoPopulation::since("the target has no schema of users"))?;
    let endpoint = arena.endpoint("User");
    let mut scope = arena.scope.clone();
    let (mut ids, mut sent) = (Vec::new(), Vec::new());
    for change in changes() {
        let change = fitted(change, &schemas, &arena.capabilities);
        let with = Draft::parse(&change).ok();
        let mut given = Some(change);
        let mut created = create(arena, &endpoint, with, &mut scope).await?;
        if created.status() == Some(400) {
            // Some value is not to the target's taste: a plain user serves, too.
            created = create(arena, &endpoint, None, &mut scope).await?;
            given = None;
        }
        let id = created
            .json()
            .filter(|_| matches!(created.status(), Some(200..=299)))
            .and_then(|body| member(body, "id")?.as_str());
        let Some(id) = id else {
            return Err(NoPopulation::after(created));
        };
        ids.push(id.to_owned());
        sent.push(given);
    }
    if let Some(window) = arena.window {
        arena.clock.sleep(window).await;
    }
    let mut users = Vec::new();
    for id in ids {
        let path = format!("{endpoint}/{}", segment(&id));
        let shown = arena.get("population", &path, &[]).await;
        match shown.json().filter(|_| shown.status() == Some(200)) {
            Some(user) => users.push(user.clone()),
            None => return Err(NoPopulation::after(shown)),
        }
    }
    Ok(Population {
        endpoint,
        schemas,
        sent,
        users,
    })
}

async fn create(
    arena: &Arena,
    endpoint: &str,
    with: Option<Draft>,
    scope: &mut Scope,
) -> Result<Exchange, NoPopulation> {
    let fixture = Fixture::find("user/minimal");
    let fixture = fixture.ok_or_else(|| NoPopulation::since("a fixture is missing"))?;
    let change = Change {
        with,
        without: Vec::new(),
    };
    let built = build(fixture, &change, scope, arena.adaptation());
    let body = built.map_err(|missing| NoPopulation::since(missing.to_string()))?;
    Ok(arena
        .send("population", Method::POST, endpoint, &body)
        .await)
}

/// The change without what the target's schemas do not define or do not let be written.
fn fitted(change: Value, schemas: &SchemaSet, capabilities: &Capabilities) -> Value {
    let Value::Object(members) = change else {
        return change;
    };
    let mut fitted = serde_json::Map::new();
    let mut listed = vec![json!(schemas.core.id)];
    for (name, value) in members {
        if urn::is_urn(&name) {
            let Some(schema) = capabilities
                .schema(&name)
                .filter(|_| schemas.extension(&name).is_some())
            else {
                continue;
            };
            let inner = value.as_object().cloned().unwrap_or_default();
            let inner: serde_json::Map<_, _> = inner
                .into_iter()
                .filter(|(name, _)| schema.attribute(name).is_some())
                .collect();
            listed.push(json!(name));
            fitted.insert(name, Value::Object(inner));
            continue;
        }
        let path = AttributePath::new(name.as_str(), None);
        let Some(Place::Attribute { attribute, .. }) = schemas.find(&path) else {
            continue;
        };
        if attribute.mutability == Mutability::ReadOnly {
            continue;
        }
        let part = |value: Value| match value {
            Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .filter(|(name, _)| attribute.sub(name).is_some())
                    .collect(),
            ),
            plain => plain,
        };
        let value = match value {
            Value::Array(items) if attribute.multi_valued => {
                Value::Array(items.into_iter().map(part).collect())
            }
            other => part(other),
        };
        fitted.insert(name, value);
    }
    fitted.insert("schemas".to_owned(), Value::Array(listed));
    Value::Object(fitted)
}

/// Texts on which comparisons go wrong: letter case, normal forms, accents, quotes, escapes, wildcards of data bases,
/// letters beyond the first plane, digits, and two that differ late. Nothing stands for a missing value.
fn texts() -> Vec<Option<String>> {
    let long = |end: &str| {
        format!(
            "{}{end}",
            "Head of a department with a long name, ".repeat(2)
        )
    };
    let short = [
        Some("Tour Guide"),
        Some("tour guide"),
        Some("M\u{fc}ller"),
        None,
        Some("Mu\u{308}ller"),
        Some("say \"hi\" \\ back"),
        Some("C:\\new\\table"),
        Some("100"),
        None,
        Some("_ % *"),
        Some("\u{1F600}"),
    ];
    let mut all: Vec<Option<String>> = short.map(|text| text.map(str::to_owned)).to_vec();
    all.extend([
        Some(long("first")),
        Some(long("second")),
        Some("a".to_owned()),
        Some("ab".to_owned()),
    ]);
    all
}

/// What the users have beside their names: the texts by turns in whatever takes any text, and lists whose values share
/// some of their parts.
fn changes() -> [Value; USERS] {
    let texts = texts();
    let mut users = details();
    for (user, change) in users.iter_mut().enumerate() {
        for (place, name) in ["title", "nickName", "displayName", "department", "division"]
            .into_iter()
            .enumerate()
        {
            let Some(Some(text)) = texts.get((user + 3 * place) % texts.len()) else {
                continue;
            };
            if place < 3 {
                change[name] = json!(text);
            } else if change.get(urn::ENTERPRISE_USER).is_some() {
                change[urn::ENTERPRISE_USER][name] = json!(text);
            }
        }
    }
    users
}

fn details() -> [Value; USERS] {
    let enterprise = urn::ENTERPRISE_USER;
    let email =
        |value: &str, kind: &str| json!({"value": format!("{value}@x.example"), "type": kind});
    let address = |kind: &str, locality: &str, country: &str| json!({"type": kind, "locality": locality, "country": country});
    [
        json!({
            "active": true, "userType": "Employee",
            "name": {"givenName": "Barbara", "familyName": "O'Malley"},
            "emails": [
                {"value": "a@x.example", "type": "work", "primary": true},
                email("b", "home"), email("c", "other"),
            ],
            enterprise: {"employeeNumber": "100"},
        }),
        json!({
            "active": false, "userType": "employee", "name": {"familyName": "Smith"},
            "emails": [email("A", "home"), email("c", "work")],
            "phoneNumbers": [{"value": "+1-201-555-0123", "type": "work"}],
        }),
        json!({
            "active": true,
            "addresses": [
                {"type": "work", "locality": "Z\u{fc}rich", "country": "CH", "primary": true},
                address("home", "Bern", "CH"), address("other", "Bern", "US"),
            ],
        }),
        json!({
            "profileUrl": "https://x.example/Zoe",
            "emails": [email("b", "work"), email("c", "home"), email("d", "work")],
            enterprise: {"costCenter": "4130"},
        }),
        json!({"active": false, enterprise: {"employeeNumber": "0100"}}),
        json!({
            "preferredLanguage": "en-US",
            "roles": [{"value": "Admin", "primary": true}, {"value": "clerk"}],
            "emails": [email("b", "work")],
        }),
        json!({"userType": "Contractor", "name": {"givenName": "barbara"}, enterprise: {"employeeNumber": "20"}}),
        json!({
            "userType": "contractor",
            "addresses": [address("home", "Z\u{fc}rich", "US"), address("work", "Bern", "CH")],
        }),
        json!({"emails": [email("d", "home"), {"value": "a@x.example"}], enterprise: {"costCenter": "SS"}}),
        json!({
            "emails": [email("c", "work"), email("d", "other")],
            "addresses": [address("work", "Bern", "US"), address("home", "Basel", "CH")],
        }),
        json!({"active": true, "roles": [{"value": "clerk", "primary": true}], enterprise: {"employeeNumber": "30"}}),
    ]
}
