//! Credentials that a run gets or presents by itself: a token of another origin, the keys of a gateway.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::{FORMATS, assert_clean};
use crate::cli::{Served, TOKEN, ended, scimitar};

/// The secret of the client.
const SECRET: &str = "canary-client+s3/cret=Qx7";
/// Keys of the gateway.
const KEYS: [&str; 2] = ["canary-first-key-81bF", "canary-second-key-20cD"];
/// What is run.
const ONLY: &str = "create.*,auth.*,error.*";

/// A token endpoint on an origin of its own, which gives out the token of the provider.
struct Issuer {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    fn start(status: &str, answer: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
            answer.len()
        );
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(request) = answered(stream, &answer) {
                    seen.lock().unwrap().push(request);
                }
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads a request with its body and answers it.
fn answered(mut stream: TcpStream, answer: &str) -> Option<String> {
    let mut text = Vec::new();
    let mut piece = [0_u8; 4096];
    loop {
        let read = stream.read(&mut piece).ok()?;
        text.extend_from_slice(piece.get(..read)?);
        let seen = String::from_utf8_lossy(&text);
        let (head, body) = seen.split_once("\r\n\r\n").unwrap_or((&seen, ""));
        let length = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if read == 0 || (seen.contains("\r\n\r\n") && body.len() >= length) {
            break;
        }
    }
    stream.write_all(answer.as_bytes()).ok()?;
    String::from_utf8(text).ok()
}

fn configured(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scimitar.toml"), config).unwrap();
    folder
}

/// `scimitar test` with every format, secrets in variables.
fn test(folder: &tempfile::TempDir, base: &str) -> Command {
    let mut command = scimitar(folder.path());
    command.args(["test", base, "--only", ONLY, "--output", "out", "-vv"]);
    command.args(["--evidence", "all", "--format", &FORMATS.join(",")]);
    command.env("CLIENT_SECRET", SECRET);
    command.env("KEY", KEYS[0]).env("SECOND_KEY", KEYS[1]);
    command
}

#[track_caller]
fn check_issued(placement: &str, credential: &str) {
    let answer = format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#);
    let issuer = Issuer::start("200 OK", &answer);
    let folder = configured(&format!(
        "[oauth]\ntoken-url = '{}'\nclient-id = 'a client'\nclient-secret-env = 'CLIENT_SECRET'\nscope = 'scim all'\nplacement = '{placement}'\n[headers]\nX-Tenant = 'acme'\n",
        issuer.url
    ));
    let served = Served::start(folder.path(), &[]);
    let (code, out, err) = ended(&mut test(&folder, &served.base));
    assert_eq!(code, 0, "{out}{err}");
    let requests = issuer.requests();
    let [request] = requests.as_slice() else {
        panic!("{} requests of a token", requests.len());
    };
    assert!(request.contains("grant_type=client_credentials&scope=scim+all"));
    assert!(request.contains(credential), "{placement}");
    for theirs in ["Bearer", TOKEN, "x-tenant", "X-Tenant"] {
        assert!(!request.contains(theirs), "{theirs} went to the issuer");
    }
    let exchanges = std::fs::read_to_string(folder.path().join("out/exchanges.ndjson")).unwrap();
    assert!(exchanges.contains("Bearer ‹secret:access-token›"));
    let secrets = [SECRET, TOKEN].map(str::to_owned);
    assert_clean(
        folder.path(),
        &[("stdout", &out), ("stderr", &err)],
        &secrets,
    );
}

#[test]
fn a_token_that_is_got_by_header_stays_out_of_every_output() {
    // base64 of `a+client:canary-client%2Bs3%2Fcret%3DQx7`
    check_issued(
        "header",
        "Basic YStjbGllbnQ6Y2FuYXJ5LWNsaWVudCUyQnMzJTJGY3JldCUzRFF4Nw==",
    );
}

#[test]
fn a_token_that_is_got_by_body_stays_out_of_every_output() {
    check_issued(
        "body",
        "client_id=a+client&client_secret=canary%2Dclient%2Bs3%2Fcret%3DQx7",
    );
}

#[test]
fn a_token_that_can_t_be_got_ends_the_run_before_it_begins() {
    let refusal =
        r#"{"error":"invalid_client","error_description":"who is canary-client+s3/cret=Qx7?"}"#;
    let issuer = Issuer::start("401 Unauthorized", refusal);
    let folder = configured(&format!(
        "[oauth]\ntoken-url = '{}'\nclient-id = 'c'\nclient-secret-env = 'CLIENT_SECRET'\n",
        issuer.url
    ));
    let served = Served::start(folder.path(), &[]);
    let (code, out, err) = ended(&mut test(&folder, &served.base));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("answered 401 (invalid_client"), "{err}");
    let texts = [("stdout", out.as_str()), ("stderr", err.as_str())];
    assert_clean(folder.path(), &texts, &[SECRET.to_owned()]);
    assert_eq!(served.total("/Users"), 0);
}

/// What is wrong with `[oauth]` or `[gateway]` is said before anything is sent.
#[test]
fn a_configuration_that_lacks_something_is_refused() {
    for (config, part) in [
        (
            "[oauth]\ntoken-url = 'http://127.0.0.1:9/t'\nclient-id = 'c'\n",
            "no secret of the client",
        ),
        (
            "[oauth]\ntoken-url = 'ftp://x'\nclient-id = 'c'\nclient-secret-env = 'CLIENT_SECRET'\n",
            "token-url",
        ),
        ("[oauth]\nclient-id = 'c'\n", "token-url"),
        ("[gateway]\nurl = 'http://127.0.0.1:9/v2'\n", "no key"),
        (
            "[gateway]\nkey-env = 'KEY'\nheader = 'a b'\n",
            "no name of a header field",
        ),
        ("[gateway]\nkey-env = 'NOBODY'\n", "is not set"),
    ] {
        let folder = configured(config);
        let (code, _, err) = ended(&mut test(&folder, "http://127.0.0.1:9/v2"));
        assert_eq!(code, 2, "{config}: {err}");
        assert!(err.contains(part), "{config}: {err}");
    }
}

/// A provider that shows what it made.
struct Talking {
    child: Child,
    lines: Vec<String>,
}

impl Talking {
    fn start(with: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = scimitar(folder.path())
            .args(["serve", "--port", "0", "--with", with])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.trim_start().starts_with("second-key-env") {
                lines.push(line);
                break;
            }
            lines.push(line);
        }
        Self { child, lines }
    }

    /// Variables and their values.
    fn variables(&self) -> Vec<(String, String)> {
        let export = |line: &String| {
            let (_, assigned) = line.split_once("export ")?;
            let (name, value) = assigned.split_once('=')?;
            Some((name.to_owned(), value.trim().to_owned()))
        };
        self.lines.iter().filter_map(export).collect()
    }

    /// The configuration that it shows.
    fn config(&self) -> String {
        let shown = self
            .lines
            .iter()
            .filter_map(|line| line.strip_prefix("    "));
        shown.map(|line| format!("{line}\n")).collect()
    }

    fn base(&self) -> String {
        let first = self.lines.first().unwrap();
        first.strip_prefix("serving ").unwrap().trim().to_owned()
    }
}

impl Drop for Talking {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Scenarios that need everything that `serve --with tokens,oauth,gateway` has.
const FLOW: &str = include_str!("../../../fixtures/suite/flow.yaml");

#[test]
fn what_serve_shows_is_all_that_a_test_needs() {
    let talking = Talking::start("tokens,oauth,gateway");
    let folder = configured(&talking.config());
    std::fs::create_dir_all(folder.path().join("suite/own")).unwrap();
    std::fs::write(folder.path().join("suite/own/flow.yaml"), FLOW).unwrap();
    let mut command = scimitar(folder.path());
    command.args([
        "test",
        &talking.base(),
        "--suite",
        "suite",
        "--only",
        "flow",
    ]);
    command.args(["--evidence", "all", "--output", "out"]);
    let secrets: Vec<String> = talking
        .variables()
        .into_iter()
        .map(|(name, value)| {
            command.env(name, &value);
            value
        })
        .collect();
    assert_eq!(secrets.len(), 10, "{:?}", talking.lines.len());
    let (code, out, err) = ended(&mut command);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("1 passed"), "{out}");
    let exchanges = std::fs::read_to_string(folder.path().join("out/exchanges.ndjson")).unwrap();
    assert!(exchanges.contains(r#"\"access_token\":\"‹secret:tok@flow›\""#));
    assert_clean(
        folder.path(),
        &[("stdout", &out), ("stderr", &err)],
        &secrets,
    );
}

#[test]
fn a_whole_run_goes_through_a_gateway() {
    for placement in ["header", "query"] {
        let folder = configured(&format!(
            "[gateway]\nkey-env = 'KEY'\nsecond-key-env = 'SECOND_KEY'\nplacement = '{placement}'\n"
        ));
        let served = Served::start_with(
            folder.path(),
            &["--with", "gateway"],
            &[
                ("SCIM_GATEWAY_KEY", KEYS[0]),
                ("SCIM_GATEWAY_SECOND_KEY", KEYS[1]),
            ],
        );
        let behind = served.base.replace("/v2", "/gateway/v2");
        let mut command = test(&folder, &behind);
        let (code, out, err) = ended(command.env("SCIM_TOKEN", TOKEN));
        assert_eq!(code, 0, "{out}{err}");
        let secrets = [KEYS[0], KEYS[1], TOKEN].map(str::to_owned);
        assert_clean(
            folder.path(),
            &[("stdout", &out), ("stderr", &err)],
            &secrets,
        );
    }
}
