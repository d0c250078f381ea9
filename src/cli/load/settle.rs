//! What the user changes in a profile.

use std::collections::BTreeMap;
use std::hash::Hasher as _;
use std::time::Duration;

use clap::Args;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::cli::caret;
use crate::cli::exit::Failure;
use crate::cli::value::{duration, nearest};
use crate::load::program::Program;
use crate::payload::Overlay;
use crate::suite::load::{Arrival, LoadProfile, Model, Shape, Threshold};

/// Changes to a profile.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Load")]
pub(super) struct LoadFlags {
    /// Time that is measured; ramps, steps, spikes and the warm-up are made shorter or longer with it
    #[arg(long, value_name = "TIME", value_parser = duration)]
    duration: Option<Duration>,
    /// Time before anything counts
    #[arg(long, value_name = "TIME", value_parser = crate::suite::load::duration)]
    warm_up: Option<Duration>,
    /// So many users, each sending its next request when the last was answered
    #[arg(long, value_name = "N", conflicts_with = "rate", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// So many requests a second, whatever becomes of them
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = rate)]
    rate: Option<f64>,
    /// Connections at most, where requests come at a rate
    #[arg(long, value_name = "N", conflicts_with = "users", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    connections: Option<u32>,
    /// What must hold, in place of the profile's thresholds (its bounds on wrong answers stay unless one is given here): p99<200ms, error-rate<0.1%, rps>=25, wrong<1, stale-reads<1, 'user.create p99<1s'; may be repeated
    #[arg(long, value_name = "TEXT")]
    threshold: Vec<String>,
}

/// A rate on the command line.
fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text
        .parse()
        .map_err(|_| "write a number of requests a second: 25".to_owned())?;
    if rate > 0.0 && rate <= 1_000_000.0 {
        return Ok(rate);
    }
    Err("it must be more than 0 and at most 1 000 000".to_owned())
}

/// The profile with the user's changes.
///
/// # Errors
/// Where a threshold does not parse.
pub(super) fn settled(mut profile: LoadProfile, flags: &LoadFlags) -> Result<LoadProfile, Failure> {
    if let Some(users) = flags.users {
        let (ramp, think) = match profile.model {
            Model::Closed { ramp, think, .. } => (ramp, think),
            Model::Open(_) => (Duration::ZERO, Duration::ZERO),
        };
        profile.model = Model::Closed {
            users: users as usize,
            ramp,
            think,
        };
    }
    if let Some(rate) = flags.rate {
        let poisson = matches!(&profile.model, Model::Open(arrival) if arrival.poisson);
        profile.model = Model::Open(Arrival {
            shape: Shape::Constant(rate),
            poisson,
        });
    }
    if let Some(length) = flags.duration {
        let factor = length.as_secs_f64() / profile.duration.as_secs_f64();
        stretch(&mut profile, factor);
        profile.duration = length;
    }
    if let Some(warm_up) = flags.warm_up {
        profile.warm_up = warm_up;
    }
    if let Some(connections) = flags.connections {
        profile.connections = connections as usize;
    }
    if !flags.threshold.is_empty() {
        let read = flags.threshold.iter().map(|text| threshold(text));
        let read: Vec<Threshold> = read.collect::<Result<_, _>>()?;
        profile.thresholds = Threshold::in_place_of(&read, &profile.thresholds);
    }
    Ok(profile)
}

/// Makes the times of a profile longer or shorter; how long a rate of a breakpoint is held stays.
fn stretch(profile: &mut LoadProfile, factor: f64) {
    let scale = |time: &mut Duration| {
        let seconds = (time.as_secs_f64() * factor).min(2_678_400.0);
        *time = Duration::from_secs_f64(seconds);
    };
    scale(&mut profile.warm_up);
    match &mut profile.model {
        Model::Closed { ramp, .. } => scale(ramp),
        Model::Open(arrival) => match &mut arrival.shape {
            Shape::Steps(steps) => steps.iter_mut().for_each(|step| scale(&mut step.lasts)),
            Shape::Spike { at, lasts, .. } => [at, lasts].into_iter().for_each(scale),
            Shape::Constant(_) | Shape::Ramp { .. } | Shape::Breakpoint { .. } => {}
        },
    }
}

/// A threshold on the command line.
///
/// # Errors
/// Where it does not parse.
pub(super) fn threshold(text: &str) -> Result<Threshold, Failure> {
    Threshold::parse(text).map_err(|error| {
        let shown = caret::show(
            "--threshold",
            text,
            Some(error.at.clone()),
            &format!("cannot use the threshold: {}", error.problem),
            &error.help,
        );
        Failure::usage(format!("{shown}\n  nothing was sent"))
    })
}

/// Refuses thresholds about operations that the program does not have.
///
/// # Errors
/// Where one is about none.
pub(super) fn thresholds_name_operations(
    profile: &LoadProfile,
    program: &Program,
) -> Result<(), Failure> {
    for threshold in &profile.thresholds {
        let Some(named) = &threshold.operation else {
            continue;
        };
        // Those of a cost curve bear the size of their cell as well.
        let bare = named.split('[').next().unwrap_or(named);
        let known = program.operations.iter();
        if known.clone().any(|it| threshold.names(it) || it == bare) {
            continue;
        }
        let hint = nearest(named, known.map(String::as_str)).map_or_else(
            || format!("there are {}", program.operations.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Failure::usage(format!(
            "the threshold `{threshold}` is about `{named}`, which is no operation of {}\n  {hint}\n  nothing was changed",
            profile.name
        )));
    }
    Ok(())
}

/// A digest over all that decides which load is put on a target: the same for all shards of a run.
pub(super) fn digest(
    profile: &LoadProfile,
    files: &str,
    ceiling: Option<u32>,
    overlay: &Overlay,
    beside: &[String],
) -> String {
    // Where the profile lies is no part of what it says.
    let profile = LoadProfile {
        file: String::new(),
        ..profile.clone()
    };
    let mut hasher = SipHasher13::new();
    hasher.write(format!("{profile:?}\n{files}\n{ceiling:?}\n{overlay:?}\n{beside:?}").as_bytes());
    format!("{:032x}", u128::from(hasher.finish128()))
}

/// The options that say the same again, for another process.
pub(super) fn again(flags: &LoadFlags) -> Vec<String> {
    let options = told(flags, None).into_iter();
    let options = options.flat_map(|(name, value)| [format!("--{name}"), value]);
    let thresholds = flags.threshold.iter();
    let thresholds = thresholds.flat_map(|text| ["--threshold".to_owned(), text.clone()]);
    options.chain(thresholds).collect()
}

/// What was asked for, by name of the option.
pub(super) fn told(flags: &LoadFlags, ceiling: Option<u32>) -> BTreeMap<String, String> {
    let shown = |time: &Duration| format!("{}ms", time.as_millis());
    let all = [
        ("duration", flags.duration.as_ref().map(shown)),
        ("warm-up", flags.warm_up.as_ref().map(shown)),
        ("users", flags.users.map(|it| it.to_string())),
        ("rate", flags.rate.map(|it| it.to_string())),
        ("connections", flags.connections.map(|it| it.to_string())),
        ("ceiling", ceiling.map(|it| it.to_string())),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
