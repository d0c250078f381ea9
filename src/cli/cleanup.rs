//! `scimitar cleanup`: removes what a run that was killed has left in its target.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args as ClapArgs;

use super::config::Config;
use super::exit::{Exit, Failure};
use super::option::TargetFlags;
use super::output;
use super::prepare::swept;
use super::target::Place;
use crate::ledger::{Ledger, Options, open_journals};
use crate::record::Cleanup;
use crate::session::Session;

/// Removes what runs that were killed have left in their targets
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Journal of the run [default: all that are open below .scimitar]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    target: TargetFlags,
}

/// Leftovers of a journal that are named one by one.
const LISTED: usize = 20;

/// Cleans up after one journal, or after all that are open.
///
/// # Errors
/// Where a journal or the token is of no use.
pub(super) fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let journals = match &args.ledger {
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
        let cleanup = runtime.block_on(one(path, args, config))?;
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

async fn one(path: &Path, args: &Args, config: &Config) -> Result<Cleanup, Failure> {
    let ledger = Ledger::open(path)
        .map_err(|error| Failure::usage(format!("cannot use the journal: {error}")))?;
    let head = ledger.head();
    let place = Place::at(&head.base, &args.target, config)?;
    let client: Arc<dyn Session> = Arc::new(place.client(&head.run)?);
    let options = Options {
        clock: place.clock(),
        ..Options::default()
    };
    Ok(swept(&*client, &ledger, &options).await)
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
