//! The client against servers that break every rule: trouble → kind or defect, in bounded time and memory.

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
use crate::session::{Auth, Call, Content, Intent, Session};

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

#[tokio::test]
async fn framing_that_breaks_the_rules_is_named() {
    use FailureKind as K;
    let head = "HTTP/1.1 200 OK\r\n";
    let bad = |fields: &str| format!("{head}{fields}\r\n\r\nhello");
    fails(
        "length beyond the body",
        ok("", "hello").replace(": 5", ": 50"),
        &[K::Truncated],
        "",
    )
    .await;
    fails(
        "two lengths",
        bad("Content-Length: 5\r\nContent-Length: 6"),
        &[K::Framing],
        "content-length",
    )
    .await;
    fails(
        "negative length",
        bad("Content-Length: -1"),
        &[K::Framing],
        "content-length",
    )
    .await;
    fails(
        "length 2^64",
        bad("Content-Length: 18446744073709551616"),
        &[K::Framing],
        "content-length",
    )
    .await;
    let chunked = |rest: &str| format!("{head}Transfer-Encoding: chunked\r\n\r\n{rest}");
    fails(
        "chunk size overflow",
        chunked("FFFFFFFFFFFFFFFFF\r\nx"),
        &[K::Framing],
        "chunk size",
    )
    .await;
    fails(
        "chunk size no number",
        chunked("zz\r\nx"),
        &[K::Framing],
        "",
    )
    .await;
    let extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(40_000));
    fails(
        "endless chunk extension",
        chunked(&extension),
        &[K::Framing],
        "",
    )
    .await;
    fails(
        "no last chunk",
        chunked("5\r\nhello\r\n"),
        &[K::Truncated],
        "",
    )
    .await;
    fails("NUL in a value", bad("X-A: a\0b"), &[K::Framing], "header").await;
    fails(
        "ESC in a value",
        bad("X-A: \u{1b}[31m"),
        &[K::Framing],
        "header",
    )
    .await;
    fails("folded value", bad("X-A: a\r\n b"), &[K::Framing], "header").await;
}

#[tokio::test]
async fn what_is_no_http_or_has_no_end_to_its_head_is_named() {
    use FailureKind as K;
    fails(
        "status 099",
        "HTTP/1.1 099 x\r\n\r\n",
        &[K::Framing],
        "status",
    )
    .await;
    fails(
        "garbage",
        "SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n",
        &[K::NotHttp],
        "not HTTP",
    )
    .await;
    fails(
        "HTTP/0.9",
        "<html>hello</html>\r\n",
        &[K::NotHttp],
        "not HTTP",
    )
    .await;
    fails(
        "TLS alert",
        b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n".to_vec(),
        &[K::NotHttp],
        "https://",
    )
    .await;
    fails("closed without a word", "", &[K::Truncated, K::Reset], "").await;
    let fields = "X-A: b\r\n".repeat(121);
    fails("121 fields", ok(&fields, ""), &[K::HeadTooLarge], "limits").await;
    let long = format!("X-A: {}\r\n", "b".repeat(600 * 1024));
    fails(
        "a field of 600 KiB",
        ok(&long, ""),
        &[K::HeadTooLarge],
        "limits",
    )
    .await;
}

#[tokio::test]
async fn odd_responses_that_can_be_read_are_kept_with_their_defects() {
    let both = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let exchange = answers("length and chunked", both, &["length-and-chunked"]).await;
    assert_eq!(exchange.response.unwrap().body.text, "{}");
    let twice = "Location: /a\r\nLocation: /b\r\nETag: \"1\"\r\nETag: \"1\"\r\n";
    answers(
        "duplicates",
        ok(twice, "{}"),
        &["duplicate-header", "duplicate-header"],
    )
    .await;
    let types = "Content-Type: text/plain\r\nContent-Type: application/json\r\n";
    answers("two types", ok(types, "{}"), &["duplicate-header"]).await;
    let exchange = answers(
        "status 999",
        "HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n",
        &["status-range"],
    )
    .await;
    assert_eq!(exchange.status(), Some(999));
    let switching = "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    answers("101", switching, &["switching-protocols"]).await;
    let exchange = answers("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n{}", &[]).await;
    assert_eq!(exchange.response.unwrap().version, "HTTP/1.0");
    answers("204 with a body", "HTTP/1.1 204 No\r\n\r\nsurplus", &[]).await;
    let exchange = answers("100 fields", ok(&"X-A: b\r\n".repeat(99), "{}"), &[]).await;
    assert_eq!(exchange.response.unwrap().headers.len(), 100);
    let bytes = b"HTTP/1.1 200 OK\r\nX-A: a\xff\xfeb\r\nContent-Length: 0\r\n\r\n".to_vec();
    let exchange = answers("bytes that are no UTF-8", bytes, &[]).await;
    assert_eq!(
        exchange.response.unwrap().header("x-a"),
        Some("a\\xFF\\xFEb")
    );
    answers(
        "gzip nobody refused",
        gzipped("Content-Encoding: gzip\r\n", &gzip(b"{}")),
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_coding_that_was_asked_for_not_is_a_defect() {
    let server = BadServer::sending(gzipped("Content-Encoding: gzip\r\n", &gzip(b"{}")));
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    let mut call = call(Method::GET, "/Users");
    call.headers
        .push(("accept-encoding".into(), "identity".into()));
    let response = client.send(call).await.response.unwrap();
    assert_eq!(response.wire[0].code, "unrequested-coding");
    assert_eq!(response.body.text, "{}");
}

#[tokio::test]
async fn content_codings_that_do_not_decode_are_named_and_bombs_are_capped() {
    use FailureKind as K;
    let stacked = gzipped("Content-Encoding: gzip, gzip\r\n", &gzip(&gzip(b"{}")));
    fails("stacked", stacked, &[K::ContentCoding], "stacked").await;
    let fields = "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n";
    fails(
        "stacked fields",
        gzipped(fields, &gzip(b"{}")),
        &[K::ContentCoding],
        "stacked",
    )
    .await;
    fails(
        "br",
        gzipped("Content-Encoding: br\r\n", b"x"),
        &[K::ContentCoding],
        "'br'",
    )
    .await;
    let plain = gzipped("Content-Encoding: gzip\r\n", b"{\"plain\":true}");
    fails(
        "plain under a gzip label",
        plain,
        &[K::ContentCoding],
        "does not decode",
    )
    .await;
    let whole = gzip(b"{\"id\":\"1\"}");
    let torn = gzipped("Content-Encoding: gzip\r\n", &whole[..whole.len() - 9]);
    fails("torn gzip", torn, &[K::ContentCoding], "does not decode").await;

    let bomb = gzipped("Content-Encoding: gzip\r\n", &gzip(&vec![b' '; 32 << 20]));
    assert!(bomb.len() < 64 << 10);
    let server = BadServer::sending(bomb);
    let (settings, vault) = settings(&server.base("http"));
    let exchange = get_with(settings, &vault).await;
    assert_failed(
        "bomb",
        &exchange,
        &[K::BodyTooLarge],
        "cap of 16777216 bytes",
    );
    assert_eq!(exchange.failure.unwrap().status, Some(200));
}

#[tokio::test]
async fn a_body_without_end_stops_at_the_cap() {
    let server = BadServer::new(|peer, _| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        peer.forever(&[b'x'; 16 << 10], Duration::ZERO);
    });
    let (mut settings, vault) = settings(&server.base("http"));
    settings.limits.body = 1 << 20;
    let exchange = get_with(settings, &vault).await;
    assert_failed(
        "endless",
        &exchange,
        &[FailureKind::BodyTooLarge],
        "cap of 1048576",
    );
}

/// A server that is slow in some way, against limits that end it.
async fn times_out(
    name: &str,
    act: impl Fn(&mut Peer, usize) + Send + Sync + 'static,
    limits: Limits,
    kind: FailureKind,
) {
    let server = BadServer::new(act);
    let (mut settings, vault) = settings(&server.base("http"));
    settings.limits = limits;
    let exchange = get_with(settings, &vault).await;
    assert_failed(name, &exchange, &[kind], "within");
}

#[tokio::test]
async fn every_way_of_being_slow_meets_a_limit() {
    let short = Duration::from_millis(150);
    let pause = Duration::from_millis(20);
    let heads = Limits {
        headers: short,
        ..Limits::default()
    };
    times_out(
        "silence",
        |peer, _| peer.hold(),
        heads,
        FailureKind::HeaderTimeout,
    )
    .await;
    let trickle = move |peer: &mut Peer, _| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\nX-A: ");
        peer.forever(b"a", pause);
    };
    times_out("trickled head", trickle, heads, FailureKind::HeaderTimeout).await;
    let flood = move |peer: &mut Peer, _| {
        peer.request();
        peer.forever(
            b"HTTP/1.1 103 Early Hints\r\n\r\n",
            Duration::from_millis(1),
        );
    };
    times_out("endless 1xx", flood, heads, FailureKind::HeaderTimeout).await;
    let whole = Limits {
        total: Duration::from_millis(300),
        ..Limits::default()
    };
    let trickle = move |peer: &mut Peer, _| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        peer.forever(b"a", pause);
    };
    times_out("trickled body", trickle, whole, FailureKind::TotalTimeout).await;
    let idle = Limits {
        idle: short,
        ..Limits::default()
    };
    let server = BadServer::new(|peer, _| {
        peer.request();
        peer.write("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nx");
        peer.hold();
    });
    let (mut settings, vault) = settings(&server.base("http"));
    settings.limits = idle;
    let exchange = get_with(settings, &vault).await;
    assert_failed(
        "a body that stops",
        &exchange,
        &[FailureKind::IdleTimeout],
        "stopped",
    );
    assert_eq!(exchange.failure.unwrap().status, Some(201));
}

#[tokio::test]
async fn connections_that_end_early_are_told_apart() {
    use FailureKind as K;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let (refused, vault) = settings(&base);
    assert_failed(
        "refused",
        &get_with(refused, &vault).await,
        &[K::Refused],
        "",
    );
    let (unknown, vault) = settings(&format!("http://{}.invalid", "x".repeat(64)));
    assert_failed("name", &get_with(unknown, &vault).await, &[K::Dns], "");
    // Closing with unread bytes resets the connection.
    let reset = BadServer::new(|peer, _| {
        let mut some = [0; 10];
        let _ = std::io::Read::read_exact(&mut peer.stream, &mut some);
    });
    assert_failed("reset", &get(&reset).await, &[K::Reset, K::Truncated], "");
}

#[tokio::test]
async fn tls_trouble_is_told_apart() {
    use FailureKind as K;
    let plain = BadServer::new(|peer, _| {
        let mut some = [0; 5];
        let _ = std::io::Read::read_exact(&mut peer.stream, &mut some);
        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.hold();
    });
    let (https, vault) = settings(&plain.base("https"));
    let exchange = get_with(https, &vault).await;
    assert_failed("plain HTTP on a TLS port", &exchange, &[K::Tls], "http://");

    let silent = BadServer::new(|peer, _| peer.hold());
    let (mut stalled, vault) = settings(&silent.base("https"));
    stalled.limits.connect = Duration::from_millis(100);
    stalled.limits.tls = Duration::from_millis(100);
    assert_failed(
        "stalled",
        &get_with(stalled, &vault).await,
        &[K::Tls],
        "did not end within",
    );
}

/// A TLS server for `localhost` with a certificate of its own, and that certificate as PEM.
async fn tls_server() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut sink = [0; 4096];
                let _ = stream.read(&mut sink).await;
                let _ = stream.write_all(ok("", "{}").as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, made.cert.pem())
}

#[tokio::test]
async fn a_certificate_is_trusted_only_where_the_user_says_so() {
    let (port, pem) = tls_server().await;
    let base = format!("https://localhost:{port}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let stranger = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(stranger.path(), other.cert.pem()).unwrap();

    let (mut unknown, vault) = settings(&base);
    unknown.tls.cacert = Some(stranger.path().into());
    let exchange = get_with(unknown, &vault).await;
    assert_failed(
        "unknown issuer",
        &exchange,
        &[FailureKind::TlsCertificate],
        "certificate",
    );

    let (mut known, vault) = settings(&base);
    known.tls.cacert = Some(file.path().into());
    assert_eq!(get_with(known, &vault).await.status(), Some(200));

    let (mut elsewhere, vault) = settings(&format!("https://127.0.0.1:{port}"));
    elsewhere.tls.cacert = Some(file.path().into());
    let exchange = get_with(elsewhere, &vault).await;
    let kinds = [FailureKind::TlsCertificate];
    assert_failed("wrong name", &exchange, &kinds, "another host name");

    let (mut insecure, vault) = settings(&format!("https://127.0.0.1:{port}"));
    insecure.tls.insecure = true;
    assert_eq!(get_with(insecure, &vault).await.status(), Some(200));
}

#[test]
fn files_for_tls_are_named_when_they_are_of_no_use() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "no pem").unwrap();
    let check = |set: &dyn Fn(&mut Settings), part: &str| {
        let (mut settings, vault) = settings("https://localhost");
        set(&mut settings);
        let message = Client::new(settings, vault).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    let path = Some(file.path().to_owned());
    check(&|s| s.tls.cacert = path.clone(), "holds no PEM certificate");
    check(
        &|s| s.tls.cacert = Some("/no/such.pem".into()),
        "'/no/such.pem' can't be read",
    );
    check(&|s| s.tls.cert = path.clone(), "client certificate");
    check(&|s| s.tls.key = path.clone(), "--key needs --cert");
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_other_origin_hears_a_word() {
    let other = BadServer::sending(ok("", "{}"));
    let elsewhere = format!("http://{}/take", other.address);
    for status in [301, 302, 303, 307, 308] {
        let answer =
            format!("HTTP/1.1 {status} Go\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n");
        let server = BadServer::answering(&[&answer]);
        let (mut settings, vault) = settings(&server.base("http"));
        settings.headers = vec![("X-Api-Key".into(), "k3y-k3y-k3y".into())];
        let client = Client::new(settings, vault).unwrap();
        let mut post = call(Method::POST, "/Users");
        post.body = Some(Content {
            media_type: "application/scim+json".into(),
            bytes: Bytes::from_static(b"{\"password\":\"p\"}"),
        });
        let response = client.send(post).await.response.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(response.wire[0].code, "redirect");
        assert_eq!(server.requests().len(), 1);
    }
    let location =
        format!("HTTP/1.1 201 Created\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n");
    answers("a Location elsewhere", location, &[]).await;
    let same = "HTTP/1.1 302 Found\r\nLocation: /scim/Users/1\r\nContent-Length: 0\r\n\r\n";
    answers("a redirect at home", same, &[]).await;
    let odd = "HTTP/1.1 302 Found\r\nLocation: javascript:x\r\nContent-Length: 0\r\n\r\n";
    answers("a script", odd, &["redirect"]).await;
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn no_cookie_comes_back_and_no_surplus_becomes_an_answer() {
    let fake = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
    let server = BadServer::new(move |peer, _| {
        while peer.request().is_some() {
            let cookie = "Set-Cookie: a=b\r\n";
            peer.write(format!("{}{fake}", ok(cookie, "\"own\"")));
        }
    });
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    for _ in 0..3 {
        let exchange = client.send(call(Method::GET, "/Users")).await;
        let response = exchange.response.unwrap();
        assert_eq!(response.body.text, "\"own\"");
        assert_eq!(response.header("set-cookie"), Some("a=‹redacted›"));
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|text| !text.to_ascii_lowercase().contains("cookie"))
    );
}

#[tokio::test]
async fn a_throttling_server_is_waited_for_within_the_budget() {
    let slow = "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
    let unstated = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n";
    let down = "HTTP/1.1 503 Down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let day = "HTTP/1.1 429 Slow\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n";
    let dead = "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n";
    let fine = &ok("", "{}");
    let check = async |script: &[&str], status: Option<u16>, requests: usize| {
        let server = BadServer::answering(script);
        let exchange = get(&server).await;
        assert_eq!(
            exchange.status(),
            status,
            "{script:?}: {:?}",
            exchange.failure
        );
        assert_eq!(server.requests().len(), requests, "{script:?}");
        if status.is_none() {
            assert_failed(
                "throttled",
                &exchange,
                &[FailureKind::Throttled],
                "asks to wait",
            );
        }
    };
    check(&[slow, fine], Some(200), 2).await;
    check(&[unstated, unstated, fine], Some(200), 3).await;
    check(&[down, fine], Some(200), 2).await;
    check(&[dead, fine], Some(503), 1).await;
    check(&[day, fine], None, 1).await;
    check(&[slow, slow, slow, fine], None, 3).await;
}

#[tokio::test]
async fn a_stale_connection_is_tried_anew_for_reads_only() {
    let server = BadServer::new(|peer, n| {
        peer.request();
        peer.write(ok("", "{}"));
        if n == 0 {
            // The second request on this connection is read and dropped.
            peer.request();
        } else {
            while peer.request().is_some() {
                peer.write(ok("", "{}"));
            }
        }
    });
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    assert_eq!(
        client.send(call(Method::GET, "/a")).await.status(),
        Some(200)
    );
    assert_eq!(
        client.send(call(Method::GET, "/b")).await.status(),
        Some(200)
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn what_is_sent_is_what_was_asked_for_with_secrets_resolved_at_the_socket() {
    let server = BadServer::answering(&[&ok("", "{}")]);
    let (settings, vault) = settings(&server.base("http"));
    let password = vault.learn("password@case", "p\"a\\ss-w0rd-long");
    let client = Client::new(settings, vault).unwrap();
    let mut post = call(Method::POST, "/Users");
    post.query
        .push(("attributes".into(), "userName, urn:x:y".into()));
    post.headers
        .push(("accept".into(), "application/json".into()));
    post.body = Some(Content {
        media_type: "application/scim+json".into(),
        bytes: Bytes::from(format!("{{\"password\":\"{password}\",\"a\":1}}")),
    });
    let exchange = client.send(post).await;
    let sent = server.requests().remove(0);
    assert!(
        sent.starts_with("POST /scim/Users?attributes=userName,%20urn:x:y HTTP/1.1\r\n"),
        "{sent}"
    );
    let lower = sent.to_ascii_lowercase();
    assert!(
        lower.contains(&format!("authorization: bearer {TOKEN}\r\n")),
        "{sent}"
    );
    assert!(
        lower.contains("accept: application/json\r\n")
            && lower.matches("\r\naccept: ").count() == 1
    );
    assert!(lower.contains("accept-encoding: gzip\r\n"), "{sent}");
    assert!(lower.contains("x-request-id: run1-1\r\n") && lower.contains("user-agent: scimitar/"));
    assert!(
        sent.ends_with(r#"{"password":"p\"a\\ss-w0rd-long","a":1}"#),
        "{sent}"
    );
    let request = exchange.request;
    assert_eq!(
        request.body.as_ref().unwrap().text,
        format!("{{\"password\":\"{password}\",\"a\":1}}")
    );
    let authorization = request
        .headers
        .iter()
        .find(|header| header.name == "Authorization");
    assert_eq!(authorization.unwrap().value, "Bearer ‹secret:token›");
}

#[tokio::test]
async fn a_path_that_would_change_on_the_way_is_not_sent() {
    let server = BadServer::answering(&[&ok("", "{}")]);
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    for path in ["/Users/..", "/Users/%2e%2e/Groups", "/Users/a b"] {
        let exchange = client.send(call(Method::DELETE, path)).await;
        assert_failed(
            path,
            &exchange,
            &[FailureKind::Other],
            "would reach the server as",
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_server_that_echoes_secrets_leaves_none_in_the_record() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(TOKEN);
    let percent = crate::session::segment(TOKEN);
    let escaped = TOKEN.chars().fold(String::new(), |text, c| {
        format!("{text}\\u{:04x}", c as u32)
    });
    let body = format!(
        r#"{{"detail":"bad {TOKEN}","b":"{encoded}","p":"{percent}","e":"{escaped}","{TOKEN}":1,"password":"other-secret-value"}}"#
    );
    let headers =
        format!("X-Echo: {TOKEN}\r\nLocation: http://x/?access_token=whatever1&t={percent}\r\n");
    let broken = format!("{{\"password\": \"other-secret-value\", \"x\": \"{TOKEN}\", oops");
    for body in [body.as_str(), broken.as_str()] {
        let exchange = get(&BadServer::sending(ok(&headers, body))).await;
        let json = exchange.json().cloned().unwrap_or_default().to_string();
        let kept = serde_json::to_string(&exchange).unwrap() + &json;
        for canary in [
            TOKEN,
            &encoded,
            &percent,
            &escaped,
            "other-secret-value",
            "whatever1",
        ] {
            assert!(!kept.contains(canary), "{canary} in {kept}");
        }
        assert!(
            kept.contains("bad ‹secret:token›") || kept.contains("oops"),
            "{kept}"
        );
    }
}

#[tokio::test]
async fn a_long_body_is_cut_in_the_record_and_whole_for_the_checks() {
    let long = format!("{{\"a\":\"{}\",\"b\":\"end\"}}", "é".repeat(100_000));
    let exchange = get(&BadServer::sending(ok("", &long))).await;
    let body = exchange.response.unwrap().body;
    assert!(body.truncated && body.text.len() <= 64 * 1024);
    assert_eq!(body.length, long.len() as u64);
    assert_eq!(body.json.unwrap()["b"], "end");
}

#[tokio::test]
async fn http_2_with_prior_knowledge_reaches_only_servers_that_speak_it() {
    let server = BadServer::sending(ok("", "{}"));
    let (mut settings, vault) = settings(&server.base("http"));
    settings.http = Http::Two;
    let exchange = get_with(settings, &vault).await;
    assert!(exchange.failure.is_some(), "{exchange:?}");
}
