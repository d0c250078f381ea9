//! Whether values that a target took are there afterwards, and those that it let go are not.

use http::Method;
use serde_json::{Map, Value, json};

use super::blame;
use super::example::{Example, Look, Way};
use super::fair::{Mismatch, same};
use super::ground::{Ground, has};
use super::kind::Field;
use super::law::Wrong;
use crate::check::place::{brief, brief_or_absent};
use crate::exchange::Exchange;
use crate::probe::property::Trial;
use crate::scim::schema::{Mutability, Returned};
use crate::scim::urn;
use crate::seed::Seed;

/// Writes, reads, compares and cleans up.
pub(super) async fn judge(ground: &Ground<'_>, example: &Example) -> Trial<Wrong> {
    let kind = example.kind;
    let sent = members(example);
    let begun = match example.way {
        Way::Create | Way::Remove | Way::Empty => sent.clone(),
        Way::Add => Map::new(),
        _ => plain(ground, example),
    };
    let body = ground.body(kind, &begun);
    let created = ground.create(kind, &body).await;
    let Some(path) = ground.path(kind, &created) else {
        return refused(&created);
    };
    let written = change(ground, example, &path, &body).await;
    let trial = match &written {
        Some(exchange) if !is_success(exchange) => refused(exchange),
        _ => {
            ground.settle().await;
            let exchange = written.as_ref().unwrap_or(&created);
            look(ground, example, &created, exchange).await
        }
    };
    ground.delete(kind, &created).await;
    trial
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(200..=299))
}

/// What a refusal says: nothing, as long as the server does not break over it.
pub(super) fn refused(exchange: &Exchange) -> Trial<Wrong> {
    match exchange.status() {
        None => Trial::Broken(exchange.said()),
        Some(500 | 502..=599) => Trial::Failed(Wrong {
            requirement: blame::OURS,
            tolerance: None,
            at: "response.status".to_owned(),
            expected: "success, or a refusal".to_owned(),
            actual: exchange.said(),
            exchange: exchange.clone(),
        }),
        Some(_) => Trial::Unjudged,
    }
}

/// The values, as they stand in a resource.
fn members(example: &Example) -> Map<String, Value> {
    let mut members = Map::new();
    for (field, value) in example.values() {
        field.put(&mut members, value.clone());
    }
    members
}

/// Plain values of the same attributes.
fn plain(ground: &Ground<'_>, example: &Example) -> Map<String, Value> {
    let mut drawer = ground.drawer(Seed(0));
    let mut members = Map::new();
    for (field, _) in example.values() {
        let value = drawer.plain(field);
        field.put(&mut members, value);
    }
    members
}

/// The second write, where the way has one.
async fn change(
    ground: &Ground<'_>,
    example: &Example,
    path: &str,
    body: &Value,
) -> Option<Exchange> {
    let operations: Vec<Value> = match example.way {
        Way::Put => return Some(put(ground, path, body, &members(example)).await),
        Way::Empty => return Some(put(ground, path, body, &emptied(example)).await),
        Way::Pathless => vec![json!({"op": "replace", "value": members(example)})],
        Way::Add => each(example, "add"),
        Way::Replace => each(example, "replace"),
        Way::Remove => {
            let paths = example.values().map(|(field, _)| field.path());
            paths
                .map(|path| json!({"op": "remove", "path": path}))
                .collect()
        }
        _ => return None,
    };
    let message = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
    Some(
        ground
            .arena
            .send("patch", Method::PATCH, path, &message)
            .await,
    )
}

fn each(example: &Example, op: &str) -> Vec<Value> {
    let all = example.values();
    all.map(|(field, value)| json!({"op": op, "path": field.path(), "value": value}))
        .collect()
}

/// Null, or an empty array, for each attribute.
fn emptied(example: &Example) -> Map<String, Value> {
    let mut members = Map::new();
    for (field, _) in example.values() {
        let nothing = if field.definition.multi_valued {
            json!([])
        } else {
            Value::Null
        };
        field.put(&mut members, nothing);
    }
    members
}

/// Replaces the resource by what it was created from, with these members.
pub(super) async fn put(
    ground: &Ground<'_>,
    path: &str,
    body: &Value,
    members: &Map<String, Value>,
) -> Exchange {
    let mut body = body.clone();
    for (name, value) in members {
        let inner = value.as_object().filter(|_| urn::is_urn(name));
        match (body.get_mut(name).and_then(Value::as_object_mut), inner) {
            (Some(container), Some(inner)) => container.extend(inner.clone()),
            _ => body[name] = value.clone(),
        }
    }
    ground.arena.send("put", Method::PUT, path, &body).await
}

/// Reads the resource in the plain way, then as the example wants, and compares.
async fn look(
    ground: &Ground<'_>,
    example: &Example,
    created: &Exchange,
    written: &Exchange,
) -> Trial<Wrong> {
    let shown = ground.read(example.kind, created).await;
    let Some(resource) = shown.json().filter(|_| shown.status() == Some(200)) else {
        return refused(&shown);
    };
    let failed = |mismatch: Mismatch, several: bool, exchange: &Exchange| {
        let way = blame::written(example.way, several);
        Trial::Failed(Wrong::of(mismatch, way, exchange))
    };
    for (field, value) in example.values() {
        let several = field.definition.multi_valued;
        let held = holds(example.way, field, value, resource);
        if let Err(mismatch) = held.and_then(|()| left(ground, example.way, field, value, resource))
        {
            return failed(mismatch, several, written);
        }
        if let Err(mismatch) = answered(field, resource, written) {
            return failed(mismatch, several, written);
        }
    }
    let Some((field, value)) = example.first().filter(|_| example.look != Look::Plain) else {
        return Trial::Held;
    };
    let path = field.path();
    let query = match example.look {
        Look::Excluded => [("excludedAttributes", path.as_str())],
        _ => [("attributes", path.as_str())],
    };
    let projected = ground.read_with(example.kind, created, &query).await;
    let Some(resource) = projected.json().filter(|_| projected.status() == Some(200)) else {
        return refused(&projected);
    };
    match viewed(example, field, value, resource) {
        Ok(()) => Trial::Held,
        Err(mismatch) => failed(mismatch, field.definition.multi_valued, &projected),
    }
}

/// Whether the resource shows what it should of an attribute that was written, or emptied.
fn holds(way: Way, field: &Field, value: &Value, resource: &Value) -> Result<(), Mismatch> {
    let definition = &field.definition;
    let found = field.of_resource(resource);
    let at = field.pointer();
    let hidden = |requirement| Mismatch {
        requirement: Some(requirement),
        at: at.clone(),
        expected: "nothing".to_owned(),
        actual: brief_or_absent(found),
    };
    let is_hidden =
        definition.returned == Returned::Never || definition.mutability == Mutability::WriteOnly;
    match definition.returned {
        _ if is_hidden && has(found) => Err(hidden(blame::NEVER)),
        Returned::Request if has(found) => Err(hidden(blame::REQUEST)),
        _ if is_hidden || definition.returned == Returned::Request => Ok(()),
        _ if matches!(way, Way::Remove | Way::Empty) => gone(field, value, resource),
        _ => same(value, found, definition, &at),
    }
}

/// Whether values that were replaced are gone.
fn left(
    ground: &Ground<'_>,
    way: Way,
    field: &Field,
    value: &Value,
    resource: &Value,
) -> Result<(), Mismatch> {
    if !matches!(way, Way::Put | Way::Replace | Way::Pathless) || !field.is_shown() {
        return Ok(());
    }
    let plain = ground.drawer(Seed(0)).plain(field);
    let (Value::Array(before), Value::Array(sent)) = (plain, value) else {
        return Ok(());
    };
    let found = field.of_resource(resource).and_then(Value::as_array);
    let fits = |a: &Value, b: &Value| {
        let [a, b] = [a, b].map(|it| Value::from(vec![it.clone()]));
        same(&a, Some(&b), &field.definition, "").is_ok()
    };
    let stays = found.into_iter().flatten().find(|it| {
        let old = before.iter().any(|old| fits(old, it));
        old && !sent.iter().any(|new| fits(new, it))
    });
    match stays {
        None => Ok(()),
        Some(stays) => Err(Mismatch {
            requirement: None,
            at: field.pointer(),
            expected: "the values that were sent, and none of those before".to_owned(),
            actual: format!("{} still there", brief(stays)),
        }),
    }
}

/// Whether nothing is left of a value. A server may have a value of its own where there is none.
fn gone(field: &Field, value: &Value, resource: &Value) -> Result<(), Mismatch> {
    let found = field.of_resource(resource);
    let left = has(found) && same(value, found, &field.definition, "").is_ok();
    // Of two values one may well be what a server assumes where nothing is said.
    if !left || found.is_some_and(Value::is_boolean) {
        return Ok(());
    }
    Err(Mismatch {
        requirement: None,
        at: field.pointer(),
        expected: "nothing".to_owned(),
        actual: brief_or_absent(found),
    })
}

/// Whether the answer to the write shows the same as the read after it.
fn answered(field: &Field, resource: &Value, written: &Exchange) -> Result<(), Mismatch> {
    let Some(answer) = written.json().filter(|body| body.is_object()) else {
        return Ok(());
    };
    let (before, after) = (field.of_resource(answer), field.of_resource(resource));
    let (true, Some(claimed)) = (has(before) && field.is_shown(), before) else {
        return Ok(());
    };
    same(claimed, after, &field.definition, &field.pointer()).map_err(|mismatch| Mismatch {
        requirement: Some(blame::STATE),
        expected: format!("{} as in the answer to the write", mismatch.expected),
        ..mismatch
    })
}

/// Whether a projection shows what it should.
fn viewed(
    example: &Example,
    field: &Field,
    value: &Value,
    resource: &Value,
) -> Result<(), Mismatch> {
    let definition = &field.definition;
    let found = field.of_resource(resource);
    let at = field.pointer();
    let surplus = |requirement| Mismatch {
        requirement: Some(requirement),
        at: at.clone(),
        expected: "nothing".to_owned(),
        actual: brief_or_absent(found),
    };
    let is_hidden =
        definition.returned == Returned::Never || definition.mutability == Mutability::WriteOnly;
    if is_hidden {
        return if has(found) {
            Err(surplus(blame::NEVER))
        } else {
            Ok(())
        };
    }
    if matches!(example.way, Way::Remove | Way::Empty) {
        return Ok(());
    }
    let always = definition.returned == Returned::Always;
    match example.look {
        Look::Excluded if !always && has(found) => Err(surplus(blame::EXCLUDED)),
        Look::Excluded if !always => Ok(()),
        // A definition may show some parts always and others by default.
        _ => same(value, found, definition, &at).map_err(|mismatch| match found {
            None => Mismatch {
                requirement: Some(blame::missing(definition.returned)),
                ..mismatch
            },
            Some(_) => mismatch,
        }),
    }
}
