//! The law of spellings.

use http::Method;
use serde_json::{Map, Value, json};

use super::blame::{COVERS, UTF8, effect, refusal, word, words};
use super::example::{Example, Route, examples};
use super::replay::replay;
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::probe::property::{Bounds, Counterexample, Trial, explore};
use crate::probe::walk::{Ground, Mismatch, same};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::urn;
use crate::session::BoxFuture;

/// Requests that one example takes: create, change, read, delete, and the same plainly.
const REQUESTS: u32 = 5;

/// Requests that write which one example takes at most, in its own spelling and plainly.
const WRITES: usize = 6;

/// Requests that write to learn what is kept.
const LEARNING: usize = 32;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.codec"
    }

    fn title(&self) -> &'static str {
        "A message means the same however its JSON is spelled"
    }

    fn doc(&self) -> &'static str {
        "Draws resources and spells them in ways that mean the same: escapes of any character and of surrogate pairs, \
         the order of members, the letter case of attribute names, white space, decimals with noughts or an exponent, \
         media types with a charset. Sends them by POST, PUT, PATCH and to .search, and compares what a read shows with \
         what was sent. What fails, and does not fail in plain spelling, is shrunk to the one spelling that matters."
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
        few @ ..100 => (few / REQUESTS * 2).max(1),
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

/// What became of a message.
enum Outcome {
    Held,
    /// It was refused.
    Refused(Exchange),
    /// It had another effect than its plain spelling says.
    Other(Mismatch, Exchange),
    /// It says nothing.
    Silent,
    /// The way to the target broke.
    Broken(String),
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
        _ => explored(&ground).await,
    };
    ground.leave().await;
    report
}

async fn explored(ground: &Ground<'_>) -> Report {
    let arena = ground.arena;
    let drawn = examples(ground, arena.scope.seed(), drawn(arena.effort));
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let cause = |example: &Example, wrong: &Wrong| {
        let spelling = example.spelling;
        (
            wrong.requirement,
            (spelling.plainer().len() == 1).then_some(spelling),
        )
    };
    let explored = explore(drawn, bounds, |it| judge(ground, it), cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    let replays = explored.found.iter();
    let replays = replays.filter_map(|it| replay(ground, &it.value, &it.failure));
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.requirement,
        judgement: judgement(ground, found),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    if held {
        let endpoint = ground.kinds.first().map_or("/", |kind| &kind.endpoint);
        let exchange = arena.get("last look", endpoint, &[("count", "1")]).await;
        report.sightings.push(Sighting {
            requirement: UTF8,
            judgement: Judgement::Held,
            exchange,
            times: 1,
        });
    }
    report
}

/// A message that fails is sent again in its plain spelling: only where that works, the spelling is to blame.
async fn judge(ground: &Ground<'_>, example: Example) -> Trial<Wrong> {
    if (ground.arena.stopped)() {
        return Trial::Unjudged;
    }
    let outcome = sent(ground, &example).await;
    match outcome {
        Outcome::Held => return Trial::Held,
        Outcome::Silent => return Trial::Unjudged,
        Outcome::Broken(why) => return Trial::Broken(why),
        Outcome::Refused(_) | Outcome::Other(..) => {}
    }
    match (sent(ground, &example.plain()).await, outcome) {
        (Outcome::Held, Outcome::Refused(exchange)) => {
            Trial::Failed(refusal(example.spelling, exchange))
        }
        (Outcome::Held, Outcome::Other(mismatch, exchange)) => Trial::Failed(Wrong {
            requirement: effect(&example),
            tolerance: None,
            at: mismatch.at,
            expected: mismatch.expected,
            actual: mismatch.actual,
            exchange,
        }),
        (Outcome::Broken(why), _) => Trial::Broken(why),
        _ => Trial::Unjudged,
    }
}

/// Sends a message in its spelling, reads what became of it and cleans up.
async fn sent(ground: &Ground<'_>, example: &Example) -> Outcome {
    let kind = example.kind;
    let mut members = Map::new();
    for (field, value) in example.values() {
        field.put(&mut members, value.clone());
    }
    let begun = match example.route {
        Route::Create => members.clone(),
        _ => Map::new(),
    };
    let body = ground.body(kind, &begun);
    let endpoint = &ground.kinds[kind].endpoint;
    let created = match example.route {
        Route::Create => write(ground, example, Method::POST, endpoint, &body).await,
        _ => ground.create(kind, &body).await,
    };
    let Some(path) = ground.path(kind, &created) else {
        return match (example.route, created.status()) {
            (_, None) => Outcome::Broken(created.said()),
            (Route::Create, _) => Outcome::Refused(created),
            _ => Outcome::Silent,
        };
    };
    let outcome = match example.route {
        Route::Search => searched(ground, example, &body, &path).await,
        _ => changed(ground, example, &members, &body, (&created, &path)).await,
    };
    ground.delete(kind, &created).await;
    outcome
}

/// The change, if the message is one, and what a read shows afterwards.
async fn changed(
    ground: &Ground<'_>,
    example: &Example,
    members: &Map<String, Value>,
    body: &Value,
    (created, path): (&Exchange, &str),
) -> Outcome {
    let written = match example.route {
        Route::Put => {
            let mut body = body.clone();
            if let Some(whole) = body.as_object_mut() {
                let urns: Vec<Value> = members
                    .keys()
                    .filter(|name| urn::is_urn(name))
                    .map(|name| json!(name))
                    .collect();
                whole.extend(members.clone());
                if let Some(Value::Array(listed)) = whole.get_mut("schemas") {
                    listed.extend(urns);
                }
            }
            Some(write(ground, example, Method::PUT, path, &body).await)
        }
        Route::Patch => {
            let operations: Vec<Value> = example
                .values()
                .map(
                    |(field, value)| json!({"op": "replace", "path": field.path(), "value": value}),
                )
                .collect();
            let message = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
            Some(write(ground, example, Method::PATCH, path, &message).await)
        }
        Route::Create | Route::Search => None,
    };
    if let Some(exchange) = &written {
        match exchange.status() {
            None => return Outcome::Broken(exchange.said()),
            Some(200..=299) => {}
            Some(_) => return Outcome::Refused(exchange.clone()),
        }
    }
    ground.settle().await;
    let shown = ground.read(example.kind, created).await;
    let Some(resource) = shown.json().filter(|_| shown.status() == Some(200)) else {
        return Outcome::Silent;
    };
    for (field, value) in example.values() {
        let found = field.of_resource(resource);
        if let Err(mismatch) = same(value, found, &field.definition, &field.pointer()) {
            let exchange = written.unwrap_or_else(|| created.clone());
            return Outcome::Other(mismatch, exchange);
        }
    }
    Outcome::Held
}

/// A search for the resource by the value that names it.
async fn searched(ground: &Ground<'_>, example: &Example, body: &Value, path: &str) -> Outcome {
    let kind = &ground.kinds[example.kind];
    let named = kind.fixture.marked.iter().find_map(|name| {
        let value = member(body, name)?.as_str()?;
        Some(format!("{name} eq {}", Value::from(value)))
    });
    let Some(filter) = named else {
        return Outcome::Silent;
    };
    ground.settle().await;
    let message =
        json!({"schemas": [urn::SEARCH_REQUEST], "filter": filter, "startIndex": 1, "count": 10});
    let path_of_search = format!("{}/.search", kind.endpoint);
    let answer = write(ground, example, Method::POST, &path_of_search, &message).await;
    match answer.status() {
        None => return Outcome::Broken(answer.said()),
        Some(200) => {}
        Some(_) => return Outcome::Refused(answer),
    }
    let list = answer.json().and_then(ListView::read);
    let found: Vec<&str> = list.iter().flat_map(ListView::ids).collect();
    let is_found = found
        .iter()
        .any(|id| path.ends_with(&crate::session::segment(id)));
    if is_found && found.len() == 1 {
        return Outcome::Held;
    }
    let mismatch = Mismatch {
        requirement: None,
        at: "/Resources".to_owned(),
        expected: format!("the one with {filter}"),
        actual: format!("{} resources", found.len()),
    };
    Outcome::Other(mismatch, answer)
}

async fn write(
    ground: &Ground<'_>,
    example: &Example,
    method: Method,
    path: &str,
    body: &Value,
) -> Exchange {
    let text = example.spelling.write(body);
    let media_type = example.spelling.media_type();
    ground
        .arena
        .send_text("spelled", method, path, media_type, text)
        .await
}

fn judgement(ground: &Ground<'_>, found: &Counterexample<Example, Wrong>) -> Judgement {
    let wrong = &found.failure;
    let seed = ground.arena.run_seed;
    let values: Vec<String> = found
        .value
        .values()
        .map(|(field, value)| format!("{} {value}", field.path()))
        .collect();
    let judgement = Judgement::broken(
        wrong.at.clone(),
        wrong.expected.clone(),
        wrong.actual.clone(),
    );
    let judgement = judgement.with_hint(format!(
        "{} with {}: {}; in plain spelling it holds; drawn as number {} of the seed {seed}, {} steps smaller; \
         `--only probe.codec --seed {seed}` draws it again",
        word(found.value.route),
        words(found.value.spelling).join(" and "),
        values.join(", "),
        found.drawn + 1,
        found.steps,
    ));
    match wrong.tolerance {
        Some(tolerance) => judgement.tolerated(tolerance),
        None => judgement,
    }
}
