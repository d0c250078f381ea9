//! The token endpoint, the gateway, and tokens beside the main one.

use std::time::Duration;

use super::*;
use crate::provider::{Gateway, OAuth};
use crate::session::{Key, Secret, Spot, To, Via};

/// `client:s3cret+` as `Basic` has it, each part encoded as in a form.
const BASIC: &str = "Basic Y2xpZW50OnMzY3JldCUyQg==";

fn client() -> Client {
    let token = |text: &str| Some(Token::new(text));
    Client::with(Settings {
        clock: Clock::virtual_now(),
        expired_token: token("expired-token"),
        rotated_token: token("rotated-token"),
        overlap: Some(Duration::from_secs(60)),
        revoked_token: token("revoked-token"),
        foreign_token: token("foreign-token"),
        oauth: Some(OAuth {
            client_id: "client".into(),
            client_secret: Token::new("s3cret+"),
            lifetime: Duration::from_secs(300),
            refresh_token: token("refresh-token"),
        }),
        gateway: Some(Gateway {
            first: Token::new("first-key"),
            second: Token::new("second-key"),
        }),
        ..Settings::default()
    })
}

/// A request at the token endpoint.
fn asks(form: &str, basic: Option<&str>) -> Call {
    Call {
        body: Some(Content {
            media_type: "application/x-www-form-urlencoded".into(),
            bytes: Bytes::from(form.to_owned()),
        }),
        auth: basic.map_or(Auth::None, |basic| Auth::Header(basic.into())),
        via: Via {
            to: To::TokenEndpoint,
            secrets: vec![Secret {
                name: "issued".into(),
                at: Spot::Body("/access_token".into()),
            }],
            ..Via::default()
        },
        ..call(Method::POST, "", None)
    }
}

fn with_token(method: Method, path: &str, token: &str) -> Call {
    let body =
        (method == Method::POST).then(|| json!({ "schemas": [urn::USER], "userName": "somebody" }));
    Call {
        auth: Auth::Header(format!("Bearer {token}")),
        ..call(method, path, body)
    }
}

#[tokio::test]
async fn a_client_gets_a_token_by_its_credential_in_either_place() {
    let client = client();
    let body = "grant_type=client_credentials&client_id=client&client_secret=s3cret%2B";
    for call in [
        asks(
            "grant_type=client_credentials&scope=scim.write",
            Some(BASIC),
        ),
        asks(body, None),
        asks(
            "grant_type=refresh_token&refresh_token=refresh-token",
            Some(BASIC),
        ),
    ] {
        let answer = client.send(call).await;
        answer.is(200);
        assert_eq!(answer.at("/token_type"), "Bearer");
        assert_eq!(answer.at("/expires_in"), 300);
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = answer.text("/access_token");
        assert!(token.starts_with("‹secret:issued"), "{token}");
        client
            .send(with_token(Method::GET, "/Users", &token))
            .await
            .is(200);
        client.clock().sleep(Duration::from_secs(301)).await;
        client
            .send(with_token(Method::GET, "/Users", &token))
            .await
            .fails(401, "");
    }
}

#[tokio::test]
async fn a_token_may_do_what_its_scope_says() {
    let client = client();
    let form = "grant_type=client_credentials&scope=scim.read";
    let answer = client.send(asks(form, Some(BASIC))).await;
    assert_eq!(answer.at("/scope"), "scim.read");
    let token = answer.text("/access_token");
    client
        .send(with_token(Method::GET, "/Users", &token))
        .await
        .is(200);
    client
        .send(with_token(Method::POST, "/Users", &token))
        .await
        .fails(403, "");
}

#[tokio::test]
async fn a_request_of_a_token_is_refused_as_oauth_says() {
    let client = client();
    let check = async |form: &str, basic: Option<&str>, status: u16, code: &str| {
        let answer = client.send(asks(form, basic)).await;
        answer.is(status);
        assert_eq!(answer.at("/error"), code, "{form}");
        assert_eq!(answer.header("cache-control"), "no-store", "{form}");
        let challenged = !answer.header("www-authenticate").is_empty();
        assert_eq!(challenged, status == 401, "{form}");
    };
    let wanted = "grant_type=client_credentials";
    let in_body = "grant_type=client_credentials&client_id=client&client_secret=s3cret%2B";
    check(wanted, None, 401, "invalid_client").await;
    check(wanted, Some("Basic Y2xpZW50Ong="), 401, "invalid_client").await;
    check(wanted, Some("Bearer opensesame"), 401, "invalid_client").await;
    check(in_body, Some(BASIC), 400, "invalid_request").await;
    check("scope=scim.read", Some(BASIC), 400, "invalid_request").await;
    check(
        "grant_type=password",
        Some(BASIC),
        400,
        "unsupported_grant_type",
    )
    .await;
    check(
        "grant_type=client_credentials&grant_type=password",
        Some(BASIC),
        400,
        "invalid_request",
    )
    .await;
    check(
        "grant_type=client_credentials&scope=other",
        Some(BASIC),
        400,
        "invalid_scope",
    )
    .await;
    check(
        "grant_type=refresh_token&refresh_token=other",
        Some(BASIC),
        400,
        "invalid_grant",
    )
    .await;
    check(
        "grant_type=client_credentials&client_id=client&client_assertion=e30.e30.&client_assertion_type=x",
        None,
        401,
        "invalid_client",
    )
    .await;
    let mut json = asks("{}", Some(BASIC));
    if let Some(body) = &mut json.body {
        body.media_type = "application/json".into();
    }
    client.send(json).await.is(400);
    let get = Call {
        method: Method::GET,
        body: None,
        ..asks("", None)
    };
    let answer = client.send(get).await;
    answer.is(405);
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_gateway_wants_one_of_its_keys() {
    let client = client();
    let path = client.user("bjensen", json!({})).await;
    let behind = |method: Method, key: Key| Call {
        via: Via {
            to: To::Gateway,
            key,
            ..Via::default()
        },
        ..call(method, &path, None)
    };
    for key in [Key::First, Key::Second, Key::Header, Key::Query] {
        let answer = client.send(behind(Method::GET, key)).await;
        answer.is(200);
        let location = format!("https://provider.invalid/gateway/v2{path}");
        assert_eq!(answer.text("/meta/location"), location, "{key:?}");
    }
    for (key, part) in [(Key::None, "missing"), (Key::Wrong, "invalid")] {
        let answer = client.send(behind(Method::DELETE, key)).await;
        answer.is(401);
        assert_eq!(answer.at("/statusCode"), 401);
        assert_eq!(answer.at("/schemas"), Value::Null);
        assert!(answer.text("/message").contains(part), "{key:?}");
    }
    let keyed_only = Call {
        auth: Auth::None,
        ..behind(Method::GET, Key::First)
    };
    client.send(keyed_only).await.fails(401, "");
    client.get(&path).await.is(200);
}

#[tokio::test]
async fn a_token_is_taken_until_it_is_over() {
    let client = client();
    let read = async |token: &str| {
        let answer = client.send(with_token(Method::GET, "/Users", token)).await;
        (
            answer.0.status().unwrap_or_default(),
            answer.text("/detail"),
        )
    };
    assert_eq!(read("rotated-token").await.0, 200);
    for (token, why) in [
        ("expired-token", "has expired"),
        ("revoked-token", "was revoked"),
        ("foreign-token", "another audience"),
        ("unknown-token", "not accepted"),
    ] {
        let (status, detail) = read(token).await;
        assert_eq!(status, 401);
        assert!(detail.contains(why), "{token}: {detail}");
    }
    client.clock().sleep(Duration::from_secs(60)).await;
    assert_eq!(read("rotated-token").await.0, 401);
    assert_eq!(read("opensesame").await.0, 200);
}

#[tokio::test]
async fn without_settings_there_is_no_gateway_and_no_token_endpoint() {
    let client = Client::new();
    client
        .send(asks("grant_type=client_credentials", Some(BASIC)))
        .await
        .fails(401, "");
    let behind = Call {
        via: Via {
            to: To::Gateway,
            ..Via::default()
        },
        ..call(Method::GET, "/Users", None)
    };
    client.send(behind).await.fails(404, "");
}
