//! The objects of the manifest: Jobs, the claim for the results, a profile of the user's own.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Args, shared};
use crate::cli::exit::{Exit, Failure};
use crate::suite::load::LoadProfile;

/// Where results are in a pod.
const RESULTS: &str = "/results";

/// Where the user's profile is in a pod.
const PROFILE: &str = "/profile";

/// Which shard a pod is, as the container's command names it.
const INDEX: &str = "$(JOB_COMPLETION_INDEX)";

/// Where Kubernetes says so.
const ANNOTATION: &str = "metadata.annotations['batch.kubernetes.io/job-completion-index']";

/// Time for clean-up after the load, and for pods that come late.
const SPARE: Duration = Duration::from_secs(1800);

/// What a manifest is made of.
pub(super) struct Plan<'a> {
    pub(super) args: &'a Args,
    /// The moment of the first request.
    pub(super) start: Timestamp,
    /// Time until then.
    pub(super) ahead: Duration,
    pub(super) profile: &'a LoadProfile,
    /// The text of the profile, where no image holds it.
    pub(super) file: Option<&'a str>,
}

/// The manifest as YAML: how to use it, then one object after the other.
///
/// # Errors
/// Where it can't be put into words, which is a defect.
pub(super) fn manifest(plan: &Plan<'_>) -> Result<String, Failure> {
    let objects = [
        plan.own_profile(),
        plan.own_claim(),
        Some(plan.shards()),
        Some(plan.merge()),
    ];
    let mut text = plan.usage();
    for object in objects.into_iter().flatten() {
        // Readers of YAML 1.1 would take some bare words for times or truths.
        let options = serde_saphyr::ser_options! { quote_all: true };
        let yaml = serde_saphyr::to_string_with_options(&object, options).map_err(|error| {
            Failure::new(Exit::Bug, format!("cannot write the manifest: {error}"))
        })?;
        text.push_str("---\n");
        text.push_str(yaml.trim_end());
        text.push('\n');
    }
    Ok(text)
}

/// Text in a command of a container, where `$(…)` would name a variable.
fn literal(text: &str) -> String {
    text.replace("$(", "$$(")
}

impl Plan<'_> {
    fn usage(&self) -> String {
        let Args {
            name,
            secret,
            shards,
            ..
        } = self.args;
        let space = self.args.namespace.as_ref();
        let space = space.map_or_else(String::new, |it| format!(" -n {it}"));
        let claim = self.claim();
        let last = shards - 1;
        let wait = (self.ahead + self.length()).as_secs();
        format!(
            "\
# {shards} shards of one load, whose first request is due at {start}.
# The pods have to be ready before: write this file anew for every run. Clocks of the nodes have to agree.
#
# The token:  kubectl{space} create secret generic {secret} --from-file=token=FILE
# Begin:      kubectl{space} apply -f THIS-FILE
# Wait:       kubectl{space} wait --for=condition=complete --timeout={wait}s job/{name}
# Collect:    kubectl{space} patch job/{name}-merge --type=merge -p '{{\"spec\":{{\"suspend\":false}}}}'
#             kubectl{space} logs --follow job/{name}-merge
#             The report of all shards; the Job fails where a threshold is crossed (exit code 6) or a shard is missing.
# Results:    on the claim {claim}: shard-0 to shard-{last}, merged/load.json; journals of shards that were killed
#             in .scimitar, for `scimitar cleanup`
# Remove:     kubectl{space} delete -f THIS-FILE
#
# A pod that is lost before the start comes again; one that is lost later comes too late, and says so.
",
            start = self.start
        )
    }

    fn claim(&self) -> String {
        let args = self.args;
        args.claim
            .clone()
            .unwrap_or_else(|| format!("{}-results", args.name))
    }

    fn length(&self) -> Duration {
        self.profile.warm_up + self.profile.duration + SPARE
    }

    fn metadata(&self, end: &str) -> Value {
        let name = &self.args.name;
        let mut metadata = json!({
            "name": format!("{name}{end}"),
            "labels": labels(name),
        });
        if let Some(space) = &self.args.namespace {
            metadata["namespace"] = json!(space);
        }
        metadata
    }

    /// A profile that is a file of the user.
    fn own_profile(&self) -> Option<Value> {
        let text = self.file?;
        Some(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": self.metadata("-profile"),
            "data": { self.file_name(): text },
        }))
    }

    /// Its file has to bear its name.
    fn file_name(&self) -> String {
        format!("{}.yaml", self.profile.name)
    }

    fn own_claim(&self) -> Option<Value> {
        self.args.claim.is_none().then(|| {
            json!({
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": self.metadata("-results"),
                "spec": {
                    "accessModes": ["ReadWriteMany"],
                    "resources": { "requests": { "storage": "1Gi" } },
                },
            })
        })
    }

    /// One pod a shard.
    fn shards(&self) -> Value {
        let args = self.args;
        let mut words = vec!["load".to_owned()];
        words.push(match self.file {
            Some(_) => format!("{PROFILE}/{}", self.file_name()),
            None => literal(&args.profile),
        });
        words.push(literal(&args.url));
        words.extend(shared(args, self.start).iter().map(|word| literal(word)));
        words.extend(["--output".to_owned(), format!("{RESULTS}/shard-{INDEX}")]);
        let token = json!({ "secretKeyRef": { "name": args.secret, "key": "token" } });
        let index = json!({ "fieldRef": { "fieldPath": ANNOTATION } });
        let env = json!([
            { "name": "JOB_COMPLETION_INDEX", "valueFrom": index },
            { "name": "SCIM_TOKEN", "valueFrom": token },
        ]);
        let deadline = (self.ahead + self.length()).as_secs();
        json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": self.metadata(""),
            "spec": {
                "completionMode": "Indexed",
                "completions": args.shards,
                "parallelism": args.shards,
                "backoffLimitPerIndex": 1,
                "maxFailedIndexes": args.shards,
                "activeDeadlineSeconds": deadline,
                "template": self.template("shard", &words, Some(env)),
            },
        })
    }

    /// Merges what they leave, once somebody says that they are done.
    fn merge(&self) -> Value {
        let mut words = vec!["load".to_owned(), "merge".to_owned()];
        words.extend((0..self.args.shards).map(|index| format!("{RESULTS}/shard-{index}")));
        words.extend(["--output".to_owned(), format!("{RESULTS}/merged")]);
        json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": self.metadata("-merge"),
            "spec": {
                "suspend": true,
                "backoffLimit": 0,
                "template": self.template("merge", &words, None),
            },
        })
    }

    fn template(&self, role: &str, words: &[String], env: Option<Value>) -> Value {
        let is_shard = env.is_some();
        let mut mounts = vec![json!({ "name": "results", "mountPath": RESULTS })];
        let claim = json!({ "claimName": self.claim() });
        let mut volumes = vec![json!({ "name": "results", "persistentVolumeClaim": claim })];
        if is_shard && self.file.is_some() {
            mounts.push(json!({ "name": "profile", "mountPath": PROFILE, "readOnly": true }));
            let map = json!({ "name": format!("{}-profile", self.args.name) });
            volumes.push(json!({ "name": "profile", "configMap": map }));
        }
        let image = self.args.image.clone();
        let image = image.unwrap_or_else(|| format!("scimitar:{}", env!("CARGO_PKG_VERSION")));
        let mut container = json!({
            "name": role,
            "image": image,
            "command": ["scimitar"],
            "args": words,
            "workingDir": RESULTS,
            "resources": { "requests": { "cpu": "1", "memory": "256Mi" } },
            "securityContext": {
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": { "drop": ["ALL"] },
            },
            "volumeMounts": mounts,
        });
        if let Some(env) = env {
            container["env"] = env;
        }
        let mut labels = labels(&self.args.name);
        labels["app.kubernetes.io/component"] = json!(role);
        let mut spec = json!({
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 60,
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "securityContext": {
                "runAsNonRoot": true,
                "runAsUser": 65532,
                "fsGroup": 65532,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
            "containers": [container],
            "volumes": volumes,
        });
        if is_shard {
            // Shards on one node would measure each other.
            spec["topologySpreadConstraints"] = json!([{
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": { "matchLabels": labels.clone() },
            }]);
        }
        json!({ "metadata": { "labels": labels }, "spec": spec })
    }
}

fn labels(name: &str) -> Value {
    json!({
        "app.kubernetes.io/name": "scimitar",
        "app.kubernetes.io/instance": name,
    })
}
