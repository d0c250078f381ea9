//! The law of filters: the users that a filter selects are those of which it is true.

use std::collections::BTreeSet;

use serde_json::Value;

use super::blame::{COVERS, NAMES, SELECTS, blame};
use super::draw::chosen;
use super::learn::{Learned, prepare};
use super::query::Query;
use super::replay::{Due, replay};
use crate::check::Judgement;
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::filter::{Refusal, explains, refusal};
use crate::probe::population::{Population, USERS};
use crate::probe::property::{Counterexample, Trial, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting};
use crate::scim::list::ListView;
use crate::scim::resource::{get, member};
use crate::session::BoxFuture;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.filter"
    }

    fn title(&self) -> &'static str {
        "Whatever the filter, it selects the users of which it is true"
    }

    fn doc(&self) -> &'static str {
        "Creates eleven users with values that comparisons go wrong on, learns which operators and attributes the \
         target takes, draws filters of those, and compares each selection with a reference evaluator that reads \
         what the target shows. What is taken in the letter case of the schema has to be taken in any. Where the \
         RFC leaves a reading open, any that explains the whole selection passes. A filter that fails is shrunk to the smallest one that does."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.filter"]
    }

    fn writes(&self, _effort: Effort) -> usize {
        USERS
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// How a filter failed.
struct Wrong {
    /// The filter as it was sent.
    text: String,
    exchange: Exchange,
    kind: Kind,
}

enum Kind {
    /// The user with this index is wrongly in or out.
    Selection { index: usize, expected: bool },
    /// The target broke down.
    Trouble,
    /// It refuses in another letter case what it takes in that of the schema.
    Case,
}

async fn run(arena: &Arena) -> Report {
    let (population, learned) = match prepare(arena, Some(SELECTS)).await {
        Ok(ready) => ready,
        Err(report) => return report,
    };
    let examples = chosen(
        &learned,
        &population,
        arena.scope.seed(),
        arena.effort.cases,
    );
    let judge = |query: Query| judge(arena, &population, &learned, query);
    let cause = |query: &Query, wrong: &Wrong| requirement(query, wrong, &population);
    let explored = explore(examples, arena.bounds(), judge, cause).await;

    let mut report = Report {
        told: Some(learned.asked.told()),
        error: explored.silence().map(|why| (why, Vec::new())),
        ..Report::default()
    };
    let mut broken = BTreeSet::new();
    if let Some(exchange) = &learned.failing {
        broken.insert(SELECTS);
        report.sightings.push(Sighting {
            requirement: SELECTS,
            judgement: Judgement::broken("response.status", "200, or a refusal", exchange.said()),
            exchange: exchange.clone(),
            times: 1,
        });
    }
    for found in &explored.found {
        let requirement = requirement(&found.value, &found.failure, &population);
        broken.insert(requirement);
        let seen = match found.failure.kind {
            Kind::Selection { index, expected } => (index, Due::Selection(expected)),
            Kind::Trouble => (0, Due::Answer),
            Kind::Case => (0, Due::Success),
        };
        let replay = replay(&found.value, seen, requirement, &population, &arena.marker);
        report.replays.extend(replay);
        report.sightings.push(Sighting {
            requirement,
            judgement: judgement(found, &population, arena),
            exchange: found.failure.exchange.clone(),
            times: found.times,
        });
    }
    if explored.held > 0 && !broken.contains(SELECTS) {
        report
            .sightings
            .push(held(arena, &population, &learned).await);
    }
    report
}

/// That filters select as they should.
async fn held(arena: &Arena, population: &Population, learned: &Learned) -> Sighting {
    let query = [("filter", learned.scope.trim_end_matches(" and "))];
    let exchange = arena.get("last look", &population.endpoint, &query).await;
    Sighting {
        requirement: SELECTS,
        judgement: Judgement::Held,
        exchange,
        times: 1,
    }
}

async fn judge(
    arena: &Arena,
    population: &Population,
    learned: &Learned,
    query: Query,
) -> Trial<Wrong> {
    if (arena.stopped)() || refusal(&query.filter, &[&population.schemas]) == Refusal::Due {
        return Trial::Unjudged;
    }
    let text = format!("{}({})", learned.scope, query.text());
    let asked = [("filter", text.as_str()), ("count", "100")];
    let exchange = arena
        .get_whole("filter", &population.endpoint, &asked)
        .await;
    let trouble = |exchange| {
        Trial::Failed(Wrong {
            text: text.clone(),
            exchange,
            kind: Kind::Trouble,
        })
    };
    let list = match exchange.status() {
        None => return Trial::Broken(exchange.said()),
        Some(200) => exchange.json().and_then(ListView::read),
        Some(501) => return Trial::Unjudged,
        Some(500..=599) => return trouble(exchange),
        Some(400) if is_taken_quietly(arena, population, learned, &query).await => {
            return Trial::Failed(Wrong {
                text,
                exchange,
                kind: Kind::Case,
            });
        }
        Some(_) => return Trial::Unjudged,
    };
    let Some(list) = list else {
        return trouble(exchange);
    };
    let all = list.total_results.unwrap_or_default() <= list.resources.len() as u64;
    if !all {
        return Trial::Unjudged;
    }
    let selected: BTreeSet<&str> = list.ids().collect();
    let result = population.users.iter().map(|user| {
        let id = member(user, "id").and_then(Value::as_str);
        (user, id.is_some_and(|id| selected.contains(id)))
    });
    match explains(&query.filter, result, &population.schemas) {
        Ok(_) => Trial::Held,
        Err(unfair) => Trial::Failed(Wrong {
            text,
            kind: Kind::Selection {
                index: unfair.index,
                expected: unfair.expected,
            },
            exchange,
        }),
    }
}

/// Whether the same is taken in the letter case of the schema: then another one has to be.
async fn is_taken_quietly(
    arena: &Arena,
    population: &Population,
    learned: &Learned,
    query: &Query,
) -> bool {
    let Some(quiet) = query.quiet() else {
        return false;
    };
    let text = format!("{}({})", learned.scope, quiet.text());
    let asked = [("filter", text.as_str()), ("count", "100")];
    let answer = arena.get("filter", &population.endpoint, &asked).await;
    answer.status() == Some(200)
}

fn requirement(query: &Query, wrong: &Wrong, population: &Population) -> &'static str {
    match wrong.kind {
        Kind::Trouble => SELECTS,
        Kind::Case => NAMES,
        Kind::Selection { index, .. } => {
            let resource = population.users.get(index).unwrap_or(&Value::Null);
            blame(query, resource, &population.schemas)
        }
    }
}

fn judgement(
    found: &Counterexample<Query, Wrong>,
    population: &Population,
    arena: &Arena,
) -> Judgement {
    let text = found.value.text();
    let origin = format!("{}; sent as {}", arena.origin(found), found.failure.text);
    match found.failure.kind {
        Kind::Trouble => Judgement::broken(
            "response.status",
            format!("an answer to `{text}`"),
            found.failure.exchange.said(),
        ),
        Kind::Case => Judgement::broken(
            "response.status",
            format!("200 to `{text}`, as to the same in the letter case of the schema"),
            found.failure.exchange.said(),
        ),
        Kind::Selection { index, expected } => {
            let user = population.users.get(index).unwrap_or(&Value::Null);
            let (rule, seen) = if expected {
                ("selects", "it leaves this user out")
            } else {
                ("leaves out", "it selects this user")
            };
            Judgement::broken(
                "/Resources",
                format!("`{text}` {rule} {}", shown(&found.value, user)),
                seen,
            )
        }
    }
    .with_hint(origin)
}

/// The user by its name and the values that the filter asks about.
fn shown(query: &Query, user: &Value) -> String {
    let mut names = Vec::new();
    attributes(&query.filter, &mut names);
    let name = member(user, "userName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let values: Vec<String> = names
        .iter()
        .map(|path| {
            let whole = crate::scim::filter::AttributePath {
                sub: None,
                ..path.clone()
            };
            let values = get(user, &whole);
            let value = match values.as_slice() {
                [] => "nothing".to_owned(),
                [one] => brief(one),
                several => brief(&Value::Array(
                    several.iter().map(|one| (*one).clone()).collect(),
                )),
            };
            format!("{whole} {value}")
        })
        .collect();
    format!("{name} with {}", values.join(", "))
}

fn attributes(
    filter: &crate::scim::filter::Filter,
    found: &mut Vec<crate::scim::filter::AttributePath>,
) {
    use crate::scim::filter::Filter;
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => {
            attributes(a, found);
            attributes(b, found);
        }
        Filter::Not(a) => attributes(a, found),
        Filter::Present(path) | Filter::Compare(path, _) | Filter::ValuePath(path, _) => {
            if !found
                .iter()
                .any(|one| one.name == path.name && one.urn == path.urn)
            {
                found.push(path.clone());
            }
        }
    }
}
