//! `any_of`: alternatives that a requirement leaves open.

use serde_json::{Map, Value};

use super::{ArgumentError, Context, Exchange, Expect, Judgement, find, judge_step, names, wrong};
use crate::check::place::escape;
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "any_of"
    }

    fn doc(&self) -> &'static str {
        "At least one entry holds, that is all its expectations: `[{ status: 400 }, { status: 2xx, body: { /active: true } }]`. \
         For requirements that leave a choice."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        let Some(entries) = argument.as_array().filter(|entries| entries.len() > 1) else {
            return Err(wrong("", "it is no list of two or more entries", ""));
        };
        for (index, entry) in entries.iter().enumerate() {
            let at = format!("/{index}");
            let Some(expectations) = entry.as_object().filter(|it| !it.is_empty()) else {
                return Err(wrong(
                    &at,
                    "it is no mapping of expectations",
                    "{ status: 400 }",
                ));
            };
            for (name, argument) in expectations {
                let at = format!("{at}/{}", escape(name));
                let Some(expect) = find(name) else {
                    return Err(wrong(
                        &at,
                        format!("the check {name} is not known"),
                        &nearest(name),
                    ));
                };
                expect.lint(argument).map_err(|error| ArgumentError {
                    at: format!("{at}{}", error.at),
                    ..error
                })?;
            }
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        if let Err(judgement) = subject::response(exchange) {
            return judgement;
        }
        let entries = argument.as_array().map_or(&[][..], Vec::as_slice);
        let mut nearest = (0, None);
        let mut vacuous = None;
        for expectations in entries.iter().filter_map(Value::as_object) {
            let judged = judge_entry(expectations, exchange, context);
            let held = judged.iter().filter(|it| **it == Judgement::Held).count();
            match judged.into_iter().find(|it| *it != Judgement::Held) {
                None => return Judgement::Held,
                Some(judgement @ Judgement::Broken(_))
                    if nearest.1.is_none() || held > nearest.0 =>
                {
                    nearest = (held, Some(judgement));
                }
                Some(judgement @ (Judgement::Inapplicable(_) | Judgement::Tolerated(..))) => {
                    vacuous.get_or_insert(judgement);
                }
                Some(_) => {}
            }
        }
        vacuous
            .or(nearest.1)
            .unwrap_or_else(|| Judgement::Inapplicable("no alternative was judged".to_owned()))
    }
}

/// Judges an entry: broken ones first, so that an entry with one is told by it.
fn judge_entry(
    expectations: &Map<String, Value>,
    exchange: &Exchange,
    context: &Context<'_>,
) -> Vec<Judgement> {
    let step: Vec<(&dyn Expect, &Value)> = expectations
        .iter()
        .filter_map(|(name, argument)| Some((find(name)?, argument)))
        .collect();
    let mut judged = judge_step(&step, exchange, context);
    judged.sort_by_key(|judgement| !matches!(judgement, Judgement::Broken(_)));
    judged
}

fn nearest(name: &str) -> String {
    names()
        .max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)))
        .map(|near| format!("did you mean {near}?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    #[test]
    fn one_alternative_is_enough() {
        let argument = json!([{"status": 400}, {"status": "2xx", "body": {"/active": true}}]);
        held("any_of", &argument, Sample::get("/Users/1").status(400));
        held(
            "any_of",
            &argument,
            Sample::get("/Users/1").body(&sample::user()),
        );
        let mut user = sample::user();
        user["active"] = json!(false);
        broken(
            "any_of",
            &argument,
            Sample::get("/Users/1").body(&user),
            "/active",
            "false",
        );
        broken(
            "any_of",
            &argument,
            Sample::get("/Users/1").status(500),
            "response.status",
            "500",
        );
    }

    #[test]
    fn an_alternative_that_judges_nothing_is_none() {
        let argument =
            json!([{"status": 400}, {"status": 200, "body": {"/phones/*/value": "present"}}]);
        inapplicable(
            "any_of",
            &argument,
            Sample::get("/Users/1").body(&sample::user()),
        );
    }

    #[test]
    fn wrong_entries_are_refused_at_their_place() {
        refused(
            "any_of",
            &json!([{"status": 1}, {"status": 200}]),
            "/0/status",
        );
        refused(
            "any_of",
            &json!([{"status": 200}, {"stats": 200}]),
            "/1/stats",
        );
        refused("any_of", &json!([{"status": 200}]), "");
        refused("any_of", &json!([{"status": 200}, {}]), "/1");
    }
}
