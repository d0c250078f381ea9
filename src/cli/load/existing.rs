//! Resources that a run finds there: what a manifest has created, or what a file tells of.

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::Failure;
use crate::ledger::{LedgerError, Manifest};
use crate::load::attack::Stock;
use crate::load::program::{Existing, Leave};
use crate::load::stock;
use crate::record::load::Shard;
use crate::suite::load::LoadProfile;

/// Where pools come from.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Existing data")]
pub(super) struct StockFlags {
    /// Manifest of `scimitar load seed`: pools draw from what it has created, and none is filled
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// CSV file with users that are there, its first line id,userName or id,userName,groupId: they are read, nothing is created or changed
    #[arg(long, value_name = "FILE", conflicts_with = "manifest")]
    users_from: Option<PathBuf>,
    /// Let scenarios change the users and groups of --users-from
    #[arg(long, requires = "users_from")]
    change_existing: bool,
}

/// What is there.
pub(super) struct Found {
    pub(super) source: String,
    /// Digest of all that the source tells of: the same for all shards of a run.
    digest: String,
    pub(super) stock: Stock,
    /// What a reader of the record must know of it.
    pub(super) remark: Option<String>,
    leave: Leave,
    user: &'static [&'static str],
    group: &'static [&'static str],
}

impl StockFlags {
    /// Reads what is there, and keeps what is a shard's own; none where nothing is named.
    ///
    /// # Errors
    /// Where a file is of no use, is about another target, or the profile or the shards can't do with it.
    pub(super) fn read(
        &self,
        base: Option<&str>,
        profile: &LoadProfile,
        shard: Option<Shard>,
    ) -> Result<Option<Found>, Failure> {
        let found = self.whole(base, profile)?;
        found.map(|found| found.among(shard)).transpose()
    }

    fn whole(&self, base: Option<&str>, profile: &LoadProfile) -> Result<Option<Found>, Failure> {
        let Some(path) = self.manifest.as_ref().or(self.users_from.as_ref()) else {
            return Ok(None);
        };
        let Some(base) = base else {
            let option = self.names().unwrap_or_default();
            return Err(usage(&format!(
                "{option} is for a target at a URL: the built-in provider begins empty"
            )));
        };
        let source = path.display().to_string();
        if self.manifest.is_some() {
            return seeded(path, base).map(Some);
        }
        if profile.cost.is_some() {
            return Err(usage(&format!(
                "the profile {} creates groups and lets them grow, and with --users-from nothing is created\n  seed the target and use --manifest",
                profile.name
            )));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| usage(&format!("cannot read the users {source}: {error}")))?;
        let told = stock::read(&text).map_err(|bad| {
            usage(&format!(
                "{source}:{}: {}\n  {}",
                bad.line, bad.what, bad.hint
            ))
        })?;
        let mut stock = Stock::default();
        told.users
            .iter()
            .for_each(|(id, name)| stock.user(id, name));
        told.groups.iter().for_each(|id| stock.group(id, None));
        Ok(Some(Found {
            source,
            digest: stock.digest(),
            stock,
            remark: None,
            leave: if self.change_existing {
                Leave::Change
            } else {
                Leave::Read
            },
            user: &["id", "userName"],
            group: if told.groups.is_empty() { &[] } else { &["id"] },
        }))
    }

    /// The option that names a file.
    pub(super) fn names(&self) -> Option<&'static str> {
        let manifest = self.manifest.as_ref().map(|_| "--manifest");
        manifest.or_else(|| self.users_from.as_ref().map(|_| "--users-from"))
    }

    /// What a record says of it.
    pub(super) fn told(&self) -> impl Iterator<Item = (String, String)> {
        let named = |name: &str, path: &Option<PathBuf>| {
            let path = path.as_ref()?;
            Some((name.to_owned(), path.display().to_string()))
        };
        let change = self.change_existing;
        let all = [
            named("manifest", &self.manifest),
            named("users-from", &self.users_from),
            change.then(|| ("change-existing".to_owned(), "true".to_owned())),
        ];
        all.into_iter().flatten()
    }
}

fn seeded(path: &std::path::Path, base: &str) -> Result<Found, Failure> {
    let bad = |error: LedgerError| usage(&format!("cannot use the manifest: {error}"));
    let manifest = Manifest::read(path).map_err(bad)?;
    let journal = manifest.head.base.clone();
    if journal != base {
        let target = base.to_owned();
        return Err(bad(LedgerError::OtherTarget { journal, target }));
    }
    let mut stock = Stock::default();
    let (mut users, mut groups) = (0_u64, 0_u64);
    for (endpoint, made) in manifest.all() {
        if endpoint.to_ascii_lowercase().contains("group") {
            stock.group(&made.id, Some(&made.name));
            groups += 1;
        } else {
            stock.user(&made.id, &made.name);
            users += 1;
        }
    }
    if users == 0 {
        let path = path.display();
        return Err(usage(&format!(
            "the manifest {path} has no users\n  `scimitar load seed --manifest {path}` creates them"
        )));
    }
    Ok(Found {
        source: path.display().to_string(),
        digest: stock.digest(),
        stock,
        remark: None,
        leave: Leave::Ours,
        user: &["id", "userName"],
        group: if groups == 0 {
            &[]
        } else {
            &["id", "displayName"]
        },
    })
}

impl Found {
    /// What is a shard's own of it.
    ///
    /// # Errors
    /// Where shards would change the same resources.
    fn among(mut self, shard: Option<Shard>) -> Result<Self, Failure> {
        let Some(shard) = shard.filter(|shard| shard.of > 1) else {
            return Ok(self);
        };
        let (users, groups) = self.stock.counts();
        let few = [(users, "users"), (groups, "groups")];
        let few = few
            .into_iter()
            .find(|(number, _)| (1..shard.of as usize).contains(number));
        if let Some((number, what)) = few.filter(|_| self.leave != Leave::Read) {
            return Err(usage(&format!(
                "{} tells of {number} {what}, and there are {} parts, which would change the same ones\n  take fewer parts, or more {what}",
                self.source, shard.of
            )));
        }
        self.stock = self.stock.among(shard);
        Ok(self)
    }

    /// A digest of all that the source tells of, and of what may be done with it.
    pub(super) fn digest(&self) -> String {
        format!("{} {:?}", self.digest, self.leave)
    }

    /// What scenarios have to fit.
    pub(super) fn existing(&self) -> Existing<'_> {
        Existing {
            source: &self.source,
            user: self.user,
            group: self.group,
            leave: self.leave,
        }
    }

    /// The resources.
    pub(super) fn stock(&self) -> Stock {
        self.stock.clone()
    }
}

fn usage(what: &str) -> Failure {
    Failure::usage(format!("{what}\n  nothing was sent"))
}
