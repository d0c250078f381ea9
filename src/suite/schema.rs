//! The JSON Schema of scenario files, by which editors complete and check them.

use serde_json::{Map, Value, json};

use super::need::{FEATURES, SETTINGS};
use super::vocabulary::MEASURES;
use crate::check::Expect;
use crate::payload::Fixture;

/// The schema of a scenario file, with these checks.
pub fn scenario_schema(checks: &[&'static dyn Expect]) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scimitar scenario",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "title", "steps"],
        "properties": {
            "id": { "type": "string", "description": "The file's path inside its pack, joined by dots." },
            "title": { "type": "string", "minLength": 1, "description": "The promise that holds when green." },
            "tags": { "type": "array", "items": { "type": "string", "pattern": "^[a-z0-9-]+$" } },
            "needs": { "$ref": "#/$defs/needs" },
            "given": { "type": "array", "items": { "$ref": "#/$defs/given" } },
            "steps": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } },
            "matrix": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": { "pattern": "^[a-z0-9-]+$" },
                "additionalProperties": {
                    "type": "object",
                    "properties": { "needs": { "$ref": "#/$defs/needs" } }
                }
            }
        },
        "$defs": {
            "needs": { "type": "array", "items": needs() },
            "fixture": { "enum": Fixture::names().collect::<Vec<_>>() },
            "without": {
                "oneOf": [
                    { "type": "string", "pattern": "^/" },
                    { "type": "array", "items": { "type": "string", "pattern": "^/" } }
                ]
            },
            "given": given(),
            "step": step(),
            "expectation": expectation(checks),
            "check": { "type": "object", "minProperties": 1, "properties": named(checks), "additionalProperties": false }
        }
    })
}

fn needs() -> Value {
    let features = FEATURES.iter().map(|name| format!("spc.{name}"));
    let settings = SETTINGS.iter().map(|(name, _)| format!("setting:{name}"));
    let known: Vec<String> = features.chain(settings).collect();
    json!({
        "anyOf": [
            { "enum": known },
            { "type": "string", "pattern": "^(rt|ext)\\.[A-Za-z][A-Za-z0-9_$-]*$" },
            { "type": "string", "pattern": "^(attr|free|optional):([A-Za-z][A-Za-z0-9_$-]*:)?[A-Za-z][A-Za-z0-9_$-]*(\\.[A-Za-z][A-Za-z0-9_$-]*)?$" }
        ]
    })
}

fn given() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{ "required": ["user"] }, { "required": ["group"] }],
        "properties": {
            "user": { "type": "string", "description": "Name by which the user's parts are captured." },
            "group": { "type": "string", "description": "Name by which the group's parts are captured." },
            "fixture": { "$ref": "#/$defs/fixture" },
            "with": {
                "type": ["object", "string"],
                "pattern": r"^\{\{[^{}]+\}\}$",
                "description": "JSON Merge Patch, or a template that stands for one.",
            },
            "without": { "$ref": "#/$defs/without" }
        }
    })
}

fn step() -> Value {
    let verbs = [
        "get", "post", "put", "patch", "delete", "head", "options", "walk",
    ];
    let mut properties = Map::new();
    for verb in verbs {
        let path = json!({ "type": "string", "description": "Path below the base URL." });
        properties.insert(verb.to_owned(), path);
    }
    if let Value::Object(more) = step_keys() {
        properties.extend(more);
    }
    let one_of: Vec<Value> = verbs
        .iter()
        .map(|verb| json!({ "required": [verb] }))
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": one_of,
        "properties": properties
    })
}

/// What a step may hold beside what it does.
fn step_keys() -> Value {
    json!({
        "name": { "type": "string" },
        "query": { "type": ["object", "array", "string"], "description": "Parameters in order, values decoded; or a text as it stands on the wire." },
        "body": {
            "description": "A value as written, or { fixture, with, without }, or { from, with, without }."
        },
        "raw": {
            "oneOf": [
                { "type": "string" },
                { "type": "object", "required": ["base64"], "additionalProperties": false,
                  "properties": { "base64": { "type": "string" } } },
                { "type": "object", "required": ["over"], "additionalProperties": false,
                  "properties": { "over": { "enum": ["maxOperations", "maxPayloadSize"] } } }
            ]
        },
        "content_type": { "type": "string", "description": "Media type of the body, or none." },
        "headers": { "type": "object" },
        "auth": {
            "oneOf": [
                { "enum": ["none", "second", "expired", "rotated", "revoked", "foreign"] },
                { "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
                  "properties": {
                      "header": { "type": "string" },
                      "bearer": { "type": "string" },
                      "client": { "enum": ["header", "body"] }
                  } }
            ]
        },
        "to": { "enum": ["gateway", "token-endpoint"] },
        "key": { "enum": ["first", "second", "header", "query", "wrong", "none"] },
        "form": { "type": "object", "description": "Parameters of a form, in order." },
        "expect": { "type": "array", "items": { "$ref": "#/$defs/expectation" } },
        "capture": {
            "type": "object",
            "additionalProperties": {
                "oneOf": [
                    { "type": "string", "pattern": "^(/|header\\.|body$|status$)" },
                    { "type": "object", "required": ["at"], "additionalProperties": false,
                      "properties": { "at": { "type": "string" }, "secret": { "type": "boolean" }, "part": { "type": "string" } } }
                ]
            }
        },
        "wait": { "type": "string", "pattern": "^([0-9]+|\\{\\{.+\\}\\})(ms|s|m)$" },
        "until": { "type": "string", "pattern": "^[0-9]+(ms|s|m)$" },
        "measures": { "enum": MEASURES, "description": "Repeats the request until its expectations hold, and takes the time since the change before it." },
        "count": { "type": "integer", "minimum": 1 },
        "cursor": { "type": "integer", "minimum": 1 },
        "alone": { "type": "boolean" },
        "unmarked": { "type": "boolean" }
    })
}

fn expectation(checks: &[&'static dyn Expect]) -> Value {
    let mut properties = named(checks);
    let texts = json!({
        "oneOf": [{ "type": "string" }, { "type": "array", "minItems": 1, "items": { "type": "string" } }]
    });
    properties.insert("covers".to_owned(), texts);
    let tolerate = json!({
        "type": "array",
        "items": {
            "oneOf": [
                { "type": "string" },
                { "type": "object", "required": ["id"], "additionalProperties": false,
                  "properties": { "id": { "type": "string" }, "when": { "$ref": "#/$defs/check" } } }
            ]
        }
    });
    properties.insert("tolerate".to_owned(), tolerate);
    json!({
        "type": "object",
        "required": ["covers"],
        "minProperties": 2,
        "additionalProperties": false,
        "properties": properties
    })
}

fn named(checks: &[&'static dyn Expect]) -> Map<String, Value> {
    checks
        .iter()
        .map(|check| {
            (
                check.name().to_owned(),
                json!({ "description": check.doc() }),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::expect;
    use crate::suite::file;

    /// The committed schema; `UPDATE=1` writes it anew.
    #[test]
    fn the_committed_schema_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/scenario.schema.json");
        let schema = scenario_schema(expect::all());
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == text, "run with UPDATE=1 to write {path} anew");
    }

    #[test]
    fn the_schema_knows_the_keys_that_the_reader_knows() {
        let schema = scenario_schema(expect::all());
        let keys = |pointer: &str| -> Vec<String> {
            let mut keys: Vec<String> = schema
                .pointer(pointer)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            keys.sort();
            keys
        };
        let sorted = |known: &[&str]| {
            let mut known: Vec<String> = known.iter().map(ToString::to_string).collect();
            known.sort();
            known
        };
        assert_eq!(keys("/properties"), sorted(file::KEYS));
        assert_eq!(keys("/$defs/step/properties"), sorted(file::STEP_KEYS));
        assert_eq!(keys("/$defs/given/properties"), sorted(file::GIVEN_KEYS));
    }

    #[test]
    fn every_embedded_scenario_fits_the_schema() {
        let schema = scenario_schema(expect::all());
        let validator = jsonschema::validator_for(&schema).unwrap();
        let suite = crate::suite::Suite::embedded().unwrap();
        for heading in suite.headings() {
            let value = crate::suite::tree::parse(&heading.file, &heading.source)
                .unwrap()
                .value();
            if let Err(error) = validator.validate(&value) {
                panic!("{}: {} at {}", heading.file, error, error.instance_path());
            }
        }
    }
}
