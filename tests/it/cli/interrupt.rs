//! A run that is stopped in the middle leaves nothing behind, or can be cleaned up after.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::{Served, TOKEN, ended, scimitar};

/// Starts a slow run and returns when it has created something and finished a case.
fn running(folder: &Path, base: &str) -> Child {
    let child = scimitar(folder)
        .args([
            "test",
            base,
            "--output",
            "out",
            "--max-rps",
            "40",
            "--jobs",
            "4",
            "--quiet",
        ])
        .env("SCIM_TOKEN", TOKEN)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let finished = |text: String| text.matches("\"case-finished\"").count() > 20;
    while !std::fs::read_to_string(folder.join("out/events.ndjson")).is_ok_and(finished) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the run does not get on"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn an_interrupted_run_cleans_up_and_reports() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start(folder.path(), &[]);
        let mut child = running(folder.path(), &served.base);
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(served.total("/Users") + served.total("/Groups"), 0);
        let record = std::fs::read_to_string(folder.path().join("out/run.json")).unwrap();
        let record: serde_json::Value = serde_json::from_str(&record).unwrap();
        assert_eq!(record["interrupted"], true);
        assert_eq!(record["outcome"]["exit_code"], code);
        assert!(record["cleanup"]["created"].as_u64().unwrap() > 0);
        assert!(
            !folder
                .path()
                .join(".scimitar")
                .read_dir()
                .unwrap()
                .any(|_| true)
        );
    }
}

#[test]
fn after_a_kill_cleanup_empties_the_target_and_the_events_make_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let mut child = running(folder.path(), &served.base);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        served.total("/Users") > 0,
        "the kill came too late to test anything"
    );

    let (code, out, err) = ended(
        scimitar(folder.path())
            .arg("cleanup")
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(served.total("/Users") + served.total("/Groups"), 0);
    let (code, out, _) = ended(scimitar(folder.path()).arg("cleanup"));
    assert_eq!(
        (code, out.contains("nothing to clean up")),
        (0, true),
        "{out}"
    );

    let arguments = ["report", "out", "--format", "json"];
    let (code, out, err) = ended(scimitar(folder.path()).args(arguments));
    assert_eq!(code, 0, "{err}");
    let record: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(record["interrupted"], true);
    assert!(record["summary"]["pass"].as_u64().unwrap() > 0);
}
