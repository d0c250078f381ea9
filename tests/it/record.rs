//! `scimitar record` as users run it: what goes through the proxy, what is written of it, and what is not.

mod conversation;
mod passing;
mod refusal;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::cli::{TOKEN, ended, scimitar};

/// A proxy of its own process.
struct Recorder {
    child: Option<Child>,
    /// `127.0.0.1:P`
    address: String,
    /// Path of the base URL.
    path: String,
}

/// What is left of it.
struct Recorded {
    code: i32,
    out: String,
    err: String,
}

/// An answer as the client gets it.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Recorder {
    /// Starts one on a free port; it writes to `out/case.yaml`.
    fn start(folder: &Path, to: &str, more: &[&str]) -> Self {
        let mut child = scimitar(folder)
            .args([
                "record",
                "--to",
                to,
                "--listen",
                "127.0.0.1:0",
                "--output",
                "out/case.yaml",
            ])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        child.stdout = Some(out.into_inner());
        let base = line.trim().strip_prefix("recording http://").unwrap();
        let (address, path) = base.split_once('/').unwrap_or((base, ""));
        Self {
            child: Some(child),
            address: address.to_owned(),
            path: format!("/{path}").trim_end_matches('/').to_owned(),
        }
    }

    /// Sends bytes as they are and reads until the connection ends.
    fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Reply {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// A request with the token, below the base; `more` are whole header lines.
    fn send(&self, method: &str, path: &str, body: &str, more: &[&str]) -> Reply {
        let lines: String = more.iter().map(|line| format!("{line}\r\n")).collect();
        let media_type = if body.is_empty() {
            ""
        } else {
            "Content-Type: application/scim+json\r\n"
        };
        self.raw(
            format!(
                "{method} {}{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n{lines}{media_type}Content-Length: {}\r\n\r\n{body}",
                self.path,
                self.address,
                body.len()
            )
            .as_bytes(),
        )
    }

    /// A request whose answer has to have this status: the answer's body.
    #[track_caller]
    fn json(&self, method: &str, path: &str, body: &Value, expected: u16) -> Value {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let reply = self.send(method, path, &text, &[]);
        assert_eq!(reply.status, expected, "{method} {path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap_or_default()
    }

    /// Ends it as Ctrl-C does.
    fn stop(self) -> Recorded {
        let id = self.child.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args(["-s", "INT", &id]).status();
        assert!(sent.unwrap().success());
        self.ended()
    }

    /// Waits until it ends by itself.
    fn ended(mut self) -> Recorded {
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Recorded {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Drop for Recorder {
    /// Ends it where a test failed before it did.
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Asserts that a recorded file is sound, that its case passes on the embedded provider, and that
/// nothing of what was somebody's stands in it; gives its text.
#[track_caller]
fn replayed(folder: &Path, recorded: &Recorded, unwanted: &[&str]) -> String {
    assert_eq!(recorded.code, 0, "{}{}", recorded.out, recorded.err);
    let text = std::fs::read_to_string(folder.join("out/case.yaml")).unwrap();
    for unwanted in unwanted.iter().chain(&[TOKEN]) {
        for (name, text) in [
            ("file", &text),
            ("output", &recorded.out),
            ("errors", &recorded.err),
        ] {
            let found = text.to_lowercase().contains(&unwanted.to_lowercase());
            assert!(!found, "the {name} holds {unwanted}:\n{text}");
        }
    }
    let (code, out, err) = ended(scimitar(folder).args(["lint", "out"]));
    assert_eq!(code, 0, "{out}{err}\n{text}");
    let (code, out, err) = ended(scimitar(folder).args([
        "test",
        "--embedded",
        "--suite",
        "out",
        "--only",
        "case",
        "--output",
        "report",
        "-v",
    ]));
    assert_eq!(code, 0, "{out}{err}\n{text}");
    assert!(out.contains("1 passed"), "{out}{err}\n{text}");
    text
}

/// A query value as most clients escape it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace(' ', "%20")
        .replace('"', "%22")
        .replace('@', "%40")
}
