//! `scimitar cleanup`: removes what a run that was killed has left in its target.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::config::Config;
use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::option::TargetFlags;
use super::output;
use super::prepare::swept;
use super::stock::Way;
use super::target::Place;
use super::wire::Wire;
use crate::client::Client;
use crate::ledger::{Ledger, LedgerError, Options, open_journals};
use crate::load::attack::Stop;
use crate::load::stock;
use crate::record::Cleanup;
use crate::session::discovery::discover;

/// Removes what runs that were killed have left in their targets
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Journal of the run [default: all that are open below .scimitar]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Manifest of `scimitar load seed`: removes what it has created
    #[arg(long, value_name = "FILE", conflicts_with = "ledger")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    target: TargetFlags,
}

/// Time to remove what a manifest has left one by one, and how many at the same time.
const BUDGET: Duration = Duration::from_secs(900);
const JOBS: usize = 8;

/// Requests a second at most against another machine unless told otherwise.
const CEILING: u32 = 25;

/// Leftovers of a journal that are named one by one.
const LISTED: usize = 20;

/// Cleans up after one journal, or after all that are open.
///
/// # Errors
/// Where a journal or the token is of no use.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let journals = match args.ledger.as_ref().or(args.manifest.as_ref()) {
        Some(path) => vec![path.clone()],
        None => open_journals(Path::new("")).map_err(|error| {
            Failure::usage(format!("cannot look for journals below .scimitar: {error}"))
        })?,
    };
    if journals.is_empty() {
        output::print("nothing to clean up: there is no open journal below .scimitar\n")?;
        return Ok(Exit::Ok.into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    let mut left = 0;
    for path in &journals {
        let cleanup = runtime.block_on(one(path, args, config, console))?;
        left += cleanup.leftover.len();
        output::print(&told(path, &cleanup))?;
    }
    let exit = if left == 0 {
        Exit::Ok
    } else {
        Exit::CleanupIncomplete
    };
    Ok(exit.into())
}

async fn one(
    path: &Path,
    args: &Args,
    config: &Config,
    console: Console,
) -> Result<Cleanup, Failure> {
    let ledger = Ledger::open(path)
        .map_err(|error| Failure::usage(format!("cannot use the journal: {error}")))?;
    if args.manifest.is_some() && ledger.seeding().is_none() {
        let error = LedgerError::NoManifest(path.to_owned());
        return Err(Failure::usage(format!(
            "cannot use the manifest: {error}\n  `scimitar cleanup --ledger` takes it"
        )));
    }
    let head = ledger.head();
    let place = Place::at(&head.base, &args.target, config)?;
    let client = place.client(&head.run)?;
    let mut options = Options {
        clock: place.clock(),
        ..Options::default()
    };
    let ledger = Arc::new(ledger);
    if ledger.seeding().is_some() {
        options.budget = BUDGET;
        options.jobs = JOBS;
        reap(
            &place,
            &client,
            &ledger,
            args.target.max_rps.or(config.max_rps),
            console,
        )
        .await?;
    }
    Ok(swept(&client, &ledger, &options).await)
}

/// Removes what a manifest says is there, by the batch. What is left after that is removed one by one.
async fn reap(
    place: &Place,
    client: &Client,
    ledger: &Arc<Ledger>,
    max_rps: Option<u32>,
    console: Console,
) -> Result<(), Failure> {
    let found = discover(client).await;
    if found.trouble.is_some() {
        return Ok(());
    }
    let far = !place.target().is_loopback();
    let way = Way {
        place,
        wire: &Wire::default(),
        client,
        run_id: &ledger.head().run,
        capabilities: &found.capabilities,
        ledger,
        connections: None,
        ceiling: max_rps.or(far.then_some(CEILING)),
        one_by_one: false,
        stop: Stop::default(),
        console,
    };
    let ground = way.ground().await?;
    if let Err(why) = stock::reap(&ground).await {
        say(&format!("not all can be removed by the batch: {why}"));
    }
    Ok(())
}

fn told(path: &Path, cleanup: &Cleanup) -> String {
    let mut text = format!(
        "{}: {} of {} resources are gone\n",
        path.display(),
        cleanup.deleted,
        cleanup.created
    );
    for left in cleanup.leftover.iter().take(LISTED) {
        let _ = writeln!(text, "  left: {}: {}", left.resource, left.reason);
    }
    if cleanup.leftover.len() > LISTED {
        let _ = writeln!(text, "  … and {} more", cleanup.leftover.len() - LISTED);
    }
    if !cleanup.leftover.is_empty() {
        text.push_str("  the journal stays; run it again when the target answers\n");
    }
    text
}
