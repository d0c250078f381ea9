//! Bad input: what is said, with which code, and that nothing was sent.

use std::path::Path;

use super::stub::Stub;
use super::{TOKEN, ended, scimitar};

/// Runs `test` with these arguments and variables: its code, and that all these words are said.
#[track_caller]
fn check(folder: &Path, arguments: &[&str], variables: &[(&str, &str)], code: i32, words: &[&str]) {
    let mut command = scimitar(folder);
    command
        .arg("test")
        .args(arguments)
        .envs(variables.iter().copied());
    let (found, out, err) = ended(&mut command);
    assert_eq!(found, code, "{arguments:?}\n{out}\n{err}");
    for word in words {
        assert!(
            err.contains(word),
            "{arguments:?} should say {word:?}:\n{err}"
        );
    }
    assert!(!err.contains("panicked"), "{err}");
    assert!(
        !format!("{out}{err}").contains(TOKEN),
        "the token is shown:\n{err}"
    );
}

#[test]
fn a_url_that_is_no_base_url_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (url, words) in [
        (None, &["no URL", "--embedded"][..]),
        (Some(""), &["empty", "--embedded"]),
        (Some("  "), &["empty", "--embedded"]),
        (
            Some("idp.example/scim"),
            &["has no scheme", "https://idp.example/scim"],
        ),
        (Some("ftp://idp.example"), &["ftp"]),
        (
            Some("https://bob:hunter2@idp.example"),
            &["user name or password"],
        ),
        (Some("https://idp.example/?a=b"), &["query"]),
        (
            Some("https://idp.example/scim/Users"),
            &["Users", "https://idp.example/scim"],
        ),
        (
            Some("http://idp.example/scim"),
            &["plain http", "--allow-plaintext-token"],
        ),
    ] {
        check(
            folder.path(),
            url.as_slice(),
            &[("SCIM_TOKEN", TOKEN)],
            2,
            words,
        );
    }
    let (_, out, err) =
        ended(scimitar(folder.path()).args(["test", "https://bob:hunter2@idp.example"]));
    assert!(!format!("{out}{err}").contains("hunter2"));
    check(
        folder.path(),
        &[],
        &[("SCIMITAR_URL", "")],
        2,
        &["empty", "--embedded"],
    );
    check(
        folder.path(),
        &["https://a.example", "--embedded"],
        &[],
        2,
        &["both a URL and --embedded"],
    );
}

#[test]
fn a_token_that_can_only_be_a_mistake_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::answering("200 OK", "application/json", "{}");
    let url = stub.base.as_str();
    std::fs::write(folder.path().join("token"), "a\nb\n").unwrap();
    for (arguments, value, words) in [
        (&[][..], "", &["SCIM_TOKEN", "empty"][..]),
        (&[], "abc\ndef", &["line break"]),
        (&[], "Bearer abcdef", &["Bearer"]),
        (
            &["--token-env", "SCIM_X", "--token-file", "token"],
            "",
            &["--token-env and --token-file"],
        ),
        (&["--token-env", "SCIM_X"], "", &["SCIM_X is not set"]),
        (
            &["--token-file", "absent"],
            "",
            &["absent", "can't be read"],
        ),
        (&["--token-file", "token"], "", &["line break"]),
    ] {
        let arguments: Vec<&str> = [url].iter().chain(arguments).copied().collect();
        check(
            folder.path(),
            &arguments,
            &[("SCIM_TOKEN", value)],
            2,
            words,
        );
    }
    assert_eq!(stub.hits(), 0);
}

#[test]
fn a_misspelt_flag_or_key_is_answered_with_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &["--embeded"], &[], 2, &["--embedded"]);
    check(
        folder.path(),
        &["--embedded", "--format", "jason"],
        &[],
        2,
        &["json"],
    );
    check(
        folder.path(),
        &["--embedded", "--timeout", "3"],
        &[],
        2,
        &["unit"],
    );
    check(
        folder.path(),
        &["--embedded", "--profile", "smok"],
        &[],
        2,
        &["smoke"],
    );
    std::fs::write(
        folder.path().join("scimitar.toml"),
        "seed = 1\nmax-rsp = 3\n",
    )
    .unwrap();
    check(
        folder.path(),
        &["--embedded"],
        &[],
        2,
        &["scimitar.toml:2:1", "^^^^^^^", "did you mean `max-rps`?"],
    );
    check(
        folder.path(),
        &["--embedded", "--config", "absent.toml"],
        &[],
        2,
        &["absent.toml"],
    );
}

#[test]
fn a_suite_with_a_mistake_is_refused_with_place_and_caret() {
    const GOOD: &str = "id: a\ntitle: A\nsteps:\n  - get: /Users\n    expect:\n      - { status: 200, covers: rfc7644-3.4.1-get-answers-200 }\n";
    let stub = Stub::answering("200 OK", "application/json", "{}");
    for (from, to, words) in [
        ("title:", "titel:", &["acme/a.yaml:2:1", "title"][..]),
        ("status:", "statsu:", &["acme/a.yaml:6:11", "status"]),
        ("get-answers-200", "get-answers-20", &["acme/a.yaml:6"]),
        ("/Users", "/Users/{{u1.id}}", &["acme/a.yaml:4:17", "u1.id"]),
        ("steps:", "steps: [", &["acme/a.yaml:"]),
        ("id: a", "id: b", &["acme/a.yaml:1:5"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let acme = folder.path().join("suite/acme");
        std::fs::create_dir_all(&acme).unwrap();
        std::fs::write(acme.join("a.yaml"), GOOD.replacen(from, to, 1)).unwrap();
        let arguments = [stub.base.as_str(), "--suite", "suite", "--profile", "acme"];
        let (code, out, err) = ended(scimitar(folder.path()).arg("test").args(arguments));
        assert_eq!(code, 2, "{to}\n{out}\n{err}");
        for word in words.iter().chain(&["^"]) {
            assert!(err.contains(word), "{to} should say {word:?}:\n{err}");
        }
        let (code, _, err) = ended(scimitar(folder.path()).args(["lint", "suite"]));
        assert_eq!(code, 2, "lint: {err}");
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["acme", "bcme"] {
        let pack = folder.path().join("suite").join(name);
        std::fs::create_dir_all(&pack).unwrap();
        std::fs::write(pack.join("a.yaml"), GOOD).unwrap();
    }
    let arguments = [stub.base.as_str(), "--suite", "suite"];
    check(
        folder.path(),
        &arguments,
        &[],
        2,
        &["bcme/a.yaml", "has the id `a`"],
    );
    assert_eq!(stub.hits(), 0);
}

#[test]
fn a_selection_that_matches_nothing_is_no_green_run() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::answering("200 OK", "application/json", "{}");
    let url = stub.base.as_str();
    check(
        folder.path(),
        &[url, "--only", "zzz"],
        &[],
        4,
        &["`--only zzz` matches nothing"],
    );
    check(
        folder.path(),
        &[url, "--tag", "zzz"],
        &[],
        4,
        &["matches nothing"],
    );
    check(folder.path(), &[url, "--only", "a{"], &[], 2, &["no glob"]);
    assert_eq!(stub.hits(), 0);
}

#[test]
fn a_target_that_can_not_be_tested_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("https://{}.example/v2", "a".repeat(70));
    for url in ["http://127.0.0.1:1/v2", long.as_str()] {
        let (code, out, err) = ended(scimitar(folder.path()).args(["test", url]));
        assert_eq!(code, 69, "{out}{err}");
        let said = format!("{out}{err}");
        assert_eq!(said.matches("can't be reached").count(), 1, "{said}");
    }
    let page = Stub::answering("200 OK", "text/html", "<html><title>Sign in</title></html>");
    check(
        folder.path(),
        &[&page.base],
        &[],
        3,
        &["web page", "Sign in", "/scim/v2"],
    );
    let error = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}"#;
    let closed = Stub::answering("401 Unauthorized", "application/scim+json", error);
    let token = [("SCIM_TOKEN", TOKEN)];
    check(
        folder.path(),
        &[&closed.base],
        &token,
        3,
        &["token was never accepted"],
    );
    check(
        folder.path(),
        &[&closed.base],
        &[],
        3,
        &["no token was sent"],
    );
    assert!(closed.hits() < 12, "no case runs against a closed door");
}

#[test]
fn an_output_directory_that_can_not_be_written_stops_the_run_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::answering("200 OK", "application/json", "{}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    check(
        folder.path(),
        &[&stub.base, "--output", "file/out"],
        &[],
        73,
        &["file/out", "nothing was sent"],
    );
    let arguments = [
        stub.base.as_str(),
        "--output",
        "out",
        "--format",
        "json=absent/run.json",
    ];
    check(folder.path(), &arguments, &[], 73, &["absent/run.json"]);
    assert_eq!(stub.hits(), 0);
}

#[test]
fn a_wrong_expectation_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("e.toml"),
        "[[expect]]\nrequirement = 'x'\n",
    )
    .unwrap();
    check(
        folder.path(),
        &["--embedded", "--expectations", "e.toml"],
        &[],
        2,
        &["reason", "e.toml"],
    );
    std::fs::write(
        folder.path().join("e.toml"),
        "[[expect]]\nrequirement = 'rfc7644-3.6-delete-answers-2004'\nreason = 'x'\n",
    )
    .unwrap();
    check(
        folder.path(),
        &["--embedded", "--expectations", "e.toml"],
        &[],
        2,
        &["e.toml:1", "did you mean `rfc7644-3.6-delete-answers-204`?"],
    );
    check(
        folder.path(),
        &["--embedded", "--expectations", "absent"],
        &[],
        2,
        &["absent"],
    );
}

#[test]
fn a_provider_keeps_one_method_of_paging() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = scimitar(folder.path());
    command.args(["serve", "--port", "0", "--without", "index,cursor"]);
    let (code, out, err) = ended(&mut command);
    assert_eq!(code, 2, "{out}\n{err}");
    assert!(err.contains("method of paging"), "{err}");
}

#[test]
fn a_provider_imitates_those_that_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = scimitar(folder.path());
    command.args(["serve", "--port", "0", "--like", "gitlab"]);
    let (code, out, err) = ended(&mut command);
    assert_eq!(code, 2, "{out}\n{err}");
    assert!(
        err.contains("`gitlab`") && err.contains("aws, github, slack"),
        "{err}"
    );
}
