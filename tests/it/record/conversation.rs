//! Conversations as identity providers hold them, recorded and played again.

use serde_json::{Value, json};

use super::{Recorder, escaped, replayed};
use crate::cli::{Served, TOKEN};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const PASSWORD: &str = "canary-Pa55word!";

fn matching(filter: &str) -> String {
    format!("/Users?filter={}", escaped(filter))
}

fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

fn joiner(name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": name, "active": true,
        "displayName": "Brynhild Quackenbush", "password": PASSWORD,
        "name": { "formatted": "Brynhild Quackenbush", "familyName": "Quackenbush", "givenName": "Brynhild" },
        "emails": [{ "primary": true, "type": "work", "value": name }],
        "phoneNumbers": [{ "type": "mobile", "value": "+49 30 90182077" }],
        "addresses": [{ "type": "work", "streetAddress": "Nibelungenstrasse 78", "country": "DE" }],
        ENTERPRISE: { "employeeNumber": "7019847", "department": "Zymurgy" }
    })
}

/// A request that has to succeed, with or without a body in its answer.
#[track_caller]
fn change(client: &Recorder, path: &str, operations: &Value, more: &[&str]) {
    let body = json!({ "schemas": [PATCH], "Operations": operations });
    let reply = client.send("PATCH", path, &body.to_string(), more);
    assert!((200..300).contains(&reply.status), "{path}: {}", reply.body);
}

#[track_caller]
fn assert_holds(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
}

#[test]
fn a_conversation_like_entra_ids_is_played_again() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let client = Recorder::start(
        folder.path(),
        &served.base,
        &["--title", "Joiner and leaver"],
    );
    let name = "Brynhild.Quackenbush@wonkatest.example.org";
    let found = client.json(
        "GET",
        &matching(&format!("userName eq \"{name}\"")),
        &Value::Null,
        200,
    );
    assert_eq!(found["totalResults"], 0);
    let user = id(&client.json("POST", "/Users", &joiner(name), 201));
    let group = json!({ "schemas": [GROUP], "displayName": "Zymurgy Folk", "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159" });
    let group = id(&client.json("POST", "/Groups", &group, 201));
    let of_user = format!("/Users/{user}");
    let of_group = format!("/Groups/{group}");
    let add = json!([{ "op": "Add", "path": "members", "value": [{ "value": user }] }]);
    change(&client, &of_group, &add, &[]);
    let member = format!(
        "/Groups?filter={}&excludedAttributes=members",
        escaped(&format!("id eq \"{group}\" and members eq \"{user}\""))
    );
    assert_eq!(
        client.json("GET", &member, &Value::Null, 200)["totalResults"],
        1
    );
    let head = client.send("GET", &of_user, "", &[]).head;
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .unwrap();
    let married = json!([
        { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "Brynhild.Featherstone@wonkatest.example.org" },
        { "op": "Replace", "path": "name.familyName", "value": "Featherstone" }
    ]);
    change(&client, &of_user, &married, &[&format!("If-Match: {tag}")]);
    let remove = json!([{ "op": "Remove", "path": format!("members[value eq \"{user}\"]") }]);
    change(&client, &of_group, &remove, &[]);
    client.json(
        "POST",
        "/Users",
        &json!({ "schemas": [USER], "userName": name.to_uppercase() }),
        409,
    );
    client.json(
        "GET",
        "/Users/54D382A4-2050-4C03-94D1-E769F1D15682",
        &Value::Null,
        404,
    );
    client.json("DELETE", &of_user, &Value::Null, 204);
    client.json("GET", &of_user, &Value::Null, 404);
    let recorded = client.stop();
    let unwanted = [
        PASSWORD,
        "brynhild",
        "quackenbush",
        "featherstone",
        "wonkatest",
        "90182077",
        "nibelungen",
        "7019847",
        "zymurgy",
        &user,
        &group,
        "0a21f0f2",
        "54d382a4",
    ];
    let text = replayed(folder.path(), &recorded, &unwanted);
    assert_holds(
        &text,
        &[
            "title: \"Joiner and leaver\"",
            "id1: /id",
            "\"password\": \"{{password}}\"",
            "members[value eq \\\"{{id1}}\\\"]",
            "id eq \\\"{{id2}}\\\" and members eq \\\"{{id1}}\\\"",
            "{ list: { total: 0 }, covers: rfc7644-3.4.2-no-match-answers-200 }",
            "list: { total: 1, contains: [\"{{id2}}\"] }",
            "If-Match: \"{{etag1}}\"",
            "get: \"/Users/{{uuid}}\"",
            "status: 409, covers: rfc7644-3.3-duplicate-create-answers-409",
            "status: 404, covers: rfc7644-3.6-deleted-answers-404",
        ],
    );
}

#[test]
fn a_conversation_like_oktas_about_people_who_were_there_is_played_again() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let before = Recorder::start(folder.path(), &served.base, &["--max-requests", "2"]);
    let user =
        json!({ "schemas": [USER], "userName": "ottoline@wonkatest.example.org", "active": true });
    let user = id(&before.json("POST", "/Users", &user, 201));
    let group = id(&before.json(
        "POST",
        "/Groups",
        &json!({ "schemas": [GROUP], "displayName": "Gobstoppers" }),
        201,
    ));
    assert_eq!(before.ended().code, 0);
    std::fs::remove_file(folder.path().join("out/case.yaml")).unwrap();

    let client = Recorder::start(folder.path(), &served.base, &[]);
    let name = "ottoline@wonkatest.example.org";
    let plus = format!(
        "/Users?filter=userName+eq+%22{}%22&startIndex=1&count=100",
        escaped(name)
    );
    assert_eq!(
        client.json("GET", &plus, &Value::Null, 200)["totalResults"],
        1
    );
    let mut replaced = client.json("GET", &format!("/Users/{user}"), &Value::Null, 200);
    replaced["name"] = json!({ "givenName": "Ottoline", "familyName": "Fizzlewick" });
    client.json("PUT", &format!("/Users/{user}"), &replaced, 200);
    let push = json!({ "schemas": [PATCH], "Operations": [
        { "op": "remove", "path": "members" },
        { "op": "add", "path": "members", "value": [{ "value": user, "display": name }] }
    ] });
    client.send("PATCH", &format!("/Groups/{group}"), &push.to_string(), &[]);
    let off = json!({ "schemas": [PATCH], "Operations": [{ "op": "replace", "value": { "active": false } }] });
    let off = client.send(
        "PATCH",
        &format!("/Users/{user}"),
        &off.to_string(),
        &[
            "User-Agent: Okta SCIM Client 1.0.0",
            "Cookie: sid=canary-cookie-1",
        ],
    );
    assert!((200..300).contains(&off.status), "{}", off.body);
    let text = replayed(
        folder.path(),
        &client.stop(),
        &[
            "ottoline",
            "fizzlewick",
            "wonkatest",
            "canary-cookie",
            "gobstoppers",
            &user,
            &group,
        ],
    );
    assert_holds(
        &text,
        &[
            "- { user: u1, with: { userName: \"{{run}}-{{case}}-",
            "- { group: g1",
            "put: \"/Users/{{u1.id}}\"",
            "\"value\": \"{{u1.id}}\"",
            "query: \"filter=userName+eq+%22{{run}}-{{case}}-",
            "list: { total: 1, contains: [\"{{u1.id}}\"] }",
            "User-Agent: \"Okta SCIM Client 1.0.0\"",
        ],
    );
}

#[test]
fn what_belongs_to_the_hour_is_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let client = Recorder::start(folder.path(), &served.base, &[]);
    let plain = |line: &str, more: &str| {
        client.raw(
            format!("{line} HTTP/1.1\r\nHost: x\r\n{more}Connection: close\r\n\r\n").as_bytes(),
        )
    };
    assert_eq!(plain("GET /v2/Users?count=1", "").status, 401);
    assert_eq!(
        plain(
            "GET /v2/Users?count=1",
            "Authorization: Bearer canary-wrong-token\r\n"
        )
        .status,
        401
    );
    assert_eq!(plain("GET /elsewhere", "").status, 401);
    client.json(
        "GET",
        "/Users?count=1&access_token=canary-query-token",
        &Value::Null,
        200,
    );
    client.json(
        "POST",
        "/Users",
        &json!({ "schemas": [USER], "userName": "a" }),
        201,
    );
    let recorded = client.stop();
    for wanted in [
        "request 3 (GET /) is left out: its path",
        "loses the parameter access_token",
    ] {
        assert!(recorded.err.contains(wanted), "{}", recorded.err);
    }
    let text = replayed(folder.path(), &recorded, &["canary", TOKEN]);
    assert!(
        text.contains("auth: none") && text.contains("Bearer {{uuid}}"),
        "{text}"
    );
    assert!(!text.contains("elsewhere"), "{text}");
}
