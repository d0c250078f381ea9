//! A load over several processes: one schedule split among them, and their records merged into one.

mod manifest;
mod stock;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::serialization::Deserializer;
use scimitar::record::load::{Latency, LoadRecord, Shard};
use serde_json::Value;

use crate::cli::{Served, TOKEN, ended, scimitar};

/// A load of eighty requests in two seconds by several users, reading and writing.
const PROFILE: &str = "name: small\ntitle: T\nmodel: { open: { rate: 40 } }\nduration: 2s\nconnections: 8\n\
                       pool: { users: 10 }\nmix: [{ scenario: load.user.match, weight: 3 }, { scenario: load.user.create, weight: 1 }]\n\
                       thresholds: ['error-rate<=0%', 'rps>=39']\n";

/// A folder with the profile in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.yaml"), PROFILE).unwrap();
    folder
}

fn read(path: &Path) -> LoadRecord {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(!text.contains(TOKEN));
    serde_json::from_str(&text).unwrap()
}

/// One shard, as an engine starts it.
fn begun(folder: &Path, base: &str, out: &str, shard: &[&str], engine: &[(&str, &str)]) -> Command {
    let mut command = scimitar(folder);
    command
        .args(["load", "small.yaml", base, "--output", out, "--quiet"])
        .args(shard)
        .env("SCIM_TOKEN", TOKEN)
        .envs(engine.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a process said; it must have ended well, or for want of processor time.
fn well(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    let limited = output.status.code() == Some(3) && out.contains("generator-limited");
    assert!(output.status.success() || limited, "{out}\n{err}");
    out
}

/// Options, and variables of an engine, that tell a process which shard it is.
type Told<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);

/// Four shards at once, each told by another engine which one it is; their records.
fn four(folder: &Path) -> Vec<PathBuf> {
    let served = Served::start(folder, &[]);
    let slurm = [
        ("SLURM_ARRAY_TASK_ID", "11"),
        ("SLURM_ARRAY_TASK_MIN", "10"),
        ("SLURM_ARRAY_TASK_MAX", "13"),
        ("SLURM_ARRAY_TASK_COUNT", "4"),
    ];
    let engines: [Told<'_>; 4] = [
        (&["--shards", "4"], &[("JOB_COMPLETION_INDEX", "0")]),
        (&[], &slurm),
        (&["--shards", "4"], &[("AWS_BATCH_JOB_ARRAY_INDEX", "2")]),
        (&["--shard", "3/4"], &[]),
    ];
    let children: Vec<_> = (engines.iter().enumerate())
        .map(|(nth, (shard, engine))| {
            let out = format!("shard-{nth}");
            begun(folder, &served.base, &out, shard, engine)
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let out = well(&child.wait_with_output().unwrap());
        assert!(out.contains("judged by `scimitar load merge`"), "{out}");
    }
    assert_eq!(served.total("/Users") + served.total("/Groups"), 0);
    (0..4)
        .map(|nth| folder.join(format!("shard-{nth}/load.json")))
        .collect()
}

/// A merge: exit code, what was said, what was complained about.
fn merged(folder: &Path, files: &[PathBuf], more: &[&str]) -> (i32, String, String) {
    ended(
        scimitar(folder)
            .args(["load", "merge"])
            .args(files)
            .args(more),
    )
}

#[test]
fn four_shards_are_one_load() {
    let folder = folder();
    let folder = folder.path();
    let files = four(folder);
    let parts: Vec<LoadRecord> = files.iter().map(|file| read(file)).collect();
    for (index, part) in (0_u32..).zip(&parts) {
        assert_eq!(part.shard, Some(Shard { index, of: 4 }));
        // Evenly spaced tickets: each has every fourth.
        assert_eq!(part.generator.planned, 20);
        assert_eq!(part.config, parts[0].config);
        assert!(part.run.ends_with(&format!("s{index}")), "{}", part.run);
        assert!(part.thresholds.is_empty(), "a part is not judged");
        assert_eq!(part.unjudged, ["error-rate<=0%", "rps>=39"]);
        assert_eq!(part.series.len(), part.series_hdr.len());
        assert!(part.cleanup.created >= 2, "its part of the pool at least");
    }
    let (code, out, err) = merged(folder, &files, &["--out", "whole"]);
    let sum = read(&folder.join("whole/load.json"));
    assert_eq!(code, i32::from(sum.outcome.exit_code), "{out}{err}");
    assert!(code == 0 || code == 3, "{out}{err}");
    adds_up(&sum, &parts);
    logged(&folder.join("whole/load.hlog"), &sum);
    assert_eq!(sum.generator.planned, 80, "{out}");
    assert_eq!(sum.thresholds[0].text, "error-rate<=0%");
    assert!(sum.thresholds[0].held, "{out}");
    let counts = parts.iter().enumerate();
    let counts = counts.map(|(nth, part)| format!("{nth} ({})", part.total.count));
    let counts = counts.collect::<Vec<_>>().join(", ");
    assert!(out.contains(&format!("shards   {counts}")), "{out}");
    let (crossed, out, _) = merged(
        folder,
        &files,
        &["-o", "crossed", "--threshold", "p50<1us", "--quiet"],
    );
    assert_eq!(crossed, if code == 0 { 6 } else { 3 }, "{out}");
    assert!(out.contains("crossed   p50<1us"), "{out}");
    refused(folder, &files);
}

/// Holds the log beside a merged record to the seconds of its series.
fn logged(file: &Path, sum: &LoadRecord) {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let counts: Vec<(u64, u64)> = lines
        .map(|line| {
            let at = line.split('.').next().unwrap().parse().unwrap();
            let bytes = STANDARD.decode(line.rsplit(',').next().unwrap()).unwrap();
            let times = Deserializer::new().deserialize::<u64, _>(&mut bytes.as_slice());
            (at, times.unwrap().len())
        })
        .collect();
    let seconds = sum.series.iter().filter(|second| second.count > 0);
    let ats: Vec<u64> = seconds.map(|second| second.at).collect();
    assert_eq!(counts.iter().map(|(at, _)| *at).collect::<Vec<_>>(), ats);
    let total: u64 = sum.series.iter().map(|second| second.count).sum();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), total);
}

/// Holds a merged record to the sum of its parts, histogram by histogram.
fn adds_up(sum: &LoadRecord, parts: &[LoadRecord]) {
    let held = |latency: &Latency| latency.histogram().unwrap();
    let mut times = scimitar::record::load::histogram();
    for part in parts {
        times.add(held(&part.total.response)).unwrap();
    }
    assert_eq!(held(&sum.total.response), times);
    assert_eq!(
        sum.total.response.p99,
        times.value_at_quantile(0.99).min(times.max())
    );
    let all = |read: fn(&LoadRecord) -> u64| parts.iter().map(read).sum::<u64>();
    assert_eq!(sum.total.count, all(|it| it.total.count));
    assert_eq!(sum.total.bytes_in, all(|it| it.total.bytes_in));
    assert_eq!(sum.cleanup.deleted, all(|it| it.cleanup.deleted));
    let seconds: u64 = sum.series.iter().map(|it| it.count).sum();
    assert_eq!(seconds, all(|it| it.series.iter().map(|it| it.count).sum()));
    for operation in &sum.operations {
        let of = |record: &LoadRecord| {
            let found = record
                .operations
                .iter()
                .find(|it| it.name == operation.name);
            found.map_or(0, |it| it.count)
        };
        let count: u64 = parts.iter().map(of).sum();
        assert_eq!(operation.count, count, "{}", operation.name);
    }
    assert_eq!(sum.merged.len(), parts.len());
}

/// What is not all the shards of one run is refused, and the files are named.
fn refused(folder: &Path, files: &[PathBuf]) {
    let check = |files: &[PathBuf], more: &[&str], parts: &[&str]| {
        let (code, out, err) = merged(folder, files, more);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        for part in parts {
            assert!(err.contains(part), "{part}: {err}");
        }
    };
    check(
        &files[..3],
        &[],
        &["of 4 shards 3 is missing", "shard-2/load.json (2/4)"],
    );
    let mut doubled = files.to_vec();
    doubled.push(files[1].clone());
    check(&doubled, &[], &["are both shard 1/4", "shard-1/load.json"]);
    let changed = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut value: Value =
            serde_json::from_str(&std::fs::read_to_string(&files[3]).unwrap()).unwrap();
        change(&mut value);
        let path = folder.join(name);
        std::fs::write(&path, value.to_string()).unwrap();
        let mut all = files[..3].to_vec();
        all.push(path);
        all
    };
    let other = changed("seed.json", &|it| it["seed"] = 9.into());
    check(&other, &[], &["their seeds differ", "9 in", "seed.json"]);
    let other = changed("config.json", &|it| it["config"] = "0".into());
    check(&other, &[], &["configurations", "config.json"]);
    let other = changed("more.json", &|it| it["shard"]["of"] = 5.into());
    check(&other, &[], &["numbers of shards", "5 in", "more.json"]);
    let other = changed("hdr.json", &|it| {
        it["total"]["response"]["hdr"] = "AA".into();
    });
    check(&other, &[], &["hdr.json", "`response` of the total"]);
    let other = changed("version.json", &|it| it["version"] = 2.into());
    check(&other, &[], &["version.json", "version 2"]);
    let other = changed("run.json", &|it| it["format"] = "scimitar.run".into());
    check(&other, &[], &["run.json", "no record of a load run"]);
    check(&[folder.join("whole")], &[], &["was merged already"]);
    check(
        &[folder.join("none.json")],
        &[],
        &["cannot read", "none.json"],
    );
    let before = std::fs::read(&files[0]).unwrap();
    check(
        files,
        &["--output", "shard-0"],
        &["written over", "shard-0"],
    );
    check(files, &["--threshold", "p98<1s"], &["unknown metric `p98`"]);
    assert_eq!(std::fs::read(&files[0]).unwrap(), before);
}

#[test]
fn a_shard_waits_for_the_start_that_all_have_agreed_on() {
    let folder = folder();
    let folder = folder.path();
    let served = Served::start(folder, &[]);
    let start = jiff::Timestamp::now().as_second() + 15;
    let start = jiff::Timestamp::from_second(start).unwrap();
    let seconds = start.as_second().to_string();
    let shard = ["--shard", "1/2", "--start-at", &seconds];
    let mut command = begun(folder, &served.base, "out", &shard, &[]);
    well(&command.output().unwrap());
    let record = read(&folder.join("out/load.json"));
    assert_eq!(record.started, format!("{start:.3}"));
    assert_eq!(record.settings["start-at"], format!("{start:.3}"));
    assert_eq!(record.generator.planned, 40);
}

#[test]
fn a_shard_that_comes_too_late_sends_nothing_and_says_so() {
    let folder = folder();
    let folder = folder.path();
    let served = Served::start(folder, &[]);
    let check = |start: &str, code: i32, part: &str| {
        let shard = ["--shard", "1/2", "--start-at", start];
        let (got, out, err) = ended(&mut begun(folder, &served.base, "late", &shard, &[]));
        assert_eq!(got, code, "{out}{err}");
        assert!(out.contains(part) || err.contains(part), "{out}{err}");
    };
    check(
        "2020-01-01T00:00:00Z",
        2,
        "it is too late to begin with the others",
    );
    // More users than may be there in time: three hundred by a hundred a second.
    let many = PROFILE.replace("users: 10", "users: 600");
    std::fs::write(folder.join("small.yaml"), many).unwrap();
    let soon = (jiff::Timestamp::now().as_second() + 2).to_string();
    let shard = ["--shard", "1/2", "--start-at", &soon, "--max-rps", "200"];
    let (code, out, err) = ended(&mut begun(folder, &served.base, "late", &shard, &[]));
    if code == 2 {
        // A machine so busy that even the command came too late.
        assert!(err.contains("it is too late"), "{err}");
    } else {
        assert_eq!(code, 3, "{out}{err}");
        assert!(out.contains("s after the start at"), "{out}");
        let record = read(&folder.join("late/load.json"));
        assert_eq!(record.total.count, 0);
    }
    assert_eq!(served.total("/Users"), 0);
}

#[test]
fn what_can_not_be_split_is_said_before_anything_is_sent() {
    let folder = folder();
    let check = |arguments: &[&str], engine: &[(&str, &str)], parts: &[&str]| {
        let mut command = scimitar(folder.path());
        command
            .arg("load")
            .args(arguments)
            .envs(engine.iter().copied());
        let (code, out, err) = ended(&mut command);
        assert_eq!(code, 2, "{arguments:?}: {out}{err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {err}");
        }
    };
    let near = "http://127.0.0.1:9/scim";
    let index = [("JOB_COMPLETION_INDEX", "3")];
    check(
        &["small.yaml", near],
        &index,
        &["JOB_COMPLETION_INDEX=3", "--shards N"],
    );
    check(
        &["small.yaml", near, "--shards", "3"],
        &index,
        &["this is part 3, and there are 3"],
    );
    check(
        &["small.yaml", near, "--shards", "4"],
        &[],
        &["--shard 0/4"],
    );
    check(
        &["small.yaml", near, "--shard", "4/4"],
        &[],
        &["0/4 to 3/4"],
    );
    check(
        &["small.yaml", "--embedded", "--shard", "0/2"],
        &[],
        &["one URL", "--embedded"],
    );
    check(
        &["small.yaml", near, "--shard", "0/9"],
        &[],
        &["8 connections", "--connections"],
    );
    check(
        &["okta-10-concurrent", near, "--shard", "0/11"],
        &[],
        &["10 users", "--users"],
    );
    check(
        &["breakpoint", near, "--shard", "0/2"],
        &[],
        &["which no part can see alone"],
    );
    check(
        &["small.yaml", near, "--start-at", "soon"],
        &[],
        &["--start-at", "a moment with its zone"],
    );
    check(&["merge"], &[], &["SHARD"]);
}
