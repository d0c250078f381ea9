//! What a load run leaves behind as users get it: reports, figures for Prometheus, and the comparison of two runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{ended, scimitar};

/// A short run against the built-in provider.
const SHORT: [&str; 9] = [
    "load",
    "constant",
    "--embedded",
    "--users",
    "1",
    "--duration",
    "1500ms",
    "--warm-up",
    "0s",
];

/// The golden load record, changed.
fn write(folder: &Path, name: &str, change: impl FnOnce(&mut Value)) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/sample/load.json");
    let mut record: Value =
        serde_json::from_str(&std::fs::read_to_string(sample).unwrap()).unwrap();
    change(&mut record);
    std::fs::write(folder.join(name), record.to_string()).unwrap();
}

/// All response times of the series, in thousandths of what they were.
fn slower(record: &mut Value, thousandths: u64) {
    for second in record["series"].as_array_mut().unwrap() {
        for time in ["p50", "p90", "p99"] {
            let was = second[time].as_u64().unwrap();
            second[time] = Value::from(was * thousandths / 1000);
        }
    }
}

#[test]
fn a_run_leaves_the_reports_that_were_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = ended(scimitar(folder.path()).args(SHORT).args([
        "--threshold",
        "error-rate<50%",
        "--format",
        "markdown,terminal=said.txt",
        "--prometheus",
        "m.prom",
        "--output",
        "out",
    ]));
    assert_eq!(code, 0, "{out}{err}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("out/load.html").starts_with("<!doctype html>"));
    assert!(read("out/load.md").starts_with("## scimitar load: ✓ thresholds held"));
    assert!(read("said.txt").contains("user.match"));
    assert!(!folder.path().join("out/load.txt").exists());
    let metrics = read("m.prom");
    assert!(
        metrics.contains("scimitar_load_exit_code{")
            && metrics.contains("operation=\"user.match\""),
        "{metrics}"
    );
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let (_, value) = line.rsplit_once("} ").unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    for part in ["json", "html", "markdown", "out/load.html", "hlog"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    for (format, begins) in [
        ("html", "<!doctype"),
        ("markdown", "## scimitar load"),
        ("json", "{\n"),
        ("terminal", "constant: "),
    ] {
        for of in ["out", "out/load.json"] {
            let (code, out, err) =
                ended(scimitar(folder.path()).args(["report", of, "--format", format]));
            assert_eq!(code, 0, "{format}: {err}");
            assert!(out.starts_with(begins), "{format}: {out}");
        }
    }
    let (_, again, _) = ended(scimitar(folder.path()).args(["report", "out", "--format", "html"]));
    assert_eq!(again, read("out/load.html"));
}

#[test]
fn what_can_not_be_written_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let check = |arguments: &[&str], code: i32, part: &str| {
        let (got, out, err) = ended(scimitar(folder.path()).args(SHORT).args(arguments));
        assert_eq!(got, code, "{arguments:?}: {out}{err}");
        assert!(err.contains(part), "{arguments:?}: {err}");
        assert_eq!(out, "");
    };
    check(
        &["--format", "junit"],
        2,
        "cannot write a load run as junit",
    );
    check(
        &["--format", "html=none/a.html"],
        73,
        "cannot write none/a.html",
    );
    check(
        &["--prometheus", "none/m.prom"],
        73,
        "cannot write none/m.prom",
    );
    check(&["--prometheus", &taken], 73, "cannot listen on");
    check(&["--prometheus", "0.0.0.0:9464"], 2, "on loopback alone");
    write(folder.path(), "a.json", |_| {});
    write(folder.path(), "later.json", |record| {
        record["version"] = 9.into();
    });
    let check = |arguments: &[&str], part: &str| {
        let (got, _, err) = ended(scimitar(folder.path()).args(arguments));
        assert_eq!(got, 2, "{arguments:?}: {err}");
        assert!(err.contains(part), "{arguments:?}: {err}");
    };
    check(
        &["report", "a.json", "--format", "har"],
        "cannot write a load run as har",
    );
    check(&["report", "later.json"], "scimitar.load version 9");
}

#[test]
fn the_figures_are_served_while_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = scimitar(folder.path())
        .args([
            "load",
            "constant",
            "--embedded",
            "--rate",
            "50",
            "--duration",
            "20s",
            "--warm-up",
            "0s",
        ])
        .args(["--prometheus", "127.0.0.1:0", "--output", "out"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines.find_map(|line| {
        let line = line.unwrap();
        Some(
            line.split_once("http://")?
                .1
                .strip_suffix("/metrics")?
                .to_owned(),
        )
    });
    let address = address.unwrap();
    let get = |request: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    };
    let metrics = || get("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    let begun = std::time::Instant::now();
    let counted = loop {
        let text = metrics();
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
        if text.contains("scimitar_load_requests_total{") {
            break text;
        }
        assert!(begun.elapsed().as_secs() < 60, "no figures: {text}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(
        counted.contains("version=0.0.4") && counted.contains("quantile=\"0.99\""),
        "{counted}"
    );
    assert!(get("GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    assert!(get("POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-s", "INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest:?}");
}

/// Runs that differ from the first in one thing each.
fn runs(path: &Path) {
    write(path, "a.json", |_| {});
    write(path, "same.json", |record| slower(record, 1001));
    write(path, "slow.json", |record| slower(record, 1200));
    write(path, "fast.json", |record| slower(record, 700));
    write(path, "limited.json", |record| {
        record["generator"]["limited"] = "it was late".into();
    });
    write(path, "short.json", |record| {
        record["series"].as_array_mut().unwrap().truncate(12);
    });
    write(path, "other.json", |record| {
        record["profile"]["name"] = "spike".into();
    });
    write(path, "faster.json", |record| {
        record["settings"]["rate"] = "50".into();
    });
}

#[test]
fn two_runs_are_compared_and_the_exit_code_says_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    runs(path);
    let check = |arguments: &[&str], code: i32, parts: &[&str]| {
        let (got, out, err) = ended(scimitar(path).arg("diff").args(arguments));
        assert_eq!(got, code, "{arguments:?}: {out}{err}");
        for part in parts {
            assert!(
                out.contains(part) || err.contains(part),
                "{arguments:?}: {part}: {out}{err}"
            );
        }
    };
    check(
        &["a.json", "a.json"],
        0,
        &["no difference shown: noise explains what there is"],
    );
    check(&["a.json", "same.json", "--seed", "7"], 0, &["p99"]);
    check(
        &["a.json", "slow.json"],
        1,
        &[
            "regression: ",
            "p50 +20.0 %",
            "beyond the 5 % that are tolerated",
        ],
    );
    check(
        &["a.json", "slow.json", "--tolerance", "25%"],
        0,
        &["worse within the 25 %", "! worse, tolerated"],
    );
    check(&["a.json", "fast.json"], 0, &["better: "]);
    check(
        &["a.json", "slow.json", "--format", "markdown"],
        1,
        &["## scimitar diff: regression", "| p99 |"],
    );
    check(
        &["a.json", "limited.json"],
        3,
        &["no verdict: B was limited by its generator: it was late"],
    );
    check(
        &["a.json", "short.json"],
        3,
        &["too few to tell a change from noise"],
    );
    check(
        &["a.json", "other.json"],
        2,
        &[
            "A ran the profile entra-25rps and B spike",
            "runs of the same profile",
        ],
    );
    check(
        &["a.json", "faster.json"],
        2,
        &["rate 25 in A and 50 in B", "the same options"],
    );
    check(&["a.json", "none.json"], 2, &["cannot read none.json"]);
    check(
        &["a.json", "a.json", "--tolerance", "5"],
        2,
        &["write a percentage"],
    );
    check(
        &["a.json", "a.json", "--format", "html"],
        2,
        &["cannot write a comparison as html"],
    );
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/sample/run.json");
    check(
        &["a.json", run.to_str().unwrap()],
        2,
        &["the record of a run of checks", "load.json of each"],
    );
    let (_, out, _) =
        ended(scimitar(path).args(["diff", "a.json", "slow.json", "--format", "json"]));
    let diff: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(diff["conclusion"], "regression");
    assert_eq!(diff["metrics"].as_array().unwrap().len(), 5);
    assert!(
        diff["metrics"][2]["low"].as_f64().unwrap() > 0.1,
        "{diff:#}"
    );
}
