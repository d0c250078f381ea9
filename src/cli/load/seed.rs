//! `scimitar load seed`: users and groups by the thousand, with a manifest by which they can be drawn,
//! taken up again and removed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args as ClapArgs;

use super::reach::reached;
use super::{beside, safety};
use crate::cli::config::Config;
use crate::cli::console::{Console, say};
use crate::cli::exit::{Exit, Failure};
use crate::cli::option::TargetFlags;
use crate::cli::stock::Way;
use crate::cli::target::{self, Place};
use crate::cli::wire::{Wire, WireFlags};
use crate::cli::{output, prepare};
use crate::ledger::{Head, Ledger, LedgerError, Seeding};
use crate::load::attack::Stop;
use crate::load::program::Kit;
use crate::load::stock::{self, Halted, Part, Sown, Stencils};
use crate::payload::Marker;
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;

/// Name of the manifest where none is named.
const MANIFEST: &str = "scimitar-seed.ndjson";

/// Creates users and groups by the thousand, and keeps a manifest of them
///
/// They stay until `scimitar cleanup --manifest FILE` removes them. Run again with the same manifest, it creates what
/// is missing, also after a kill. Exit codes: 0 all are there; 2 wrong usage, nothing was sent; 3 some could not be
/// created; 69 the target can't be reached; 73 and 74 the manifest can't be created or written; 130 and 143 interrupted.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Base URL of the service provider, such as https://idp.example/scim/v2
    url: Option<String>,
    /// Users to create
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=10_000_000))]
    users: Option<u64>,
    /// Groups to create [default: 0]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=10_000_000))]
    groups: Option<u64>,
    /// Members of each group, out of the users [default: 0]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    members: Option<u64>,
    /// Seed of names and attributes [default: 1]
    #[arg(long, value_name = "N", env = "SCIMITAR_SEED", hide_env = true)]
    seed: Option<u64>,
    /// File that says what is created; taken up where it exists
    #[arg(long, value_name = "FILE", default_value = MANIFEST)]
    manifest: PathBuf,
    /// Connections at the same time [default: 8 on loopback, 4 else]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: Option<u16>,
    /// Send a request for each resource, also where bulk requests are offered
    #[arg(long)]
    one_by_one: bool,
    /// Create although what is created can't be removed
    #[arg(long)]
    accept_leftovers: bool,
    #[command(flatten)]
    safety: safety::SafetyFlags,
    #[command(flatten)]
    wire: WireFlags,
    #[command(flatten)]
    target: TargetFlags,
}

/// Runs the command: its exit code.
///
/// # Errors
/// Where it can't begin, or the manifest can't be written.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let url = url(args, config)?;
    let flags = args.wire.target(&args.target, config);
    let mut place = Place::at(&url, &flags, config)?;
    let wire = args.wire.settled(Some(&mut place), config)?;
    let target = place.target();
    let max_rps = args.target.max_rps.or(config.max_rps);
    let near = target.is_loopback();
    let ceiling = safety::leave(&args.safety, near, target.host(), max_rps)?;
    let known = known(&args.manifest, target.base())?;
    place.warnings.extend(safety::unheeded(max_rps, ceiling));
    place.hold_rate(ceiling);
    let plan = plan(args, config, known.as_ref().and_then(Ledger::seeding))?;
    let seeding = Seeder {
        args,
        config,
        console,
        place,
        wire,
        plan,
        ceiling,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(seeding.conduct(known))
}

fn url(args: &Args, config: &Config) -> Result<String, Failure> {
    let found = target::url(args.url.as_deref(), false, config).map_err(|failure| {
        let first = failure.message.lines().next().unwrap_or_default();
        Failure::usage(format!(
            "{first}\n  give the base URL of a service provider; `scimitar serve` starts the built-in one\n  nothing was sent"
        ))
    })?;
    found.ok_or_else(|| Failure::usage("no URL was given\n  nothing was sent"))
}

/// The manifest, where it exists.
fn known(path: &Path, base: &str) -> Result<Option<Ledger>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let bad = |error: LedgerError| {
        Failure::usage(format!(
            "cannot use the manifest: {error}\n  name another with --manifest\n  nothing was sent"
        ))
    };
    let ledger = Ledger::open(path).map_err(bad)?;
    let journal = ledger.head().base;
    if journal != base {
        let target = base.to_owned();
        return Err(bad(LedgerError::OtherTarget { journal, target }));
    }
    if ledger.seeding().is_none() && !ledger.is_blank() {
        return Err(bad(LedgerError::NoManifest(path.to_owned())));
    }
    Ok(Some(ledger))
}

/// What is to be there in the end: what the user says, else what the manifest says.
fn plan(args: &Args, config: &Config, known: Option<Seeding>) -> Result<Seeding, Failure> {
    let old = known.unwrap_or_default();
    let seed = args.seed.or(config.seed);
    let plan = Seeding {
        seed: seed.unwrap_or(if known.is_some() { old.seed } else { 1 }),
        users: args.users.unwrap_or(old.users),
        groups: args.groups.unwrap_or(old.groups),
        members: args.members.unwrap_or(old.members),
    };
    let odd = |what: String| Err(Failure::usage(format!("{what}\n  nothing was sent")));
    if plan.users == 0 {
        return odd("--users is missing: say how many, such as --users 1000".to_owned());
    }
    if plan.members > plan.users {
        let (members, users) = (plan.members, plan.users);
        return odd(format!(
            "--members {members} are more than the {users} users that there will be"
        ));
    }
    let Some(old) = known else {
        return Ok(plan);
    };
    let fixed = [
        ("seed", old.seed, plan.seed, true),
        ("members", old.members, plan.members, old.groups > 0),
    ];
    for (name, before, now, is_fixed) in fixed {
        if is_fixed && before != now {
            return odd(format!(
                "the manifest was begun with --{name} {before}, not {now}\n  leave --{name} out to go on with it, or name another with --manifest"
            ));
        }
    }
    for (name, before, now) in [
        ("users", old.users, plan.users),
        ("groups", old.groups, plan.groups),
    ] {
        if now < before {
            return odd(format!(
                "the manifest has {before} {name} already, and --{name} {now} are fewer\n  seeding removes nothing: `scimitar cleanup --manifest {}` does",
                args.manifest.display()
            ));
        }
    }
    Ok(plan)
}

struct Seeder<'a> {
    args: &'a Args,
    config: &'a Config,
    console: Console,
    place: Place,
    wire: Wire,
    plan: Seeding,
    ceiling: Option<u32>,
}

impl Seeder<'_> {
    async fn conduct(self, known: Option<Ledger>) -> Result<u8, Failure> {
        let place = &self.place;
        for warning in &place.warnings {
            say(&format!("warning: {warning}"));
        }
        let begin = prepare::Begin::now(false)?;
        let client = place.client(&begin.run_id)?;
        let found = match reached(&client, place.target().base()).await? {
            Ok(found) => found,
            Err(code) => return Ok(code),
        };
        let capabilities = found.capabilities;
        let ledger = Arc::new(self.ledger(known, &begin)?);
        let stencils = self.stencils(&capabilities, &Marker::new(&ledger.head().run))?;
        let trial = ledger.standing().is_empty() && !self.args.accept_leftovers;
        self.announce(&ledger, &capabilities).await?;
        let stop = Stop::default();
        let (watch, signalled) = beside::watched(self.advice(), stop.clone());
        let way = Way {
            place,
            wire: &self.wire,
            client: &client,
            run_id: &begin.run_id,
            capabilities: &capabilities,
            ledger: &ledger,
            connections: self.args.connections.map(usize::from),
            ceiling: self.ceiling,
            one_by_one: self.args.one_by_one,
            stop,
            console: self.console,
        };
        let ground = way.ground().await?;
        let renewal = beside::renewed(
            Arc::clone(&ground.endpoint),
            Arc::new(client),
            place.vault(),
        );
        let started = Instant::now();
        let sown = stock::sow(&ground, &stencils, self.plan, trial).await;
        let seconds = started.elapsed().as_secs_f64();
        watch.abort();
        renewal.abort();
        drop(ground);
        output::print(&self.told(&sown, seconds))?;
        Ok(match signalled.get() {
            Some(reason) => reason.code(),
            None => self.concluded(&sown),
        })
    }

    /// The manifest, begun where there is none.
    fn ledger(&self, known: Option<Ledger>, begin: &prepare::Begin) -> Result<Ledger, Failure> {
        if let Some(known) = known {
            return Ok(known);
        }
        let target = self.place.target();
        let head = Head {
            run: begin.run_id.clone(),
            base: target.base().to_owned(),
            started: begin.started.clone(),
            remote: !target.is_loopback(),
        };
        Ledger::create(&self.args.manifest, head).map_err(|error| {
            Failure::new(
                Exit::CannotCreate,
                format!("cannot begin the manifest: {error}\n  without it nothing could be removed again; nothing was changed"),
            )
        })
    }

    fn stencils(&self, capabilities: &Capabilities, marker: &Marker) -> Result<Stencils, Failure> {
        for (kind, wanted) in [("User", self.plan.users), ("Group", self.plan.groups)] {
            let known = capabilities.resource_types.is_empty()
                || capabilities.resource_type(kind).is_some();
            if wanted > 0 && !known {
                return Err(Failure::new(
                    Exit::NothingSelected,
                    format!("the target has no {kind}s\n  nothing was changed"),
                ));
            }
        }
        let kit = Kit {
            capabilities,
            overlay: &self.config.payload,
            marker,
            seed: Seed(self.plan.seed),
            vault: &self.place.vault(),
            settings: &BTreeSet::new(),
            base_path: &self.place.base_path(),
        };
        Stencils::of(&kit)
            .map_err(|why| Failure::usage(format!("cannot seed: {why}\n  nothing was changed")))
    }

    /// Writes into the manifest what may come.
    async fn announce(&self, ledger: &Ledger, capabilities: &Capabilities) -> Result<(), Failure> {
        let prefix = Marker::new(&ledger.head().run);
        let bad = |error: std::io::Error| {
            Failure::new(
                Exit::CannotWrite,
                format!("cannot write the manifest: {error}\n  nothing was changed"),
            )
        };
        if ledger.seeding() != Some(self.plan) {
            ledger.plan(self.plan).await.map_err(bad)?;
        }
        for (kind, number) in [("User", self.plan.users), ("Group", self.plan.groups)] {
            let known = capabilities.resource_type(kind);
            let endpoint = known.map_or_else(|| format!("/{kind}s"), |it| it.endpoint.clone());
            if number > 0 && !ledger.is_reserved(&endpoint) {
                let reserved = ledger.reserve(&endpoint, prefix.as_str(), number + 1).await;
                reserved.map_err(bad)?;
            }
        }
        Ok(())
    }

    fn advice(&self) -> String {
        let manifest = self.args.manifest.display();
        format!(
            "ended; this goes on: scimitar load seed with --manifest {manifest}, and this removes what was created: scimitar cleanup --manifest {manifest}"
        )
    }

    fn told(&self, sown: &Sown, seconds: f64) -> String {
        let mut text = String::new();
        let manifest = self.args.manifest.display();
        let parts = [("users", &sown.users), ("groups", &sown.groups)];
        for (what, part) in parts.iter().filter(|(_, part)| part.wanted > 0) {
            let Part {
                wanted,
                before,
                created,
                found,
                failed,
            } = part;
            let there = before + created + found;
            let _ = write!(
                text,
                "{what:<9} {there} of {wanted} are there: {created} created"
            );
            for (number, word) in [
                (before, "known before"),
                (found, "found again"),
                (failed, "refused"),
            ] {
                if *number > 0 {
                    let _ = write!(text, ", {number} {word}");
                }
            }
            text.push('\n');
        }
        // A count of resources, for the reader.
        #[expect(clippy::cast_precision_loss, reason = "a rate for the reader")]
        let rate = (sown.users.created + sown.groups.created) as f64 / seconds.max(0.001);
        let _ = writeln!(text, "time      {seconds:.1} s, {rate:.0}/s");
        let why = sown.halted.as_ref().map(ToString::to_string);
        if let Some(why) = why.or_else(|| sown.trouble.clone()) {
            let _ = writeln!(text, "trouble   {why}");
        }
        let _ = writeln!(text, "manifest  {manifest}");
        if !self.is_whole(sown) {
            let _ = writeln!(text, "go on     the same command again");
        }
        let _ = writeln!(text, "remove    scimitar cleanup --manifest {manifest}");
        text
    }

    fn is_whole(&self, sown: &Sown) -> bool {
        let reached = sown.groups.wanted == self.plan.groups;
        reached && sown.users.is_whole() && sown.groups.is_whole()
    }

    fn concluded(&self, sown: &Sown) -> u8 {
        let exit = match &sown.halted {
            Some(Halted::Journal(_)) => Exit::CannotWrite,
            None if self.is_whole(sown) => Exit::Ok,
            Some(_) | None => Exit::Invalid,
        };
        exit.into()
    }
}
