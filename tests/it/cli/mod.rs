//! The command as users run it: arguments in, exit code and words out.

mod bad_input;
mod interrupt;
mod offline;
mod regression;
mod run;
mod schema;
mod stub;

pub(super) use stub::Stub;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use assert_cmd::assert::OutputAssertExt as _;

/// The token of all targets that tests start.
pub(super) const TOKEN: &str = "fYq8-canary-6hG2";

/// The command in a folder of its own, with nothing of the caller's environment that it would read.
pub(super) fn scimitar(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimitar"));
    for (name, _) in std::env::vars() {
        let engine = ["JOB_COMPLETION", "SLURM_", "AWS_BATCH_"];
        let engine = engine.iter().any(|start| name.starts_with(start));
        if name.starts_with("SCIM") || name == "COLUMNS" || engine {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// Runs to the end: exit code, standard output, standard error.
pub(super) fn ended(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A provider of its own process; it ends with the test.
pub(super) struct Served {
    child: Child,
    /// Base URL.
    pub(super) base: String,
}

impl Served {
    /// Starts one on a free port.
    pub(super) fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    /// The same with variables.
    pub(super) fn start_with(
        folder: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut child = scimitar(folder)
            .args(["serve", "--port", "0", "--quiet"])
            .args(arguments)
            .env("SCIM_TOKEN", TOKEN)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line.trim().strip_prefix("serving ").unwrap().to_owned();
        Self { child, base }
    }

    /// `totalResults` of an endpoint.
    pub(super) fn total(&self, endpoint: &str) -> u64 {
        let rest = self.base.strip_prefix("http://").unwrap();
        let (address, path) = rest.split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /{path}{endpoint}?count=0 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["totalResults"].as_u64().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_and_version_are_no_failures() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["--help"], ["--version"], ["help"]] {
        scimitar(folder.path()).args(arguments).assert().success();
    }
}
