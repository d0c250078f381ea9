//! Bulk requests.

use super::*;
use crate::provider::Limits;

async fn run(client: &Client, operations: Value, fail_on_errors: Option<u64>) -> Answer {
    let mut body = json!({ "schemas": [urn::BULK_REQUEST], "Operations": operations });
    if let Some(limit) = fail_on_errors {
        body["failOnErrors"] = limit.into();
    }
    client.post("/Bulk", body).await
}

fn user(name: &str, handle: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": handle,
        "data": { "schemas": [urn::USER], "userName": name } })
}

fn group(name: &str, handle: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|one| json!({ "value": format!("bulkId:{one}") }))
        .collect();
    json!({ "method": "POST", "path": "/Groups", "bulkId": handle,
        "data": { "schemas": [urn::GROUP], "displayName": name, "members": members } })
}

fn statuses(answer: &Answer) -> Vec<String> {
    let operations = answer.at("/Operations");
    let status = |operation: &Value| operation["status"].as_str().unwrap().to_owned();
    operations.as_array().unwrap().iter().map(status).collect()
}

#[tokio::test]
async fn operations_are_done_and_reported() {
    let client = Client::new();
    let old = client.user("old", json!({})).await;
    let tag = client.get(&old).await.header("etag");
    let answer = run(
        &client,
        json!([
            user("new", "a"),
            { "method": "PATCH", "path": old, "version": "W/\"zz\"",
              "data": { "schemas": [urn::PATCH_OP], "Operations": [{ "op": "add", "path": "title", "value": "T" }] } },
            { "method": "put", "path": old, "version": tag, "data": { "schemas": [urn::USER], "userName": "Old" } },
            user("NEW", "b"),
            { "method": "PATCH", "path": "/Users/bulkId:a",
              "data": { "schemas": [urn::PATCH_OP], "Operations": [{ "op": "add", "path": "title", "value": "T" }] } },
            { "method": "DELETE", "path": old },
            { "method": "DELETE", "path": old },
            { "method": "GET", "path": old },
            { "method": "POST", "path": "/Nothing", "bulkId": "z", "data": {} },
            { "method": "POST", "path": "/Users", "data": { "schemas": [urn::USER], "userName": "x" } },
        ]),
        None,
    )
    .await;
    answer.is(200);
    assert_eq!(answer.at("/schemas/0"), urn::BULK_RESPONSE);
    assert_eq!(
        statuses(&answer),
        [
            "201", "412", "200", "409", "200", "204", "404", "400", "404", "400"
        ]
    );
    let first = answer.at("/Operations/0");
    assert_eq!(
        (&first["method"], &first["bulkId"]),
        (&json!("POST"), &json!("a"))
    );
    assert_eq!(first["version"], answer.at("/Operations/0/version"));
    assert_eq!(answer.text("/Operations/4/location"), first["location"]);
    assert_eq!(answer.text("/Operations/3/response/scimType"), "uniqueness");
    assert_eq!(answer.at("/Operations/3/location"), Value::Null);
    assert!(answer.text("/Operations/6/location").ends_with(&old));
    let path = first["location"]
        .as_str()
        .unwrap()
        .strip_prefix("https://provider.invalid/v2")
        .unwrap();
    assert_eq!(client.get(path).await.text("/title"), "T");
}

#[tokio::test]
async fn references_point_back_forward_and_in_circles() {
    let client = Client::new();
    let answer = run(
        &client,
        json!([
            group("forward", "f", &["u"]),
            user("ada", "u"),
            group("one", "1", &["2", "u"]),
            group("two", "2", &["1"]),
            group("self", "s", &["s"]),
        ]),
        None,
    )
    .await;
    answer.is(200);
    assert_eq!(statuses(&answer), ["201"; 5]);
    let ada = client.get("/Users?filter=userName eq \"ada\"").await;
    let names: Vec<Value> = ada
        .at("/Resources/0/groups")
        .as_array()
        .unwrap()
        .iter()
        .map(|group| json!([group["display"], group["type"]]))
        .collect();
    assert_eq!(
        names,
        [
            json!(["forward", "direct"]),
            json!(["one", "direct"]),
            json!(["two", "indirect"])
        ]
    );
    assert!(
        !client
            .get("/Groups")
            .await
            .at("")
            .to_string()
            .contains("bulkId")
    );
}

#[tokio::test]
async fn what_cannot_be_resolved_is_not_stored() {
    let client = Client::new();
    client.user("taken", json!({})).await;
    let mut broken = user("loop", "p");
    broken["data"][urn::ENTERPRISE_USER] = json!({ "manager": { "value": "bulkId:q" } });
    broken["data"]["schemas"] = json!([urn::USER, urn::ENTERPRISE_USER]);
    let mut other = user("TAKEN", "q");
    other["data"][urn::ENTERPRISE_USER] = json!({ "manager": { "value": "bulkId:p" } });
    other["data"]["schemas"] = json!([urn::USER, urn::ENTERPRISE_USER]);
    let answer = run(
        &client,
        json!([
            group("a", "a", &["nobody"]),
            user("taken", "t"),
            group("b", "b", &["t"]),
            broken,
            other
        ]),
        None,
    )
    .await;
    assert_eq!(statuses(&answer), ["400", "409", "409", "409", "409"]);
    assert_eq!(client.names("/").await, ["taken"]);
}

#[tokio::test]
async fn fail_on_errors_stops() {
    let client = Client::new();
    client.user("taken", json!({})).await;
    let operations = json!([
        user("a", "1"),
        user("taken", "2"),
        user("b", "3"),
        user("taken", "4"),
        user("c", "5")
    ]);
    let answer = run(&client, operations, Some(2)).await;
    assert_eq!(statuses(&answer), ["201", "409", "201", "409"]);
    assert_eq!(answer.at("/failOnErrors"), Value::Null);
    assert_eq!(client.names("/Users").await, ["taken", "a", "b"]);
}

#[tokio::test]
async fn bad_requests_are_refused_whole() {
    let limits = Limits {
        max_operations: 2,
        ..Limits::default()
    };
    let client = Client::with(Settings {
        limits,
        ..Settings::default()
    });
    let too_many = run(
        &client,
        json!([user("a", "1"), user("b", "2"), user("c", "3")]),
        None,
    )
    .await;
    too_many.fails(413, "");
    assert!(too_many.text("/detail").contains("maxOperations"));
    run(&client, json!([user("a", "1"), user("b", "1")]), None)
        .await
        .fails(400, "invalidValue");
    run(&client, json!({}), None)
        .await
        .fails(400, "invalidSyntax");
    run(&client, json!([1]), None)
        .await
        .fails(400, "invalidSyntax");
    run(&client, json!([{ "path": "/Users" }]), None)
        .await
        .fails(400, "invalidSyntax");
    run(&client, json!([]), Some(0))
        .await
        .fails(400, "invalidValue");
    client
        .post("/Bulk", json!({ "Operations": [] }))
        .await
        .fails(400, "invalidSyntax");
    assert_eq!(client.names("/Users").await, Vec::<String>::new());
}
