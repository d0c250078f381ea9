//! Commands that need no target.

use super::{ended, scimitar};

#[test]
fn lists_are_for_eyes_and_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    for what in [
        "scenarios",
        "requirements",
        "checks",
        "tolerances",
        "profiles",
        "faults",
    ] {
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
fn requirements_are_narrowed_by_feature_level_and_status() {
    let folder = tempfile::tempdir().unwrap();
    let list = |what: &str, flags: &[&str]| {
        ended(
            scimitar(folder.path())
                .args(["list", what, "--json"])
                .args(flags),
        )
    };
    for (flags, key, allowed) in [
        (
            vec!["--feature", "patch", "--feature", "sort"],
            "feature",
            vec!["patch", "sort"],
        ),
        (vec!["--level", "should"], "level", vec!["should"]),
        (
            vec!["--status", "unverifiable"],
            "status",
            vec!["unverifiable"],
        ),
        (
            vec![
                "--feature",
                "filter",
                "--level",
                "must",
                "--status",
                "tested",
            ],
            "level",
            vec!["must"],
        ),
        (vec!["--only", "rfc7644-3.6-*"], "section", vec!["3.6"]),
    ] {
        let (code, json, err) = list("requirements", &flags);
        assert_eq!(code, 0, "{flags:?}: {err}");
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            assert!(
                allowed.contains(&row[key].as_str().unwrap()),
                "{flags:?}: {row}"
            );
        }
    }
    for (what, flags, code, said) in [
        (
            "requirements",
            vec!["--feature", "ptach"],
            2,
            "did you mean `patch`?",
        ),
        ("requirements", vec!["--feature", "zzz"], 2, "one of "),
        (
            "requirements",
            vec!["--level", "shall"],
            2,
            "must, should, may",
        ),
        ("requirements", vec!["--only", "no-such-*"], 4, "nothing"),
        (
            "faults",
            vec!["--feature", "patch"],
            2,
            "list of requirements only",
        ),
        (
            "scenarios",
            vec!["--status", "todo"],
            2,
            "list of requirements only",
        ),
    ] {
        let (got, out, err) = list(what, &flags);
        assert_eq!(got, code, "{what} {flags:?}: {err}");
        assert!(err.contains(said), "{what} {flags:?}: {err}");
        assert_eq!(out, "", "{what} {flags:?}");
    }
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
        (
            "rfc7644-3.6-deleted-answers-404",
            "send    GET /Users/{u1.id}",
        ),
        ("rfc7644-3.6-deleted-answers-404", "expect  status 404"),
        (
            "rfc7644-3.6-deleted-answers-404",
            "warn, with --strict fail  C09-gone",
        ),
        ("rfc7644-3.6-deleted-answers-404", "  deleted-stays  A"),
        ("rfc7644-3.6-deleted-answers-404", "Entra ID"),
        ("C09-gone", "delete.user"),
        ("C15", "C15-other"),
        ("smoke", "scimitar list scenarios --profile smoke"),
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
