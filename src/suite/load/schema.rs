//! The JSON Schema of load profiles, by which editors complete and check them.

use serde_json::{Value, json};

/// The schema of a load profile.
pub fn load_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scimitar load profile",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "title", "model", "duration"],
        "oneOf": [{ "required": ["mix"] }, { "required": ["cycle"] }],
        "properties": {
            "name": { "type": "string", "description": "The file's name without its ending." },
            "title": { "type": "string", "minLength": 1, "description": "The promise that holds when no threshold is crossed." },
            "description": { "type": "string", "description": "What the profile is made after." },
            "model": model(),
            "connections": { "$ref": "#/$defs/count", "description": "Connections of an open model; a closed one has one a user." },
            "warm-up": { "$ref": "#/$defs/time", "description": "Time before anything counts." },
            "duration": { "$ref": "#/$defs/time", "description": "Time that counts." },
            "pool": {
                "type": "object", "additionalProperties": false,
                "description": "Resources that are there before the first request.",
                "properties": { "users": whole(0), "groups": whole(0), "members": whole(0) }
            },
            "mix": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/share" }, "description": "Scenarios by weight." },
            "cycle": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/share" }, "description": "Scenarios in turn." },
            "thresholds": { "type": "array", "items": { "type": "string" }, "description": "What must hold: p99<200ms, error-rate<0.1%, rps>=25, 'user.create p99<1s'." },
            "throttled": { "enum": super::key::THROTTLED, "description": "What is done with Retry-After." },
            "cost": {
                "type": "object", "additionalProperties": false, "required": super::key::COST,
                "description": "Groups that grow to each size by batches of each size.",
                "properties": { "members": sizes(), "batches": sizes() }
            }
        },
        "$defs": {
            "count": whole(1),
            "time": { "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" },
            "rate": { "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000 },
            "share": {
                "oneOf": [
                    { "type": "string" },
                    { "type": "object", "required": ["scenario"], "additionalProperties": false,
                      "properties": {
                          "scenario": { "type": "string" },
                          "weight": { "$ref": "#/$defs/count" },
                          "given": { "enum": super::key::GIVEN }
                      } }
                ]
            }
        }
    })
}

fn model() -> Value {
    let rate = json!({ "$ref": "#/$defs/rate" });
    let time = json!({ "$ref": "#/$defs/time" });
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    json!({
        "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
        "properties": {
            "closed": object(&["users"], json!({ "users": { "$ref": "#/$defs/count" }, "ramp": time, "think": time })),
            "open": {
                "type": "object", "additionalProperties": false,
                "properties": {
                    "rate": rate,
                    "ramp": object(super::key::RAMP, json!({ "from": rate, "to": rate })),
                    "steps": { "type": "array", "minItems": 1, "items": object(super::key::STEP, json!({ "rate": rate, "for": time })) },
                    "spike": object(super::key::SPIKE, json!({ "base": rate, "peak": rate, "at": time, "for": time })),
                    "breakpoint": object(super::key::BREAKPOINT, json!({ "from": rate, "by": rate, "every": time, "to": rate })),
                    "arrival": { "enum": super::key::ARRIVAL }
                }
            }
        }
    })
}

fn whole(least: usize) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": super::key::MOST })
}

fn sizes() -> Value {
    json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/count" } })
}
