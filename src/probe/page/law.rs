//! The law of pages.

use super::example::{Walk, walks};
use super::ground::Ground;
use super::replay::replay;
use super::walk::{COVERS, COVERS_ONCE, CURSOR_ONCE, judge, of_search, word};
use super::wrong::Wrong;
use crate::check::Judgement;
use crate::probe::property::{Counterexample, Trial, draw, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded};
use crate::scim::capabilities::PagingMethod;
use crate::session::BoxFuture;

/// Requests that one walk takes, more or less.
const REQUESTS: u32 = 6;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.pages"
    }

    fn title(&self) -> &'static str {
        "Pages of any size show each match once, and say truly what they are"
    }

    fn doc(&self) -> &'static str {
        "Makes groups of one, two, four and more users, of which any number can be asked for, and walks over them with \
         page sizes, first indices, orders and methods of paging (by index, by cursor, by POST to .search) that are \
         drawn. While pages are walked by cursor, other users come and go. A walk that fails is shrunk to few users \
         and small pages."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.filter"]
    }

    fn writes(&self, effort: Effort) -> usize {
        // A user comes and one goes after each page of a walk that is busy.
        let most = (1 << groups(effort)) + 3;
        2 * most * (1 + drawn(effort) + shrinks(effort)) as usize
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// Groups of users.
fn groups(effort: Effort) -> u32 {
    if effort.cases < 100 { 3 } else { 5 }
}

/// Walks to draw.
fn drawn(effort: Effort) -> u32 {
    match effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / REQUESTS * 2).max(1),
        many => many,
    }
}

/// Steps of shrinking: each is a whole walk.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 4
}

async fn run(arena: &Arena) -> Report {
    let (ground, offer) = match Ground::settle(arena, groups(arena.effort)).await {
        Ok(ready) => ready,
        Err(none) => {
            return match none.exchange {
                None => Report::skip(none.why),
                exchange => Report::broken(none.why, exchange),
            };
        }
    };
    if !offer.index && !offer.cursor {
        ground.leave().await;
        return Report::skip("the target offers no paging");
    }
    let drawn = draw(&walks(offer), arena.scope.seed(), drawn(arena.effort));
    let mut bounds = arena.bounds();
    bounds.shrinks = shrinks(arena.effort);
    let trial = |walk: Walk| {
        let ground = &ground;
        async move {
            if (ground.arena.stopped)() {
                return Trial::Unjudged;
            }
            match judge(ground, &walk).await {
                Trial::Failed(wrong) => Trial::Failed(of_search(wrong, &walk)),
                other => other,
            }
        }
    };
    let cause = |walk: &Walk, wrong: &Wrong| (wrong.requirement, walk.method);
    let explored = explore(drawn, bounds, trial, cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    let told = explored.found.iter();
    let replays = told.filter_map(|found| replay(&ground, &found.value, &found.failure));
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.requirement,
        judgement: judgement(&ground, found),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    ground.leave().await;
    if held {
        let exchange = arena
            .get("last look", &ground.endpoint, &[("count", "1")])
            .await;
        let requirements = [(offer.index, COVERS_ONCE), (offer.cursor, CURSOR_ONCE)];
        let held = requirements.into_iter().filter(|(offered, _)| *offered);
        report
            .sightings
            .extend(held.map(|(_, requirement)| Sighting {
                requirement,
                judgement: Judgement::Held,
                exchange: exchange.clone(),
                times: 1,
            }));
    }
    report
}

fn judgement(ground: &Ground<'_>, found: &Counterexample<Walk, Wrong>) -> Judgement {
    let wrong = &found.failure;
    let judgement = Judgement::broken(wrong.at, wrong.expected.clone(), wrong.actual.clone());
    let judgement = judgement.with_hint(format!(
        "{}, filter {}; {}",
        word(ground, &found.value),
        ground.filter(found.value.groups),
        ground.arena.origin(found),
    ));
    let by_index = found.value.method == PagingMethod::Index;
    match found.failure.tolerance.filter(|_| by_index) {
        Some(tolerance) => judgement.tolerated(tolerance),
        None => judgement,
    }
}
