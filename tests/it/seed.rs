//! Seeding as users run it: by bulk and one by one, after a kill, at odd targets, and removed again.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cli::{Served, TOKEN, ended, scimitar};

const MANIFEST: &str = "m.ndjson";

/// Runs `load seed` with the manifest of the folder.
fn seed(folder: &Path, base: &str, arguments: &[&str]) -> (i32, String, String) {
    let ran = ended(
        scimitar(folder)
            .args(["load", "seed", base, "--manifest", MANIFEST])
            .args(arguments)
            .env("SCIM_TOKEN", TOKEN),
    );
    assert!(!ran.1.contains(TOKEN) && !ran.2.contains(TOKEN));
    ran
}

/// The lines of the manifest.
fn lines(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap();
    assert!(!text.contains(TOKEN));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Ids that the manifest says were made at an endpoint.
fn made(lines: &[Value], endpoint: &str) -> Vec<String> {
    let of = lines
        .iter()
        .filter(|line| line["kind"] == "made" && line["endpoint"] == endpoint);
    let all = of.flat_map(|line| line["made"].as_array().unwrap());
    all.filter_map(|one| one["id"].as_str().map(str::to_owned))
        .collect()
}

fn clean_up(folder: &Path, served: &Served) {
    let (code, out, err) = ended(
        scimitar(folder)
            .args(["cleanup", "--manifest", MANIFEST])
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(served.total("/Users") + served.total("/Groups"), 0, "{out}");
    assert!(!folder.join(MANIFEST).exists());
}

#[test]
fn users_and_groups_are_there_once_and_go_again() {
    for way in [&[][..], &["--one-by-one"]] {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start(folder.path(), &[]);
        let plan = ["--users", "600", "--groups", "12", "--members", "30"];
        let arguments = [&plan[..], way].concat();
        let (code, out, err) = seed(folder.path(), &served.base, &arguments);
        assert_eq!(code, 0, "{out}{err}");
        assert!(
            out.contains("600 of 600 are there: 600 created"),
            "{out}{err}"
        );
        assert_eq!((served.total("/Users"), served.total("/Groups")), (600, 12));
        let lines = lines(folder.path());
        let kinds: Vec<&str> = lines.iter().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(kinds[..4], ["open", "seeding", "space", "space"]);
        let before = |kind| kinds.iter().position(|it| *it == kind).unwrap();
        assert!(before("sending") < before("made"));
        // The user on trial is gone again.
        let users = made(&lines, "/Users");
        assert_eq!(users.len(), 601);
        let size = served.total("/Groups?filter=members%20pr&excludedAttributes=id");
        assert_eq!(size, 12);
        let (code, out, err) = seed(folder.path(), &served.base, way);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("0 created, 600 known before"), "{out}");
        let more = [&["--users", "650"][..], way].concat();
        let (code, out, err) = seed(folder.path(), &served.base, &more);
        assert_eq!(code, 0, "{out}{err}");
        assert_eq!((served.total("/Users"), served.total("/Groups")), (650, 12));
        clean_up(folder.path(), &served);
    }
}

#[test]
fn a_run_that_was_killed_is_taken_up_again() {
    let targets: [(&[&str], &[&str]); 3] = [
        (&[], &["--one-by-one"]),
        (&[], &[]),
        (&["--without", "bulk,filter"], &[]),
    ];
    for (target, way) in targets {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start(folder.path(), target);
        let mut child = scimitar(folder.path())
            .args(["load", "seed", &served.base, "--manifest", MANIFEST])
            .args(["--users", "2000", "--groups", "20", "--members", "5"])
            .args(way)
            .env("SCIM_TOKEN", TOKEN)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let sent = |text: String| text.matches(r#""kind":"made""#).count() > 2;
        while !std::fs::read_to_string(folder.path().join(MANIFEST)).is_ok_and(sent) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it does not get on"
            );
            assert!(child.try_wait().unwrap().is_none(), "it ended too soon");
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            served.total("/Users") < 2000,
            "{way:?}: the kill came too late"
        );
        let (code, out, err) = seed(folder.path(), &served.base, way);
        assert_eq!(code, 0, "{way:?}: {out}{err}");
        assert!(out.contains("2000 of 2000 are there"), "{out}");
        assert_eq!(
            (served.total("/Users"), served.total("/Groups")),
            (2000, 20)
        );
        let ids = made(&lines(folder.path()), "/Users");
        let once: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), once.len()), (2001, 2001), "{way:?}");
        clean_up(folder.path(), &served);
    }
}

#[test]
fn whoever_interrupts_is_told_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let child = scimitar(folder.path())
        .args(["load", "seed", &served.base, "--manifest", MANIFEST])
        .args(["--users", "100000", "--one-by-one"])
        .env("SCIM_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !std::fs::read_to_string(folder.path().join(MANIFEST))
        .is_ok_and(|text| text.matches("made").count() > 5)
    {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not get on"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    let signalled = std::process::Command::new("kill")
        .args(["-s", "INT", &id])
        .status();
    assert!(signalled.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(130), "{out}");
    assert!(out.contains("the same command again"), "{out}");
    assert!(served.total("/Users") > 0);
    clean_up(folder.path(), &served);
}

#[test]
fn targets_that_differ_are_seeded_all_the_same() {
    for target in [
        &["--like", "github"][..],
        &["--like", "slack"],
        &["--like", "aws"],
        &["--fault", "bulk-takes-a-higher-limit-for-one"],
        &["--without", "bulk,filter,enterprise,sort,etag"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start(folder.path(), target);
        let (code, out, err) = seed(folder.path(), &served.base, &["--users", "15"]);
        assert_eq!(code, 0, "{target:?}: {out}{err}");
        let (code, out, err) = ended(
            scimitar(folder.path())
                .args(["cleanup", "--manifest", MANIFEST])
                .env("SCIM_TOKEN", TOKEN),
        );
        assert_eq!(code, 0, "{target:?}: {out}{err}");
    }
}

#[test]
fn a_target_that_keeps_what_is_deleted_gets_one_user_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--fault", "deleted-stays"]);
    let (code, out, err) = seed(folder.path(), &served.base, &["--users", "50"]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(
        out.contains("does not remove what was created on trial"),
        "{out}"
    );
    assert!(served.total("/Users") <= 1);
    let arguments = ["--users", "50", "--accept-leftovers"];
    let (code, out, err) = seed(folder.path(), &served.base, &arguments);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = ended(
        scimitar(folder.path())
            .args(["cleanup", "--manifest", MANIFEST])
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(code, 7, "{out}");
    assert!(out.contains("still readable"), "{out}");
    assert!(folder.path().join(MANIFEST).exists());
}

#[test]
fn mistakes_are_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let check = |arguments: &[&str], parts: &[&str]| {
        let (code, out, err) = ended(
            scimitar(folder.path())
                .args(["load", "seed"])
                .args(arguments)
                .env("SCIM_TOKEN", TOKEN),
        );
        assert_eq!(code, 2, "{arguments:?}: {out}{err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {err}");
        }
        assert_eq!(served.total("/Users"), 0);
    };
    let base = served.base.as_str();
    check(&[], &["no URL was given", "scimitar serve"]);
    check(&[base], &["--users is missing"]);
    check(&[base, "--users", "-3"], &["--users"]);
    let many = [base, "--users", "3", "--groups", "1", "--members", "4"];
    check(&many, &["--members 4 are more than the 3 users"]);
    let far = "https://idp.example/scim/v2";
    check(&[far, "--users", "3"], &["--i-own-this-target idp.example"]);
    let write = |text: &str| std::fs::write(folder.path().join("a.ndjson"), text).unwrap();
    let with = [base, "--users", "3", "--manifest", "a.ndjson"];
    let open = |base: &str| {
        format!(
            r#"{{"kind":"open","version":1,"run":"r","base":"{base}","started":"","remote":false}}"#
        )
    };
    write("id,userName\n");
    check(&with, &["cannot use the manifest", "line 1"]);
    let intent = r#"{"kind":"intent","n":1,"endpoint":"/Users","marker":"r"}"#;
    write(&format!("{}\n{intent}\n", open(base)));
    check(&with, &["not a manifest of `scimitar load seed`"]);
    let plan = r#"{"kind":"seeding","seed":7,"users":5,"groups":1,"members":2}"#;
    write(&format!("{}\n{plan}\n", open("http://127.0.0.1:9/v2")));
    check(&with, &["written for http://127.0.0.1:9/v2"]);
    write(&format!("{}\n{plan}\n", open(base)));
    check(
        &with,
        &["has 5 users already", "scimitar cleanup --manifest"],
    );
    let other = [
        base,
        "--users",
        "9",
        "--seed",
        "8",
        "--manifest",
        "a.ndjson",
    ];
    check(&other, &["begun with --seed 7, not 8"]);
    // Its writer was killed between its first line and its second.
    write(&format!("{}\n", open(base)));
    let begun = [&["load", "seed"], &with[..]].concat();
    let (code, out, err) = ended(scimitar(folder.path()).args(begun).env("SCIM_TOKEN", TOKEN));
    assert_eq!((code, served.total("/Users")), (0, 3), "{out}{err}");
}
