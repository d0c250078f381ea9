//! The law of bulk requests: one leaves what its operations leave one by one.

use http::Method;
use serde_json::{Value, json};

use super::answer::{Part, in_order, parts};
use super::draw::{Means, examples};
use super::example::{Example, Member};
use super::judge::{ANSWERS, Both, COVERS};
use super::proof::proof;
use super::shelf::{Benches, NoShelf, Shelf};
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::probe::bench::{Bench, Wrong};
use crate::probe::patch::places;
use crate::probe::property::{Bounds, Counterexample, Trial, draw, explore};
use crate::probe::script::Script;
use crate::probe::tape::Proof;
use crate::probe::{Arena, Effort, Probe, Replay, Report, Sighting, concluded};
use crate::scim::urn;
use crate::session::BoxFuture;

/// Requests that may write for one example: two shelves set up, a bulk request, its operations, and to tidy up.
const WRITES: usize = 28;

/// The law.
pub(in crate::probe) struct Law;

impl Probe for Law {
    fn id(&self) -> &'static str {
        "probe.bulk"
    }

    fn title(&self) -> &'static str {
        "A bulk request leaves what its operations leave one by one"
    }

    fn doc(&self) -> &'static str {
        "Draws lists of operations (users and groups created, replaced, patched and deleted, members who are only \
         being created, before or after; some that have to fail; with and without failOnErrors), sends them as one \
         bulk request on one set of users and one by one on another, and compares what became of each operation \
         and what is there afterwards. A reference to what is created later may be refused; the order of results \
         is the target's. A request that fails is shrunk to the smallest one that does."
    }

    fn covers(&self) -> &'static [&'static str] {
        COVERS
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.bulk"]
    }

    fn writes(&self, effort: Effort) -> usize {
        WRITES * (drawn(effort) + shrinks(effort)) as usize + 8
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

/// Examples to draw.
fn drawn(effort: Effort) -> u32 {
    match effort.cases {
        // On another machine each request takes its time.
        few @ ..100 => (few / 12).max(1),
        many => many / 2,
    }
}

/// Steps of shrinking: each is a whole example.
fn shrinks(effort: Effort) -> u32 {
    effort.shrinks / 2
}

/// How an example failed, and what was sent.
struct Failure {
    wrong: Wrong,
    script: Script,
    proof: Option<Proof>,
}

async fn run(arena: &Arena) -> Report {
    let Some(users) = Bench::new(arena) else {
        return Report::skip("the target has no schema of users");
    };
    let Some(limits) = arena.capabilities.bulk else {
        return Report::skip("the target takes no bulk requests");
    };
    if limits.max_operations == 1 {
        return Report::skip("the target takes one operation in a bulk request");
    }
    let kept = match users.learn(places(&users.schemas)).await {
        Ok(kept) => kept,
        Err((why, exchange)) => return Report::broken(why, exchange),
    };
    let benches = Benches {
        users,
        groups: Bench::of(arena, "Group"),
    };
    let means = means(&benches, limits.max_operations);
    let drawn = draw(
        &examples(&kept, means),
        arena.scope.seed(),
        drawn(arena.effort),
    );
    let bounds = Bounds {
        shrinks: shrinks(arena.effort),
        ..arena.bounds()
    };
    let cause = |_: &Example, failure: &Failure| failure.wrong.requirement;
    let explored = explore(drawn, bounds, |it| judge(&benches, it), cause).await;
    let held = explored.held > 0 && explored.found.is_empty();
    if !held && explored.found.is_empty() && explored.broken.is_none() {
        return Report::skip("the target carried out no bulk request that could be judged");
    }
    let told = explored.found.iter();
    let replays = told.filter_map(|found| replay(&benches, &found.failure));
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| Sighting {
        requirement: found.failure.wrong.requirement,
        judgement: judgement(found, arena),
        exchange: found.failure.wrong.exchange.clone(),
        times: found.times,
    });
    report.replays = replays;
    if held {
        let endpoint = &benches.users.endpoint;
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

/// What may stand in a request of so many operations at most.
fn means(benches: &Benches<'_>, most: u64) -> Means {
    Means {
        groups: benches.groups.is_some(),
        patch: benches.users.arena.capabilities.patch,
        most: match most {
            // It is not said.
            0 => usize::MAX,
            most => usize::try_from(most).unwrap_or(usize::MAX),
        },
    }
}

/// The scenario of a failure; none where it can't be said by one.
fn replay(benches: &Benches<'_>, failure: &Failure) -> Option<Replay> {
    let groups = benches.groups.as_ref();
    let groups = groups.map(|groups| groups.endpoint.as_str());
    let marker = &benches.users.arena.marker;
    let proof = failure.proof.as_ref()?;
    let tape = &failure.script.tape;
    tape.replay(failure.wrong.requirement, proof, marker, groups)
}

async fn judge(benches: &Benches<'_>, example: Example) -> Trial<Failure> {
    if (benches.users.arena.stopped)() {
        return Trial::Unjudged;
    }
    let unstocked = |why| match why {
        NoShelf::Refused => Trial::Unjudged,
        NoShelf::Silent(why) => Trial::Broken(why),
    };
    let mut one = match Shelf::stock(benches, &example).await {
        Ok(shelf) => shelf,
        Err((shelf, why)) => {
            shelf.clear().await;
            return unstocked(why);
        }
    };
    let mut other = match Shelf::stock(benches, &example).await {
        Ok(shelf) => shelf,
        Err((shelf, why)) => {
            one.clear().await;
            shelf.clear().await;
            return unstocked(why);
        }
    };
    let trial = compare(benches, &example, &mut one, &mut other).await;
    one.clear().await;
    other.clear().await;
    trial
}

async fn compare(
    benches: &Benches<'_>,
    example: &Example,
    one: &mut Shelf<'_>,
    other: &mut Shelf<'_>,
) -> Trial<Failure> {
    let (exchange, together) = match bulk(benches, example, one).await {
        Ok(done) => done,
        Err(trial) => return trial,
    };
    let (alone, end) = singly(example, other).await;
    let states = (one.look().await, other.look().await);
    if one.silent || other.silent {
        return Trial::Broken("a request on the way was not answered".to_owned());
    }
    let both = Both {
        example,
        exchange: &exchange,
        together: &together,
        alone: &alone,
        end,
        states: (&states.0, &states.1),
        schemas: (
            &benches.users.schemas,
            benches.groups.as_ref().map(|groups| &groups.schemas),
        ),
    };
    match both.judge() {
        Ok(()) => Trial::Held,
        Err(wrong) => {
            let answer = exchange.json().cloned().unwrap_or_default();
            let operations: Option<Vec<Value>> = (0..example.operations.len())
                .map(|number| one.operation(example, number, false))
                .collect();
            let in_order = operations.is_some_and(|all| in_order(&answer, &all));
            let proof = proof(&wrong, &both, one, in_order);
            Trial::Failed(Failure {
                wrong: *wrong,
                script: one.script.clone(),
                proof,
            })
        }
    }
}

/// Sends all operations together.
async fn bulk(
    benches: &Benches<'_>,
    example: &Example,
    shelf: &mut Shelf<'_>,
) -> Result<(Exchange, Vec<Option<Part>>), Trial<Failure>> {
    let arena = benches.users.arena;
    let operations: Option<Vec<Value>> = (0..example.operations.len())
        .map(|number| shelf.operation(example, number, false))
        .collect();
    // An operation without its subject is none; it comes about by shrinking alone.
    let Some(operations) = operations else {
        return Err(Trial::Unjudged);
    };
    let mut body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations});
    if let Some(errors) = example.fail_on_errors {
        body["failOnErrors"] = json!(errors);
    }
    let most = arena
        .capabilities
        .bulk
        .map_or(0, |bulk| bulk.max_payload_size);
    if most > 0 && body.to_string().len() as u64 > most {
        return Err(Trial::Unjudged);
    }
    let exchange = arena.send("bulk", Method::POST, "/Bulk", &body).await;
    let status = exchange.status();
    shelf
        .script
        .add(&Method::POST, "/Bulk", Some(&body), None, status);
    match status {
        None => Err(Trial::Broken(exchange.said())),
        Some(200) => {
            let answer = exchange.json().cloned().unwrap_or_default();
            let parts = parts(&answer, &operations);
            for (number, part) in parts.iter().enumerate() {
                let done = part.as_ref().filter(|part| part.status < 300);
                let posted = operations
                    .get(number)
                    .is_some_and(|it| it.get("bulkId").is_some());
                if let Some(id) = done.and_then(Part::id).filter(|_| posted) {
                    shelf.created(example, number, id);
                }
            }
            Ok((exchange, parts))
        }
        Some(500 | 502..) => {
            let actual = exchange.said();
            Err(Trial::Failed(Failure {
                wrong: Wrong {
                    requirement: ANSWERS,
                    at: "response.status".to_owned(),
                    expected: "200".to_owned(),
                    actual,
                    exchange,
                },
                script: shelf.script.clone(),
                proof: Some(Proof::Last("status", json!(200))),
            }))
        }
        _ => Err(Trial::Unjudged),
    }
}

/// Sends the operations one by one, what refers to somebody new after that one is there; gives what came of each
/// and, where failures end it, the operation that did.
async fn singly(example: &Example, shelf: &mut Shelf<'_>) -> (Vec<Option<Part>>, Option<usize>) {
    let count = example.operations.len();
    let mut parts: Vec<Option<Part>> = vec![None; count];
    let mut failed = 0;
    for number in order(example) {
        let operation = example.operations.get(number);
        let lost = operation.is_some_and(|operation| {
            let nobody = operation.members().contains(&Member::Nobody);
            nobody && example.twin().is_some()
        });
        if lost {
            continue;
        }
        let part = shelf.alone(example, number).await;
        let is_error = part.as_ref().is_some_and(|part| part.status >= 400);
        if let Some(place) = parts.get_mut(number) {
            *place = part;
        }
        failed += usize::from(is_error);
        if example.fail_on_errors.is_some_and(|most| failed >= most) {
            return (parts, Some(number));
        }
    }
    (parts, None)
}

/// The numbers of the operations, each after those that create whom it refers to.
fn order(example: &Example) -> Vec<usize> {
    let mut order: Vec<usize> = (0..example.operations.len()).collect();
    let after = |number: &usize| {
        let operation = example.operations.get(*number);
        let members = operation.map_or(&[][..], |operation| operation.members());
        let creates = members.iter().filter_map(|member| match member {
            Member::New(user) => example.creates(*user),
            _ => None,
        });
        creates.max().unwrap_or(*number).max(*number)
    };
    order.sort_by_key(|number| {
        let last = after(number);
        (last, last != *number)
    });
    order
}

fn judgement(found: &Counterexample<Example, Failure>, arena: &Arena) -> Judgement {
    let Failure { wrong, script, .. } = &found.failure;
    let script = script.text();
    let judged = Judgement::broken(&wrong.at, wrong.expected.clone(), wrong.actual.clone());
    judged.with_hint(format!(
        "{}; the last of these requests against the same operations one by one:\n{script}",
        arena.origin(found)
    ))
}
