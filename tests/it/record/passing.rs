//! What goes through the proxy, byte for byte.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::Recorder;
use crate::cli::{Served, TOKEN, ended, scimitar};

/// A target that answers one connection with these bytes, and gives what it heard.
fn target(answer: &'static [u8]) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}/scim/v2", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut all, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            let text = String::from_utf8_lossy(&all).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse::<usize>()
                        .ok()
                });
                if body.len() >= length.unwrap_or_default() {
                    break;
                }
            }
            let read = stream.read(&mut piece).unwrap();
            assert!(read > 0, "the request broke off: {text}");
            all.extend_from_slice(&piece[..read]);
        }
        stream.write_all(answer).unwrap();
        String::from_utf8_lossy(&all).into_owned()
    });
    (base, heard)
}

#[test]
fn a_request_and_its_answer_pass_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (base, heard) = target(
        b"HTTP/1.1 302 Elsewhere\r\nLocation: http://other.test/scim/v2/Users/1?x='y'\r\nX-Own: a  b\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nContent-Length: 22\r\n\r\n{\"meta\" : {\"a\":1.0 } }",
    );
    let client = Recorder::start(folder.path(), &base, &["--max-requests", "1"]);
    let body = "{ \"userName\" :\t\"a\",\"userName\":1e2 }";
    let sent = client.raw(
        format!(
            "POST /scim/v2/Us%65rs?filter=a%20eq%20'b'&x=%2f+~*()[]&&flag HTTP/1.1\r\nHost: proxy.test\r\nAuthorization: Bearer {TOKEN}\r\nX-cUsTom: 1\r\nTE: trailers\r\nConnection: close, X-Gone\r\nX-Gone: 1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    );
    assert_eq!(sent.status, 302, "no redirect is followed: {}", sent.body);
    let heard = heard.join().unwrap();
    assert!(
        heard.starts_with(
            "POST /scim/v2/Us%65rs?filter=a%20eq%20'b'&x=%2f+~*()[]&&flag HTTP/1.1\r\n"
        ),
        "{heard}"
    );
    assert!(heard.ends_with(&format!("\r\n\r\n{body}")), "{heard}");
    let host = base
        .strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    for wanted in [
        format!("Host: {host}\r\n"),
        format!("Authorization: Bearer {TOKEN}\r\n"),
        "X-cUsTom: 1\r\n".to_owned(),
        "Content-Type: application/json\r\n".to_owned(),
    ] {
        assert!(heard.contains(&wanted), "no {wanted} in {heard}");
    }
    for unwanted in ["X-Gone", "trailers", "proxy.test"] {
        assert!(!heard.contains(unwanted), "{heard}");
    }
    assert!(
        sent.head
            .contains("Location: http://other.test/scim/v2/Users/1?x='y'"),
        "{}",
        sent.head
    );
    assert!(
        sent.head.contains("X-Own: a  b") && !sent.head.contains("X-Hop"),
        "{}",
        sent.head
    );
    assert_eq!(sent.body, "{\"meta\" : {\"a\":1.0 } }");
    let recorded = client.ended();
    assert_eq!(
        recorded.code, 4,
        "a redirect alone is nothing: {}",
        recorded.err
    );
    assert!(!folder.path().join("out/case.yaml").exists());
}

#[test]
fn a_target_behind_tls_is_reached_with_its_authority_alone() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(
        folder.path().join("key.pem"),
        made.signing_key.serialize_pem(),
    )
    .unwrap();
    let served = Served::start(
        folder.path(),
        &["--tls-cert", "cert.pem", "--tls-key", "key.pem"],
    );
    let base = served.base.replace("127.0.0.1", "localhost");
    for (more, status) in [
        (["--cacert", "cert.pem"], 200),
        (["--timeout", "9s"], 502),
        (["--insecure", "--quiet"], 200),
    ] {
        let client = Recorder::start(
            folder.path(),
            &base,
            &[&more[..], &["--max-requests", "1"]].concat(),
        );
        let reply = client.send("GET", "/Users?count=1", "", &[]);
        assert_eq!(reply.status, status, "{more:?}: {}", reply.body);
        let recorded = client.ended();
        assert_eq!(
            recorded.code,
            if status == 200 { 0 } else { 69 },
            "{}",
            recorded.err
        );
        let _ = std::fs::remove_file(folder.path().join("out/case.yaml"));
    }
}

#[test]
fn what_can_t_be_recorded_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("there.yaml"), "").unwrap();
    for (arguments, code, said) in [
        (
            vec!["--to", "localhost:1"],
            2,
            "did you mean 'http://localhost:1'",
        ),
        (
            vec!["--to", "http://idp.example/scim"],
            2,
            "--allow-plaintext-token",
        ),
        (
            vec!["--to", "http://127.0.0.1:1", "--output", "Upper.yaml"],
            2,
            "`Upper` is none",
        ),
        (
            vec!["--to", "http://127.0.0.1:1", "--output", "there.yaml"],
            73,
            "it is there already",
        ),
        (
            vec!["--to", "http://127.0.0.1:1", "--listen", "nowhere"],
            2,
            "an address with a port",
        ),
        (
            vec!["--to", "https://127.0.0.1:1", "--cacert", "none.pem"],
            2,
            "none.pem",
        ),
        (
            vec![
                "--to",
                "http://127.0.0.1:1",
                "--listen",
                "0",
                "--max-time",
                "100ms",
            ],
            4,
            "nothing was written",
        ),
    ] {
        let (found, out, err) = ended(scimitar(folder.path()).arg("record").args(&arguments));
        assert_eq!(found, code, "{arguments:?}: {out}{err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
    assert!(
        folder
            .path()
            .join("scimitar-record")
            .read_dir()
            .unwrap()
            .next()
            .is_none()
    );
}
