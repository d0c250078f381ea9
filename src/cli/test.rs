//! `scimitar test`: conformance of one service provider.

use std::sync::Arc;

use clap::Args as ClapArgs;

use super::choice::{Choice, Chosen, Library};
use super::config::Config;
use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::option::{OutputFlags, RunFlags, SelectFlags, TargetFlags};
use super::output::{self, Output};
use super::prepare::{self, Settled};
use super::regression::Regressions;
use super::target::{self, Place};
use super::{plan, signal};
use crate::client::Client;
use crate::report::{Format, render};
use crate::run::{self, Finished};

/// Tests a service provider against the requirements of SCIM
///
/// Exit codes: 0 nothing failed; 1 a check of a gated pack failed; 2 wrong usage, nothing was sent;
/// 3 the run says nothing about the target, or a case could not be judged; 4 nothing selected;
/// 5 an expectation is stale; 7 resources are left behind; 69 the target can't be reached;
/// 70 a defect of scimitar; 73 and 74 output can't be created or written; 130 and 143 interrupted.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Base URL of the service provider, such as https://idp.example/scim/v2
    url: Option<String>,
    /// Test the built-in service provider, started on loopback for this run
    #[arg(long)]
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

/// Runs the command: its exit code.
///
/// # Errors
/// Where the run can't begin, or its reports can't be written.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let url = target::url(args.url.as_deref(), args.embedded, config)?;
    let place = match &url {
        Some(url) => Some(Place::at(url, &args.target, config)?),
        None => None,
    };
    let choice = Choice::of(&args.select, config);
    let library = choice.library()?;
    let chosen = choice.select(&library)?;
    let settled = Settled::of(&args.run, config);
    if args.dry_run {
        let target = place.as_ref().map(|place| place.target().base());
        let near = place
            .as_ref()
            .is_none_or(|place| place.target().is_loopback());
        output::print(&plan::shown(
            &choice.profile,
            target,
            &chosen.plan,
            &settled,
            settled.effort(near),
            console,
        ))?;
        return Ok(Exit::Ok.into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let (place, _embedded) = Place::or_embedded(place, &args.target, config).await?;
        let run = Run {
            place,
            choice,
            library,
            chosen,
            settled,
        };
        Box::pin(conduct(args, config, console, run)).await
    })
}

/// A run whose arguments are all sound.
struct Run {
    place: Place,
    choice: Choice,
    library: Library,
    chosen: Chosen,
    settled: Settled,
}

/// The client of a run, with the token that the run begins with where that has to be got.
async fn signed_in(place: &Place, begin: &prepare::Begin) -> Result<Arc<Client>, Failure> {
    let client = place.client(&begin.run_id)?;
    let signed_in = client.sign_in().await.map_err(|why| {
        Failure::new(
            Exit::Invalid,
            format!("cannot get a token: {why}\n  [oauth] in the configuration says where it comes from; nothing was sent to the target"),
        )
    });
    signed_in.map(|()| Arc::new(client))
}

async fn conduct(args: &Args, config: &Config, console: Console, run: Run) -> Result<u8, Failure> {
    for warning in &run.place.warnings {
        say(&format!("warning: {warning}"));
    }
    let begin = prepare::Begin::now(args.embedded)?;
    let client = signed_in(&run.place, &begin).await?;
    let expectations = prepare::expectations(
        &args.run,
        config,
        run.place.target().base(),
        &run.library.known(),
    )?;
    let host = if args.embedded {
        "embedded"
    } else {
        run.place.target().host()
    };
    let output = Output::open(&args.output, config, host, &begin.stamp, console)?;
    let shelf = run.choice.regressions.as_deref().map(Regressions::open);
    let shelf = shelf.transpose()?.map(Arc::new);
    let label = args.output.label.clone().or_else(|| config.label.clone());
    let prepared = prepare::Prepared {
        begin: &begin,
        place: &run.place,
        client,
        settled: &run.settled,
        overlay: &config.payload,
        profile: &run.choice.profile,
        label: label.unwrap_or_default(),
        shelf: shelf.clone().map(|shelf| -> Arc<dyn run::Shelf> { shelf }),
        directory: &output.directory,
    };
    let (inputs, sweep, advice) = prepared.inputs(
        run.chosen,
        run.library.catalogue,
        expectations,
        output.live(),
    )?;
    let watch = signal::watch(inputs.stop.clone(), advice);
    let finished = run::run(inputs, sweep).await;
    watch.abort();
    conclude(&finished, &output, shelf.as_deref(), console)
}

/// Writes the reports, shows the result, and gives the exit code.
fn conclude(
    finished: &Finished,
    output: &Output,
    shelf: Option<&Regressions>,
    console: Console,
) -> Result<u8, Failure> {
    let written = output.write(&finished.record);
    if let Some(refusal) = &finished.refusal {
        say(&format!("scimitar: {}", refusal.message));
    } else {
        let text = render(Format::Terminal, &finished.record, &console.options());
        let text = text.map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        output::print(&text)?;
    }
    for line in &finished.stale {
        say(line);
    }
    let mut written = written?;
    if let Some(shelf) = shelf {
        written.extend(shelf.close()?);
    }
    if !console.quiet {
        for line in written {
            say(&line);
        }
    }
    Ok(finished.record.outcome.exit_code)
}
