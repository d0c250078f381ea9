//! The law of PATCH: what a read shows afterwards is what the operations make of what it showed before.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::blame::{ANSWERS, ATOMIC, COVERS, FAILS, REFRESHES, UNTOUCHED, VERSION, blame};
use super::draw::{examples, places};
use super::example::Example;
use super::repeat::{Again, stuck, went_back};
use super::replay::replay;
use crate::check::Judgement;
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::{Miss, World, patch};
use crate::probe::bench::{Bench, Wrong, is_success, shown};
use crate::probe::property::{Bounds, Counterexample, Trial, draw, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::scim::resource::{Difference, pointed};
use crate::scim::schema::SchemaSet;
use crate::scim::urn;
use crate::session::BoxFuture;

/// Requests that one example takes: create, read, patch, read, delete; three of five patch and read again.
const REQUESTS: u32 = 6;

/// How long a version is waited for that may be told by the second.
const SECOND: Duration = Duration::from_millis(1100);

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.patch"
    }

    fn title(&self) -> &'static str {
        "Whatever the operations, a PATCH leaves the state that they describe, or none of it"
    }

    fn doc(&self) -> &'static str {
        "Learns which attributes of a user the target keeps as sent, draws users and operations over those (add, \
         replace and remove; of attributes, parts, chosen values, extensions, without path; one or several; \
         some with one at the end that has to be refused), and compares what a read shows afterwards with the \
         outcomes that a reference application holds to be fair. What a target refuses is not held against it \
         here, as long as nothing changed. Some are sent a second time: what the first time left so that the \
         operations change nothing more stays, and is not refused. lastModified never goes back, and a user that \
         changed has another version. An example that fails is shrunk to the smallest one that does."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        // A user for each example, drawn or shrunk to: created, patched once or twice, deleted, and that once more
        // where a version was not seen to change; and the two that it learns from.
        4 * (drawn(effort) + 2 * shrinks(effort)) as usize + 4
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// Examples to draw.
fn drawn(effort: Effort) -> u32 {
    match effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / REQUESTS * 2).max(1),
        // Here they are cheap, and what takes a combination of operations is rare.
        many => many.saturating_mul(4),
    }
}

/// Steps of shrinking: each is a whole example.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 2
}

/// How an example failed.
pub(super) struct Unfair {
    pub(super) wrong: Wrong,
    /// As it was made.
    pub(super) was: Value,
    /// As it was before the PATCH that went wrong.
    pub(super) before: Value,
    /// As it was afterwards.
    pub(super) after: Value,
    /// Whether it has to stay as it was.
    pub(super) stays: bool,
}

async fn run(arena: &Arena) -> Report {
    let Some(bench) = Bench::new(arena) else {
        return Report::skip("the target has no schema of users");
    };
    let kept = match bench.learn(places(&bench.schemas)).await {
        Ok(kept) => kept,
        Err((why, exchange)) => return Report::broken(why, exchange),
    };
    if kept.is_empty() {
        return Report::skip("the target keeps no attribute of a user as it was sent");
    }
    let bare = bench.bare().await;
    let drawn = draw(&examples(&kept), arena.scope.seed(), drawn(arena.effort));
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let explored = explore(
        drawn,
        bounds,
        |it| judge(&bench, &bare, it),
        |_, unfair| unfair.wrong.requirement,
    )
    .await;
    let held = explored.held > 0 && explored.found.is_empty();
    let ours = (bench.endpoint.as_str(), bench.schemas.core.id.as_str());
    // A scenario has no milder reading of what moves lastModified.
    let told = explored.found.iter();
    let told = told.filter(|found| found.failure.wrong.requirement != UNTOUCHED);
    let replays = told.map(|found| {
        let unfair = &found.failure;
        let body = message(&found.value);
        let outcomes = patch::apply(&unfair.before, &body, &bench.schemas, World::default());
        replay(&found.value, unfair, &outcomes, ours)
    });
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.wrong.requirement,
        judgement: judgement(found, arena),
        exchange: found.failure.wrong.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    if held {
        let exchange = arena
            .get("last look", &bench.endpoint, &[("count", "1")])
            .await;
        report.sightings.push(Sighting {
            requirement: ANSWERS,
            judgement: Judgement::Held,
            exchange,
            times: 1,
        });
    }
    report
}

async fn judge(bench: &Bench<'_>, bare: &Value, example: Example) -> Trial<Unfair> {
    if (bench.arena.stopped)() {
        return Trial::Unjudged;
    }
    match attempt(bench, bare, &example, Duration::ZERO).await {
        // Versions that are told by the second change later.
        Trial::Failed(unfair) if unfair.wrong.requirement == VERSION => {
            attempt(bench, bare, &example, SECOND).await
        }
        trial => trial,
    }
}

/// Tries an example, with a pause before the change.
async fn attempt(
    bench: &Bench<'_>,
    bare: &Value,
    example: &Example,
    pause: Duration,
) -> Trial<Unfair> {
    let created = bench.create(&example.user).await;
    let path = match (bench.path(&created), created.status()) {
        (Some(path), _) => path,
        (None, Some(_)) => return Trial::Unjudged,
        (None, None) => return Trial::Broken(created.said()),
    };
    let before = bench.read(&created).await;
    if !pause.is_zero() {
        bench.arena.clock.sleep(pause).await;
    }
    let body = message(example);
    let patched = bench.arena.send("patch", Method::PATCH, &path, &body).await;
    bench.settle().await;
    let after = bench.read(&created).await;
    let again = if example.twice && is_success(&patched) {
        let answer = bench.arena.send("patch again", Method::PATCH, &path, &body);
        let answer = answer.await;
        bench.settle().await;
        Some((answer, bench.read(&created).await))
    } else {
        None
    };
    bench.delete(&created).await;
    for exchange in [&before, &patched, &after] {
        if exchange.status().is_none() {
            return Trial::Broken(exchange.said());
        }
    }
    let states = (shown(&before), shown(&after));
    verdict(bench, bare, example, states, &patched, again)
}

/// What is to be said of an example, by the states before and after, and by what came of the same PATCH again.
fn verdict(
    bench: &Bench<'_>,
    bare: &Value,
    example: &Example,
    states: (Option<&Value>, Option<&Value>),
    patched: &Exchange,
    again: Option<(Exchange, Exchange)>,
) -> Trial<Unfair> {
    let (Some(before), Some(after)) = states else {
        return Trial::Unjudged;
    };
    let body = message(example);
    let schemas = &bench.schemas;
    let tags = bench.arena.capabilities.etag && is_success(patched);
    let trial = match compare(schemas, example, &body, (before, after), patched, bare) {
        Trial::Held => match stuck(schemas, &body, (before, after), patched).filter(|_| tags) {
            Some(wrong) => Trial::Failed(wrong),
            None => Trial::Held,
        },
        trial => trial,
    };
    match (trial, again) {
        (Trial::Held, Some((answer, later))) => Again {
            schemas,
            example,
            body: &body,
            bare,
            before,
            after,
            later: shown(&later),
            answer: &answer,
        }
        .judge(),
        (Trial::Held, None) => Trial::Held,
        (Trial::Unjudged, _) => Trial::Unjudged,
        (Trial::Broken(why), _) => Trial::Broken(why),
        (Trial::Failed(wrong), _) => Trial::Failed(Unfair {
            wrong,
            was: before.clone(),
            before: before.clone(),
            after: after.clone(),
            stays: false,
        }),
    }
}

fn message(example: &Example) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": example.sent()})
}

/// What is to be said of a PATCH, by the state before and after; `bare` is a user to whom nothing was given beside a
/// name.
pub(in crate::probe) fn compare(
    schemas: &SchemaSet,
    example: &Example,
    body: &Value,
    (before, after): (&Value, &Value),
    patched: &Exchange,
    bare: &Value,
) -> Trial<Wrong> {
    let outcomes = patch::apply(before, body, schemas, World::default());
    let wrong = |requirement, at: &str, expected: String, actual: String| {
        Trial::Failed(Wrong {
            requirement,
            at: at.to_owned(),
            expected,
            actual,
            exchange: patched.clone(),
        })
    };
    let differs = |requirement, difference: &Difference| {
        let [expected, actual] = told(difference);
        wrong(requirement, &difference.pointer, expected, actual)
    };
    match patched.status() {
        Some(200 | 204) => match outcomes.judge_state(after, schemas) {
            Err(_) if !outcomes.complete => Trial::Unjudged,
            Err(Miss::State(difference)) if is_default(&difference, bare) => Trial::Unjudged,
            Err(Miss::State(difference)) => {
                let states = (before, after);
                differs(blame(example, states, &difference, schemas), &difference)
            }
            Err(_) => wrong(
                FAILS,
                "response.status",
                "a refusal".to_owned(),
                patched.said(),
            ),
            Ok(_) if went_back(before, after) => {
                let expected = "lastModified not before what it was".to_owned();
                wrong(
                    REFRESHES,
                    "/meta/lastModified",
                    expected,
                    "an earlier time".to_owned(),
                )
            }
            Ok(_) => Trial::Held,
        },
        // Carried out later, or not at all; a wrong status of success is for scenarios to judge.
        Some(200..=299 | 501) => Trial::Unjudged,
        Some(500..=599) => wrong(
            ANSWERS,
            "response.status",
            "200, 204 or a refusal".to_owned(),
            patched.said(),
        ),
        _ => match outcomes.judge_untouched(after, schemas) {
            Err(difference) => {
                let [was, is] = told(&difference);
                let expected = format!("{was} as before, since the {}", patched.said());
                wrong(ATOMIC, &difference.pointer, expected, is)
            }
            // A server may know less than the RFC; scenarios say what it has to know.
            Ok(()) if outcomes.must_succeed() => Trial::Unjudged,
            Ok(()) => Trial::Held,
        },
    }
}

/// What should be there and what is, in words.
fn told(difference: &Difference) -> [String; 2] {
    [&difference.expected, &difference.actual]
        .map(|value| value.as_ref().map_or("nothing".to_owned(), brief))
}

/// Whether what is taken away fell back to what the target assumes where nothing is said.
pub(super) fn is_default(difference: &Difference, bare: &Value) -> bool {
    difference.expected.is_none()
        && difference.actual.as_ref() == pointed(bare, &difference.pointer)
}

fn judgement(found: &Counterexample<Example, Unfair>, arena: &Arena) -> Judgement {
    let Wrong {
        at,
        expected,
        actual,
        ..
    } = &found.failure.wrong;
    let operations = Value::Array(found.value.sent());
    let user = Value::Object(found.value.user.clone());
    let at = if at.is_empty() { "response.status" } else { at };
    let twice = if found.value.twice { " twice" } else { "" };
    let judged = Judgement::broken(at, expected.clone(), actual.clone()).with_hint(format!(
        "operations {operations}{twice} on a user with {user}; {}",
        arena.origin(found)
    ));
    match found.failure.wrong.requirement {
        UNTOUCHED => judged.tolerated("E17"),
        _ => judged,
    }
}
