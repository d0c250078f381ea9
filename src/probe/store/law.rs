//! The law of the store: after whatever sequence of operations it holds what they leave, and shows nothing else.

use super::draw::sequences;
use super::judge::{self, READABLE};
use super::play::{Failure, play};
use super::shop::Shop;
use super::step::Sequence;
use crate::check::Judgement;
use crate::probe::property::{Bounds, Counterexample, draw, explore};
use crate::probe::{Arena, Effort, Probe, Report, Sighting, concluded, patch, put};
use crate::session::BoxFuture;

/// Requests that may write in one sequence: its steps, and to tidy up.
const WRITES: usize = 24;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.store"
    }

    fn title(&self) -> &'static str {
        "After whatever sequence of operations the store holds what they leave"
    }

    fn doc(&self) -> &'static str {
        "Draws sequences of creates, reads, replacements, patches, deletes, memberships, searches and bulk requests \
         on three users and two groups, and plays them against a model of the store: each answer, each read after \
         a change, and at the end everything that should be there or be gone, who is found by name, and which \
         groups a user is in. Whether deleted users leave their groups, and whether their names are free at once, \
         is left to the target. A sequence that fails is shrunk, played on fresh resources each time, and told as \
         lines for a shell."
    }

    fn covers(&self) -> &'static [&'static str] {
        static COVERS: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| {
            let all = judge::COVERS.iter().chain(patch::COVERS).chain(put::COVERS);
            let mut all: Vec<&'static str> = all.copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        &COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User"]
    }

    fn writes(&self, effort: Effort) -> usize {
        WRITES * (drawn(effort) + shrinks(effort)) as usize + 8
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// Sequences to draw.
fn drawn(effort: Effort) -> u32 {
    match effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / 12).max(1),
        many => many / 2,
    }
}

/// Steps of shrinking: each plays a whole sequence.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 2
}

async fn run(arena: &Arena) -> Report {
    let shop = match Shop::open(arena).await {
        Ok(shop) => shop,
        Err((why, exchange)) => return Report::broken(why, exchange),
    };
    let drawn = draw(
        &sequences(&shop.places, shop.means),
        arena.scope.seed(),
        drawn(arena.effort),
    );
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let cause = |_: &Sequence, failure: &Failure| failure.wrong.requirement;
    let explored = explore(drawn, bounds, |it| play(&shop, it), cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    let judged = held || !explored.found.is_empty() || explored.broken.is_some();
    if !judged {
        return Report::skip("the target refused a step of every sequence");
    }
    let groups = shop.groups.as_ref().map(|groups| groups.endpoint.as_str());
    let told = explored.found.iter().filter_map(|found| {
        let Failure {
            wrong,
            script,
            claim,
        } = &found.failure;
        let proof = claim.proof(wrong, &script.tape)?;
        let requirement = wrong.requirement;
        script
            .tape
            .replay(requirement, &proof, &arena.marker, groups)
    });
    let replays = told.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.wrong.requirement,
        judgement: judgement(found, arena),
        exchange: found.failure.wrong.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    if held {
        let endpoint = &shop.users.endpoint;
        let exchange = arena.get("last look", endpoint, &[("count", "1")]).await;
        report.sightings.push(Sighting {
            requirement: READABLE,
            judgement: Judgement::Held,
            exchange,
            times: 1,
        });
    }
    report
}

fn judgement(found: &Counterexample<Sequence, Failure>, arena: &Arena) -> Judgement {
    let Failure { wrong, script, .. } = &found.failure;
    let script = script.text();
    let at = if wrong.at.is_empty() {
        "response.status"
    } else {
        &wrong.at
    };
    Judgement::broken(at, wrong.expected.clone(), wrong.actual.clone()).with_hint(format!(
        "{}; the last of these requests shows it:\n{script}",
        arena.origin(found)
    ))
}
