//! What is no filter is refused: valid filters, spoilt.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::draw::queries;
use super::learn::prepare;
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::probe::population::USERS;
use crate::probe::property::{Counterexample, Shrink, Trial, draw, explore};
use crate::probe::{Arena, Effort, Probe, Replay, Report, Sighting, concluded};
use crate::scim::filter::{Spacing, parse_with};
use crate::scim::resource::member;
use crate::session::BoxFuture;
use crate::suite::write::{Query, Step};

const ANSWERS: &str = "rfc7644-3.4.2.2-invalid-filter-answers-400";
const SAYS: &str = "rfc7644-3.4.2.2-invalid-filter-says-so";
const OURS: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

/// The law.
pub(in crate::probe) struct Refusals;

impl Probe for Refusals {
    fn id(&self) -> &'static str {
        "probe.filter-refusals"
    }

    fn title(&self) -> &'static str {
        "What is no filter is refused as such, and never answered with resources or a server error"
    }

    fn doc(&self) -> &'static str {
        "Draws valid filters of what the target takes and spoils each: a bracket or quotation mark too few or too \
         many, an operand or operator that is missing, doubled or unknown. Only what no reading of the grammar \
         takes for a filter is sent."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[ANSWERS, SAYS, OURS]
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

/// A text that is no filter.
#[derive(Clone, Debug)]
struct Spoilt(String);

impl Shrink for Spoilt {
    /// Shorter texts that are no filters either.
    fn smaller(&self) -> Vec<Self> {
        let words: Vec<&str> = self.0.split(' ').collect();
        (0..words.len())
            .map(|out| {
                let kept = words.iter().enumerate().filter(|(at, _)| *at != out);
                kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
            })
            .filter(|text| is_hopeless(text))
            .map(Self)
            .collect()
    }
}

/// Whether no reading of the grammar takes a text for a filter, and it is none that a URL could have cut.
fn is_hopeless(text: &str) -> bool {
    !text.trim().is_empty()
        && parse_with(text, Spacing::Lenient).is_err()
        && parse_with(text, Spacing::Strict).is_err()
}

/// What came instead of a refusal.
struct Wrong {
    requirement: &'static str,
    exchange: Exchange,
}

fn spoilt(valid: BoxedStrategy<String>) -> BoxedStrategy<Option<Spoilt>> {
    (valid, 0..9_u8, any::<proptest::sample::Index>())
        .prop_map(|(text, way, at)| {
            let words: Vec<&str> = text.split(' ').collect();
            let place = at.index(words.len());
            let with = |word: &str| {
                let mut words = words.clone();
                words.splice(place..=place, [word]);
                words.join(" ")
            };
            let changed = match way {
                0 => format!("({text}"),
                1 => format!("{text})"),
                2 => format!("{text} and"),
                3 => format!("or {text}"),
                4 => with("=="),
                5 => with("eq eq"),
                6 => text.replacen('"', "", 1),
                7 => format!("{text} {text}"),
                _ => with("regex"),
            };
            is_hopeless(&changed).then_some(Spoilt(changed))
        })
        .boxed()
}

async fn run(arena: &Arena) -> Report {
    let (population, learned) = match prepare(arena, None).await {
        Ok(ready) => ready,
        Err(report) => return report,
    };
    let examples = {
        let valid = queries(&learned, &population)
            .prop_map(|query| query.text())
            .boxed();
        let every = select(vec!["userName pr", "userName eq \"a\"", "active eq true"]);
        let simple = every.prop_map(str::to_owned);
        let texts = spoilt(prop_oneof![2 => valid, 1 => simple].boxed());
        draw(&texts, arena.scope.seed(), arena.effort.cases / 2)
    };
    let examples: Vec<Spoilt> = examples.into_iter().flatten().collect();
    let judge = |spoilt: Spoilt| judge(arena, &population.endpoint, spoilt);
    let explored = explore(examples, arena.bounds(), judge, |_, wrong| {
        wrong.requirement
    })
    .await;
    let held = explored.held > 0 && explored.found.is_empty();
    let replays = explored.found.iter();
    let replays = replays.map(|found| replay(found, arena, &population.endpoint));
    let replays = replays.collect();
    let mut report = concluded(&explored, |found| sighting(found, arena));
    report.replays = replays;
    if held {
        let query = [("filter", "userName eq")];
        let exchange = arena.get("last look", &population.endpoint, &query).await;
        let held = |requirement| Sighting {
            requirement,
            judgement: Judgement::Held,
            exchange: exchange.clone(),
            times: 1,
        };
        report.sightings.extend([ANSWERS, SAYS, OURS].map(held));
    }
    report
}

fn sighting(found: &Counterexample<Spoilt, Wrong>, arena: &Arena) -> Sighting {
    let expected = match found.failure.requirement {
        SAYS => "scimType invalidFilter",
        _ => "400",
    };
    let judgement = Judgement::broken(
        "response.status",
        format!("{expected} to `{}`", found.value.0),
        found.failure.exchange.said(),
    );
    Sighting {
        requirement: found.failure.requirement,
        judgement: judgement.with_hint(arena.origin(found)),
        exchange: found.failure.exchange.clone(),
        times: found.times,
    }
}

/// The text as a scenario.
fn replay(found: &Counterexample<Spoilt, Wrong>, arena: &Arena, endpoint: &str) -> Replay {
    let requirement = found.failure.requirement;
    let text = found.value.0.replace(&arena.marker, "{{run}}");
    let expect = match requirement {
        SAYS => ("error", json!({"scimType": "invalidFilter"}), requirement),
        ANSWERS => ("status", json!(400), requirement),
        _ => ("status", json!(["4xx", 501]), requirement),
    };
    let pairs = [("filter", text.as_str()), ("count", "1")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Replay {
        requirement,
        title: format!("What is no filter is refused: {}", found.value.0),
        needs: vec!["rt.User".to_owned(), "spc.filter".to_owned()],
        given: Vec::new(),
        steps: vec![Step {
            name: "ask".to_owned(),
            verb: "get".to_owned(),
            path: endpoint.to_owned(),
            query: Query::Pairs(pairs.to_vec()),
            expect: vec![expect],
            ..Step::default()
        }],
    }
}

async fn judge(arena: &Arena, endpoint: &str, spoilt: Spoilt) -> Trial<Wrong> {
    if (arena.stopped)() {
        return Trial::Unjudged;
    }
    let asked = [("filter", spoilt.0.as_str()), ("count", "1")];
    let exchange = arena.get("filter", endpoint, &asked).await;
    let keyword = exchange
        .json()
        .and_then(|body| member(body, "scimType")?.as_str());
    let requirement = match exchange.status() {
        None => return Trial::Broken(exchange.said()),
        Some(400) if keyword == Some("invalidFilter") => return Trial::Held,
        Some(400) => SAYS,
        Some(501) => return Trial::Unjudged,
        Some(500..=599) => OURS,
        Some(200..=299) => ANSWERS,
        Some(_) => return Trial::Unjudged,
    };
    Trial::Failed(Wrong {
        requirement,
        exchange,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_no_filter_and_shrinks_to_none() {
        for text in [
            "(userName pr",
            "userName eq",
            "userName == \"a\"",
            "a pr b pr",
        ] {
            assert!(is_hopeless(text), "{text}");
            for smaller in Spoilt(text.to_owned()).smaller() {
                assert!(is_hopeless(&smaller.0) && smaller.0.len() < text.len());
            }
        }
        for text in ["userName pr", "not(userName pr)", "  ", "userName  pr"] {
            assert!(!is_hopeless(text), "{text}");
        }
    }
}
