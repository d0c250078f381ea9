//! The walk over every attribute of every type that a target advertises.

use super::blame::{COVERS, READABLE, UPDATES};
use super::draw::examples;
use super::example::{Example, Route, Way};
use super::fair::Mismatch;
use super::ground::Ground;
use super::replay::replay;
use super::{keep, rule};
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::probe::property::{Bounds, Counterexample, Trial, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::session::BoxFuture;

/// Requests that write which one example takes at most: two resources, a change, two deletions.
const WRITES: usize = 5;

/// Requests that one example takes.
const REQUESTS: u32 = 4;

/// Requests that write to learn what is kept: users to refer to, and one resource of each type, made and deleted.
const LEARNING: usize = 32;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.schema-walk"
    }

    fn title(&self) -> &'static str {
        "Every attribute that the schemas advertise behaves by its characteristics"
    }

    fn doc(&self) -> &'static str {
        "Walks over every attribute and sub-attribute of every resource type, extensions included. Learns which keep \
         the plainest value, then draws legal values by type, on which servers go wrong (long and foreign letters, \
         texts like numbers, negative and large numbers, fractions, zones, base64, one and several values), writes \
         several at once by POST, PUT and PATCH, and compares what a read shows with what was sent, as far as no fair \
         server would put it otherwise. Tries also what mutability, uniqueness, caseExact, returned and required \
         forbid. What fails is shrunk to one attribute and its simplest value."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    fn writes(&self, effort: Effort) -> usize {
        WRITES * (drawn(effort) + shrinks(effort)) as usize + LEARNING
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// Examples to draw.
fn drawn(effort: Effort) -> u32 {
    match effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / REQUESTS * 3).max(1),
        many => many,
    }
}

/// Steps of shrinking: each is a whole example.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 2
}

/// How an example failed.
pub(super) struct Wrong {
    pub(super) requirement: &'static str,
    pub(super) tolerance: Option<&'static str>,
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) exchange: Exchange,
}

impl Wrong {
    /// What a difference breaks: its own requirement, or the one of the request.
    pub(super) fn of(mismatch: Mismatch, way: &'static str, exchange: &Exchange) -> Self {
        Self {
            requirement: mismatch.requirement.unwrap_or(way),
            tolerance: None,
            at: mismatch.at,
            expected: mismatch.expected,
            actual: mismatch.actual,
            exchange: exchange.clone(),
        }
    }
}

async fn run(arena: &Arena) -> Report {
    let mut ground = Ground::new(arena);
    if ground.kinds.is_empty() {
        return Report::skip("the target serves no schema of a resource type");
    }
    let refused = ground.learn().await;
    let report = match refused {
        Some(exchange) if ground.kinds.is_empty() => {
            Report::broken(format!("set-up: {}", exchange.said()), Some(exchange))
        }
        _ => walk(&ground).await,
    };
    ground.leave().await;
    report
}

async fn walk(ground: &Ground<'_>) -> Report {
    let arena = ground.arena;
    let drawn = examples(ground, arena.scope.seed(), drawn(arena.effort) as usize);
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let explored = explore(drawn, bounds, |it| judge(ground, it), cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    let replays = explored.found.iter();
    let replays = replays.filter_map(|it| replay(ground, &it.value, it.failure.requirement));
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.requirement,
        judgement: judgement(ground, found),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    let unkept = ground.unkept();
    if !held && unkept.is_empty() {
        return report;
    }
    let endpoint = ground.kinds.first().map_or("/", |kind| &kind.endpoint);
    let exchange = arena.get("last look", endpoint, &[("count", "1")]).await;
    let mut say = |requirement, judgement| {
        report.sightings.push(Sighting {
            requirement,
            judgement,
            exchange: exchange.clone(),
            times: 1,
        });
    };
    if held {
        say(READABLE, Judgement::Held);
    }
    if !unkept.is_empty() {
        let expected = "a plain value kept as it was sent";
        let actual = format!("another one or none at {}", unkept.join(", "));
        say(UPDATES, Judgement::broken("/Schemas", expected, actual));
    }
    report
}

async fn judge(ground: &Ground<'_>, example: Example) -> Trial<Wrong> {
    if (ground.arena.stopped)() {
        return Trial::Unjudged;
    }
    match example.way {
        Way::Create
        | Way::Put
        | Way::Add
        | Way::Replace
        | Way::Pathless
        | Way::Remove
        | Way::Empty => keep::judge(ground, &example).await,
        Way::Foreign(_) | Way::Fixed(_) | Way::Twin(_) | Way::Letters | Way::Missing => {
            rule::judge(ground, &example).await
        }
    }
}

/// What makes two failures one: the requirement, and the type of values that it is about.
fn cause(example: &Example, wrong: &Wrong) -> (&'static str, Option<u8>) {
    let data_type = example
        .values()
        .find(|(field, _)| wrong.at.starts_with(&field.pointer()))
        .map(|(field, _)| field.definition.data_type as u8);
    (wrong.requirement, data_type)
}

fn judgement(ground: &Ground<'_>, found: &Counterexample<Example, Wrong>) -> Judgement {
    let wrong = &found.failure;
    let values: Vec<String> = found
        .value
        .values()
        .map(|(field, value)| format!("{} {value}", field.path()))
        .collect();
    let kind = ground
        .kinds
        .get(found.value.kind)
        .map_or("", |kind| &kind.name);
    let judgement = Judgement::broken(
        wrong.at.clone(),
        wrong.expected.clone(),
        wrong.actual.clone(),
    );
    let judgement = judgement.with_hint(format!(
        "{} of {kind}: {}; {}",
        word(found.value.way),
        values.join(", "),
        ground.arena.origin(found),
    ));
    match wrong.tolerance {
        Some(tolerance) => judgement.tolerated(tolerance),
        None => judgement,
    }
}

/// What was done, in words.
fn word(way: Way) -> &'static str {
    match way {
        Way::Create | Way::Foreign(Route::Post) => "create",
        Way::Put | Way::Foreign(Route::Put) | Way::Fixed(Route::Put) => "PUT",
        Way::Add => "PATCH that adds",
        Way::Replace | Way::Foreign(Route::Patch) | Way::Fixed(_) => "PATCH that replaces",
        Way::Pathless => "PATCH that replaces without a path",
        Way::Remove => "PATCH that removes",
        Way::Empty => "PUT of nothing in the place",
        Way::Twin(Route::Post) => "second create with the value",
        Way::Twin(Route::Put) => "PUT of a value that is taken",
        Way::Twin(Route::Patch) => "PATCH to a value that is taken",
        Way::Letters => "filter in other letters",
        Way::Missing => "create without what is required",
    }
}
