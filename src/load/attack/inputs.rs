//! What goes into an attack, and what comes out.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::field::{Cell, Field, Halt, Stop, Tools};
use super::pool::{Pool, Stock};
use super::watch::Progress;
use crate::ledger::{Ledger, Swept};
use crate::load::histogram::{Figures, Log};
use crate::load::limit::Limit;
use crate::load::portion::Portion;
use crate::load::program::{Bench, Program};
use crate::load::wire::Endpoint;
use crate::payload::{Marker, Overlay};
use crate::record::load::{Breakpoint, Correctness, Cost, Generator, Shard};
use crate::redact::Vault;
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::Session;
use crate::suite::load::{LoadProfile, Model};

/// Everything that an attack needs.
pub struct Inputs {
    /// The profile, with what the user changed in it.
    pub profile: LoadProfile,
    /// Its scenarios.
    pub program: Program,
    /// Where users send.
    pub endpoint: Arc<Endpoint>,
    /// What reaches the target beside them.
    pub session: Arc<dyn Session>,
    /// What is ours.
    pub ledger: Arc<Ledger>,
    /// What the target says it can do.
    pub capabilities: Arc<Capabilities>,
    /// What the user says about payloads.
    pub overlay: Overlay,
    /// Resources that are there already, in place of those that the profile would have created.
    pub stock: Option<Stock>,
    /// Carried by everything that is created.
    pub marker: Marker,
    /// Secrets.
    pub vault: Arc<Vault>,
    /// Settings that scenarios may need.
    pub settings: BTreeSet<String>,
    /// Ids of the requirements that every target must keep.
    pub musts: BTreeSet<String>,
    /// Path of the base URL.
    pub base_path: String,
    /// Base URL.
    pub base_url: String,
    /// Id of the run.
    pub run: String,
    /// Seed of the run.
    pub seed: Seed,
    /// Which part of a run over several machines this is.
    pub shard: Option<Shard>,
    /// The moment of the first request, where several machines have agreed on one.
    pub start_at: Option<Timestamp>,
    /// Requests a second at most, set-up and repeats with it; a schedule is below it.
    pub ceiling: Option<u32>,
    /// Whether the target shares the process.
    pub embedded: bool,
    /// Whether the target is on this machine.
    pub near: bool,
    /// The wish to stop.
    pub stop: Stop,
    /// Where every second is written for other tools, once it is known when the run began.
    pub log: Box<dyn FnOnce(Timestamp) -> std::io::Result<Log> + Send>,
    /// Who is told how it goes.
    pub progress: Arc<dyn Progress>,
}

/// What an attack gave.
#[derive(Debug)]
pub struct Finished {
    /// When the first request was due, RFC 3339.
    pub started: String,
    /// Time that was measured.
    pub measured: Duration,
    /// Time before it.
    pub warm_up: Duration,
    /// Figures.
    pub figures: Figures,
    /// How this machine fared.
    pub generator: Generator,
    /// What was wrong in answers.
    pub correctness: Correctness,
    /// Cost of membership changes.
    pub cost: Vec<Cost>,
    /// Where a rising rate broke a threshold.
    pub breakpoint: Option<Breakpoint>,
    /// Why it ended before its time.
    pub stopped: Option<(Halt, String)>,
    /// What clean-up did.
    pub swept: Swept,
    /// What a reader must know.
    pub remarks: Vec<String>,
    /// Answers, and those of them that were 401 or 403.
    pub answered: (u64, u64),
    /// Trouble with the log.
    pub log_trouble: Option<String>,
}

/// Why there was no attack. Whole sentences.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The journal.
    #[error("The journal can't be written: {0}.")]
    Journal(std::io::Error),
    /// The log of histograms.
    #[error("The log of histograms can't be written: {0}.")]
    Log(std::io::Error),
    /// The schedule.
    #[error("The load can't be planned: {0}.")]
    Schedule(String),
    /// goose.
    #[error("The users can't be launched: {0}.")]
    Driver(String),
}

/// Opens the log, once it is known when the run began.
pub(super) type OpenLog = Box<dyn FnOnce(Timestamp) -> std::io::Result<Log> + Send>;

/// What the users share, out of what the run was given.
pub(super) fn field(inputs: Inputs) -> (Arc<Field>, OpenLog) {
    let bench = bench(&inputs);
    let mut program = inputs.program;
    let cells = cells(&inputs.profile, &mut program);
    let users = match &inputs.profile.model {
        Model::Closed { users, .. } => *users,
        Model::Open(_) => inputs.profile.connections,
    };
    let portion = Portion::of(inputs.shard);
    let field = Field {
        bench,
        tools: Tools {
            session: inputs.session,
            capabilities: inputs.capabilities,
            overlay: inputs.overlay,
            marker: inputs.marker,
            vault: inputs.vault,
            settings: inputs.settings,
            base_path: inputs.base_path,
            seed: inputs.seed,
        },
        cells,
        filling: tokio::sync::Mutex::new(()),
        limit: inputs
            .ceiling
            .map(|it| Limit::new(it).among(portion.shards())),
        portion,
        profile: inputs.profile,
        program,
        endpoint: inputs.endpoint,
        run: inputs.run,
        ledger: inputs.ledger,
        stocked: inputs.stock.is_some(),
        pool: inputs.stock.map(Pool::of_stock).unwrap_or_default(),
        seed: inputs.seed,
        stop: inputs.stop,
        over: CancellationToken::new(),
        cut: CancellationToken::new(),
        users: portion.share(users).max(1),
        launched: AtomicUsize::new(0),
        ready: AtomicUsize::new(0),
        finished: AtomicUsize::new(0),
        in_flight: AtomicU64::new(0),
        first: AtomicU64::new(0),
        begin: Notify::new(),
        started: OnceLock::new(),
        setup_failed: AtomicBool::new(false),
        setup_trouble: Mutex::new(None),
        seen: Mutex::default(),
        refused: AtomicU64::new(0),
        answered: AtomicU64::new(0),
        exhausted: AtomicU64::new(0),
        cut_off: AtomicU64::new(0),
        unsendable: AtomicU64::new(0),
    };
    (Arc::new(field), inputs.log)
}

/// What the full set of checks goes by.
fn bench(inputs: &Inputs) -> Bench {
    Bench {
        capabilities: Arc::clone(&inputs.capabilities),
        base_url: inputs.base_url.clone(),
        base_path: inputs.base_path.clone(),
        vault: Arc::clone(&inputs.vault),
        musts: Arc::new(inputs.musts.clone()),
    }
}

/// The cells of a cost curve, each an operation of its own.
fn cells(profile: &LoadProfile, program: &mut Program) -> Vec<Cell> {
    let base = program.operations.first().cloned().unwrap_or_default();
    let sizes = profile
        .cost
        .as_ref()
        .map(crate::suite::load::Cost::cells)
        .unwrap_or_default();
    let mut cells = Vec::new();
    for (members, batch) in sizes {
        let operation = u16::try_from(program.operations.len()).unwrap_or(u16::MAX);
        program
            .operations
            .push(format!("{base}[{members}/{batch}]"));
        cells.push(Cell {
            members,
            batch,
            operation,
        });
    }
    cells
}
