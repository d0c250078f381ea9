//! Responses that break the rules of HTTP, from the first line to the content coding.

use super::*;

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
