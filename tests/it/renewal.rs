//! The client that gets its own token: from a provider whose clock runs ahead, over loopback.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scimitar::client::{self, Client, Target};
use scimitar::clock::Clock;
use scimitar::exchange::Exchange;
use scimitar::provider::{self, Provider, Token, serve, token};
use scimitar::redact::Vault;
use scimitar::session::{Auth, Call, Intent, Session, Via};

const SECRET: &str = "canary-of-the-client";

/// A provider and a client that gets its token there; the provider's clock.
async fn started(secret: &str, shared: bool) -> (Client, Clock) {
    let clock = Clock::virtual_now();
    let provider = Provider::new(provider::Settings {
        oauth: Some(provider::OAuth {
            client_id: String::from("client"),
            client_secret: Token::new(SECRET),
            lifetime: Duration::from_secs(300),
            refresh_token: None,
        }),
        clock: clock.clone(),
        ..provider::Settings::default()
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve(&provider, listener, None, std::future::pending()).await });
    let vault = Arc::new(Vault::new());
    let mut settings =
        client::Settings::new(Target::parse(&format!("{origin}/v2"), false).unwrap());
    settings.oauth = Some(client::OAuth {
        endpoint: Target::parse(&format!("{origin}{}", token::PATH), false).unwrap(),
        tail: "",
        client_id: String::from("client"),
        secret: vault.learn("client-secret", secret),
        basic: vault.learn("client-basic", &STANDARD.encode(format!("client:{secret}"))),
        in_body: false,
        scope: None,
        signs_in: true,
    });
    if shared {
        settings.clock = clock.clone();
    }
    (Client::new(settings, vault).unwrap(), clock)
}

async fn read(client: &Client) -> Exchange {
    let call = Call {
        case: String::from("renewal"),
        step: String::from("read"),
        method: http::Method::GET,
        path: String::from("/Users"),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        auth: Auth::Main,
        intent: Intent::Read,
        via: Via::default(),
    };
    client.send(call).await
}

fn credential(exchange: &Exchange) -> &str {
    let fields = &exchange.request.headers;
    let field = fields.iter().find(|field| field.name == "Authorization");
    field.map_or("", |field| field.value.as_str())
}

#[tokio::test]
async fn a_token_is_got_once_and_again_when_it_is_over() {
    for shared in [true, false] {
        let (client, clock) = started(SECRET, shared).await;
        for _ in 0..3 {
            let exchange = read(&client).await;
            assert_eq!(exchange.status(), Some(200), "{exchange:?}");
            assert_eq!(credential(&exchange), "Bearer ‹secret:access-token›");
        }
        assert_eq!(client.sent(), 4, "three reads and one token");
        clock.sleep(Duration::from_secs(301)).await;
        let exchange = read(&client).await;
        assert_eq!(exchange.status(), Some(200), "{exchange:?}");
        assert_eq!(credential(&exchange), "Bearer ‹secret:access-token#2›");
        // A client that shares the clock knows that the token is over; another is told by a 401.
        assert_eq!(client.sent(), if shared { 6 } else { 7 });
    }
}

#[tokio::test]
async fn a_token_that_can_t_be_got_fails_the_exchange() {
    let (client, _) = started("wrong", true).await;
    let exchange = read(&client).await;
    let failure = exchange.failure.unwrap();
    assert!(
        failure.detail.contains("answered 401 (invalid_client"),
        "{failure:?}"
    );
    assert!(client.sign_in().await.is_err());
}
