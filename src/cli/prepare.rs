//! From sound arguments to the inputs of a run: ids, journal, guard, known failures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::caret;
use super::choice::Chosen;
use super::config::Config;
use super::embedded::random_hex;
use super::exit::{Exit, Failure};
use super::option::RunFlags;
use super::target::Place;
use crate::client::Client;
use crate::ledger::{self, Guard, Head, Ledger, Policy, default_path};
use crate::payload::{Marker, Overlay};
use crate::record::event::RunStarted;
use crate::record::{Cleanup, Leftover, Tool};
use crate::requirement::{Catalogue, Grading};
use crate::run::expectation::{Expectations, Known};
use crate::run::{Inputs, Shelf, Sink, Stop, Sweep};
use crate::session::{Session, version};

/// Longest time of a run unless told otherwise.
const MAX_RUN_TIME: Duration = Duration::from_secs(30 * 60);
/// How long a read after a write may stay behind unless told otherwise.
const WINDOW: Duration = Duration::from_secs(2);
/// How long a change that ends somebody's access may take to be seen unless told otherwise.
const REVOKE_WITHIN: Duration = Duration::from_secs(5);
/// Seed unless told otherwise.
const SEED: u64 = 1;

/// How a run is run: flags before file before default.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) jobs: Option<u16>,
    pub(super) cases: Option<u32>,
    pub(super) probe_time: Option<Duration>,
    seed: u64,
    pub(super) max_time: Duration,
    window: Duration,
    revoke_within: Duration,
    /// Whether nothing may be changed.
    pub(super) read_only: bool,
    strict: bool,
    fail_fast: bool,
    accept_leftovers: bool,
    probe_level: u8,
    long_waits: bool,
}

impl Settled {
    /// Flags before file before default.
    pub(super) fn of(flags: &RunFlags, config: &Config) -> Self {
        let time = |flag: Option<Duration>, file: Option<super::config::Span>, default| {
            flag.or(file.map(|span| span.0)).unwrap_or(default)
        };
        let on = |flag: Option<bool>, file: Option<bool>| flag.or(file).unwrap_or(false);
        Self {
            jobs: flags.jobs.or(config.jobs),
            cases: flags.cases.or(config.cases),
            probe_time: flags.probe_time.or(config.probe_time.map(|span| span.0)),
            seed: flags.seed.or(config.seed).unwrap_or(SEED),
            max_time: time(flags.max_run_time, config.max_run_time, MAX_RUN_TIME),
            window: time(flags.consistency_window, config.consistency_window, WINDOW),
            revoke_within: time(flags.revoke_within, config.revoke_within, REVOKE_WITHIN),
            read_only: on(flags.read_only, config.read_only),
            strict: on(flags.strict, config.strict),
            fail_fast: on(flags.fail_fast, config.fail_fast),
            accept_leftovers: on(flags.accept_leftovers, config.accept_leftovers),
            probe_level: flags.probe_level.or(config.probe_level).unwrap_or(1),
            long_waits: config.long_waits.unwrap_or(false),
        }
    }
}

/// The moment and the name of a run.
pub(super) struct Begin {
    /// Name of the run.
    pub(super) run_id: String,
    /// The moment, RFC 3339.
    pub(super) started: String,
    embedded: bool,
    /// The moment as part of a file name.
    pub(super) stamp: String,
}

impl Begin {
    /// A run that begins now.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub(super) fn now(embedded: bool) -> Result<Self, Failure> {
        let random = random_hex()
            .map_err(|error| Failure::new(Exit::Bug, format!("no random bytes: {error}")))?;
        let now = Timestamp::now();
        Ok(Self {
            run_id: random.chars().take(8).collect(),
            started: format!("{now:.3}"),
            stamp: now.strftime("%Y%m%dT%H%M%S%3fZ").to_string(),
            embedded,
        })
    }
}

/// Reads the known failures that apply to a target.
///
/// # Errors
/// Where the file can't be read or is wrong.
pub(super) fn expectations(
    flags: &RunFlags,
    config: &Config,
    base_url: &str,
    known: &Known,
) -> Result<Expectations, Failure> {
    let named = flags.expectations.as_ref().or(config.expectations.as_ref());
    let Some(path) = named else {
        return Ok(Expectations::default());
    };
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!(
            "cannot read the expectations {file}: {error}\n  nothing was sent"
        ))
    })?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    Expectations::parse(&text, base_url, today, known).map_err(|error| {
        let shown = caret::show(&file, &text, error.span.clone(), &error.message, "");
        Failure::usage(format!("{shown}\n  nothing was sent"))
    })
}

/// What the inputs are made of.
pub(super) struct Prepared<'a> {
    /// Moment and name.
    pub(super) begin: &'a Begin,
    /// Target and credentials.
    pub(super) place: &'a Place,
    /// What reaches it.
    pub(super) client: Arc<Client>,
    /// How it is run.
    pub(super) settled: &'a Settled,
    /// What the user says about payloads.
    pub(super) overlay: &'a Overlay,
    /// Name of the profile.
    pub(super) profile: &'a str,
    /// The user's label.
    pub(super) label: String,
    /// Takes what probes find, as scenarios.
    pub(super) shelf: Option<Arc<dyn Shelf>>,
    /// Output directory: the journal stands there where the working directory can't be written.
    pub(super) directory: &'a Path,
}

impl Prepared<'_> {
    /// The inputs of the run, its clean-up, and what to say where it is ended at once.
    ///
    /// # Errors
    /// Where no journal can be written.
    pub(super) fn inputs(
        self,
        chosen: Chosen,
        catalogue: Catalogue,
        expectations: Expectations,
        sink: Arc<dyn Sink>,
    ) -> Result<(Inputs, Sweep, String), Failure> {
        let client = Arc::clone(&self.client);
        let ledger = Arc::new(self.ledger()?);
        let policy = Policy {
            embedded: self.begin.embedded,
            read_only: self.settled.read_only,
            // Nothing of the embedded provider outlives the run.
            probe_level: if self.begin.embedded {
                self.settled.probe_level.max(2)
            } else {
                self.settled.probe_level
            },
        };
        let guard = Arc::new(Guard::new(
            Arc::clone(&client) as Arc<dyn Session>,
            Arc::clone(&ledger),
            policy,
        ));
        let target = self.place.target();
        let effort = self.settled.effort(target.is_loopback());
        let advice = advice(&ledger);
        let stop = Stop::default();
        let sweep = self.sweep(&ledger, stop.clone());
        let minter = Arc::clone(&guard);
        let inputs = Inputs {
            session: guard,
            client,
            sink,
            started: self.started(chosen.digest, chosen.part),
            plan: chosen.plan,
            catalogue: Arc::new(catalogue),
            grading: self.grading(),
            marker: Marker::new(&self.begin.run_id),
            clock: self.place.clock(),
            vault: self.place.vault(),
            overlay: self.overlay.clone(),
            settings: self.needs_met(),
            values: self.place.values(),
            window: self.settled.window,
            revoke_within: self.settled.revoke_within,
            expectations: Arc::new(Mutex::new(expectations)),
            jobs: effort.jobs,
            effort,
            shelf: self.shelf.clone(),
            fail_fast: self.settled.fail_fast,
            read_only: self.settled.read_only,
            accept_leftovers: self.settled.accept_leftovers,
            max_time: self.settled.max_time,
            stop,
            remarks: self.remarks(),
            mint: Arc::new(move |id| {
                minter.mint(id);
            }),
        };
        Ok((inputs, sweep, advice))
    }

    fn grading(&self) -> Grading {
        if self.settled.strict {
            Grading::Strict
        } else {
            Grading::Interop
        }
    }

    fn started(&self, digest: String, part: bool) -> RunStarted {
        let grading = if self.settled.strict {
            "strict"
        } else {
            "interop"
        };
        RunStarted {
            tool: Tool {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                suite_digest: digest,
            },
            seed: self.settled.seed,
            label: self.label.clone(),
            started: self.begin.started.clone(),
            grading: grading.to_owned(),
            profile: self.profile.to_owned(),
            part,
            base_url: self.place.target().base().to_owned(),
            embedded: self.begin.embedded,
            revoke_within_ms: u64::try_from(self.settled.revoke_within.as_millis())
                .unwrap_or(u64::MAX),
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = self.place.remarks.clone();
        if self.settled.read_only {
            remarks.push("nothing was written (--read-only)".to_owned());
        }
        remarks
    }

    /// Settings that cases may need and that this run has.
    fn needs_met(&self) -> BTreeSet<String> {
        let mut met = BTreeSet::new();
        if self.place.has_token() {
            met.insert("token".to_owned());
        }
        met.extend(self.place.beside().map(str::to_owned));
        if version::unversioned(self.place.target().base()).is_some() {
            met.insert("version".to_owned());
        }
        if self.begin.embedded {
            met.insert("unmarked".to_owned());
        }
        if self.begin.embedded || self.settled.long_waits {
            met.insert("long-waits".to_owned());
        }
        met
    }

    /// The journal: none on the disk where nothing can outlive the process.
    fn ledger(&self) -> Result<Ledger, Failure> {
        let target = self.place.target();
        let head = Head {
            run: self.begin.run_id.clone(),
            base: target.base().to_owned(),
            started: self.begin.started.clone(),
            remote: !target.is_loopback(),
        };
        if self.begin.embedded || self.settled.read_only {
            return Ok(Ledger::in_memory(head));
        }
        let here = default_path(Path::new(""), &self.begin.run_id);
        let there = default_path(self.directory, &self.begin.run_id);
        Ledger::create(&here, head.clone())
            .or_else(|_| Ledger::create(&there, head))
            .map_err(|error| {
                Failure::new(
                    Exit::CannotCreate,
                    format!("cannot use the journal: {error}\n  without it clean-up could forget something; nothing was sent"),
                )
            })
    }

    fn sweep(&self, ledger: &Arc<Ledger>, stop: Stop) -> Sweep {
        let ledger = Arc::clone(ledger);
        let options = ledger::Options {
            settle: self.settled.window,
            clock: self.place.clock(),
            ..ledger::Options::default()
        };
        Box::new(move |session| {
            Box::pin(async move {
                let mut options = options;
                if stop.interrupted() {
                    options.budget = options.budget.min(Duration::from_secs(30));
                }
                swept(&*session, &ledger, &options).await
            })
        })
    }
}

/// Removes what the ledger says is ours, and ends the journal.
pub(super) async fn swept(
    session: &dyn Session,
    ledger: &Ledger,
    options: &ledger::Options,
) -> Cleanup {
    let mut cleanup = match ledger::cleanup(session, ledger, options).await {
        Ok(swept) => Cleanup {
            created: swept.created,
            deleted: swept.deleted,
            leftover: (swept.leftover.into_iter())
                .map(|ledger::Leftover { resource, reason }| Leftover { resource, reason })
                .collect(),
        },
        Err(error) => Cleanup {
            leftover: vec![Leftover {
                resource: "unknown".to_owned(),
                reason: format!("cannot use the journal: {error}"),
            }],
            ..Cleanup::default()
        },
    };
    let trouble = ledger.trouble();
    if let Some(error) = ledger
        .close()
        .err()
        .map(|error| error.to_string())
        .or(trouble)
    {
        cleanup.leftover.push(Leftover {
            resource: "unknown".to_owned(),
            reason: format!("the journal can't be written: {error}"),
        });
    }
    cleanup
}

/// What to say where the process is ended before clean-up.
pub(super) fn advice(ledger: &Ledger) -> String {
    match ledger.path().map(PathBuf::from) {
        Some(path) => format!(
            "ended before clean-up; this removes what the run has left: scimitar cleanup --ledger {}",
            path.display()
        ),
        None => "ended; nothing of the run outlives it".to_owned(),
    }
}
