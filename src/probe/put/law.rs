//! The law of PUT: what a read shows afterwards is the replacement, with what no client may write as it was.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Value, json};

use super::blame::{ANSWERS, COVERS};
use super::draw::{examples, fixed};
use super::example::Example;
use super::verdict::{Course, Said, Verdict, is_done};
use crate::check::Judgement;
use crate::probe::bench::{Bench, Wrong, is_success, shown};
use crate::probe::patch::places;
use crate::probe::property::{Bounds, Counterexample, Trial, draw, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::scim::resource::spelling;
use crate::scim::urn;
use crate::session::BoxFuture;

/// Requests that one example takes: create, read, PUT, read, PUT, read, delete.
const REQUESTS: u32 = 7;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.put"
    }

    fn title(&self) -> &'static str {
        "Whatever the replacement, a PUT leaves what it says and nothing else, and leaves the same when repeated"
    }

    fn doc(&self) -> &'static str {
        "Learns which attributes of a user the target keeps as sent, draws users and replacements over those \
         (attributes changed, kept, left out, null or empty; extensions that come, go and change; names in other \
         letter case; immutable values; values that no client may write), and compares what a read shows \
         afterwards with the outcomes that a reference application holds to be fair. The answer has to show the \
         same as the read, the time of creation stays, and the same PUT again changes nothing. An example that \
         fails is shrunk to the smallest one that does."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User"]
    }

    fn writes(&self, effort: Effort) -> usize {
        // For each example a user that is created, replaced twice and deleted, and sometimes a twin; beside them
        // those that are learned from.
        6 * (drawn(effort) + shrinks(effort)) as usize + 4
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
        many => many / 2,
    }
}

/// Steps of shrinking: each is a whole example.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 2
}

/// What the trials share.
struct Trials<'a> {
    bench: Bench<'a>,
    /// A user with nothing beside its name.
    bare: Value,
    /// The first attribute that was left out and kept.
    kept: Mutex<Option<(Wrong, Example)>>,
}

async fn run(arena: &Arena) -> Report {
    let Some(bench) = Bench::new(arena) else {
        return Report::skip("the target has no schema of users");
    };
    let free = places(&bench.schemas);
    let mut kept = match bench.learn(free).await {
        Ok(kept) => kept,
        Err((why, exchange)) => return Report::broken(why, exchange),
    };
    let fixed = fixed(&bench.schemas);
    if !fixed.is_empty() {
        kept.extend(bench.learn(fixed).await.unwrap_or_default());
    }
    if kept.is_empty() {
        return Report::skip("the target keeps no attribute of a user as it was sent");
    }
    let bare = bench.bare().await;
    let trials = Trials {
        bare,
        bench,
        kept: Mutex::default(),
    };
    let drawn = draw(
        &examples(&kept, &trials.bench.schemas),
        arena.scope.seed(),
        drawn(arena.effort),
    );
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let cause = |_: &Example, wrong: &Wrong| wrong.requirement;
    let explored = explore(drawn, bounds, |it| trials.judge(it), cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    let judged = explored.held > 0 || !explored.found.is_empty() || explored.broken.is_some();
    if !judged {
        return Report::skip("the target carried out no PUT that could be judged");
    }
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.requirement,
        judgement: judgement(found, arena),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    });
    report.sightings.extend(trials.kept());
    if held {
        let endpoint = &trials.bench.endpoint;
        let exchange = arena.get("last look", endpoint, &[("count", "1")]).await;
        report.sightings.push(Sighting {
            requirement: ANSWERS,
            judgement: Judgement::Held,
            exchange,
            times: 1,
        });
    }
    report
}

impl Trials<'_> {
    async fn judge(&self, example: Example) -> Trial<Wrong> {
        let (bench, arena) = (&self.bench, self.bench.arena);
        if (arena.stopped)() {
            return Trial::Unjudged;
        }
        let request = bench.body(&example.user);
        let created = arena
            .send("create", Method::POST, &bench.endpoint, &request)
            .await;
        let path = match (bench.path(&created), created.status()) {
            (Some(path), _) => path,
            (None, Some(_)) => return Trial::Unjudged,
            (None, None) => return Trial::Broken(created.said()),
        };
        let before = bench.read(&created).await;
        let body = self.replacement(&request, &example);
        let replaced = arena.send("put", Method::PUT, &path, &body).await;
        bench.settle().await;
        let after = bench.read(&created).await;
        let (mut again, mut later) = (None, None);
        if is_done(&replaced) {
            again = Some(arena.send("put again", Method::PUT, &path, &body).await);
            bench.settle().await;
            later = Some(bench.read(&created).await);
        }
        bench.delete(&created).await;
        let silent = [&before, &replaced, &after]
            .into_iter()
            .find(|exchange| exchange.status().is_none());
        if let Some(silent) = silent {
            return Trial::Broken(silent.said());
        }
        let (Some(before), Some(after)) = (shown(&before), shown(&after)) else {
            return Trial::Unjudged;
        };
        let course = Course {
            schemas: &bench.schemas,
            bare: &self.bare,
            body: &body,
            before,
            after,
            later: later.as_ref().and_then(shown),
            replaced: &replaced,
            again: again.as_ref(),
            tags: arena.capabilities.etag,
        };
        let Verdict { said, kept } = course.judge();
        if let Some(wrong) = kept {
            let mut first = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert((wrong, example.clone()));
        }
        match said {
            Said::Held => Trial::Held,
            Said::Unjudged => Trial::Unjudged,
            Said::Wrong(wrong) => Trial::Failed(*wrong),
            Said::Refused => self.twin(&example, &course).await,
        }
    }

    /// The body of the PUT: what the user was created with, with the drawn attributes exchanged.
    fn replacement(&self, request: &Value, example: &Example) -> Value {
        let mut body = request.clone();
        if let Some(members) = body.as_object_mut() {
            for name in example.user.keys() {
                members.shift_remove(name);
            }
            let fresh = example.members();
            let urns = fresh.keys().filter(|name| urn::is_urn(name));
            let core = &self.bench.schemas.core.id;
            let listed: Value = std::iter::once(core)
                .chain(urns)
                .map(|urn| json!(urn))
                .collect();
            for (name, value) in fresh {
                let there = spelling(&Value::Object(members.clone()), &name);
                members.shift_remove(&there.unwrap_or_default());
                members.insert(name, value);
            }
            members.insert("schemas".to_owned(), listed);
        }
        body
    }

    /// Whether what was refused as a replacement is taken for a new user: then it has to be for an old one.
    async fn twin(&self, example: &Example, course: &Course<'_>) -> Trial<Wrong> {
        let refusal = course.replaced.status();
        if refusal != Some(400) || !example.is_plain() {
            return Trial::Unjudged;
        }
        let twin = self.bench.create(&example.members()).await;
        self.bench.delete(&twin).await;
        if !is_success(&twin) {
            return Trial::Unjudged;
        }
        Trial::Failed(Wrong {
            requirement: ANSWERS,
            at: "response.status".to_owned(),
            expected: "200, since a new user with these values is taken".to_owned(),
            actual: course.replaced.said(),
            exchange: course.replaced.clone(),
        })
    }

    /// That attributes which are left out are kept, as far as that was seen.
    fn kept(&self) -> Option<Sighting> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (wrong, example) = kept.take()?;
        let judgement = Judgement::broken(wrong.at, wrong.expected, wrong.actual)
            .tolerated("C02-kept")
            .with_hint(format!(
                "a PUT of {} {}",
                told(&example).1,
                told(&example).0
            ));
        Some(Sighting {
            requirement: wrong.requirement,
            judgement,
            exchange: wrong.exchange,
            times: 1,
        })
    }
}

/// The user and the replacement in words.
fn told(example: &Example) -> (String, String) {
    let user = Value::Object(example.user.clone());
    let body = Value::Object(example.members());
    (format!("on a user with {user}"), body.to_string())
}

fn judgement(found: &Counterexample<Example, Wrong>, arena: &Arena) -> Judgement {
    let Wrong {
        at,
        expected,
        actual,
        ..
    } = &found.failure;
    let (user, body) = told(&found.value);
    let at = if at.is_empty() { "response.status" } else { at };
    Judgement::broken(at, expected.clone(), actual.clone()).with_hint(format!(
        "a PUT of {body}, with the name, {user}; {}",
        arena.origin(found)
    ))
}
