//! The request path against servers that behave and servers that don't.

mod framing;
mod keeping;
mod two;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;

use super::{Answer, Cause, Connection, Endpoint, Request, Trouble};
use crate::client::bad_server::BadServer;
use crate::client::{Http, Limits, Settings, Target};
use crate::redact::Vault;

const TOKEN: &str = "s3cr3t-t0ken/with+odd=chars";

fn connection(server: &BadServer, change: impl FnOnce(&mut Settings)) -> Connection {
    let vault = Vault::new();
    let mut settings = Settings::new(Target::parse(&server.base("http"), true).unwrap());
    settings.token = Some(vault.learn("token", TOKEN));
    settings.run_id = "run1".into();
    settings.http = Http::One;
    change(&mut settings);
    Arc::new(Endpoint::new(&settings, &vault).unwrap()).connection()
}

fn get() -> Request {
    Request::new(Method::GET, "/scim/Users?count=1").unwrap()
}

fn post() -> Request {
    let post = Request::new(Method::POST, "/scim/Users").unwrap();
    post.body("application/scim+json", "{}")
}

fn ok(headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The usual limits of time, and a cap that is soon reached.
fn capped(settings: &mut Settings) {
    settings.limits.body = 1 << 20;
}

/// Limits of time that are short enough to wait for, and long enough for a busy machine.
fn short(settings: &mut Settings) {
    settings.limits = Limits {
        headers: Duration::from_millis(300),
        total: Duration::from_millis(900),
        ..Limits::default()
    };
}

async fn bounded(
    name: &str,
    connection: &mut Connection,
    request: &Request,
) -> Result<Answer, Trouble> {
    let begun = Instant::now();
    let result = connection.send(request).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(15), "{name}: it took {took:?}");
    result
}

/// A request to this server fails so, and the next one, if the server lets it, is not harmed by it.
async fn fails(name: &str, server: &BadServer, expected: &[Cause], part: &str) {
    let mut connection = connection(server, capped);
    let trouble = bounded(name, &mut connection, &get()).await.unwrap_err();
    assert!(expected.contains(&trouble.cause), "{name}: {trouble:?}");
    assert!(trouble.detail.contains(part), "{name}: {trouble:?}");
    assert!(trouble.reached, "{name}: {trouble:?}");
}

/// A request to a server that sends these bytes and closes is answered so.
async fn answers(name: &str, bytes: impl Into<Vec<u8>>, status: u16, body: &[u8]) -> Answer {
    let server = BadServer::sending(bytes);
    let mut connection = connection(&server, capped);
    let answer = bounded(name, &mut connection, &get()).await;
    let answer = answer.unwrap_or_else(|trouble| panic!("{name}: {trouble:?}"));
    assert_eq!((answer.status, &answer.body[..]), (status, body), "{name}");
    answer
}

#[tokio::test]
async fn a_request_goes_out_with_what_it_needs_and_its_answer_comes_whole() {
    let fields = "ETag: \"1\"\r\nlocation:/x \r\nX-Odd: a\r\nX-Odd: b\r\n";
    let server = BadServer::answering(&[&ok(fields, "{\"id\":\"1\"}")]);
    let mut connection = connection(&server, |_| {});
    let answer = connection.send(&get()).await.unwrap();
    assert_eq!(
        (answer.status, &answer.body[..]),
        (200, &b"{\"id\":\"1\"}"[..])
    );
    assert_eq!(
        (answer.etag(), answer.location(), answer.retry_after()),
        (Some("\"1\""), Some("/x"), None)
    );
    let odd = answer
        .headers()
        .into_iter()
        .filter(|(name, _)| *name == "X-Odd");
    assert_eq!(
        odd.map(|(_, value)| value).collect::<Vec<_>>(),
        [b"a", b"b"]
    );
    assert!(answer.at.sent <= answer.at.headers && answer.at.headers <= answer.at.done);
    assert_eq!(
        (answer.received, answer.id.connection, answer.id.n),
        (10, 0, 1)
    );
    let post = post().header("If-Match", "W/\"1\"").unwrap();
    connection
        .send(&post.header("accept", "x/y").unwrap())
        .await
        .unwrap();
    connection.endpoint().authorize("other").unwrap();
    connection.send(&get()).await.unwrap();
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /scim/Users?count=1 HTTP/1.1\r\nhost: "));
    let host = format!("host: {}\r\n", server.address);
    let token = format!("authorization: Bearer {TOKEN}\r\n");
    let check = |n: usize, parts: &[&str], absent: &str| {
        let request = &requests[n];
        for part in parts {
            assert_eq!(request.matches(part).count(), 1, "{part} in {request}");
        }
        assert!(!request.contains(absent), "{request}");
    };
    let accept = "accept: application/scim+json\r\n";
    let id = "x-request-id: run1-0-1\r\n";
    check(0, &[&host, &token, accept, id], "content-length");
    let id = "x-request-id: run1-0-2\r\n";
    let content = "content-type: application/scim+json\r\n";
    let condition = "if-match: W/\"1\"\r\n";
    check(
        1,
        &[&host, &token, id, content, condition, "accept: x/y\r\n"],
        accept,
    );
    check(1, &["content-length: 2\r\n", "\r\n\r\n{}"], "\r\n\r\n\r\n");
    check(2, &["authorization: Bearer other\r\n"], TOKEN);
    assert_eq!(server.connections(), 1);
    assert_eq!(connection.endpoint().opened(), 1);
}

#[tokio::test]
async fn what_no_request_line_can_hold_is_refused() {
    for target in [
        "",
        "Users",
        "http://other/x",
        "/a b",
        "/a\r\nx: y",
        "/a#b",
        "//[x",
    ] {
        let made = Request::new(Method::GET, target.to_owned());
        let allowed = target == "//[x";
        assert_eq!(made.is_ok(), allowed, "{target:?}");
    }
    assert!(get().header("a b", "c").is_err());
    assert!(get().header("a", "b\r\nc: d").is_err());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_no_other_origin_hears_of_it() {
    let other = BadServer::answering(&[&ok("", "{}")]);
    let to = format!(
        "HTTP/1.1 307 x\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        other.base("http")
    );
    let server = BadServer::answering(&[&to]);
    let mut connection = connection(&server, |_| {});
    assert_eq!(connection.send(&post()).await.unwrap().status, 307);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_target_that_is_not_there_is_named_as_such() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let check = async |base: String, expected: Cause| {
        let vault = Vault::new();
        let mut settings = Settings::new(Target::parse(&base, true).unwrap());
        settings.limits.connect = Duration::from_secs(2);
        let endpoint = Arc::new(Endpoint::new(&settings, &vault).unwrap());
        let trouble = endpoint.connection().send(&post()).await.unwrap_err();
        assert_eq!(
            (trouble.cause, trouble.reached),
            (expected, false),
            "{trouble:?}"
        );
    };
    check(format!("http://127.0.0.1:{port}"), Cause::Refused).await;
    let server = BadServer::sending("no TLS here\r\n\r\n");
    check(format!("https://{}", server.address), Cause::Tls).await;
}
