//! Routes, methods, media types, sizes: what stands before SCIM.

use super::*;
use crate::provider::{Feature, Limits};

fn raw(method: Method, path: &str, media_type: &str, body: &str) -> Call {
    Call {
        body: Some(Content {
            media_type: media_type.to_owned(),
            bytes: Bytes::from(body.to_owned()),
        }),
        ..call(method, path, None)
    }
}

#[tokio::test]
async fn every_refusal_is_an_error_resource() {
    let client = Client::new();
    for path in [
        "/Nothing",
        "/users",
        "/Users/a/b",
        "/Users/a",
        "/v9/Users",
        "/Schemas/x",
        "/ResourceTypes/x",
    ] {
        client.get(path).await.fails(404, "");
    }
    let table = [
        (Method::PUT, "/Users", "GET, POST"),
        (Method::DELETE, "/Users", "GET, POST"),
        (Method::POST, "/Users/a", "GET, PUT, PATCH, DELETE"),
        (Method::GET, "/Bulk", "POST"),
        (Method::GET, "/.search", "POST"),
        (Method::POST, "/Schemas", "GET"),
        (Method::DELETE, "/ServiceProviderConfig", "GET"),
        (Method::OPTIONS, "/ResourceTypes", "GET"),
    ];
    for (method, path, allow) in table {
        let answer = client.send(call(method, path, None)).await;
        answer.fails(405, "");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let client = Client::new();
    let json = "application/scim+json";
    let good = format!("{{\"schemas\":[\"{}\"],\"userName\":\"NAME\"}}", urn::USER);
    let deep = format!(
        "{{\"schemas\":[\"{}\"],\"userName\":\"a\",\"x\":{}{}}}",
        urn::USER,
        "[".repeat(40),
        "]".repeat(40)
    );
    let table = [
        (json, good.replace("NAME", "a"), 201, ""),
        ("application/json", good.replace("NAME", "b"), 201, ""),
        (
            "application/scim+json; charset=utf-8",
            good.replace("NAME", "c"),
            201,
            "",
        ),
        (
            "application/scim+json; charset=latin1",
            good.replace("NAME", "d"),
            415,
            "",
        ),
        ("text/plain", good.replace("NAME", "e"), 415, ""),
        (json, good.replace('}', ""), 400, "invalidSyntax"),
        (json, String::new(), 400, "invalidSyntax"),
        (
            json,
            good.replace("{\"s", "{\"username\":\"x\",\"s"),
            400,
            "invalidSyntax",
        ),
        (json, deep, 400, "invalidSyntax"),
    ];
    for (media_type, body, status, keyword) in table {
        let answer = client
            .send(raw(Method::POST, "/Users", media_type, &body))
            .await;
        if status == 201 {
            answer.is(201);
        } else {
            answer.fails(status, keyword);
        }
    }
    assert_eq!(client.names("/Users").await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let limits = Limits {
        max_body: 200,
        max_payload_size: 100,
        ..Limits::default()
    };
    let client = Client::with(Settings {
        limits,
        ..Settings::default()
    });
    let body = |size| {
        format!(
            "{{\"schemas\":[\"{}\"],\"userName\":\"{}\"}}",
            urn::USER,
            "a".repeat(size)
        )
    };
    let json = "application/scim+json";
    client
        .send(raw(Method::POST, "/Users", json, &body(100)))
        .await
        .is(201);
    client
        .send(raw(Method::POST, "/Users", json, &body(200)))
        .await
        .fails(413, "");
    let bulk = client
        .send(raw(Method::POST, "/Bulk", json, &body(60)))
        .await;
    bulk.fails(413, "");
    assert!(bulk.text("/detail").contains("maxPayloadSize"));
}

#[tokio::test]
async fn the_media_type_follows_accept() {
    let client = Client::new();
    let get = |accept: &str| with_header(call(Method::GET, "/Users", None), "Accept", accept);
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("*/*", "application/scim+json"),
    ] {
        let answer = client.send(get(accept)).await;
        answer.is(200);
        assert_eq!(answer.header("content-type"), expected);
    }
    client.send(get("text/html")).await.fails(406, "");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let client = Client::new();
    let path = client.user("ada", json!({})).await;
    let get = client.get(&path).await;
    let head = client.send(call(Method::HEAD, &path, None)).await;
    head.is(200);
    let length = get.0.response.as_ref().unwrap().body.length;
    assert_eq!(head.header("content-length"), length.to_string());
    assert_eq!(head.0.response.as_ref().unwrap().body.length, 0);
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn features_can_be_left_out() {
    let without = Feature::NAMES.iter().map(|(_, feature)| *feature).collect();
    let client = Client::with(Settings {
        without,
        ..Settings::default()
    });
    let path = client.user("ada", json!({})).await;
    client
        .patch(&path, json!([{ "op": "remove", "path": "title" }]))
        .await
        .fails(501, "");
    client.post("/Bulk", json!({})).await.fails(501, "");
    client.get("/Users?filter=userName pr").await.fails(501, "");
    client.get("/Users?sortBy=nothing").await.is(200);
    client.get("/Groups").await.fails(404, "");
    let read = client
        .send(with_header(
            call(Method::GET, &path, None),
            "If-None-Match",
            "*",
        ))
        .await;
    read.is(200);
    assert_eq!(
        (read.header("etag"), read.at("/meta/version")),
        (String::new(), Value::Null)
    );
    let config = client.get("/ServiceProviderConfig").await;
    for feature in ["patch", "bulk", "filter", "sort", "etag", "changePassword"] {
        assert_eq!(
            config.at(&format!("/{feature}/supported")),
            false,
            "{feature}"
        );
    }
}
