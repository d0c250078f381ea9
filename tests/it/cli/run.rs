//! Whole runs: against the built-in provider, and against one of another process.

use std::path::Path;

use scimitar::record::schema::run_schema;
use scimitar::record::{RunRecord, normalise};

use super::{Served, TOKEN, ended, scimitar};

fn record(folder: &Path) -> RunRecord {
    let text = std::fs::read_to_string(folder.join("run.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Runs `test` with these arguments into the folder `out`: exit code, output, record.
#[track_caller]
fn tested(folder: &Path, arguments: &[&str]) -> (i32, String, RunRecord) {
    let mut command = scimitar(folder);
    command
        .args(["test", "--output", "out"])
        .args(arguments)
        .env("SCIM_TOKEN", TOKEN);
    let (code, out, err) = ended(&mut command);
    assert!(folder.join("out/run.json").is_file(), "{out}{err}");
    (code, format!("{out}{err}"), record(&folder.join("out")))
}

#[test]
fn jobs_and_timing_change_nothing() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, eight] = ["1", "8"].map(|jobs| {
        let folder = &folders[usize::from(jobs == "8")];
        // How often rivals meet is a matter of time: races are looked at apart. No probe runs out of time either,
        // however busy the machine is.
        let options = ["--embedded", "--jobs", jobs, "--skip", "probe.race-*"];
        let options = [&options[..], &["--probe-time", "10m"]].concat();
        let (code, said, record) = tested(folder.path(), &options);
        assert_eq!(code, 0, "{said}");
        assert_eq!(record.summary.fail + record.summary.error, 0, "{said}");
        assert_eq!(record.cleanup.created, record.cleanup.deleted);
        assert!(record.cleanup.leftover.is_empty());
        let validator = jsonschema::validator_for(&run_schema()).unwrap();
        let value = serde_json::to_value(&record).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        record
    });
    let (one, eight) = (normalise(&one), normalise(&eight));
    for key in one.as_object().unwrap().keys() {
        assert_eq!(one[key], eight[key], "{key} differs");
    }
}

#[test]
fn races_find_nothing_and_leave_nothing_whatever_the_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let all = scimitar::probe::all().iter();
    let races = all.filter(|it| it.id().starts_with("probe.race-")).count();
    for jobs in ["1", "8"] {
        let options = ["--embedded", "--jobs", jobs, "--only", "probe.race-*"];
        let (code, said, record) = tested(folder.path(), &options);
        assert_eq!(code, 0, "{said}");
        assert_eq!(record.summary.pass, races as u64, "{said}");
        assert_eq!(record.cleanup.created, record.cleanup.deleted);
        assert!(record.cleanup.leftover.is_empty());
    }
}

#[test]
fn a_target_of_another_process_is_found_good_and_left_empty() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let (code, said, record) = tested(folder.path(), &[&served.base, "--profile", "smoke"]);
    assert_eq!(code, 0, "{said}");
    assert!(!record.target.embedded);
    assert_eq!(served.total("/Users") + served.total("/Groups"), 0);
    for file in [
        "run.json",
        "report.html",
        "events.ndjson",
        "exchanges.ndjson",
    ] {
        let text = std::fs::read_to_string(folder.path().join("out").join(file)).unwrap();
        assert!(!text.is_empty(), "{file}");
        assert!(!text.contains(TOKEN), "{file} holds the token");
    }
    let exchanges = std::fs::read_to_string(folder.path().join("out/exchanges.ndjson")).unwrap();
    let writes = exchanges
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| {
            let path = line["request"]["path"].as_str().unwrap();
            ["POST", "PUT", "PATCH"].contains(&line["request"]["method"].as_str().unwrap())
                && !path.ends_with(".search")
        })
        .count();
    assert!(writes <= 12, "smoke writes {writes} times");
}

#[test]
fn a_broken_target_fails_and_an_expectation_makes_that_known() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--fault", "sort-ignored"]);
    let only = [served.base.as_str(), "--only", "sort.*"];
    let (code, said, record) = tested(folder.path(), &only);
    assert_eq!(code, 1, "{said}");
    assert_eq!(record.outcome.reasons, ["check-failed"]);
    let failed: Vec<&str> = record
        .requirements
        .iter()
        .filter(|one| one.outcome == scimitar::record::Outcome::Fail)
        .map(|one| one.id.as_str())
        .collect();
    assert!(!failed.is_empty());
    let cited = record
        .cases
        .iter()
        .flat_map(|case| &case.findings)
        .flat_map(|one| &one.exchanges);
    for n in cited {
        assert!(
            record.exchanges.iter().any(|exchange| exchange.n == *n),
            "{n} is cited"
        );
    }
    let entries: String = failed
        .iter()
        .map(|id| format!("[[expect]]\nrequirement = '{id}'\nreason = 'known'\n"))
        .collect();
    std::fs::write(folder.path().join("e.toml"), entries).unwrap();
    let known: Vec<&str> = only
        .iter()
        .chain(&["--expectations", "e.toml"])
        .copied()
        .collect();
    let (code, said, record) = tested(folder.path(), &known);
    assert_eq!(code, 0, "{said}");
    assert!(record.summary.fail > 0, "it is shown all the same");

    let sound = Served::start(folder.path(), &[]);
    let known: Vec<&str> = [sound.base.as_str()]
        .iter()
        .chain(&known[1..])
        .copied()
        .collect();
    let (code, said, record) = tested(folder.path(), &known);
    assert_eq!(code, 5, "{said}");
    assert_eq!(record.outcome.reasons, ["stale-expectation"]);
    assert!(said.contains("no longer occurs"), "{said}");
}

#[test]
fn a_read_only_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said, record) = tested(folder.path(), &["--embedded", "--read-only"]);
    assert!([0, 3].contains(&code), "{said}");
    assert_eq!(record.cleanup.created, 0);
    assert!(record.summary.skip > 0 && record.summary.pass > 0, "{said}");
    assert_eq!(record.summary.error, 0, "{said}");
    let exchanges = std::fs::read_to_string(folder.path().join("out/exchanges.ndjson")).unwrap();
    for method in ["PUT", "PATCH", "DELETE"] {
        assert!(
            !exchanges.contains(&format!("\"method\":\"{method}\"")),
            "{method}"
        );
    }
}

#[test]
fn a_target_that_keeps_what_it_deletes_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--fault", "deleted-stays"]);
    let (code, said, record) = tested(folder.path(), &[&served.base, "--max-run-time", "60s"]);
    assert_eq!(code, 3, "{said}");
    assert!(
        record
            .outcome
            .reasons
            .contains(&"deletion-refused".to_owned()),
        "{said}"
    );
    assert!(said.contains("--accept-leftovers"), "{said}");
    assert!(record.cleanup.created <= 1);
}

#[test]
fn a_report_from_the_events_is_the_report_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "--embedded",
        "--only",
        "create.*",
        "--format",
        "json,junit,markdown",
    ];
    let (code, said, first) = tested(folder.path(), &arguments);
    assert_eq!(code, 0, "{said}");
    let out = folder.path().join("out");
    assert!(out.join("junit.xml").is_file() && out.join("summary.md").is_file());
    let replayed = folder.path().join("again.json");
    let (code, _, err) = ended(scimitar(folder.path()).args([
        "report",
        "out/events.ndjson",
        "--format",
        "json",
        "--output",
        "again.json",
    ]));
    assert_eq!(code, 0, "{err}");
    let again: RunRecord =
        serde_json::from_str(&std::fs::read_to_string(replayed).unwrap()).unwrap();
    assert_eq!(
        serde_json::to_value(&first).unwrap(),
        serde_json::to_value(&again).unwrap()
    );
}

#[test]
fn a_conversation_holds_all_that_was_sent_as_long_as_the_stream_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let only = ["--embedded", "--only", "create.*"];
    let formats = ["--format", "har=talk.har,ndjson", "--jobs", "4"];
    let (code, said, _) = tested(folder.path(), &[&only[..], &formats[..]].concat());
    assert_eq!(code, 0, "{said}");
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    let sent = read("out/exchanges.ndjson").lines().count();
    let entries = |text: &str| {
        let archive: serde_json::Value = serde_json::from_str(text).unwrap();
        archive["log"]["entries"].as_array().unwrap().clone()
    };
    let first = read("talk.har");
    assert_eq!(entries(&first).len(), sent);
    assert!(
        said.contains(&format!("{sent} exchanges, all of the run")),
        "{said}"
    );
    let lines: Vec<serde_json::Value> = read("out/conversation.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), sent);
    let place = |line: &serde_json::Value| {
        (
            line["case"].to_string(),
            line["timing"]["started_us"].as_u64(),
        )
    };
    for pair in lines.windows(2) {
        let ((before, at), (after, then)) = (place(&pair[0]), place(&pair[1]));
        assert!(before != after || at <= then, "{before} is out of order");
    }

    let again =
        || ended(scimitar(folder.path()).args(["report", "out/run.json", "--format", "har"]));
    let (code, out, err) = again();
    assert_eq!((code, out), (0, first), "{err}");
    std::fs::remove_file(folder.path().join("out/exchanges.ndjson")).unwrap();
    let (code, out, err) = again();
    assert_eq!(code, 0, "{err}");
    assert!(entries(&out).len() < sent);
    assert!(err.contains("exchanges.ndjson is not there"), "{err}");
}
