//! One run of a profile: reaches the target, puts the load on it, and leaves what it measured.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::metrics::Metrics;
use super::reach::reached;
use super::{LOG, Plan, beside, existing, leave, outcome, progress, settle, shard};
use crate::cli::console::say;
use crate::cli::exit::{Exit, Failure};
use crate::cli::prepare;
use crate::cli::target::Place;
use crate::ledger::{Head, Ledger, default_path};
use crate::load::attack::{self, Finished, Stop};
use crate::load::histogram::Log;
use crate::load::program::{self, Kit, Program};
use crate::load::wire::Endpoint;
use crate::payload::Marker;
use crate::record::load::LoadRecord;
use crate::requirement::Level;
use crate::run::outcome::Reason;
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::Session;

/// What is made for one run.
struct Beginning {
    program: Program,
    endpoint: Arc<Endpoint>,
    client: Arc<crate::client::Client>,
    ledger: Arc<Ledger>,
    capabilities: Capabilities,
    marker: Marker,
    run: String,
    stop: Stop,
    log: PathBuf,
    progress: Arc<dyn attack::Progress>,
}

impl Plan<'_> {
    /// Reaches the target, puts the load on it, and leaves the reports: the exit code.
    ///
    /// # Errors
    /// Where the run can't begin, or its record can't be written.
    pub(super) async fn conduct(mut self, place: &Place, near: bool) -> Result<u8, Failure> {
        let args = self.args;
        for warning in &place.warnings {
            say(&format!("warning: {warning}"));
        }
        let mut begin = prepare::Begin::now(args.embedded)?;
        begin.run_id = shard::named(begin.run_id, self.shard);
        let directory = self.directory(place, &begin.stamp)?;
        let base = place.target().base();
        let metrics = Metrics::open(args.prometheus.as_ref(), &self.profile.name, base).await?;
        let client = Arc::new(place.client(&begin.run_id)?);
        let found = match reached(&client, base).await? {
            Ok(found) => found,
            Err(code) => return Ok(code),
        };
        self.look_up(&client, &found.capabilities).await?;
        let marker = Marker::new(&begin.run_id);
        let program = self.program(place, &found.capabilities, &marker)?;
        let ledger = Arc::new(self.ledger(place, &begin, &directory)?);
        let stop = Stop::default();
        let (watch, signalled) = beside::watched(prepare::advice(&ledger), stop.clone());
        let endpoint = self.wire.endpoint(place, &begin.run_id, &client).await?;
        let renewal = beside::renewed(Arc::clone(&endpoint), Arc::clone(&client), place.vault());
        let beginning = Beginning {
            program,
            endpoint,
            client,
            ledger: Arc::clone(&ledger),
            capabilities: found.capabilities,
            marker,
            run: begin.run_id.clone(),
            stop,
            log: directory.join(LOG),
            progress: Metrics::beside(metrics.as_ref(), progress::of(self.console)),
        };
        let inputs = self.inputs(place, near, beginning);
        let ran = attack::run(inputs).await;
        watch.abort();
        renewal.abort();
        let closed = ledger.close();
        let mut finished =
            ran.map_err(|trouble| Failure::new(outcome::exit_of(&trouble), format!("{trouble}")))?;
        finished.remarks.splice(..0, found.remarks);
        let told = (&finished, signalled.get().copied(), closed.err());
        let record = self.record(place, &begin.run_id, told);
        let left = leave::Left {
            record: &record,
            directory: &directory,
            formats: &self.formats,
            log: true,
        };
        left.conclude(metrics, self.console)
    }

    async fn look_up(
        &mut self,
        client: &crate::client::Client,
        capabilities: &Capabilities,
    ) -> Result<(), Failure> {
        match &mut self.found {
            Some(stock) => stock.looked_up(client, capabilities).await,
            None => Ok(()),
        }
    }

    fn inputs(&self, place: &Place, near: bool, beginning: Beginning) -> attack::Inputs {
        let log = beginning.log;
        attack::Inputs {
            profile: self.profile.clone(),
            program: beginning.program,
            endpoint: beginning.endpoint,
            session: beginning.client as Arc<dyn Session>,
            ledger: beginning.ledger,
            capabilities: Arc::new(beginning.capabilities),
            overlay: self.config.payload.clone(),
            stock: self.found.as_ref().map(existing::Found::stock),
            marker: beginning.marker,
            vault: place.vault(),
            settings: place.beside().map(str::to_owned).collect(),
            musts: (self.library.catalogue.iter())
                .filter(|one| one.level == Level::Must)
                .map(|one| one.id.clone())
                .collect(),
            base_path: place.base_path(),
            base_url: place.target().base().to_owned(),
            run: beginning.run,
            seed: Seed(self.seed),
            shard: self.shard,
            start_at: self.args.several.start_at,
            ceiling: self.ceiling,
            embedded: self.args.embedded,
            near,
            stop: beginning.stop,
            log: Box::new(move |start: Timestamp| {
                let file = std::fs::File::create(&log)?;
                Log::begin(Box::new(std::io::BufWriter::new(file)), start)
            }),
            progress: beginning.progress,
        }
    }

    fn program(
        &self,
        place: &Place,
        capabilities: &Capabilities,
        marker: &Marker,
    ) -> Result<Program, Failure> {
        let settings = place.beside().map(str::to_owned).collect();
        let kit = Kit {
            capabilities,
            overlay: &self.config.payload,
            marker,
            seed: Seed(self.seed),
            vault: &place.vault(),
            settings: &settings,
            base_path: &place.base_path(),
        };
        let program = program::compile(&self.profile, &self.cases, &kit);
        let mut program =
            program.map_err(|why| Failure::usage(format!("{why}\n  nothing was changed")))?;
        if let Some(found) = &self.found {
            program.restrict(&found.existing());
        }
        for (case, why) in &program.left_out {
            say(&format!("note: {case} is left out: {why}"));
        }
        if program.routines.is_empty() {
            return Err(Failure::new(
                Exit::NothingSelected,
                "the target offers nothing that the profile needs\n  nothing was changed",
            ));
        }
        settle::thresholds_name_operations(&self.profile, &program)?;
        Ok(program)
    }

    /// The output directory, made before anything is sent.
    fn directory(&self, place: &Place, stamp: &str) -> Result<PathBuf, Failure> {
        let named = self.args.leave.named(self.config);
        let host = if self.args.embedded {
            "embedded"
        } else {
            place.target().host()
        };
        leave::directory(named.as_deref(), host, stamp, &self.formats, &[LOG])
    }

    /// The journal: none on the disk where nothing can outlive the process.
    fn ledger(
        &self,
        place: &Place,
        begin: &prepare::Begin,
        directory: &std::path::Path,
    ) -> Result<Ledger, Failure> {
        let head = Head {
            run: begin.run_id.clone(),
            base: place.target().base().to_owned(),
            started: begin.started.clone(),
            remote: !place.target().is_loopback(),
        };
        if self.args.embedded {
            return Ok(Ledger::in_memory(head));
        }
        let here = default_path(std::path::Path::new(""), &begin.run_id);
        let there = default_path(directory, &begin.run_id);
        Ledger::create(&here, head.clone())
            .or_else(|_| Ledger::create(&there, head))
            .map_err(|error| {
                Failure::new(
                    Exit::CannotCreate,
                    format!("cannot use the journal: {error}\n  without it clean-up could forget something; nothing was changed"),
                )
            })
    }

    fn record(
        &self,
        place: &Place,
        run: &str,
        (finished, signalled, journal): (&Finished, Option<Reason>, Option<std::io::Error>),
    ) -> LoadRecord {
        let label = self
            .args
            .label
            .clone()
            .or_else(|| self.config.label.clone());
        let mut settings = settle::told(&self.args.change, self.ceiling);
        settings.extend(self.wire.told().chain(self.args.stock.told()));
        let settings = self.args.several.told(settings);
        let stock = self.found.iter().flat_map(|found| &found.remark);
        let remarks: Vec<String> = place.remarks.iter().chain(stock).cloned().collect();
        outcome::record(&outcome::Told {
            finished,
            profile: &self.profile,
            digest: &self.digest,
            run,
            shard: self.shard,
            config: settle::digest(
                &self.profile,
                &self.digest,
                self.ceiling,
                &self.config.payload,
                &self.beside(),
            ),
            suite_digest: self.library.suite.digest(),
            seed: self.seed,
            label: label.unwrap_or_default(),
            base_url: place.target().base(),
            embedded: self.args.embedded,
            http: place.http(),
            remarks: &remarks,
            settings,
            signalled,
            journal: journal.map(|error| error.to_string()),
        })
    }

    /// What decides beside the profile which load it is: who carries it, and what is drawn from.
    fn beside(&self) -> Vec<String> {
        let wire = self.wire.told();
        let wire = wire.map(|(name, value)| format!("{name}={value}"));
        let found = self.found.as_ref().map(existing::Found::digest);
        wire.chain(found).collect()
    }
}
