//! The full set of a scenario's checks, for the few answers that are put to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::memory::{Known, Memory};
use super::model::{Routine, Step};
use crate::check::expect::judge_step;
use crate::check::{Context, Expect, Judgement};
use crate::exchange::{self, Body, Exchange, Header};
use crate::load::wire::{Answer, Request};
use crate::redact::Vault;
use crate::scim::capabilities::Capabilities;
use crate::scim::json;

/// What the full set of checks goes by.
#[derive(Clone, Debug)]
pub struct Bench {
    /// What the target says it can do.
    pub capabilities: Arc<Capabilities>,
    /// Base URL, without a trailing slash.
    pub base_url: String,
    /// Path of the base URL.
    pub base_path: String,
    /// Secrets.
    pub vault: Arc<Vault>,
    /// Ids of what every target must do.
    pub musts: Arc<BTreeSet<String>>,
}

/// A promise that an answer breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// What was expected and what came, in a line.
    pub detail: String,
    /// Whether every target must keep it, or whoever wrote the scenario named no requirement.
    pub is_must: bool,
}

/// The first promise of a step that an answer breaks, one that every target must keep before others, if it breaks one
/// and the scenario does not tolerate that.
pub fn broken(
    step: &Step,
    routine: &Routine,
    memory: &Memory,
    (request, answer): (&Request, &Answer),
    bench: &Bench,
) -> Option<Breach> {
    let (scenario, index) = step.origin.as_ref()?;
    let expectations = &scenario.steps.get(*index)?.expect;
    let known = Known {
        memory,
        names: &routine.names,
        fixed: &routine.fixed,
    };
    let exchange = recorded(request, answer, bench);
    let context = Context::new(&bench.capabilities, &bench.base_url);
    let ready: Vec<_> = expectations
        .iter()
        .filter_map(|one| Some((one, one.argument.render(&known).ok()?)))
        .collect();
    let judged: Vec<(&dyn Expect, &Value)> = ready
        .iter()
        .map(|(one, argument)| (one.check, argument))
        .collect();
    let judgements = judge_step(&judged, &exchange, &context);
    let holds = |check: &dyn Expect, argument: Option<Value>| {
        argument.is_some_and(|it| check.judge(&it, &exchange, &context) == Judgement::Held)
    };
    let breaches = ready
        .iter()
        .zip(judgements)
        .filter_map(|((one, _), judgement)| {
            let Judgement::Broken(deviation) = judgement else {
                return None;
            };
            let fits = |row: &crate::suite::Tolerate| {
                row.when
                    .iter()
                    .all(|(check, draft)| holds(*check, draft.render(&known).ok()))
            };
            let tolerated = one.tolerate.iter().any(fits);
            (!tolerated).then(|| Breach {
                detail: format!(
                    "{} at {}: {} was expected, {} came",
                    one.check.name(),
                    deviation.at,
                    deviation.expected,
                    deviation.actual
                ),
                is_must: one.covers.is_empty()
                    || one.covers.iter().any(|id| bench.musts.contains(id)),
            })
        });
    let breaches: Vec<Breach> = breaches.collect();
    let gravest = breaches.iter().position(|it| it.is_must);
    breaches.into_iter().nth(gravest.unwrap_or(0))
}

/// An answer as the checks know it.
fn recorded(request: &Request, answer: &Answer, bench: &Bench) -> Exchange {
    let target = request.target();
    let below = target.strip_prefix(&bench.base_path).unwrap_or(target);
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let origin = bench.base_url.strip_suffix(&bench.base_path);
    Exchange {
        n: 0,
        case: String::new(),
        step: String::new(),
        request: exchange::Request {
            method: request.method().to_string(),
            url: format!("{}{target}", origin.unwrap_or(&bench.base_url)),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: Vec::new(),
            body: (request.length() > 0).then(|| body(request.content(), bench)),
        },
        response: Some(exchange::Response {
            status: answer.status,
            version: String::new(),
            headers: answer
                .headers()
                .into_iter()
                .map(|(name, value)| Header {
                    name: name.to_owned(),
                    value: String::from_utf8_lossy(value).into_owned(),
                })
                .collect(),
            body: body(&answer.body, bench),
            wire: Vec::new(),
        }),
        failure: None,
        timing: exchange::Timing::default(),
    }
}

/// A body with its secrets as labels.
fn body(bytes: &[u8], bench: &Bench) -> Body {
    let text = String::from_utf8_lossy(bytes);
    let text = bench.vault.redact_text(&text).into_owned();
    let (json, _) = json::read(text.as_bytes());
    Body {
        length: bytes.len() as u64,
        json: json.map(Arc::new),
        text,
        ..Body::default()
    }
}
