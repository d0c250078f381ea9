//! A value that did not come through, as a scenario: one user, one write, one look.

use serde_json::{Map, Value, json};

use super::blame::{OURS, STATE};
use super::example::{Example, Look, Way};
use super::ground::Ground;
use super::kind::Field;
use crate::probe::Replay;
use crate::scim::urn;
use crate::seed::Seed;
use crate::suite::write::{Given, Source, Step};

/// The user of the scenario.
const USER: &str = "u1";

/// The scenario; none for what takes more than one value of one attribute of a user.
pub(super) fn replay(
    ground: &Ground<'_>,
    example: &Example,
    requirement: &'static str,
) -> Option<Replay> {
    let kind = ground.kinds.get(example.kind)?;
    let (field, value) = example.first()?;
    let simple = example.entries.len() == 1 && example.look == Look::Plain && field.is_shown();
    if kind.name != "User" || !simple || [OURS, STATE].contains(&requirement) {
        return None;
    }
    let core = kind.schemas.core.id.as_str();
    let created = example.way == Way::Create;
    let id = if created {
        "id".to_owned()
    } else {
        format!("{USER}.id")
    };
    let item = format!("{}/{{{{{id}}}}}", kind.endpoint);
    let plain = ground.drawer(Seed(0)).plain(field);
    let operation = |op: &str| json!({"op": op, "path": field.path(), "value": value});
    let message = |operation: Value| json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
    let (before, (verb, body)) = match example.way {
        Way::Create => {
            // What is given has to be kept, or nothing is judged.
            let mut body = whole(field, value, core);
            body["userName"] = json!("{{run}}-{{case}}-a");
            (None, ("post", body))
        }
        Way::Put => (Some(plain), ("put", whole(field, value, core))),
        Way::Add => (None, ("patch", message(operation("add")))),
        Way::Replace => (Some(plain), ("patch", message(operation("replace")))),
        Way::Pathless => {
            let mut members = Map::new();
            field.put(&mut members, value.clone());
            let operation = json!({"op": "replace", "value": members});
            (Some(plain), ("patch", message(operation)))
        }
        _ => return None,
    };
    let captured = ("id".to_owned(), Source::Whole("/id".to_owned()));
    let place = if created { &kind.endpoint } else { &item };
    let write = Step {
        name: "write".to_owned(),
        verb: verb.to_owned(),
        path: place.clone(),
        body: Some(body),
        captures: created.then_some(captured).into_iter().collect(),
        ..Step::default()
    };
    let read = look(item, field, value, requirement)?;
    let patched = (verb == "patch").then_some("spc.patch");
    let needs = ["rt.User"].into_iter().chain(patched);
    let given = (!created).then(|| given(field, before, core));
    Some(Replay {
        requirement,
        title: format!("A user keeps {value} at {}", field.path()),
        needs: needs.map(str::to_owned).collect(),
        given: given.into_iter().collect(),
        steps: vec![write, read],
    })
}

/// The read that shows what became of the value; none where no matcher can say so.
pub(in crate::probe) fn look(
    path: String,
    field: &Field,
    value: &Value,
    requirement: &'static str,
) -> Option<Step> {
    let wanted: Map<String, Value> = wanted(field, value)?.into_iter().collect();
    Some(Step {
        name: "read".to_owned(),
        verb: "get".to_owned(),
        path,
        expect: vec![("body", Value::Object(wanted), requirement)],
        ..Step::default()
    })
}

/// The user before the write.
pub(in crate::probe) fn given(field: &Field, value: Option<Value>, core: &str) -> Given {
    let mut members = Map::new();
    if let Some(value) = value {
        if !field.urn.is_empty() {
            members.insert("schemas".to_owned(), json!([core, field.urn]));
        }
        field.put(&mut members, value);
    }
    Given {
        kind: "user",
        name: USER.to_owned(),
        with: members.into_iter().collect(),
    }
}

/// The whole of the user with a value.
pub(in crate::probe) fn whole(field: &Field, value: &Value, core: &str) -> Value {
    let mut members = Map::new();
    let urns = std::iter::once(core).chain(Some(field.urn.as_str()).filter(|urn| !urn.is_empty()));
    members.insert("schemas".to_owned(), urns.collect());
    members.insert(
        "userName".to_owned(),
        json!(format!("{{{{{USER}.userName}}}}")),
    );
    field.put(&mut members, value.clone());
    Value::Object(members)
}

/// What stands where afterwards; none where several values may stand in any order.
fn wanted(field: &Field, value: &Value) -> Option<Vec<(String, Value)>> {
    let at = field.pointer();
    match value {
        Value::Array(items) => match items.as_slice() {
            [one] => Some(parts(format!("{at}/0"), one)),
            _ => None,
        },
        one => Some(parts(at, one)),
    }
}

fn parts(at: String, value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (format!("{at}/{name}"), value.clone()))
            .collect(),
        simple => vec![(at, simple.clone())],
    }
}
