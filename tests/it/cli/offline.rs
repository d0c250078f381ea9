//! Commands that need no target.

use super::{ended, scimitar};

#[test]
fn lists_are_for_eyes_and_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["scenarios", "requirements", "checks", "profiles", "faults"] {
        let (code, out, err) = ended(scimitar(folder.path()).args(["list", what]));
        assert_eq!(code, 0, "{err}");
        let (_, json, _) = ended(scimitar(folder.path()).args(["list", what, "--json"]));
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(out.lines().count(), rows.len(), "{what}");
        for row in rows.iter().take(3) {
            assert!(out.contains(row["id"].as_str().unwrap()), "{what}: {row}");
        }
    }
    let (_, out, _) = ended(scimitar(folder.path()).args(["list", "scenarios", "--tag", "smoke"]));
    assert!(out.lines().count() > 0);
}

#[test]
fn every_kind_of_id_is_explained_and_a_near_one_suggested() {
    let folder = tempfile::tempdir().unwrap();
    for (id, part) in [
        (
            "rfc7644-3.6-delete-answers-204",
            "https://www.rfc-editor.org",
        ),
        ("create.location", "--only create.location"),
        ("media-type", "every exchange"),
        ("status", "a check of scenarios"),
        ("sort-ignored", "--fault sort-ignored"),
    ] {
        let (code, out, err) = ended(scimitar(folder.path()).args(["explain", id]));
        assert_eq!(code, 0, "{id}: {err}");
        assert!(out.contains(part), "{id}: {out}");
    }
    let (code, _, err) = ended(scimitar(folder.path()).args(["explain", "create.locaton"]));
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `create.location`?"), "{err}");
}

#[test]
fn a_dry_run_shows_the_plan_and_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stub = super::stub::Stub::answering("200 OK", "application/json", "{}");
    let arguments = ["test", &stub.base, "--dry-run", "--only", "create.*"];
    let (code, out, err) = ended(scimitar(folder.path()).args(arguments));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("create.location"), "{out}");
    assert_eq!(stub.hits(), 0);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is written"
    );
}

#[test]
fn completions_are_there_for_each_shell() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, out, _) = ended(scimitar(folder.path()).args(["completions", shell]));
        assert_eq!(code, 0);
        assert!(out.contains("scimitar"), "{shell}");
    }
}
