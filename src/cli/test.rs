//! `scimitar test`: conformance of one service provider.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Args as ClapArgs;

use super::choice::{Choice, Chosen};
use super::config::Config;
use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::option::{CommonFlags, OutputFlags, RunFlags, SelectFlags, TargetFlags};
use super::output::{self, Output};
use crate::clock::Clock;
use crate::payload::{Marker, Overlay};
use crate::provider::{Provider, Settings, Token};
use crate::record::Cleanup;
use crate::record::Tool;
use crate::record::event::RunStarted;
use crate::redact::Vault;
use crate::report::{Format, render};
use crate::requirement::Grading;
use crate::run::expectation::Expectations;
use crate::run::{self, Finished, Inputs, Stop};

/// Tests a service provider against the requirements of SCIM
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Base URL of the service provider, such as https://idp.example/scim/v2
    #[arg(env = "SCIMITAR_URL", hide_env = true)]
    url: Option<String>,
    /// Test the built-in service provider, started on loopback for this run
    #[arg(long, conflicts_with = "url")]
    embedded: bool,
    /// Print what would be run and send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: TargetFlags,
    #[command(flatten)]
    select: SelectFlags,
    #[command(flatten)]
    run: RunFlags,
    #[command(flatten)]
    output: OutputFlags,
}

/// Longest time of a run unless told otherwise.
const MAX_RUN_TIME: Duration = Duration::from_secs(30 * 60);
/// How long a read after a write may stay behind unless told otherwise.
const WINDOW: Duration = Duration::from_secs(2);

/// Runs the command: its exit code.
pub fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let choice = Choice::of(&args.select, config);
    let library = choice.library()?;
    let chosen = choice.select(&library)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(conduct(
        args,
        config,
        console,
        choice,
        chosen,
        library.catalogue,
    ))
}
async fn conduct(
    args: &Args,
    config: &Config,
    console: Console,
    choice: Choice,
    chosen: Chosen,
    catalogue: crate::requirement::Catalogue,
) -> Result<u8, Failure> {
    let clock = Clock::virtual_now();
    let provider = Provider::new(Settings {
        token: Some(Token::new("abc".to_owned())),
        clock: clock.clone(),
        ..Settings::default()
    });
    let session = Arc::new(provider.session());
    let output = Arc::new(Output::open(
        &args.output,
        config,
        "embedded",
        "now",
        &console,
    )?);
    let finished = run::run(
        Inputs {
            session: session.clone(),
            sink: output.live(),
            started: RunStarted {
                tool: Tool {
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    suite_digest: chosen.digest,
                },
                seed: 1,
                label: String::new(),
                started: clock.now().to_string(),
                grading: "interop".to_owned(),
                profile: choice.profile,
                base_url: "http://provider.invalid/v2".to_owned(),
                embedded: true,
            },
            plan: chosen.plan,
            catalogue: Arc::new(catalogue),
            grading: Grading::Interop,
            marker: Marker::new("abc"),
            clock,
            vault: Arc::new(Vault::new()),
            overlay: Overlay::default(),
            settings: std::collections::BTreeSet::new(),
            window: WINDOW,
            expectations: Arc::new(Mutex::new(Expectations::default())),
            jobs: 8,
            fail_fast: false,
            read_only: false,
            accept_leftovers: false,
            max_time: MAX_RUN_TIME,
            stop: Stop::default(),
            remarks: Vec::new(),
            learn: Box::new(|_| {}),
            curl: |_| String::new(),
        },
        Box::new(|_| Box::pin(async { Cleanup::default() })),
    )
    .await;
    let written = output.write(&finished.record)?;
    let text = render(Format::Terminal, &finished.record, &console.options())
        .map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
    output::print(&text)?;
    for line in written {
        say(&line);
    }
    Ok(finished.record.outcome.exit_code)
}
