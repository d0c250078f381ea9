//! A PATCH that leaves another state than it should, as a scenario: one user, one PATCH, one look.

use serde_json::{Value, json};

use super::blame::{ANSWERS, ATOMIC, EQUAL, FAILS, PRESENT, REFRESHES, VERSION};
use super::example::Example;
use super::law::Unfair;
use crate::check::equality::equal;
use crate::oracle::Outcomes;
use crate::probe::Replay;
use crate::scim::resource::member;
use crate::scim::urn;
use crate::suite::write::{Expected, Given, Source, Step};

/// What the names of all resources of all runs begin with.
const MARKER: &str = "scimitar-";

/// What a refused request may be answered with.
const NO_SERVER_ERROR: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

/// The part of a resource that a deviation is in: a top-level attribute, or one of an extension.
pub(in crate::probe) fn part(pointer: &str) -> &str {
    let end = |from: usize| {
        let rest = pointer.get(from..).unwrap_or_default();
        rest.find('/').map_or(pointer.len(), |at| from + at)
    };
    let first = end(1);
    let whole = if pointer.get(1..first).is_some_and(urn::is_urn) && first < pointer.len() {
        end(first + 1)
    } else {
        first
    };
    pointer.get(..whole).unwrap_or(pointer)
}

/// What a part of a user may be afterwards; nothing stands for its absence.
struct Fair {
    part: String,
    values: Vec<Option<Value>>,
}

/// What the parts of a user may be afterwards: that which something is wrong with, and where there is a choice of more
/// than whether it is done at all, all that a choice changes.
fn fair(unfair: &Unfair, outcomes: &Outcomes, refusable: bool) -> Vec<Fair> {
    let before = &unfair.before;
    let untouched = (unfair.stays || refusable).then_some(before);
    let done = outcomes.done.iter().filter(|_| !unfair.stays);
    let done = done.map(|done| &done.resource);
    let states: Vec<&Value> = untouched.into_iter().chain(done).collect();
    let mut all = vec![part(&unfair.wrong.at).to_owned()];
    if states.len() > 1 && (unfair.wrong.requirement == ATOMIC || outcomes.done.len() > 1) {
        for state in &states {
            let changed = parts(state).into_iter().chain(parts(before));
            let changed = changed.filter(|it| value_of(state, it) != value_of(before, it));
            all.extend(changed);
        }
    }
    all.sort();
    all.dedup();
    let values = |part: &str| {
        let mut values = Vec::new();
        for state in &states {
            let value = value_of(state, part).map(|value| renamed(value, before));
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    let fair = all.into_iter().map(|part| Fair {
        values: values(&part),
        part,
    });
    fair.collect()
}

/// Whether the PATCH may be refused as well, and change nothing. Where nothing was changed, and should have been, a
/// scenario that lets it be refused would never fail.
fn is_refusable(example: &Example, unfair: &Unfair, outcomes: &Outcomes) -> bool {
    let wrong = &unfair.wrong;
    let of_success = [FAILS, ANSWERS, EQUAL, PRESENT, REFRESHES, VERSION];
    let part = part(&wrong.at);
    let of = |state: &Value| value_of(state, part);
    let unchanged = || equal(of(&unfair.before).as_ref(), of(&unfair.after).as_ref());
    wrong.requirement == ATOMIC
        || !example.twice
            && !unfair.stays
            && !outcomes.must_succeed()
            && !of_success.contains(&wrong.requirement)
            && !unchanged()
}

/// The parts of a user; what only the server says is none.
fn parts(user: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (name, value) in user.as_object().into_iter().flatten() {
        match value {
            _ if ["id", "meta", "schemas"].contains(&name.as_str()) => {}
            Value::Object(members) if urn::is_urn(name) => {
                all.extend(members.keys().map(|inner| format!("/{name}/{inner}")));
            }
            _ => all.push(format!("/{name}")),
        }
    }
    all
}

/// A value in which names of the user, which another one has otherwise, are templates.
fn renamed(value: Value, user: &Value) -> Value {
    const NAMES: [&str; 3] = ["userName", "externalId", "displayName"];
    match value {
        Value::String(text) if text.starts_with(MARKER) => {
            let whole = Value::String(text);
            let name = NAMES.iter().find(|it| member(user, it) == Some(&whole));
            name.map_or(whole, |name| json!(format!("{{{{u1.{name}}}}}")))
        }
        Value::Array(items) => items.into_iter().map(|it| renamed(it, user)).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, it)| (name, renamed(it, user)))
                    .collect(),
            )
        }
        other => other,
    }
}

/// What stands there; nothing where it is absent.
pub(in crate::probe) fn value_of(resource: &Value, part: &str) -> Option<Value> {
    let mut names = part.split('/').skip(1);
    let found = names.try_fold(resource, |holder, name| member(holder, name));
    found.cloned()
}

/// The scenario; `outcomes` is what the operations may come to.
pub(super) fn replay(
    found: &Example,
    unfair: &Unfair,
    outcomes: &Outcomes,
    (endpoint, core): (&str, &str),
) -> Replay {
    let (requirement, at) = (unfair.wrong.requirement, unfair.wrong.at.as_str());
    let refusable = is_refusable(found, unfair, outcomes);
    let fair = fair(unfair, outcomes, refusable);
    let example = &found.as_kept(&unfair.was);
    let user = format!("{endpoint}/{{{{u1.id}}}}");
    let read = |name: &str| Step {
        name: name.to_owned(),
        verb: "get".to_owned(),
        path: user.clone(),
        ..Step::default()
    };
    let (first, patch) = patches(example, &user, status(requirement, at, refusable));
    let steps = match requirement {
        FAILS | ANSWERS | EQUAL | PRESENT if !at.starts_with('/') => vec![patch],
        REFRESHES => between(
            read,
            patch,
            "/meta/lastModified",
            &json!({"before": "{{was}}"}),
            REFRESHES,
        ),
        VERSION => between(
            read,
            patch,
            "/meta/version",
            &json!({"is": "{{was}}"}),
            VERSION,
        ),
        _ => {
            let body = fair
                .iter()
                .map(|fair| (fair.part.clone(), any_of(&fair.values)))
                .collect();
            let look = Step {
                expect: vec![("body", Value::Object(body), requirement)],
                ..read("read")
            };
            vec![patch, look]
        }
    };
    let mut needs = vec!["rt.User".to_owned(), "spc.patch".to_owned()];
    if requirement == VERSION {
        needs.push("spc.etag".to_owned());
    }
    let twice = if example.twice {
        " that are sent twice"
    } else {
        ""
    };
    Replay {
        requirement,
        title: format!("A user is left as {} say{twice}", told(example)),
        needs,
        given: vec![given(example, core)],
        steps: first.into_iter().chain(steps).collect(),
    }
}

/// The PATCH, which has to come to what is expected; before it the first one, where it is sent twice.
fn patches(example: &Example, user: &str, expected: Option<Expected>) -> (Option<Step>, Step) {
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": example.sent()});
    let patch = Step {
        name: "patch".to_owned(),
        verb: "patch".to_owned(),
        path: user.to_owned(),
        body: Some(body),
        ..Step::default()
    };
    let name = if example.twice {
        "patch again"
    } else {
        "patch"
    };
    let last = Step {
        name: name.to_owned(),
        expect: expected.into_iter().collect(),
        ..patch.clone()
    };
    (example.twice.then_some(patch), last)
}

/// A change after which something of `meta` must not be so.
fn between(
    read: impl Fn(&str) -> Step,
    patch: Step,
    at: &str,
    not: &Value,
    requirement: &'static str,
) -> Vec<Step> {
    let place = Source::Whole(at.to_owned());
    let first = Step {
        captures: vec![("was".to_owned(), place)],
        ..read("read")
    };
    let later = json!({at: {"not": not}});
    let last = Step {
        expect: vec![("body", later, requirement)],
        ..read("read again")
    };
    vec![first, patch, last]
}

/// A matcher of any of some values; nothing stands for absence.
pub(in crate::probe) fn any_of(fair: &[Option<Value>]) -> Value {
    let choices: Vec<Value> = fair
        .iter()
        .map(|value| match value {
            Some(value) => json!({"is": value}),
            None => json!("absent"),
        })
        .collect();
    match choices.as_slice() {
        [one] => one.clone(),
        _ => json!({"one_of": choices}),
    }
}

/// What is expected of the answer; nothing where it has to be a success, as that of a set-up has to.
fn status(requirement: &'static str, at: &str, refusable: bool) -> Option<Expected> {
    match requirement {
        EQUAL | PRESENT if !at.starts_with('/') => Some(("status", json!([200, 204]), requirement)),
        FAILS => Some(("status", json!("4xx"), requirement)),
        ANSWERS => Some(("status", json!([200, 204, "4xx", 501]), requirement)),
        _ if refusable => Some(("status", json!(["2xx", "4xx", 501]), NO_SERVER_ERROR)),
        _ => None,
    }
}

fn told(example: &Example) -> String {
    let operations = example.operations.iter().map(|operation| {
        let word = |name: &str| operation.get(name).and_then(Value::as_str);
        let path = word("path").map_or_else(String::new, |path| format!(" of {path}"));
        format!("{}{path}", word("op").unwrap_or("an operation"))
    });
    operations.collect::<Vec<_>>().join(" and ")
}

fn given(example: &Example, core: &str) -> Given {
    let mut with: Vec<(String, Value)> = Vec::new();
    let urns: Vec<&String> = example.user.keys().filter(|it| urn::is_urn(it)).collect();
    if !urns.is_empty() {
        let listed = std::iter::once(core).chain(urns.into_iter().map(String::as_str));
        with.push(("schemas".to_owned(), listed.collect()));
    }
    let members = example.user.iter();
    with.extend(members.map(|(name, value)| (name.clone(), value.clone())));
    Given {
        kind: "user",
        name: "u1".to_owned(),
        with,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_an_attribute() {
        let extension = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (pointer, wanted) in [
            ("/title", "/title"),
            ("/emails/0/type", "/emails"),
            (extension, extension),
            (
                &format!("{extension}/department"),
                &format!("{extension}/department"),
            ),
            (
                &format!("{extension}/manager/value"),
                &format!("{extension}/manager"),
            ),
            ("", ""),
        ] {
            assert_eq!(part(pointer), wanted);
        }
    }
}
