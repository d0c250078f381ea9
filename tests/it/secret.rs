//! No secret in any output: whatever a provider makes of the secrets that it was sent.

mod hostile;
mod issued;
mod search;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{ended, scimitar};
use hostile::{Hostile, Mode};

/// A token as an authorization server makes it.
const PLAIN: &str = "canary-Tk9/f+Xq.r~7_Lm2vBc8==";
/// A token full of what formats escape.
const NASTY: &str = "canary-a\"b\\c<d>&e'f%41g$(h)`i";
/// A token that looks like a JWT.
const DOTTED: &str = "eyJhbGciOiJub25lIn0.canary5kZXYiOjEyMzQ1Njc4OTB9.c2lnbmF0dXJl";
/// The second credential.
const SECOND: &str = "canary-second-9Zq/4+Wd~8";
/// A key in a header field of the user's own.
const KEY: &str = "canary-tenant-key-77aB";

/// What is run: passwords, creates, errors, authentication.
const ONLY: &str = "create.*,auth.*,error.*,*.password,second";
const FORMATS: [&str; 8] = [
    "json", "html", "junit", "markdown", "cases", "har", "ndjson", "terminal",
];

/// A folder with a configuration that names the second credential and the key, and a case that
/// sends the second credential.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = "second-token-env = 'SECOND'\n[headers]\nX-Tenant-Key = { env = 'TENANT_KEY' }\n";
    std::fs::write(folder.path().join("scimitar.toml"), config).unwrap();
    let case = "id: second\ntitle: The second credential may read\nneeds: [setting:second-token]\nsteps:\n  - name: read\n    get: /Users\n    auth: second\n    expect:\n      - { status: 200, covers: rfc7644-3.4.1-get-answers-200 }\n";
    std::fs::create_dir_all(folder.path().join("suite/own")).unwrap();
    std::fs::write(folder.path().join("suite/own/second.yaml"), case).unwrap();
    folder
}

fn command(folder: &Path) -> Command {
    let mut command = scimitar(folder);
    command.env("SECOND", SECOND).env("TENANT_KEY", KEY);
    command
}

fn test(folder: &Path, base: &str) -> Command {
    let mut command = command(folder);
    command.args([
        "test", base, "--only", ONLY, "--suite", "suite", "--output", "out",
    ]);
    command.args(["--evidence", "all", "--format", &FORMATS.join(",")]);
    command
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Asserts that no output holds a secret: the files below a folder and these texts.
#[track_caller]
fn assert_clean(folder: &Path, texts: &[(&str, &str)], secrets: &[String]) {
    let mut leaks = Vec::new();
    for path in files(folder) {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        if name != "token" {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            leaks.extend(
                search::found(&text, secrets)
                    .into_iter()
                    .map(|leak| format!("{name}: {leak}")),
            );
        }
    }
    for (name, text) in texts {
        leaks.extend(
            search::found(text, secrets)
                .into_iter()
                .map(|leak| format!("{name}: {leak}")),
        );
    }
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// A whole run against a provider that repeats the token, and all reports made of it again.
#[track_caller]
fn check_run(token: &str, give: impl FnOnce(&mut Command, &Path)) {
    let folder = folder();
    let folder = folder.path();
    let hostile = Hostile::start(Mode::Echoing, [token, SECOND]);
    let mut command = test(folder, &hostile.base);
    // One case after the other, so that which requests get to an answer does not hang on the scheduler.
    command.args(["-vv", "--jobs", "1"]);
    give(&mut command, folder);
    let (code, out, err) = ended(&mut command);
    assert!([1, 3, 7].contains(&code), "{code}: {err}");

    let secrets = hostile.secrets();
    for secret in [token, SECOND, KEY] {
        assert!(secrets.iter().any(|it| it == secret), "one was never sent");
    }
    assert!(
        hostile.passwords() >= 2,
        "{} passwords",
        hostile.passwords()
    );
    for kind in ["header", "resource", "error", "page", "broken", "redirect"] {
        assert!(hostile.echoed(kind) > 0, "nothing was repeated as {kind}");
    }
    hostile.assert_alone();

    let exchanges = read(folder, "out/exchanges.ndjson");
    for label in [
        "‹secret:token›",
        "‹secret:second-token›",
        "‹secret:password@",
        "‹secret:header X-Tenant-Key›",
    ] {
        assert!(exchanges.contains(label), "no {label} in the exchanges");
    }
    let mut texts = vec![("stdout".to_owned(), out), ("stderr".to_owned(), err)];
    for source in ["out/run.json", "out/events.ndjson"] {
        let again = if source == "out/run.json" {
            &FORMATS[..]
        } else {
            &["html", "terminal"]
        };
        for &format in again {
            let (code, out, err) =
                ended(scimitar(folder).args(["report", source, "--format", format]));
            assert_eq!(code, 0, "{err}");
            if ["html", "terminal"].contains(&format) {
                assert!(
                    out.contains("$SCIM_TOKEN"),
                    "{format} of {source} has no curl line"
                );
            }
            texts.push((format!("{format} of {source}"), out + &err));
        }
    }
    let texts: Vec<_> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_clean(folder, &texts, &secrets);
}

#[test]
fn a_token_of_the_environment_stays_out_of_every_output() {
    check_run(PLAIN, |command, _| {
        command.env("SCIM_TOKEN", PLAIN);
    });
}

#[test]
fn a_token_of_a_file_stays_out_of_every_output() {
    check_run(NASTY, |command, folder| {
        std::fs::write(folder.join("token"), NASTY).unwrap();
        command.args(["--token-file", "token"]);
    });
}

#[test]
fn a_token_of_standard_input_stays_out_of_every_output() {
    check_run(DOTTED, |command, folder| {
        std::fs::write(folder.join("token"), format!("{DOTTED}\n")).unwrap();
        let file = std::fs::File::open(folder.join("token")).unwrap();
        command.arg("--token-stdin").stdin(Stdio::from(file));
    });
}

#[test]
fn a_killed_run_and_its_clean_up_show_no_secret() {
    let folder = folder();
    let folder = folder.path();
    let hostile = Hostile::start(Mode::Echoing, [PLAIN, SECOND]);
    let mut child = test(folder, &hostile.base)
        .args(["--max-rps", "60", "--quiet"])
        .env("SCIM_TOKEN", PLAIN)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while hostile.passwords() == 0 || hostile.echoed("broken") == 0 {
        assert!(child.try_wait().unwrap().is_none(), "the run has ended");
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the run does not get on"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let journals = files(&folder.join(".scimitar"));
    assert!(read(folder, "out/events.ndjson").contains("case-finished"));
    assert!(
        journals.iter().any(|path| std::fs::read_to_string(path)
            .unwrap()
            .contains("\"intent\"")),
        "no journal was left"
    );
    assert_clean(folder, &[], &hostile.secrets());

    let (_, out, err) = ended(command(folder).arg("cleanup").env("SCIM_TOKEN", PLAIN));
    assert!(out.contains("resources are gone"), "{out}{err}");
    assert_clean(
        folder,
        &[("stdout", &out), ("stderr", &err)],
        &hostile.secrets(),
    );
    hostile.assert_alone();
}

#[test]
fn a_run_that_is_refused_says_why_without_a_secret() {
    for (mode, code, part) in [
        (Mode::Refusing, 3, "token"),
        (Mode::Page, 3, "web page"),
        (Mode::Redirecting, 3, "30"),
    ] {
        let folder = folder();
        let hostile = Hostile::start(mode, [PLAIN, SECOND]);
        let (ended_with, out, err) =
            ended(test(folder.path(), &hostile.base).env("SCIM_TOKEN", PLAIN));
        assert!(hostile.echoed("header") > 0, "{err}");
        assert_eq!(ended_with, code, "{err}");
        assert!(err.contains(part), "{err}");
        assert_clean(
            folder.path(),
            &[("stdout", &out), ("stderr", &err)],
            &hostile.secrets(),
        );
        hostile.assert_alone();
    }
}

#[test]
fn a_token_that_is_given_the_wrong_way_is_not_shown() {
    let secrets = [PLAIN, NASTY, DOTTED].map(str::to_owned);
    let check = |arguments: &[&str], token: &str, part: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = scimitar(folder.path());
        command
            .args(["test", "http://127.0.0.1:9/v2"])
            .args(arguments);
        let (code, out, err) = ended(command.env("SCIM_TOKEN", token));
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains(part), "no '{part}' for {part}");
        assert_clean(
            folder.path(),
            &[("stdout", &out), ("stderr", &err)],
            &secrets,
        );
    };
    for token in [PLAIN, NASTY, DOTTED] {
        check(&["--token", token], token, "--token");
        check(&[&format!("--token={token}")], token, "--token");
        check(&["--token-env", token], token, "is not set");
        check(&["--token-file", token], token, "can't be read");
        check(&[], &format!("Bearer {token}"), "begins with 'Bearer'");
        check(&[], &format!("{token} "), "has a space");
        check(&[], &format!("{token}\nx"), "has a line break");
        check(&[], &format!("\"{token}\""), "quotes");
        check(&[], &format!("{token}ü"), "no header field can hold");
    }
}

#[test]
fn a_token_in_the_configuration_is_not_shown() {
    for (text, part) in [
        (format!("token = '{PLAIN}'\n"), "unknown key `token`"),
        (
            format!("[headers]\nAuthorization = [\"{PLAIN}\"]\n"),
            "scimitar.toml",
        ),
        (
            format!("max-rps = 1\nclient-secret = \"{PLAIN}\n"),
            "scimitar.toml",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, text).unwrap();
        let (code, out, err) = ended(scimitar(folder.path()).args([
            "test",
            "http://127.0.0.1:9/v2",
            "--config",
            "token",
        ]));
        assert_eq!(code, 2, "{part}");
        assert!(
            err.contains(part.trim_end_matches("scimitar.toml")),
            "{part}"
        );
        assert_clean(
            folder.path(),
            &[("stdout", &out), ("stderr", &err)],
            &[PLAIN.to_owned()],
        );
    }
}
