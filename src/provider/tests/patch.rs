//! PATCH, beyond what the vectors say.

use super::*;

async fn check(operations: Value, expected: Value) {
    let client = Client::new();
    let path = client
        .user(
            "ada",
            json!({ "title": "T0", "active": true, "password": "p",
                "name": { "givenName": "G", "familyName": "F" },
                "emails": [{ "value": "a@x", "type": "work", "primary": true }, { "value": "b@x", "type": "home" }] }),
        )
        .await;
    let before = client.get(&path).await;
    let answer = client.patch(&path, operations.clone()).await;
    let after = client.get(&path).await;
    if let Some(keyword) = expected.as_str() {
        answer.fails(400, keyword);
        assert_eq!(after.at(""), before.at(""), "{operations}");
        return;
    }
    answer.is(200);
    assert_eq!(answer.at(""), after.at(""), "{operations}");
    for (pointer, value) in expected.as_object().unwrap() {
        assert_eq!(after.at(pointer), *value, "{operations} {pointer}");
    }
}

#[tokio::test]
async fn operations_change_what_they_name() {
    let work = "emails[type eq \"work\"]";
    let table = [
        (
            json!([{ "op": "add", "value": { "title": "T1", "name.middleName": "M", "emails": [{ "value": "c@x" }] } }]),
            json!({ "/title": "T1", "/name/middleName": "M", "/name/givenName": "G", "/emails/2/value": "c@x" }),
        ),
        (
            json!([{ "op": "add", "path": "emails", "value": [{ "value": "c@x", "primary": true }] }]),
            json!({ "/emails/0/primary": false, "/emails/2/primary": true }),
        ),
        (
            json!([{ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": true }]),
            json!({ "/emails/0/primary": false, "/emails/1/primary": true }),
        ),
        (
            json!([{ "op": "replace", "path": work, "value": { "value": "n@x" } }]),
            json!({ "/emails/0": { "value": "n@x" } }),
        ),
        (
            json!([{ "op": "add", "path": work, "value": { "display": "D" } }]),
            json!({ "/emails/0/display": "D", "/emails/0/value": "a@x" }),
        ),
        (
            json!([{ "op": "add", "path": "emails[type eq \"other\"].value", "value": "o@x" }]),
            json!({ "/emails/2": { "type": "other", "value": "o@x" } }),
        ),
        (
            json!([{ "op": "remove", "path": "emails", "value": [{ "value": "a@x" }] }]),
            json!({ "/emails/0/value": "b@x", "/emails/1": null }),
        ),
        (
            json!([{ "op": "remove", "path": "emails[type eq \"nothing\"]" }]),
            json!({ "/emails/1/value": "b@x" }),
        ),
        (
            json!([{ "op": "replace", "path": "name", "value": { "givenName": null, "middleName": "M" } }]),
            json!({ "/name": { "familyName": "F", "middleName": "M" } }),
        ),
        (
            json!([{ "op": "remove", "path": "name" }]),
            json!({ "/name": null }),
        ),
        (
            json!([{ "op": "ADD", "path": urn::ENTERPRISE_USER, "value": { "department": "D" } }]),
            json!({ "/schemas/1": urn::ENTERPRISE_USER }),
        ),
        (
            json!([{ "op": "add", "value": { urn::ENTERPRISE_USER: { "manager": { "value": "x" } } } },
                { "op": "remove", "path": format!("{}:manager.value", urn::ENTERPRISE_USER) }]),
            json!({ "/schemas/1": null }),
        ),
        (
            json!([{ "op": "add", "path": urn::ENTERPRISE_USER, "value": { "schemas": [], "department": "D" } }]),
            json!({ "/schemas/1": urn::ENTERPRISE_USER }),
        ),
        (
            json!([{ "op": "replace", "value": { "unknown": 1, "schemas": [urn::USER], "title": "T1" } }]),
            json!({ "/title": "T1", "/unknown": null }),
        ),
    ];
    for (operations, expected) in table {
        check(operations, expected).await;
    }
}

#[tokio::test]
async fn what_is_not_possible_changes_nothing() {
    let table = [
        (
            json!([{ "op": "add", "path": "title", "value": "T1" }, { "op": "add", "path": "id", "value": "x" }]),
            "mutability",
        ),
        (
            json!([{ "op": "add", "value": { "id": "x" } }]),
            "mutability",
        ),
        (json!([{ "op": "remove", "path": "groups" }]), "mutability"),
        (
            json!([{ "op": "replace", "path": "meta.created", "value": "2000-01-01T00:00:00Z" }]),
            "mutability",
        ),
        (json!([{ "op": "remove", "path": "schemas" }]), "mutability"),
        (
            json!([{ "op": "remove", "path": "userName" }]),
            "mutability",
        ),
        (
            json!([{ "op": "replace", "path": "userName", "value": "" }]),
            "invalidValue",
        ),
        (json!([{ "op": "remove" }]), "noTarget"),
        (
            json!([{ "op": "replace", "path": "emails[type eq \"x\"].value", "value": "x" }]),
            "noTarget",
        ),
        (
            json!([{ "op": "add", "path": "emails[type sw \"x\"].value", "value": "x" }]),
            "noTarget",
        ),
        (
            json!([{ "op": "add", "path": "nothing", "value": "x" }]),
            "invalidPath",
        ),
        (
            json!([{ "op": "add", "path": "name.nothing", "value": "x" }]),
            "invalidPath",
        ),
        (
            json!([{ "op": "add", "path": "emails[type eq]", "value": "x" }]),
            "invalidFilter",
        ),
        (
            json!([{ "op": "add", "path": "emails[primary gt true].value", "value": "x" }]),
            "invalidFilter",
        ),
        (
            json!([{ "op": "add", "path": 5, "value": "x" }]),
            "invalidPath",
        ),
        (
            json!([{ "op": "add", "path": "emails", "value": { "value": "x" } }]),
            "invalidValue",
        ),
        (
            json!([{ "op": "replace", "path": "emails.primary", "value": true }]),
            "invalidValue",
        ),
        (
            json!([{ "op": "copy", "path": "title", "value": "x" }]),
            "invalidSyntax",
        ),
        (json!([5]), "invalidSyntax"),
        (json!([]), "invalidSyntax"),
    ];
    for (operations, keyword) in table {
        check(operations, json!(keyword)).await;
    }
}

#[tokio::test]
async fn a_patch_that_changes_nothing_moves_nothing() {
    let client = Client::new();
    let ada = client.user("ada", json!({ "title": "T" })).await;
    let group = client.group("g", &[&ada]).await;
    for (path, operation) in [
        (&ada, json!({ "op": "add", "path": "title", "value": "T" })),
        (
            &group,
            json!({ "op": "add", "path": "members", "value": [{ "value": id(&ada) }] }),
        ),
        (
            &group,
            json!({ "op": "remove", "path": "members[value eq \"nobody\"]" }),
        ),
    ] {
        let before = client.get(path).await;
        client.patch(path, json!([operation])).await.is(200);
        assert_eq!(client.get(path).await.at(""), before.at(""));
    }
}

#[tokio::test]
async fn members_come_and_go_but_do_not_change() {
    let client = Client::new();
    let ada = client.user("ada", json!({})).await;
    let bob = client.user("bob", json!({})).await;
    let group = client.group("g", &[&ada]).await;
    let path = format!("members[value eq \"{}\"]", id(&ada));
    let swap = json!([{ "op": "replace", "path": format!("{path}.value"), "value": id(&bob) }]);
    client.patch(&group, swap).await.fails(400, "mutability");
    let swap = json!([{ "op": "replace", "path": path, "value": { "value": id(&bob) } }]);
    client.patch(&group, swap).await.fails(400, "mutability");
    let typed = json!([{ "op": "remove", "path": "members[type eq \"Group\"]" }]);
    client.patch(&group, typed).await.is(200);
    assert_eq!(client.get(&group).await.text("/members/0/value"), id(&ada));
    let typed = json!([{ "op": "remove", "path": "members[type eq \"User\"]" }]);
    client.patch(&group, typed).await.is(200);
    assert_eq!(client.get(&group).await.at("/members"), Value::Null);
}

#[tokio::test]
async fn an_operation_in_capitals_means_what_entra_id_means() {
    let client = Client::new();
    let path = client.user("ada", json!({ "active": true })).await;
    let absent = "emails[type eq \"work\"].value";
    let small = json!([{ "op": "replace", "path": absent, "value": "a@x.example" }]);
    client.patch(&path, small).await.fails(400, "noTarget");
    let small = json!([{ "op": "replace", "path": "active", "value": "False" }]);
    client.patch(&path, small).await.fails(400, "invalidValue");
    let capital = json!([
        { "op": "Replace", "path": absent, "value": "a@x.example" },
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin" },
    ]);
    client.patch(&path, capital).await.is(200);
    let now = client.get(&path).await;
    assert_eq!(
        now.at("/emails/0"),
        json!({ "value": "a@x.example", "type": "work" })
    );
    assert_eq!(now.at("/active"), false);
    assert_eq!(
        now.at("/roles/0"),
        json!({ "value": "admin", "primary": true })
    );
}

#[tokio::test]
async fn a_manager_comes_in_several_forms_and_goes_with_an_empty_id() {
    let client = Client::new();
    let path = client.user("ada", json!({})).await;
    let boss = client.user("bob", json!({})).await;
    let whole = format!("{}:manager", urn::ENTERPRISE_USER);
    let shown = format!("/{}/manager/value", urn::ENTERPRISE_USER);
    for (target, value) in [
        ("manager", json!([{ "value": id(&boss) }])),
        (whole.as_str(), json!(id(&boss))),
        (whole.as_str(), json!({ "value": id(&boss) })),
    ] {
        let set = json!([{ "op": "add", "path": target, "value": value }]);
        client.patch(&path, set).await.is(200);
        assert_eq!(client.get(&path).await.at(&shown), id(&boss), "{target}");
        for nothing in [json!(""), json!({ "value": "" })] {
            let clear = json!([{ "op": "replace", "path": whole, "value": nothing }]);
            client.patch(&path, clear).await.is(200);
            assert_eq!(client.get(&path).await.at(&shown), Value::Null, "{nothing}");
        }
    }
}

#[tokio::test]
async fn string_booleans_are_taken_when_asked_for() {
    let client = Client::with(Settings {
        string_booleans: true,
        ..Settings::default()
    });
    let path = client.user("ada", json!({ "active": "true" })).await;
    client
        .patch(
            &path,
            json!([{ "op": "replace", "path": "active", "value": "false" }]),
        )
        .await
        .is(200);
    assert_eq!(client.get(&path).await.at("/active"), false);
}
