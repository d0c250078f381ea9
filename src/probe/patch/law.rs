//! The law of PATCH: what a read shows afterwards is what the operations make of what it showed before.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Map, Value, json};

use super::blame::{ANSWERS, ATOMIC, COVERS, FAILS, REFRESHES, blame};
use super::draw::{Place, examples, full, places};
use super::example::Example;
use crate::check::Judgement;
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::{Miss, World, patch};
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::probe::property::{Bounds, Counterexample, Trial, draw, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::scim::datetime;
use crate::scim::resource::{Difference, equal, get, member};
use crate::scim::schema::SchemaSet;
use crate::scim::urn;
use crate::session::{BoxFuture, segment};

/// Requests that one example takes: create, read, patch, read, delete.
const REQUESTS: u32 = 5;

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
         here, as long as nothing changed. An example that fails is shrunk to the smallest one that does."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        // A user for each example, drawn or shrunk to: created, patched, deleted; and the one that it learns from.
        3 * (drawn(effort) + shrinks(effort)) as usize + 2
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

/// What the trials share.
struct Bench<'a> {
    arena: &'a Arena,
    endpoint: String,
    schemas: SchemaSet,
    /// Names of users; each is taken once.
    scope: Mutex<Scope>,
}

/// How an example failed.
struct Wrong {
    requirement: &'static str,
    at: String,
    expected: String,
    actual: String,
    exchange: Exchange,
}

async fn run(arena: &Arena) -> Report {
    let Some(schemas) = arena.capabilities.schema_set("User") else {
        return Report::skip("the target has no schema of users");
    };
    let bench = Bench {
        arena,
        endpoint: arena.endpoint("User"),
        schemas,
        scope: Mutex::new(arena.scope.clone()),
    };
    let kept = match bench.learn().await {
        Ok(kept) => kept,
        Err((why, exchange)) => return Report::broken(why, exchange),
    };
    if kept.is_empty() {
        return Report::skip("the target keeps no attribute of a user as it was sent");
    }
    let drawn = draw(&examples(&kept), arena.scope.seed(), drawn(arena.effort));
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let explored = explore(
        drawn,
        bounds,
        |it| bench.judge(it),
        |_, wrong| wrong.requirement,
    )
    .await;
    let held = explored.held > 0 && explored.found.is_empty();
    let mut report = concluded(explored, |found| Sighting {
        requirement: found.failure.requirement,
        judgement: judgement(found, arena),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    });
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

impl Bench<'_> {
    /// The places whose values the target keeps as they were sent.
    async fn learn(&self) -> Result<Vec<Place>, (String, Option<Exchange>)> {
        let mut all = places(&self.schemas);
        let mut created = self.create(&full(&all)).await;
        if created.status() == Some(400) {
            // Something is not to its taste: find out what, one by one.
            let mut fine = Vec::new();
            for place in all {
                let one = self.create(&full(std::slice::from_ref(&place))).await;
                if is_success(&one) {
                    fine.push(place);
                }
                self.delete(&one).await;
            }
            all = fine;
            created = self.create(&full(&all)).await;
        }
        if !is_success(&created) {
            return Err((format!("set-up: {}", created.said()), Some(created)));
        }
        let shown = self.read(&created).await;
        self.delete(&created).await;
        let Some(user) = shown.json().filter(|_| shown.status() == Some(200)) else {
            return Err((format!("set-up: {}", shown.said()), Some(shown)));
        };
        let sent = full(&all);
        all.retain(|place| keeps(&sent, user, place));
        Ok(all)
    }

    async fn judge(&self, example: Example) -> Trial<Wrong> {
        if (self.arena.stopped)() {
            return Trial::Unjudged;
        }
        let created = self.create(&example.user).await;
        let path = match (self.path(&created), created.status()) {
            (Some(path), _) => path,
            (None, Some(_)) => return Trial::Unjudged,
            (None, None) => return Trial::Broken(created.said()),
        };
        let before = self.read(&created).await;
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": example.operations});
        let patched = self.arena.send("patch", Method::PATCH, &path, &body).await;
        if let Some(window) = self.arena.window {
            self.arena.clock.sleep(window).await;
        }
        let after = self.read(&created).await;
        self.delete(&created).await;
        for exchange in [&before, &patched, &after] {
            if exchange.status().is_none() {
                return Trial::Broken(exchange.said());
            }
        }
        let shown = |exchange: &Exchange| {
            exchange
                .json()
                .filter(|_| exchange.status() == Some(200))
                .cloned()
        };
        let (Some(before), Some(after)) = (shown(&before), shown(&after)) else {
            return Trial::Unjudged;
        };
        self.compare(&example, &body, &before, &after, &patched)
    }

    fn compare(
        &self,
        example: &Example,
        body: &Value,
        before: &Value,
        after: &Value,
        patched: &Exchange,
    ) -> Trial<Wrong> {
        let outcomes = patch::apply(before, body, &self.schemas, World::default());
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
            let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), brief);
            let (expected, actual) = (show(&difference.expected), show(&difference.actual));
            wrong(requirement, &difference.pointer, expected, actual)
        };
        match patched.status() {
            Some(200 | 204) => match outcomes.judge_state(after, &self.schemas) {
                Err(_) if !outcomes.complete => Trial::Unjudged,
                Err(Miss::State(difference)) => {
                    let at = difference.pointer.as_str();
                    differs(blame(example, before, at, &self.schemas), &difference)
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
            Some(501) => Trial::Unjudged,
            Some(500..=599) => wrong(
                ANSWERS,
                "response.status",
                "200, 204 or a refusal".to_owned(),
                patched.said(),
            ),
            _ => match outcomes.judge_untouched(after, &self.schemas) {
                Err(difference) => differs(ATOMIC, &difference),
                // A server may know less than the RFC; scenarios say what it has to know.
                Ok(()) if outcomes.must_succeed() => Trial::Unjudged,
                Ok(()) => Trial::Held,
            },
        }
    }

    async fn create(&self, members: &Map<String, Value>) -> Exchange {
        let built = Fixture::find("user/minimal").and_then(|fixture| {
            let mut with = members.clone();
            let urns = members.keys().filter(|name| urn::is_urn(name));
            let listed = std::iter::once(&self.schemas.core.id).chain(urns);
            with.insert("schemas".to_owned(), listed.map(|urn| json!(urn)).collect());
            let change = Change {
                with: Draft::parse(&Value::Object(with)).ok(),
                without: Vec::new(),
            };
            let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
            build(fixture, &change, &mut scope, self.arena.adaptation()).ok()
        });
        let body = built.unwrap_or_default();
        self.arena
            .send("create", Method::POST, &self.endpoint, &body)
            .await
    }

    async fn read(&self, created: &Exchange) -> Exchange {
        let path = self.path(created).unwrap_or_else(|| self.endpoint.clone());
        self.arena.get("read", &path, &[]).await
    }

    async fn delete(&self, created: &Exchange) {
        if let Some(path) = self.path(created) {
            self.arena.delete("delete", &path).await;
        }
    }

    /// Where a created user is.
    fn path(&self, created: &Exchange) -> Option<String> {
        let body = created.json().filter(|_| is_success(created))?;
        let id = member(body, "id")?.as_str()?;
        Some(format!("{}/{}", self.endpoint, segment(id)))
    }
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(200..=299))
}

/// Whether a value came back as it was sent.
fn keeps(sent: &Map<String, Value>, shown: &Value, place: &Place) -> bool {
    let value = |holder: &Value| {
        let holder = match place.urn.as_str() {
            "" => Some(holder),
            urn => member(holder, urn),
        };
        holder
            .and_then(|holder| member(holder, &place.definition.name))
            .cloned()
    };
    let sent = value(&Value::Object(sent.clone()));
    let shown = value(shown);
    match (sent, shown) {
        (Some(sent), Some(shown)) => equal(&sent, &shown, Some(&place.definition)).is_ok(),
        _ => false,
    }
}

/// Whether lastModified is earlier than before.
fn went_back(before: &Value, after: &Value) -> bool {
    let time = |resource: &Value| {
        let path = crate::scim::filter::AttributePath::new("meta", Some("lastModified"));
        let text = get(resource, &path).first()?.as_str()?.to_owned();
        datetime::parse(&text)
    };
    matches!((time(before), time(after)), (Some(before), Some(after)) if after < before)
}

fn judgement(found: &Counterexample<Example, Wrong>, arena: &Arena) -> Judgement {
    let Wrong {
        at,
        expected,
        actual,
        ..
    } = &found.failure;
    let operations = Value::Array(found.value.operations.clone());
    let user = Value::Object(found.value.user.clone());
    let at = if at.is_empty() { "response.status" } else { at };
    Judgement::broken(at, expected.clone(), actual.clone()).with_hint(format!(
        "operations {operations} on a user with {user}; drawn as number {} of the seed {}, {} steps smaller; \
         `--only probe.patch --seed {}` draws it again",
        found.drawn + 1,
        arena.run_seed,
        found.steps,
        arena.run_seed,
    ))
}
