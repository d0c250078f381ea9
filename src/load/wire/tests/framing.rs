//! Answers that break the rules of HTTP, that never end, or that come byte by byte.

use std::io::Write as _;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn coded(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.into_bytes(), body.to_vec()].concat()
}

fn chunked(rest: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{rest}")
}

/// Name, what the server sends before it closes, cause, part of the detail.
type Row<'a> = (&'a str, &'a str, Cause, &'a str);

async fn table(rows: &[Row<'_>]) {
    for (name, bytes, cause, part) in rows {
        let server = BadServer::sending(*bytes);
        // A server that closes with our bytes unread resets the connection.
        fails(name, &server, &[*cause, Cause::Reset], part).await;
    }
}

#[tokio::test]
async fn lengths_that_can_be_read_in_two_ways_are_named() {
    use Cause as C;
    let bad = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\nhello");
    let length = |text: &str| bad(&format!("Content-Length: {text}"));
    let invalid = "invalid Content-Length";
    let whole = "before the response was whole";
    let chunks = "Transfer-Encoding: chunked";
    table(&[
        ("beyond", &length("50"), C::Closed, whole),
        ("two", &length("5\r\nContent-Length: 6"), C::Framing, "two"),
        ("list", &length("5, 6"), C::Framing, invalid),
        ("negative", &length("-1"), C::Framing, invalid),
        ("sign", &length("+5"), C::Framing, invalid),
        ("2^64", &length("18446744073709551616"), C::Framing, invalid),
        ("empty", &length(""), C::Framing, invalid),
        (
            "cap",
            &length("9999999999"),
            C::BodyTooLarge,
            "cap of 1048576",
        ),
        (
            "gzip",
            &bad("Transfer-Encoding: gzip, chunked"),
            C::Framing,
            "coding",
        ),
        (
            "twice",
            &bad(&format!("{chunks}\r\n{chunks}")),
            C::Framing,
            "coding",
        ),
    ])
    .await;
}

#[tokio::test]
async fn chunks_that_break_the_rules_are_named() {
    use Cause as C;
    let extension = chunked(&format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(40_000)));
    let trailers = chunked(&format!("0\r\n{}\r\n", "x: y\r\n".repeat(90_000)));
    let longer = chunked("2\r\nhello\r\n0\r\n\r\n");
    let none = chunked("\r\nhello\r\n0\r\n\r\n");
    table(&[
        (
            "overflow",
            &chunked("FFFFFFFFFFFFFFFFF\r\nx"),
            C::Framing,
            "size",
        ),
        (
            "over the cap",
            &chunked("FFFFFFFF\r\nx"),
            C::BodyTooLarge,
            "cap",
        ),
        ("no number", &chunked("zz\r\nx"), C::Framing, "size"),
        ("no size", &none, C::Framing, "size"),
        ("longer", &longer, C::Framing, "longer than its size"),
        ("endless extension", &extension, C::Framing, "without end"),
        ("no last chunk", &chunked("5\r\nhello\r\n"), C::Closed, ""),
        ("huge trailers", &trailers, C::Framing, "trailer"),
    ])
    .await;
}

#[tokio::test]
async fn heads_that_break_the_rules_are_named() {
    use Cause as C;
    let bad = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\nhello");
    let many = ok(&"X-A: b\r\n".repeat(121), "");
    let long = ok(&format!("X-A: {}\r\n", "b".repeat(600 << 10)), "");
    let empty = "\r\n".repeat(300 << 10);
    let flood = "HTTP/1.1 103 x\r\n\r\n".repeat(1_001) + &ok("", "{}");
    table(&[
        ("NUL in a value", &bad("X-A: a\0b"), C::Framing, "head"),
        (
            "ESC in a value",
            &bad("X-A: \u{1b}[31m"),
            C::Framing,
            "head",
        ),
        ("folded value", &bad("X-A: a\r\n b"), C::Framing, "head"),
        ("status 099", "HTTP/1.1 099 x\r\n\r\n", C::Framing, "099"),
        ("two digits", "HTTP/1.1 20 x\r\n\r\n", C::Framing, "head"),
        ("garbage", "SSH-2.0-OpenSSH_9.6\r\n", C::NotHttp, "not HTTP"),
        ("HTTP/0.9", "<html>hello</html>\r\n", C::NotHttp, "not HTTP"),
        (
            "HTTP/3.0",
            "HTTP/3.0 200 OK\r\n\r\n",
            C::NotHttp,
            "not HTTP",
        ),
        ("121 fields", &many, C::HeadTooLarge, "limits"),
        ("a field of 600 KiB", &long, C::HeadTooLarge, "limits"),
        ("line breaks alone", &empty, C::HeadTooLarge, "limits"),
        ("a flood of 103", &flood, C::Framing, "interim"),
        ("nothing", "", C::Closed, "before any response"),
    ])
    .await;
}

#[tokio::test]
async fn odd_answers_that_can_be_read_in_one_way_alone_are_answers() {
    let both = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    answers("length and chunked", both, 200, b"{}").await;
    answers(
        "chunks",
        chunked("2;a=b\r\n{\"\r\n3\r\na\":\r\n2 \r\n1}\r\n0\r\nx: y\r\n\r\n"),
        200,
        b"{\"a\":1}",
    )
    .await;
    answers(
        "the same length twice",
        ok("Content-Length: 2\r\n", "{}"),
        200,
        b"{}",
    )
    .await;
    answers(
        "status 999",
        "HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n",
        999,
        b"",
    )
    .await;
    answers(
        "no reason",
        "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        200,
        b"",
    )
    .await;
    answers("101", "HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\nother", 101, b"").await;
    answers("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n{}", 200, b"{}").await;
    answers("no length at all", "HTTP/1.1 200 OK\r\n\r\n{}", 200, b"{}").await;
    answers(
        "204 with a body",
        "HTTP/1.1 204 No\r\n\r\nsurplus",
        204,
        b"",
    )
    .await;
    answers(
        "interim answers",
        format!(
            "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 103 x\r\na: b\r\n\r\n{}",
            ok("", "{}")
        ),
        200,
        b"{}",
    )
    .await;
    answers(
        "a line break ahead",
        format!("\r\n{}", ok("", "{}")),
        200,
        b"{}",
    )
    .await;
    answers(
        "bare line feeds",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        200,
        b"{}",
    )
    .await;
    let full = ok(&"X-A: b\r\n".repeat(99), "{}");
    assert_eq!(
        answers("100 fields", full, 200, b"{}")
            .await
            .headers()
            .len(),
        100
    );
    let bytes = b"HTTP/1.1 200 OK\r\nETag: a\xff\xfeb\r\nContent-Length: 0\r\n\r\n";
    let answer = answers("bytes that are no UTF-8", *bytes, 200, b"").await;
    assert_eq!(
        (answer.etag(), answer.header("etag")),
        (None, Some(&b"a\xff\xfeb"[..]))
    );
}

#[tokio::test]
async fn content_codings_are_undone_under_the_cap_or_named() {
    let gzipped = gzip(b"{\"id\":\"1\"}");
    let bomb = gzip(&vec![b' '; 8 << 20]);
    assert!(bomb.len() < 64 << 10);
    let answer = answers(
        "gzip that nobody asked for",
        coded("Content-Encoding: gzip\r\n", &gzipped),
        200,
        b"{\"id\":\"1\"}",
    )
    .await;
    assert_eq!(answer.received, gzipped.len() as u64);
    let table: &[(&str, &str, &[u8], &str)] = &[
        (
            "stacked",
            "Content-Encoding: gzip, gzip\r\n",
            &gzip(&gzipped),
            "stacked",
        ),
        (
            "stacked fields",
            "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
            &gzipped,
            "stacked",
        ),
        ("br", "Content-Encoding: br\r\n", b"x", "'br'"),
        (
            "plain under a gzip label",
            "Content-Encoding: gzip\r\n",
            b"{\"a\":1}",
            "does not decode",
        ),
        (
            "torn gzip",
            "Content-Encoding: gzip\r\n",
            &gzipped[..gzipped.len() - 9],
            "does not decode",
        ),
        ("bomb", "Content-Encoding: gzip\r\n", &bomb, "over 1048576"),
    ];
    for (name, fields, body, part) in table {
        let server = BadServer::sending(coded(fields, body));
        fails(name, &server, &[Cause::ContentCoding], part).await;
    }
}

/// A server that begins its answer so, and then writes the same piece for ever.
fn piecewise(head: &'static str, piece: Vec<u8>, pause: u64) -> BadServer {
    BadServer::new(move |peer, _| {
        peer.request();
        peer.write(head);
        peer.forever(&piece, Duration::from_millis(pause));
    })
}

const FULL: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n";
const OPEN: &str = "HTTP/1.1 200 OK\r\n\r\n";
const CHUNKS: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[tokio::test]
async fn whatever_takes_for_ever_is_ended_by_a_limit_of_time() {
    use Cause as C;
    let head = "HTTP/1.1 200 OK\r\nX: ";
    let interim = b"HTTP/1.1 103 x\r\n\r\n".to_vec();
    let chunk = b"1\r\na\r\n".to_vec();
    for (name, server, cause) in [
        (
            "a slow head",
            piecewise(head, b"a".to_vec(), 20),
            C::HeaderTimeout,
        ),
        ("slow 103s", piecewise("", interim, 20), C::HeaderTimeout),
        ("silence", piecewise("", Vec::new(), 20), C::HeaderTimeout),
        (
            "a slow body",
            piecewise(FULL, b"a".to_vec(), 20),
            C::TotalTimeout,
        ),
        (
            "half a body",
            piecewise(FULL, Vec::new(), 20),
            C::TotalTimeout,
        ),
        ("slow chunks", piecewise(CHUNKS, chunk, 20), C::TotalTimeout),
    ] {
        let mut connection = connection(&server, short);
        let trouble = bounded(name, &mut connection, &get()).await.unwrap_err();
        assert_eq!(trouble.cause, cause, "{name}: {trouble:?}");
    }
}

#[tokio::test]
async fn whatever_has_no_end_is_ended_by_a_limit_of_size() {
    use Cause as C;
    let head = piecewise("HTTP/1.1 200 OK\r\n", b"X-A: b\r\n".repeat(1_000), 0);
    let body = piecewise(OPEN, vec![b'x'; 64 << 10], 0);
    let chunk = [b"4000\r\n".to_vec(), vec![b'x'; 16 << 10], b"\r\n".to_vec()].concat();
    let chunks = piecewise(CHUNKS, chunk, 0);
    for (name, server, cause) in [
        ("head", head, C::HeadTooLarge),
        ("body", body, C::BodyTooLarge),
        ("chunks", chunks, C::BodyTooLarge),
    ] {
        let mut connection = connection(&server, capped);
        let trouble = bounded(name, &mut connection, &get()).await.unwrap_err();
        assert_eq!(trouble.cause, cause, "{name}: {trouble:?}");
    }
}
