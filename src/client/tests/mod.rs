//! The client against servers that break every rule: trouble → kind or defect, in bounded time and memory.

mod framing;
mod sending;
mod time;
mod tls;

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;

use super::bad_server::{BadServer, Peer};
use super::{Client, Http, Limits, Settings, Target};
use crate::clock::Clock;
use crate::exchange::{Exchange, FailureKind};
use crate::redact::Vault;
use crate::session::{Auth, Call, Content, Intent, Session, Via};

const TOKEN: &str = "s3cr3t-t0ken/with+odd=chars";

fn settings(base: &str) -> (Settings, Arc<Vault>) {
    let vault = Arc::new(Vault::new());
    let mut settings = Settings::new(Target::parse(base, true).unwrap());
    settings.token = Some(vault.learn("token", TOKEN));
    settings.run_id = "run1".into();
    settings.clock = Clock::virtual_now();
    (settings, vault)
}

fn call(method: Method, path: &str) -> Call {
    Call {
        case: "case".into(),
        step: "step".into(),
        method,
        path: path.into(),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        auth: Auth::Main,
        via: Via::default(),
        intent: Intent::Read,
    }
}

async fn get_with(settings: Settings, vault: &Arc<Vault>) -> Exchange {
    let client = Client::new(settings, Arc::clone(vault)).unwrap();
    let begun = Instant::now();
    let exchange = client.send(call(Method::GET, "/Users/1")).await;
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "it took {:?}",
        begun.elapsed()
    );
    exchange
}

async fn get(server: &BadServer) -> Exchange {
    let (settings, vault) = settings(&server.base("http"));
    get_with(settings, &vault).await
}

/// The exchange failed in this way.
async fn fails(name: &str, bytes: impl Into<Vec<u8>>, kinds: &[FailureKind], part: &str) {
    let exchange = get(&BadServer::sending(bytes)).await;
    assert_failed(name, &exchange, kinds, part);
}

fn assert_failed(name: &str, exchange: &Exchange, kinds: &[FailureKind], part: &str) {
    let failure = exchange.failure.as_ref();
    let failure = failure.unwrap_or_else(|| panic!("{name}: {:?}", exchange.response));
    assert!(kinds.contains(&failure.kind), "{name}: {failure:?}");
    assert!(failure.detail.contains(part), "{name}: {failure:?}");
    assert!(exchange.response.is_none(), "{name}");
}

/// The response is usable, with these defects of the wire.
async fn answers(name: &str, bytes: impl Into<Vec<u8>>, defects: &[&str]) -> Exchange {
    let exchange = get(&BadServer::sending(bytes)).await;
    assert!(exchange.failure.is_none(), "{name}: {:?}", exchange.failure);
    let found: Vec<&str> = exchange
        .response
        .iter()
        .flat_map(|response| response.wire.iter().map(|defect| defect.code.as_str()))
        .collect();
    assert_eq!(found, defects, "{name}: {:?}", exchange.response);
    exchange
}

fn ok(headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.into_bytes(), body.to_vec()].concat()
}
