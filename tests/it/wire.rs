//! What no answer of the provider in process can show: a server that breaks HTTP itself, over a socket,
//! heard by the real client and judged under the requirement that it breaks.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use scimitar::check::{Context, Judgement, invariant};
use scimitar::client::{Client, Settings, Target};
use scimitar::exchange::Exchange;
use scimitar::redact::Vault;
use scimitar::requirement::{Catalogue, Status};
use scimitar::scim::capabilities::Capabilities;
use scimitar::session::{Auth, Call, Intent, Session, Via};

const LENGTH: &str = "http-9112-6.3-length-is-unambiguous";
const MESSAGE: &str = "http-9112-2.2-message-is-well-formed";
const CODING: &str = "http-9110-8.4-coding-decodes";
const STATUS: &str = "http-9110-15-status-is-three-digits";
const REDIRECT: &str = "http-9110-15.4-redirects-stay-on-the-origin";

/// A server that answers every connection with these bytes.
fn sending(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            answer(stream, &bytes);
        }
    });
    address
}

/// Reads the head of one request and answers it.
fn answer(mut stream: TcpStream, bytes: &[u8]) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let (mut head, mut one) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut one) {
            Ok(1) => head.push(one[0]),
            _ => return,
        }
    }
    let _ = stream.write_all(bytes);
}

async fn read(address: SocketAddr) -> (String, Exchange) {
    let base = format!("http://{address}/v2");
    let settings = Settings::new(Target::parse(&base, true).unwrap());
    let client = Client::new(settings, Arc::new(Vault::new())).unwrap();
    let call = Call {
        case: String::from("wire"),
        step: String::from("read"),
        method: http::Method::GET,
        path: String::from("/Users/1"),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        auth: Auth::None,
        via: Via::default(),
        intent: Intent::Read,
    };
    (base, client.send(call).await)
}

/// The requirements that one answer breaks by the invariant on the wire.
async fn broken(bytes: impl Into<Vec<u8>>) -> Vec<&'static str> {
    let (base, exchange) = read(sending(bytes.into())).await;
    let capabilities = Capabilities::default();
    let context = Context::new(&capabilities, &base);
    let judged = invariant::find("wire").unwrap().judge(&exchange, &context);
    assert!(!judged.is_empty(), "nothing was judged: {exchange:?}");
    judged
        .into_iter()
        .filter(|(_, judgement)| matches!(judgement, Judgement::Broken(_)))
        .map(|(requirement, _)| requirement)
        .collect()
}

/// A response with these fields before the body.
fn response(start: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {start}\r\n{fields}\r\n");
    [head.into_bytes(), body.to_vec()].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every way of breaking the wire: what is wrong, the requirement, the bytes.
fn breakages() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let sized = |start: &str, fields: &str, body: &[u8]| {
        let fields = format!("{fields}Content-Length: {}\r\n", body.len());
        response(start, &fields, body)
    };
    let user: &[u8] = br#"{"id":"1"}"#;
    let twice = gzip(&gzip(user));
    vec![
        (
            "two lengths",
            LENGTH,
            response(
                "200 OK",
                "Content-Length: 10\r\nContent-Length: 11\r\n",
                user,
            ),
        ),
        (
            "a length and chunks",
            LENGTH,
            response(
                "200 OK",
                "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n",
                b"a\r\n{\"id\":\"1\"}\r\n0\r\n\r\n",
            ),
        ),
        (
            "a chunk whose size is no number",
            LENGTH,
            response("200 OK", "Transfer-Encoding: chunked\r\n", b"ten\r\n"),
        ),
        (
            "another protocol",
            MESSAGE,
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec(),
        ),
        (
            "a body without a head",
            MESSAGE,
            b"<html>down</html>\r\n\r\n".to_vec(),
        ),
        (
            "plain text under a gzip label",
            CODING,
            sized("200 OK", "Content-Encoding: gzip\r\n", user),
        ),
        (
            "a coding nobody asked for",
            CODING,
            sized("200 OK", "Content-Encoding: br\r\n", user),
        ),
        (
            "stacked codings",
            CODING,
            sized("200 OK", "Content-Encoding: gzip, gzip\r\n", &twice),
        ),
        ("status 999", STATUS, sized("999 Odd", "", user)),
        (
            "a redirect to another origin",
            REDIRECT,
            sized("302 Found", "Location: https://login.example/\r\n", b""),
        ),
    ]
}

#[tokio::test]
async fn what_breaks_the_wire_is_found_under_its_requirement() {
    for (name, requirement, bytes) in breakages() {
        assert_eq!(broken(bytes).await, [requirement], "{name}");
    }
}

#[tokio::test]
async fn sound_http_breaks_nothing() {
    let user = br#"{"id":"1"}"#;
    for (name, bytes) in [
        (
            "a length",
            response("200 OK", "Content-Length: 10\r\n", user),
        ),
        (
            "chunks",
            response(
                "200 OK",
                "Transfer-Encoding: chunked\r\n",
                b"a\r\n{\"id\":\"1\"}\r\n0\r\n\r\n",
            ),
        ),
        ("the end of the connection", response("200 OK", "", user)),
        (
            "gzip",
            response("200 OK", "Content-Encoding: gzip\r\n", &gzip(user)),
        ),
        (
            "a redirect at home",
            response(
                "308 Permanent Redirect",
                "Location: /v2/Users/1\r\nContent-Length: 0\r\n",
                b"",
            ),
        ),
    ] {
        assert_eq!(broken(bytes).await, [] as [&str; 0], "{name}");
    }
}

#[test]
fn what_the_catalogue_leaves_to_the_wire_is_broken_here() {
    let catalogue = Catalogue::embedded().unwrap();
    let rows = breakages();
    let left: Vec<&str> = catalogue
        .iter()
        .filter(|one| one.status == Status::Tested && one.no_fault.contains("wire.rs"))
        .map(|one| one.id.as_str())
        .collect();
    assert!(!left.is_empty());
    for id in left {
        assert!(
            rows.iter().any(|(_, requirement, _)| *requirement == id),
            "{id}"
        );
    }
}
