//! The Kubernetes manifest: what the published schema of a Job says of it, and whether its commands do what they say.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{folder, read, well};
use crate::cli::{Served, TOKEN, ended, scimitar};

/// The documents of a manifest.
fn documents(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(text).unwrap()
}

/// The document of this kind and name.
fn document<'a>(all: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let is = |one: &&Value| one["kind"] == kind && one["metadata"]["name"] == name;
    all.iter().find(is).unwrap()
}

fn job_schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubernetes/job.schema.json");
    let text = std::fs::read_to_string(path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn written(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = ended(scimitar(folder).args(["load", "manifest"]).args(arguments));
    assert_eq!(code, 0, "{out}{err}");
    out
}

#[test]
fn a_manifest_is_what_a_cluster_takes() {
    let folder = folder();
    let text = written(
        folder.path(),
        &[
            "small.yaml",
            "https://idp.example/scim/v2",
            "--shards",
            "4",
            "--i-own-this-target",
            "idp.example",
            "--uncapped",
            "--namespace",
            "load",
            "--image",
            "registry.example/scimitar:1",
            "--secret",
            "tenant",
            "--seed",
            "7",
            "--label",
            "night $(date): yes",
            "--threshold",
            "p99<200ms",
            "--",
            "--http",
            "2",
        ],
    );
    let all = documents(&text);
    let names =
        |one: &Value| format!("{}/{}", one["kind"], one["metadata"]["name"]).replace('"', "");
    assert_eq!(
        all.iter().map(names).collect::<Vec<_>>(),
        [
            "ConfigMap/scimitar-load-profile",
            "PersistentVolumeClaim/scimitar-load-results",
            "Job/scimitar-load",
            "Job/scimitar-load-merge"
        ]
    );
    let schema = job_schema();
    for job in all.iter().filter(|one| one["kind"] == "Job") {
        let errors: Vec<String> = (schema.iter_errors(job))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(job["metadata"]["namespace"], "load");
    }
    let job = document(&all, "Job", "scimitar-load");
    let spec = &job["spec"];
    assert_eq!(spec["completionMode"], "Indexed");
    assert_eq!(
        (&spec["completions"], &spec["parallelism"]),
        (&json!(4), &json!(4))
    );
    let container = &spec["template"]["spec"]["containers"][0];
    let token = json!({ "name": "SCIM_TOKEN", "valueFrom": { "secretKeyRef": { "name": "tenant", "key": "token" } } });
    assert!(container["env"].as_array().unwrap().contains(&token));
    let words: Vec<&str> = (container["args"].as_array().unwrap().iter())
        .map(|word| word.as_str().unwrap())
        .collect();
    for word in [
        "/profile/small.yaml",
        "--uncapped",
        "--start-at",
        "p99<200ms",
        // What would name a variable is taken as it is.
        "night $$(date): yes",
        "/results/shard-$(JOB_COMPLETION_INDEX)",
    ] {
        assert!(words.contains(&word), "{word}: {words:?}");
    }
    let merge = document(&all, "Job", "scimitar-load-merge");
    assert_eq!(merge["spec"]["suspend"], true);
    assert!(
        !merge.to_string().contains("SCIM_TOKEN"),
        "it needs no token"
    );
    let map = document(&all, "ConfigMap", "scimitar-load-profile");
    assert_eq!(map["data"]["small.yaml"], super::PROFILE);
    // Every command that the top tells has the namespace.
    let told = text
        .lines()
        .filter(|line| line.starts_with('#') && line.contains("kubectl"));
    assert!(
        told.clone().count() >= 6 && told.clone().all(|line| line.contains("-n load")),
        "{text}"
    );
}

#[test]
fn the_schema_sees_what_is_wrong_with_a_job() {
    let folder = folder();
    let text = written(
        folder.path(),
        &[
            "constant",
            "http://127.0.0.1:9/scim",
            "--shards",
            "2",
            "--claim",
            "shared",
        ],
    );
    let all = documents(&text);
    assert_eq!(all.len(), 2, "no profile and no claim of its own");
    let good = document(&all, "Job", "scimitar-load");
    let schema = job_schema();
    assert!(schema.is_valid(good));
    let check = |change: &dyn Fn(&mut Value)| {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(!schema.is_valid(&bad), "{bad}");
    };
    check(&|it| it["spec"]["completionsMode"] = json!("Indexed"));
    check(&|it| it["spec"]["completionMode"] = json!("indexed"));
    check(&|it| it["spec"]["completionMode"] = json!("NonIndexed"));
    check(&|it| it["spec"]["completions"] = json!("2"));
    check(&|it| {
        it["spec"].as_object_mut().unwrap().remove("completions");
    });
    check(&|it| it["spec"]["template"]["spec"]["restartPolicy"] = json!("OnFailure"));
    check(&|it| it["spec"]["template"]["spec"]["containers"][0]["env"][0]["valueFrom"] = json!({}));
    check(&|it| it["spec"]["template"]["spec"]["containers"][0]["args"][1] = json!(4));
    check(&|it| it["metadata"]["name"] = json!("Load_1"));
    check(&|it| it["apiVersion"] = json!("batch/v2"));
}

/// Runs the command of a Job's container as a pod of this index would, with its volumes in a folder.
fn pod(folder: &Path, job: &Value, index: &str) -> std::process::Child {
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["command"], json!(["scimitar"]));
    let placed = |word: &Value| {
        let word = word.as_str().unwrap();
        let word = word.replace("$(JOB_COMPLETION_INDEX)", index);
        let word = match word.strip_prefix("/profile/") {
            Some(name) => name.to_owned(),
            None => word,
        };
        let results = folder.join("results");
        word.replace("/results", results.to_str().unwrap())
    };
    let words = container["args"].as_array().unwrap().iter().map(placed);
    let mut command = scimitar(folder);
    command
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for variable in container["env"].as_array().into_iter().flatten() {
        match variable["name"].as_str().unwrap() {
            "SCIM_TOKEN" => command.env("SCIM_TOKEN", TOKEN),
            "JOB_COMPLETION_INDEX" => command.env("JOB_COMPLETION_INDEX", index),
            other => panic!("{other} is set by nobody"),
        };
    }
    command.spawn().unwrap()
}

#[test]
fn the_commands_of_a_manifest_put_a_load_on_a_target_and_merge_it() {
    let folder = folder();
    let folder = folder.path();
    let served = Served::start(folder, &[]);
    let text = written(
        folder,
        &[
            "small.yaml",
            &served.base,
            "--shards",
            "2",
            "--start-in",
            "20s",
            "--rate",
            "30",
            "--threshold",
            "error-rate<=0%",
        ],
    );
    let all = documents(&text);
    let job = document(&all, "Job", "scimitar-load");
    let pods: Vec<_> = ["0", "1"].map(|index| pod(folder, job, index)).into();
    for pod in pods {
        well(&pod.wait_with_output().unwrap());
    }
    let merge = document(&all, "Job", "scimitar-load-merge");
    let out = well(&pod(folder, merge, "").wait_with_output().unwrap());
    let record = read(&folder.join("results/merged/load.json"));
    assert_eq!(record.generator.planned, 60, "{out}");
    assert_eq!(record.merged.len(), 2);
    // The start keeps them together to the millisecond.
    assert_eq!(record.merged[0].started, record.merged[1].started);
    assert_eq!(served.total("/Users"), 0);
}

#[test]
fn a_manifest_that_no_shard_could_run_is_not_written() {
    let folder = folder();
    let near = "http://127.0.0.1:9/scim";
    let far = "https://idp.example/scim/v2";
    let check = |arguments: &[&str], parts: &[&str]| {
        let mut command = scimitar(folder.path());
        let (code, out, err) = ended(command.args(["load", "manifest"]).args(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {err}");
        }
    };
    check(&["constant", near], &["--shards"]);
    check(&["spik", near, "--shards", "2"], &["did you mean `spike`?"]);
    check(
        &["constant", far, "--shards", "2"],
        &["--i-own-this-target idp.example"],
    );
    check(&["small.yaml", near, "--shards", "9"], &["8 connections"]);
    check(
        &["breakpoint", near, "--shards", "2"],
        &["which no part can see alone"],
    );
    check(
        &["constant", near, "--shards", "2", "--name", "A b"],
        &["--name"],
    );
    check(
        &["constant", near, "--shards", "2", "--threshold", "p98<1s"],
        &["p98"],
    );
    check(
        &["constant", near, "--shards", "2", "--", "--nonsense"],
        &["--nonsense"],
    );
    check(
        &["constant", near, "--shards", "2", "--", "--embedded"],
        &["one URL"],
    );
    check(
        &["constant", near, "--shards", "2", "--start-at", "5"],
        &["too late"],
    );
    check(&["constant", "ftp://x", "--shards", "2"], &["ftp"]);
    check(
        &["constant", near, "--shards", "2", "--", "--suite", "x"],
        &["--suite"],
    );
    check(
        &["constant", near, "--shards", "2", "--", "--users-from", "x"],
        &["can't carry what --users-from names"],
    );
}
