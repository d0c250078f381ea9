//! `scimitar load` and what goes with it.

use clap::{Args as ClapArgs, Subcommand};

use super::{manifest, merge, run, seed};
use crate::cli::config::Config;
use crate::cli::console::Console;
use crate::cli::exit::Failure;

/// Puts load on a service provider and measures what becomes of it
///
/// Exit codes: 0 every threshold held; 2 wrong usage, nothing was sent; 3 the run says nothing about the target, this
/// machine was the limit, or the target was lost; 4 the target offers nothing that the profile needs; 6 a threshold was
/// crossed; 7 resources are left behind; 69 the target can't be reached; 70 a defect of scimitar; 73 and 74 output can't
/// be created or written; 130 and 143 interrupted.
#[derive(ClapArgs, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    pub(super) run: super::RunArgs,
}

/// What is no run of a profile.
#[derive(Subcommand, Debug)]
enum Other {
    Manifest(Box<manifest::Args>),
    Merge(merge::Args),
    Seed(Box<seed::Args>),
}

/// The name of a profile. One that is a command stands behind an option, where it would be taken for a profile.
///
/// # Errors
/// Where it is.
pub(super) fn profile(text: &str) -> Result<String, String> {
    if Other::has_subcommand(text) {
        return Err(format!(
            "it is a command of its own: write it before all options, scimitar load {text} …"
        ));
    }
    Ok(text.to_owned())
}

/// Runs the command: its exit code.
///
/// # Errors
/// Where it can't begin, or what it has to say can't be written.
pub(in crate::cli) fn dispatch(
    args: &Args,
    config: &Config,
    console: Console,
) -> Result<u8, Failure> {
    match &args.other {
        None => run(&args.run, config, console),
        Some(Other::Manifest(args)) => manifest::run(args, config),
        Some(Other::Merge(args)) => merge::run(args, config, console),
        Some(Other::Seed(args)) => seed::run(args, config, console),
    }
}
