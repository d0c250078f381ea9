//! `scimitar load manifest`: a load of several shards as a Kubernetes Indexed Job.
//!
//! Says what to run where; sends nothing, and holds no secret: the token stays in a Secret of the cluster.

mod job;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser as _};
use jiff::Timestamp;

use super::{choose, safety, settle, shard};
use crate::cli::choice::{Choice, Library};
use crate::cli::config::Config;
use crate::cli::console::say;
use crate::cli::exit::{Exit, Failure};
use crate::cli::option::SelectFlags;
use crate::cli::value::duration;
use crate::cli::{Cli, Command, output};
use crate::client::Target;
use crate::suite::load::{LoadFile, LoadProfile};

/// Time that pods have to be there.
const START_IN: Duration = Duration::from_secs(180);

/// Writes a Kubernetes manifest that puts a load on a target from several machines at once
///
/// Its Indexed Job runs one shard a pod; all begin at one moment. A second Job, suspended, merges the results. How to use
/// it stands at its top. Exit codes: 0 written; 2 wrong usage; 73 and 74 the file can't be created or written.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// A load profile, as `scimitar list load` names it, or a YAML file with one
    profile: String,
    /// Base URL of the service provider, as the pods reach it
    url: String,
    /// How many parts the load is split into, one a pod
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    shards: u32,
    /// Container image with scimitar as /usr/local/bin/scimitar or elsewhere on its path [default: scimitar:<version>]
    #[arg(long, value_name = "IMAGE", value_parser = image)]
    image: Option<String>,
    /// Name of the Job, and what the names of all else begin with
    #[arg(long, value_name = "NAME", default_value = "scimitar-load", value_parser = name)]
    name: String,
    /// Namespace [default: that of kubectl]
    #[arg(long, value_name = "NAME", value_parser = name)]
    namespace: Option<String>,
    /// Secret that holds the bearer token under the key `token`
    #[arg(long, value_name = "NAME", default_value = "scimitar-token", value_parser = name)]
    secret: String,
    /// Volume claim for the results, one that is there and that all pods can write [default: a new one]
    #[arg(long, value_name = "NAME", value_parser = name)]
    claim: Option<String>,
    /// Time from now to the first request, in which the pods have to be ready [default: 3m]
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "start_at")]
    start_in: Option<Duration>,
    /// The moment of the first request: RFC 3339, or seconds since 1970
    #[arg(long, value_name = "TIME", value_parser = shard::moment)]
    start_at: Option<Timestamp>,
    /// File to write [default: standard output]
    #[arg(short, long, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    change: settle::LoadFlags,
    #[command(flatten)]
    safety: safety::SafetyFlags,
    /// Seed of all generated values [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A word of yours that stands in the record
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// Further options of `scimitar load` for every shard, such as -- --http 2 --timeout 5s
    #[arg(last = true, value_name = "OPTION")]
    more: Vec<String>,
}

/// The name of an object in a cluster (RFC 1123), short enough that pods can be named after it.
fn name(text: &str) -> Result<String, String> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let sound = !text.is_empty()
        && text.len() <= 40
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if sound {
        return Ok(text.to_owned());
    }
    Err("take up to 40 of a-z, 0-9 and -, and no - at either end".to_owned())
}

fn image(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err("write a name as docker pull takes it".to_owned());
    }
    Ok(text.to_owned())
}

/// Runs the command: its exit code.
///
/// # Errors
/// Where the load is not one that shards could run, or the file can't be written.
pub(super) fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let now = Timestamp::now();
    let start = start(args, now)?;
    let (file, profile) = checked(args, config, start)?;
    let text = job::manifest(&job::Plan {
        args,
        start,
        ahead: Duration::try_from(start.duration_since(now)).unwrap_or_default(),
        profile: &profile,
        file: own(args, &file),
    })?;
    let Some(path) = &args.output else {
        output::print(&text)?;
        return Ok(Exit::Ok.into());
    };
    std::fs::write(path, text).map_err(|error| {
        Failure::new(
            Exit::CannotCreate,
            format!("cannot write {}: {error}", path.display()),
        )
    })?;
    say(&format!(
        "wrote {}: {} shards that begin at {start}",
        path.display(),
        args.shards
    ));
    Ok(Exit::Ok.into())
}

/// The moment of the first request, in whole seconds.
fn start(args: &Args, now: Timestamp) -> Result<Timestamp, Failure> {
    if let Some(start) = args.start_at {
        return Ok(start);
    }
    let ahead = args.start_in.unwrap_or(START_IN).as_secs();
    let second = i64::try_from(ahead)
        .ok()
        .and_then(|ahead| now.as_second().checked_add(ahead));
    second
        .and_then(|second| Timestamp::from_second(second).ok())
        .ok_or_else(|| Failure::usage("--start-in lies beyond all calendars"))
}

/// The arguments of every shard, but for where it finds the profile and leaves its results.
fn shared(args: &Args, start: Timestamp) -> Vec<String> {
    let mut all = vec![
        "--shards".to_owned(),
        args.shards.to_string(),
        "--start-at".to_owned(),
        start.to_string(),
    ];
    all.extend(settle::again(&args.change));
    all.extend(args.safety.again());
    let seed = args.seed.map(|seed| seed.to_string());
    let options = [("--seed", seed), ("--label", args.label.clone())];
    let options = options
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value?]));
    all.extend(options.flatten());
    all.extend(args.more.iter().cloned());
    all
}

/// Holds the command of a shard to all that a shard itself would refuse before it sends anything.
fn checked(
    args: &Args,
    config: &Config,
    start: Timestamp,
) -> Result<(LoadFile, LoadProfile), Failure> {
    let words = ["scimitar", "load", &args.profile, &args.url].map(str::to_owned);
    let parsed = Cli::try_parse_from(words.into_iter().chain(shared(args, start)));
    let parsed = parsed.map_err(|error| {
        let said = error.to_string();
        let said = said.trim_start_matches("error: ").trim_end();
        Failure::usage(format!("cannot start such a shard: {said}"))
    })?;
    let Command::Load(load) = parsed.command else {
        return Err(Failure::usage("cannot start such a shard: it is no load"));
    };
    let load = &load.run;
    carried(load)?;
    let first = |name: &str| (name == "JOB_COMPLETION_INDEX").then(|| "0".to_owned());
    let first = shard::settled(&load.several, Timestamp::now(), &first)?;
    let plaintext = load.target.allow_plaintext_token.unwrap_or(false);
    let target = Target::parse(&args.url, plaintext)
        .map_err(|error| Failure::usage(format!("{error}\n  nothing was written")))?;
    if target.is_loopback() {
        say("note: in a pod, a loopback address is the pod itself");
    }
    let library = library(&load.suite, config)?;
    let file = choose::file(&args.profile, &library)?;
    let profile = settle::settled(library.load_profile(&file)?, &load.change)?;
    shard::splits(&profile, first, load.embedded)?;
    let (near, host) = (target.is_loopback(), Some(target.host()));
    safety::ceiling(&load.safety, near, host, &profile, load.target.max_rps)?;
    Ok((file, profile))
}

/// Refuses what a pod would not find.
fn carried(load: &super::RunArgs) -> Result<(), Failure> {
    let lost = load.stock.names().or_else(|| load.wire.names_tokens());
    let Some(option) = lost else {
        return Ok(());
    };
    Err(Failure::usage(format!(
        "a manifest can't carry what {option} names: a pod has the profile and the one token of the secret\n  nothing was written"
    )))
}

fn library(suite: &[PathBuf], config: &Config) -> Result<Library, Failure> {
    if !suite.is_empty() {
        return Err(Failure::usage(
            "a manifest can't carry the folder that --suite names: the scenarios of a profile have to be built in\n  nothing was written",
        ));
    }
    Choice::of(&SelectFlags::default(), config).library()
}

/// The text of a profile that is a file of the user, which no image holds.
fn own<'a>(args: &Args, file: &'a LoadFile) -> Option<&'a str> {
    let is_path = [".yaml", ".yml"]
        .iter()
        .any(|end| args.profile.ends_with(end));
    is_path.then(|| file.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_a_cluster_takes() {
        for good in ["a", "scimitar-load", "x1-2"] {
            assert!(name(good).is_ok(), "{good}");
        }
        let long = "a".repeat(41);
        for bad in ["", "A", "-a", "a-", "a.b", "a b", "ä", long.as_str()] {
            assert!(name(bad).is_err(), "{bad}");
        }
        assert!(image("registry.example/scimitar@sha256:ab").is_ok());
        assert!(image("a b").is_err() && image("").is_err());
    }
}
