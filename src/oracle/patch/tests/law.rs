//! Laws of application: whatever the operations.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;
use super::resources;
use crate::oracle::outcome::Grade;

fn any_operations() -> impl Strategy<Value = Value> {
    let path = prop::sample::select(vec![
        "title",
        "name",
        "name.givenName",
        "emails",
        "emails.type",
        "emails[type eq \"work\"]",
        "emails[type eq \"none\"].value",
        "emails[primary eq true].display",
        "userName",
        "id",
        "meta.created",
        "active",
        "groups",
        "nothing",
        "",
        "/title",
        "emails[",
        "schemas",
        urn::USER,
        urn::ENTERPRISE_USER,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        "addresses[type ne \"x\" or locality pr].region",
        "password",
        "externalId",
    ]);
    let value = prop::sample::select(vec![
        json!(null),
        json!("x"),
        json!(""),
        json!(5),
        json!(true),
        json!([]),
        json!({}),
        json!({"value": "a@x.example", "type": "work", "primary": true}),
        json!([{"value": "n@x.example", "primary": true}, {"value": "m@x.example", "primary": true}]),
        json!({"givenName": "N", "odd": 1}),
        json!({"title": "T", "emails": {"value": "q"}}),
        json!({"department": "D"}),
        json!([null, [1]]),
    ]);
    let op = prop::sample::select(vec!["add", "replace", "remove", "Add", "move"]);
    let operation =
        (op, prop::option::of(path), prop::option::of(value)).prop_map(|(op, path, value)| {
            let mut operation = json!({"op": op});
            if let Some(path) = path {
                operation["path"] = path.into();
            }
            if let Some(value) = value {
                operation["value"] = value;
            }
            operation
        });
    prop::collection::vec(operation, 1..3).prop_map(Value::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn application_is_total_and_keeps_the_laws(operations in any_operations()) {
        let users = SchemaSet::rfc_user();
        let before = &resources()["U"];
        let outcomes = apply_operations(before, &operations, &users, World::default());
        prop_assert!(!(outcomes.done.is_empty() && outcomes.refused.is_empty()));
        for done in &outcomes.done {
            let state = &done.resource;
            prop_assert_eq!(&state["id"], &before["id"]);
            prop_assert_eq!(&state["groups"], &before["groups"]);
            prop_assert!(state["userName"].is_string());
            let emails = state["emails"].as_array().cloned().unwrap_or_default();
            let primaries = emails.iter().filter(|it| it["primary"] == true).count();
            prop_assert!(primaries < 2, "{}", state);
            prop_assert!(state.get("nothing").is_none());
            prop_assert!(outcomes.judge_state(state, &users).is_ok());
        }
    }

    #[test]
    fn any_body_is_judged(text in "[\\[\\]{}:,\"a-z]{0,16}") {
        if let Ok(body) = serde_json::from_str::<Value>(&text) {
            let outcomes = apply(&resources()["U"], &body, &SchemaSet::rfc_user(), World::default());
            prop_assert!(outcomes.done.iter().all(|it| it.grade == Grade::Warned));
        }
    }

    #[test]
    fn replacing_twice_is_replacing_once(title in "[a-z]{1,5}", other in "[a-z]{1,5}") {
        let users = SchemaSet::rfc_user();
        let operation = |value: &str| json!({"op": "replace", "path": "title", "value": value});
        let of = |operations: Value| {
            apply_operations(&resources()["U"], &operations, &users, World::default()).done
        };
        let once = of(json!([operation(&title)]));
        let twice = of(json!([operation(&other), operation(&title)]));
        prop_assert_eq!(once, twice);
    }
}
