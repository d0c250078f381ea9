//! Operations of PATCH, one at a time on what the peer made of those before, and all at once.

use scimitar::oracle::{Miss, Outcomes, World, patch};
use scimitar::scim::filter::ValueFilter;
use scimitar::scim::path::{Path, parse_known};
use scimitar::scim::resource::{is_assigned, member};
use scimitar::scim::schema::{Place, SchemaSet};
use scimitar::scim::urn;
use serde_json::{Value, json};

use super::class::{Disagreement, Features};
use super::feature;

pub(super) fn judge(_: &Value, case: &Value, answer: &Value) -> Option<Vec<Disagreement>> {
    if answer.get("unusable").is_some() {
        return None;
    }
    let group = case["before"]["schemas"]
        .as_array()?
        .contains(&json!(urn::GROUP));
    let (users, groups) = &*super::SCHEMAS;
    let schemas = if group { groups } else { users };
    let operations = case["operations"].as_array()?;
    let steps = answer["steps"].as_array()?;
    let mut state = case["before"].clone();
    for (operation, step) in operations.iter().zip(steps) {
        let list = json!([operation]);
        let outcomes = patch::apply_operations(&state, &list, schemas, World::default());
        if !outcomes.complete {
            return None;
        }
        if let Some((features, ours)) = step_of(&outcomes, operation, &state, step, schemas) {
            return Some(vec![Disagreement {
                features,
                shown: json!({"before": state, "operations": list}),
                ours,
                theirs: json!({"steps": [step], "whole": step}).to_string(),
            }]);
        }
        match step.get("after") {
            Some(after) => state = after.clone(),
            None => break,
        }
    }
    Some(whole(case, steps, &answer["whole"]).into_iter().collect())
}

/// All operations at once do what they do one by one, or nothing.
fn whole(case: &Value, steps: &[Value], whole: &Value) -> Option<Disagreement> {
    let last = steps.last()?;
    let verdict = match (last.get("after"), whole.get("after")) {
        (Some(a), Some(b)) if a == b => return None,
        (None, None) if whole["untouched"] == json!(true) => return None,
        (None, None) => "touched",
        _ => "at-once",
    };
    let mut features = Features::new();
    feature::put(&mut features, "verdict", verdict);
    Some(Disagreement {
        features,
        shown: json!({"before": case["before"], "operations": case["operations"]}),
        ours: String::from("all at once as one by one, or nothing"),
        theirs: json!({"steps": steps, "whole": whole}).to_string(),
    })
}

/// What is wrong with one step.
fn step_of(
    outcomes: &Outcomes,
    operation: &Value,
    before: &Value,
    step: &Value,
    schemas: &SchemaSet,
) -> Option<(Features, String)> {
    let mut features = Features::new();
    let said = if let Some(after) = step.get("after") {
        match outcomes.judge_state(after, schemas) {
            Ok(_) => return None,
            Err(Miss::State(difference)) => {
                feature::put(&mut features, "verdict", "state");
                let names = difference.pointer.split('/').skip(1);
                for part in names.filter(|it| it.parse::<usize>().is_err()) {
                    feature::put(&mut features, "at", part.replace("~1", "/"));
                }
                let kind = |value: &Option<Value>| feature::json(value.as_ref());
                feature::put(&mut features, "expected", kind(&difference.expected));
                feature::put(&mut features, "actual", kind(&difference.actual));
                if misfit(difference.expected.as_ref(), difference.actual.as_ref()) {
                    feature::put(&mut features, "misfit", "yes");
                }
                difference.to_string()
            }
            Err(_) => {
                feature::put(&mut features, "verdict", "must-refuse");
                for keyword in keywords(outcomes) {
                    feature::put(&mut features, "due", keyword);
                }
                format!("refuses it: {}", keywords(outcomes).join(", "))
            }
        }
    } else {
        // Which of several mistakes a server names first is not said: keywords alone are no disagreement.
        if outcomes.judge_refusal(400, None).is_ok() {
            return None;
        }
        feature::put(&mut features, "verdict", "refused");
        feature::put(
            &mut features,
            "error",
            step["error"].as_str().unwrap_or_default(),
        );
        String::from("applies it")
    };
    describe(&mut features, operation, before, schemas);
    Some((features, said))
}

/// Whether what was stored is of another type than what was expected, or holds what no attribute can.
fn misfit(expected: Option<&Value>, actual: Option<&Value>) -> bool {
    let kind = |value: &Value| std::mem::discriminant(value);
    match (expected, actual) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => b
            .iter()
            .any(|(name, value)| misfit(a.get(name), Some(value))),
        (Some(a), Some(b)) => !a.is_null() && !b.is_null() && kind(a) != kind(b),
        (None, Some(b)) => b.is_array() || b.is_object(),
        _ => false,
    }
}

fn keywords(outcomes: &Outcomes) -> Vec<String> {
    let all = outcomes.refused.iter().flat_map(|it| &it.keywords);
    let mut all: Vec<String> = all.map(|it| String::from(it.keyword())).collect();
    all.sort();
    all.dedup();
    all
}

fn describe(features: &mut Features, operation: &Value, before: &Value, schemas: &SchemaSet) {
    feature::put(features, "op", operation["op"].as_str().unwrap_or("?"));
    feature::put(features, "value", feature::json(operation.get("value")));
    if operation["value"].to_string().contains("\"../") {
        feature::put(features, "value-text", "../Users/a");
    }
    let known: Vec<&str> = schemas.urns().collect();
    let Some(text) = operation.get("path").and_then(Value::as_str) else {
        feature::put(features, "path", "none");
        for (name, value) in operation["value"].as_object().into_iter().flatten() {
            key(features, name, value, before, schemas);
        }
        return;
    };
    match parse_known(text, &known) {
        Err(_) => feature::put(features, "path", "malformed"),
        Ok(Path::Container(urn)) => {
            feature::put(features, "path", "container");
            spelled(
                features,
                &urn,
                &known.iter().map(|it| String::from(*it)).collect::<Vec<_>>(),
            );
            for (name, value) in operation["value"].as_object().into_iter().flatten() {
                key(features, &format!("{urn}:{name}"), value, before, schemas);
            }
        }
        Ok(Path::Attribute(path)) => {
            feature::put(
                features,
                "path",
                if path.sub.is_some() {
                    "sub"
                } else {
                    "attribute"
                },
            );
            target(features, &path, before, schemas);
        }
        Ok(Path::Value {
            attribute,
            filter,
            sub,
        }) => {
            feature::put(
                features,
                "path",
                if sub.is_some() {
                    "values-sub"
                } else {
                    "values"
                },
            );
            inside(features, &filter);
            let mut path = attribute;
            path.sub = sub;
            target(features, &path, before, schemas);
        }
    }
    if let Some(value) = operation.get("value") {
        members(features, value);
    }
}

/// Names in a value.
fn members(features: &mut Features, value: &Value) {
    let items = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    for item in items {
        feature::put(features, "item", feature::json(Some(item)));
        for (name, value) in item.as_object().into_iter().flatten() {
            feature::put(features, "member", name);
            feature::put(features, "member-value", feature::json(Some(value)));
        }
    }
}

fn key(features: &mut Features, name: &str, value: &Value, before: &Value, schemas: &SchemaSet) {
    feature::put(features, "key-value", feature::json(Some(value)));
    members(features, value);
    if schemas.urns().any(|urn| urn::same(urn, name)) {
        feature::put(features, "key", "container");
        for (inner, value) in value.as_object().into_iter().flatten() {
            key(features, &format!("{name}:{inner}"), value, before, schemas);
        }
        return;
    }
    match parse_known(name, &schemas.urns().collect::<Vec<_>>()) {
        Ok(Path::Attribute(path)) => {
            let kind = match (&path.urn, &path.sub) {
                (_, Some(_)) => "dotted",
                (Some(_), None) => "qualified",
                _ => "plain",
            };
            feature::put(features, "key", kind);
            target(features, &path, before, schemas);
        }
        _ => feature::put(features, "key", "odd"),
    }
}

fn target(
    features: &mut Features,
    path: &scimitar::scim::filter::AttributePath,
    before: &Value,
    schemas: &SchemaSet,
) {
    feature::place(features, path, schemas);
    let Some(Place::Attribute {
        extension,
        attribute,
        sub,
    }) = schemas.find(path)
    else {
        return;
    };
    feature::put(features, "attribute", attribute.name.clone());
    feature::put(
        features,
        "complex",
        if attribute.sub_attributes.is_empty() {
            "no"
        } else {
            "yes"
        },
    );
    feature::put(
        features,
        "refers",
        if attribute.sub("$ref").is_some() {
            "yes"
        } else {
            "no"
        },
    );
    if let Some(sub) = sub {
        feature::put(features, "sub", sub.name.clone());
    }
    let mut names = vec![attribute.name.clone()];
    names.extend(sub.map(|sub| sub.name.clone()));
    spelled(features, &path.name, &names);
    if let Some(sub) = &path.sub {
        spelled(features, sub, &names);
    }
    if let Some(urn) = &path.urn {
        spelled(
            features,
            urn,
            &schemas.urns().map(String::from).collect::<Vec<_>>(),
        );
    }
    let holder = match extension {
        Some(schema) => member(before, &schema.id),
        None => Some(before),
    };
    let now = holder.and_then(|holder| member(holder, &attribute.name));
    feature::put(
        features,
        "stands",
        if now.is_some_and(is_assigned) {
            "yes"
        } else {
            "no"
        },
    );
    if holder.is_none() {
        feature::put(features, "stands", "no-container");
    }
}

/// Whether a name is written as the schema writes it.
fn spelled(features: &mut Features, text: &str, names: &[String]) {
    let as_defined = names.iter().any(|name| name == text);
    feature::put(
        features,
        "spelled",
        if as_defined {
            "as-defined"
        } else {
            "otherwise"
        },
    );
}

fn inside(features: &mut Features, filter: &ValueFilter) {
    match filter {
        ValueFilter::Or(a, b) => {
            feature::put(features, "inside", "or");
            inside(features, a);
            inside(features, b);
        }
        ValueFilter::And(a, b) => {
            feature::put(features, "inside", "and");
            inside(features, a);
            inside(features, b);
        }
        ValueFilter::Not(a) => {
            feature::put(features, "inside", "not");
            inside(features, a);
        }
        ValueFilter::Present(path) => {
            feature::put(features, "inside", "pr");
            feature::put(features, "inside-name", path.name.clone());
        }
        ValueFilter::Compare(path, it) => {
            feature::put(features, "inside", it.op.keyword());
            feature::put(features, "inside-name", path.name.clone());
            let mut found = Features::new();
            feature::comparison(&mut found, it);
            features
                .entry("inside-operand")
                .or_default()
                .extend(found.remove("operand").unwrap_or_default());
        }
    }
}
