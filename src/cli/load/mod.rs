//! `scimitar load`: the traffic of identity providers against one service provider, measured.

mod beside;
mod blame;
mod choose;
mod command;
mod conduct;
mod existing;
mod leave;
mod lookup;
mod manifest;
mod merge;
mod metrics;
mod outcome;
mod progress;
mod reach;
mod safety;
mod seed;
mod settle;
mod shard;

pub(super) use command::{Args, dispatch};
pub(super) use leave::not_of_load;

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::choice::{Choice, Library};
use super::config::Config;
use super::console::Console;
use super::exit::{Exit, Failure};
use super::option::{FormatArg, SelectFlags, TargetFlags};
use super::target::{self, Place};
use super::wire::{Wire, WireFlags};
use crate::clock::Clock;
use crate::load::attack;
use crate::record::load::Shard;
use crate::suite::Case;
use crate::suite::load::LoadProfile;

/// Name of the log of histograms in the output directory.
const LOG: &str = "load.hlog";

/// A run of a profile.
#[derive(ClapArgs, Debug)]
struct RunArgs {
    /// A load profile, as `scimitar list load` names it, or a YAML file with one
    #[arg(required = true, value_parser = command::profile)]
    profile: Option<String>,
    /// Base URL of the service provider, such as https://idp.example/scim/v2
    url: Option<String>,
    /// Take the built-in service provider, started on loopback for this run
    #[arg(long)]
    embedded: bool,
    #[command(flatten)]
    change: settle::LoadFlags,
    #[command(flatten)]
    stock: existing::StockFlags,
    #[command(flatten)]
    wire: WireFlags,
    #[command(flatten)]
    safety: safety::SafetyFlags,
    #[command(flatten)]
    several: shard::ShardFlags,
    /// Seed of all generated values [default: 1]
    #[arg(long, value_name = "N", env = "SCIMITAR_SEED", hide_env = true)]
    seed: Option<u64>,
    /// Folder with scenarios and load profiles of your own, beside the built-in ones; may be repeated
    #[arg(long, value_name = "DIR", value_delimiter = ',')]
    suite: Vec<PathBuf>,
    #[command(flatten)]
    leave: leave::LeaveFlags,
    /// Figures for Prometheus while the run goes on: a file, written each second and with all figures at the end, or an address on loopback that serves /metrics
    #[arg(long, value_name = "FILE|ADDR", value_parser = metrics::sink)]
    prometheus: Option<metrics::Sink>,
    /// A word of yours that stands in the record
    #[arg(long, value_name = "TEXT", env = "SCIMITAR_LABEL", hide_env = true)]
    label: Option<String>,
    #[command(flatten)]
    target: TargetFlags,
}

/// A run whose arguments are all sound.
struct Plan<'a> {
    args: &'a RunArgs,
    config: &'a Config,
    console: Console,
    library: Library,
    profile: LoadProfile,
    wire: Wire,
    found: Option<existing::Found>,
    cases: Vec<Case>,
    digest: String,
    ceiling: Option<u32>,
    seed: u64,
    shard: Option<Shard>,
    formats: Vec<FormatArg>,
}

/// Runs the command: its exit code.
///
/// # Errors
/// Where the run can't begin, or its record can't be written.
fn run(args: &RunArgs, config: &Config, console: Console) -> Result<u8, Failure> {
    let url = target::url(args.url.as_deref(), args.embedded, config)?;
    let target = args.wire.target(&args.target, config);
    let mut place = match &url {
        Some(url) => Some(Place::at(url, &target, config)?),
        None => None,
    };
    let wire = args.wire.settled(place.as_mut(), config)?;
    let select = SelectFlags {
        suite: args.suite.clone(),
        ..SelectFlags::default()
    };
    let library = Choice::of(&select, config).library()?;
    let file = choose::file(args.profile.as_deref().unwrap_or_default(), &library)?;
    let profile = settle::settled(library.load_profile(&file)?, &args.change)?;
    let shard = shard::of(&args.several, &profile, args.embedded)?;
    let base = place.as_ref().map(|place| place.target().base());
    let found = args.stock.read(base, &profile, shard)?;
    let near = place
        .as_ref()
        .is_none_or(|place| place.target().is_loopback());
    let host = place.as_ref().map(|place| place.target().host());
    let max_rps = args.target.max_rps.or(config.max_rps);
    let ceiling = safety::ceiling(&args.safety, near, host, &profile, max_rps)?;
    if let Some(place) = &mut place {
        place.warnings.extend(safety::unheeded(max_rps, ceiling));
        place.hold_rate(ceiling);
        place.share_rate(shard.map_or(1, |shard| shard.of));
    }
    let cases = choose::cases(&profile, &library)?;
    let ids: Vec<&str> = cases.iter().map(|case| case.scenario.id.as_str()).collect();
    let plan = Plan {
        digest: library.suite.load_digest(&file, &ids),
        args,
        config,
        console,
        profile,
        wire,
        found,
        cases,
        ceiling,
        library,
        shard,
        seed: args.seed.or(config.seed).unwrap_or(1),
        formats: leave::formats(&args.leave.format, &config.format)?,
    };
    // goose would take the logger and the handler of SIGINT otherwise.
    attack::silence();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let (place, _embedded) =
            Place::or_embedded_on(Clock::System, place, &args.target, config).await?;
        plan.conduct(&place, near).await
    })
}
