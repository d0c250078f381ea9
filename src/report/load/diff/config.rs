//! Which runs can be compared, and what stands in the way of a verdict.

use std::collections::BTreeSet;

use crate::record::load::{LoadRecord, Model};
use crate::report::{escape, word};

/// Why two runs can't be compared. Fragments that follow "cannot compare the runs: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    /// Other profiles.
    #[error("A ran the profile {0} and B {1}\n  compare runs of the same profile")]
    Profile(String, String),
    /// One profile that was changed between.
    #[error(
        "the profile {0}, or a scenario of it, changed between them\n  run both with the same version of it"
    )]
    Changed(String),
    /// Other settings, as words.
    #[error("they ran with other settings: {0}\n  run both with the same options")]
    Settings(String),
    /// A part of a run.
    #[error("{0} is shard {1} of {2}\n  put the shards together first: scimitar load merge")]
    Shard(&'static str, u32, u32),
}

/// Whether both put the same load on their target.
pub(super) fn same(a: &LoadRecord, b: &LoadRecord) -> Result<(), Incomparable> {
    for (name, record) in [("A", a), ("B", b)] {
        if let Some(shard) = record.shard {
            return Err(Incomparable::Shard(name, shard.index, shard.of));
        }
    }
    let word = |text: &str| escape::line(&escape::clipped(text, 200)).into_owned();
    if a.profile.name != b.profile.name {
        let (one, other) = (word(&a.profile.name), word(&b.profile.name));
        return Err(Incomparable::Profile(one, other));
    }
    if a.profile.digest != b.profile.digest {
        return Err(Incomparable::Changed(word(&a.profile.name)));
    }
    let names: BTreeSet<&String> = a.settings.keys().chain(b.settings.keys()).collect();
    // When a run began is no part of what it put on its target.
    let mut other: Vec<String> = names
        .into_iter()
        .filter(|name| *name != "start-at" && a.settings.get(*name) != b.settings.get(*name))
        .map(|name| {
            let value = |record: &LoadRecord| {
                let set = record.settings.get(name).map(|it| word(it));
                set.unwrap_or_else(|| "as the profile says".to_owned())
            };
            format!("{} {} in A and {} in B", word(name), value(a), value(b))
        })
        .collect();
    if a.profile.model != b.profile.model {
        let model = |record: &LoadRecord| match record.profile.model {
            Model::Open => "requests at a rate",
            Model::Closed => "users",
        };
        other.push(format!("{} in A and {} in B", model(a), model(b)));
    }
    if a.target.http != b.target.http {
        let (one, two) = (word(&a.target.http), word(&b.target.http));
        other.push(format!("HTTP {one} in A and {two} in B"));
    }
    if a.target.embedded != b.target.embedded {
        other.push(
            "one of them against the built-in provider, which shares the generator's processors"
                .to_owned(),
        );
    }
    if other.is_empty() {
        Ok(())
    } else {
        Err(Incomparable::Settings(other.join("; ")))
    }
}

/// Reasons of runs that say nothing about their target.
const INVALID: [&str; 5] = [
    "auth-never-accepted",
    "target-lost",
    "nothing-judged",
    "throttled",
    "interrupted",
];

/// Why a run says nothing about its target.
pub(super) fn no_verdict(a: &LoadRecord, b: &LoadRecord) -> Vec<String> {
    let mut why = Vec::new();
    for (name, record) in [("A", a), ("B", b)] {
        if let Some(limited) = &record.generator.limited {
            why.push(format!("{name} was limited by its generator: {limited}"));
        }
        let reasons = record.outcome.reasons.iter();
        let invalid = reasons.filter(|reason| INVALID.contains(&reason.as_str()));
        why.extend(invalid.map(|reason| format!("{name} says nothing about its target: {reason}")));
    }
    why
}

/// What a reader must know of both.
pub(super) fn notes(a: &LoadRecord, b: &LoadRecord) -> Vec<String> {
    let mut notes = Vec::new();
    if a.seed != b.seed {
        notes.push(format!(
            "their seeds differ ({} and {}), so they sent other values",
            a.seed, b.seed
        ));
    }
    if a.tool.version != b.tool.version {
        notes.push(format!(
            "they were measured by scimitar {} and {}",
            a.tool.version, b.tool.version
        ));
    }
    if a.merged.len() != b.merged.len() {
        let parts = |record: &LoadRecord| match record.merged.len() {
            0 => "one process".to_owned(),
            shards => word::count(shards as u64, "shard", "shards"),
        };
        notes.push(format!(
            "A was put on its target by {}, B by {}",
            parts(a),
            parts(b)
        ));
    }
    for (name, record) in [("A", a), ("B", b)] {
        if let Some(why) = &record.generator.held_up {
            notes.push(format!(
                "in {name} requests waited before they were sent, and their times with them: {why}"
            ));
        }
        if let Some(why) = &record.stopped {
            notes.push(format!("{name} ended before its time: {why}"));
        }
    }
    let rate = |record: &LoadRecord| {
        let found = record.breakpoint.as_ref()?;
        Some(
            found
                .last_good_rate
                .map_or_else(|| "none".to_owned(), |it| it.to_string()),
        )
    };
    if let (Some(one), Some(other)) = (rate(a), rate(b)) {
        notes.push(format!(
            "the last rate that held was {one} in A and {other} in B"
        ));
    }
    notes
}
