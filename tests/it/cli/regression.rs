//! `--save-regression`: what a probe finds is a file that fails where the fault is, and is run first next time.

use super::{Served, TOKEN, ended, scimitar};

#[test]
fn what_a_probe_finds_is_saved_once_and_run_first_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--fault", "not-ignored"]);
    let run = |target: &str, arguments: &[&str]| {
        let mut command = scimitar(folder.path());
        command
            .args(["test", target, "--output", "out"])
            .args(arguments)
            .env("SCIM_TOKEN", TOKEN);
        let (code, out, err) = ended(&mut command);
        (code, format!("{out}{err}"))
    };
    // However busy the machine is.
    let keeping = [
        "--only",
        "probe.filter",
        "--save-regression",
        "kept",
        "--probe-time",
        "10m",
    ];

    let (code, said) = run(&served.base, &keeping);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(" saved"), "{said}");
    let files: Vec<_> = std::fs::read_dir(folder.path().join("kept/rfc"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("rfc7644-3.4.2.2-not-inverts"), "{text}");
    let changed = || std::fs::metadata(file).unwrap().modified().unwrap();
    let before = changed();
    let (code, out, err) = ended(scimitar(folder.path()).args(["lint", "kept"]));
    assert_eq!(code, 0, "{out}{err}");

    // It fails by itself, and first; it is not saved again.
    let (code, said) = run(&served.base, &keeping);
    assert_eq!(code, 1, "{said}");
    assert!(
        !said.contains(" saved") && said.contains("regression.filter."),
        "{said}"
    );
    assert_eq!(changed(), before);
    let events = std::fs::read_to_string(folder.path().join("out/events.ndjson")).unwrap();
    let place = |id: &str| events.find(&format!("\"{id}"));
    assert!(
        place("regression.filter.") < place("probe.filter"),
        "{events}"
    );
    let alone = ["--suite", "kept", "--only", "regression.*"];
    let (code, said) = run(&served.base, &alone);
    assert_eq!(code, 1, "{said}");

    // Without the fault it passes, and what lists cases knows it.
    let (code, said) = run("--embedded", &alone);
    assert_eq!(code, 0, "{said}");
    let listed = ["list", "scenarios", "--save-regression", "kept"];
    let (code, out, err) = ended(scimitar(folder.path()).args(listed));
    assert!(
        code == 0 && out.contains("regression.filter."),
        "{out}{err}"
    );
    assert_eq!(served.total("/Users"), 0);
}

#[test]
fn a_folder_that_can_not_be_made_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let mut command = scimitar(folder.path());
    command.args(["test", "--embedded", "--save-regression", "taken/kept"]);
    let (code, _, err) = ended(&mut command);
    assert_eq!(code, 73, "{err}");
    assert!(err.contains("taken/kept"), "{err}");
}
