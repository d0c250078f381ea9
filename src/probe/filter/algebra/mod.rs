//! Laws of filters that need no oracle: whatever a target holds a filter to mean, two spellings of one selection
//! select the same.
//!
//! They hold in a logic of three values, too: a comparison with what is missing may be neither true nor false.

mod example;
mod rule;
mod trial;

use proptest::prelude::*;
use proptest::sample::select;

use self::example::Example;
use self::rule::Rule;
use self::trial::{Bench, Wrong};
use super::draw::queries;
use super::learn::{Learned, prepare};
use super::replay::Telling;
use crate::check::Judgement;
use crate::probe::population::{Population, USERS};
use crate::probe::property::{Counterexample, draw, explore};
use crate::probe::{Arena, Effort, Probe, Replay, Report, Sighting, concluded};
use crate::session::BoxFuture;

/// Requests that an example takes, about.
const REQUESTS: u32 = 3;

/// The laws.
pub(in crate::probe) struct Algebra;

impl Probe for Algebra {
    fn id(&self) -> &'static str {
        "probe.filter-algebra"
    }

    fn title(&self) -> &'static str {
        "Two ways to ask for the same selection give the same"
    }

    fn doc(&self) -> &'static str {
        "Draws filters f, g and h of what the target takes and compares its own answers: `not (not (f))` is f; de \
         Morgan's laws; `f or g` is what either selects, `f and g` what both do, in any order; `f and (g or h)` is \
         `f and g or f and h`; `and` binds tighter; a search by POST is the query by GET; pages are the whole, a \
         sorted list is the same list, `count=0` counts the same. No evaluator of scimitar's is asked. An example \
         that fails is shrunk to the smallest filters that do."
    }

    fn covers(&self) -> &'static [&'static str] {
        rule::COVERS
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

async fn run(arena: &Arena) -> Report {
    let (population, learned) = match prepare(arena, None).await {
        Ok(ready) => ready,
        Err(report) => return report,
    };
    let bench = Bench {
        arena,
        population: &population,
        scope: &learned.scope,
    };
    let rules = bench.rules(&learned).await;
    let examples = drawn((&learned, &population), rules, arena);
    let explored = explore(
        examples,
        arena.bounds(),
        |example| bench.judge(example),
        |_, wrong| wrong.requirement,
    )
    .await;
    let held = explored.held > 0 && explored.found.is_empty();
    let replays = explored.found.iter();
    let replays: Vec<Replay> = replays.filter_map(|found| replay(found, &bench)).collect();
    let mut report = concluded(&explored, |found| sighting(found, arena));
    report.replays = replays;
    if held {
        let query = [("filter", learned.scope.trim_end_matches(" and "))];
        let exchange = arena.get("last look", &population.endpoint, &query).await;
        let held = |requirement| Sighting {
            requirement,
            judgement: Judgement::Held,
            exchange: exchange.clone(),
            times: 1,
        };
        report.sightings.push(held(rule::AND));
    }
    report
}

/// Laws and filters for them.
fn drawn(
    (learned, population): (&Learned, &Population),
    rules: Vec<Rule>,
    arena: &Arena,
) -> Vec<Example> {
    let plain = queries(learned, population).prop_map(|query| query.filter);
    let examples = (select(rules), plain.clone(), plain.clone(), plain, 1..4_u64);
    let examples = examples.prop_map(|(rule, f, g, h, page)| Example {
        rule,
        filters: [f, g, h].into_iter().take(rule.filters()).collect(),
        page,
    });
    let cases = match arena.effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / REQUESTS).max(10),
        many => many,
    };
    draw(&examples, arena.scope.seed(), cases)
}

fn sighting(found: &Counterexample<Example, Wrong>, arena: &Arena) -> Sighting {
    let wrong = &found.failure;
    let judgement = Judgement::broken("/Resources", wrong.expected.clone(), wrong.actual.clone());
    let judgement = match wrong.tolerance {
        Some(id) => judgement.tolerated(id),
        None => judgement,
    };
    Sighting {
        requirement: wrong.requirement,
        judgement: judgement.with_hint(arena.origin(found)),
        exchange: wrong.exchange.clone(),
        times: found.times,
    }
}

/// The law as a scenario about one user whom the two selections do not agree on.
fn replay(found: &Counterexample<Example, Wrong>, bench: &Bench<'_>) -> Option<Replay> {
    let wrong = &found.failure;
    let asked = found.value.asked();
    let queries: Vec<_> = asked.iter().collect();
    let telling = Telling::of(bench.population, wrong.user?, &bench.arena.marker);
    let (texts, told) = telling.tell(&queries)?;
    let steps = found.value.rule.steps(&texts, &bench.population.endpoint)?;
    let mut needs = told.needs;
    needs.extend(found.value.rule.need().map(str::to_owned));
    Some(Replay {
        requirement: wrong.requirement,
        title: format!("One selection: {}", wrong.expected),
        needs,
        given: vec![told.given],
        steps: told.before.into_iter().chain(steps).collect(),
    })
}
