//! Filters: which resources each selects. Judged are the single comparisons, and whether the whole is put together of them
//! as the filter says, so that one mistake of a peer does not hide another.

use scimitar::oracle::filter::{Refusal, explains, refusal};
use scimitar::scim::filter::{Filter, ValueFilter, parse};
use scimitar::scim::schema::SchemaSet;
use serde_json::{Value, json};

use super::class::{Disagreement, Features};
use super::feature;

/// The comparisons of a filter, each on its own; brackets as they are, and each comparison in them in brackets of its own.
pub(super) fn parts(filter: &Filter) -> Vec<Filter> {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => [parts(a), parts(b)].concat(),
        Filter::Not(a) => parts(a),
        Filter::Present(_) | Filter::Compare(..) => vec![filter.clone()],
        Filter::ValuePath(path, inner) => {
            let alone = |one: ValueFilter| Filter::ValuePath(path.clone(), Box::new(one));
            let mut all = vec![filter.clone()];
            let leaves = leaves(inner);
            if leaves.len() > 1 || matches!(**inner, ValueFilter::Not(_)) {
                all.extend(leaves.into_iter().map(alone));
            }
            all
        }
    }
}

fn leaves(filter: &ValueFilter) -> Vec<ValueFilter> {
    match filter {
        ValueFilter::Or(a, b) | ValueFilter::And(a, b) => [leaves(a), leaves(b)].concat(),
        ValueFilter::Not(a) => leaves(a),
        leaf => vec![leaf.clone()],
    }
}

/// How many parts a part brings along.
fn width(part: &Filter) -> usize {
    parts(part).len()
}

/// Which of the resources an answer selects.
fn selected(answer: &Value) -> Option<Vec<bool>> {
    Some(
        answer["selects"]
            .as_str()?
            .chars()
            .map(|c| c == '1')
            .collect(),
    )
}

pub(super) fn judge(head: &Value, case: &Value, answer: &Value) -> Option<Vec<Disagreement>> {
    let resources = head["resources"].as_array()?;
    let text = case["filter"].as_str()?;
    let filter = parse(text).ok()?;
    let judge = Judge {
        resources,
        schemas: &super::SCHEMAS.0,
    };
    let all = parts(&filter);
    let mut answers = answer["parts"].as_array().into_iter().flatten();
    let answers: Vec<&Value> = answers.by_ref().take(all.len()).collect();
    assert_eq!(answers.len(), all.len(), "{text}: an answer for each part");
    let mut found = Vec::new();
    let mut top = Vec::new();
    let mut at = 0;
    while let (Some(part), Some(answer)) = (all.get(at), answers.get(at)) {
        let width = width(part);
        let inner = all.iter().zip(&answers).skip(at + 1).take(width - 1);
        let before = found.len();
        for (part, answer) in inner {
            found.extend(judge.part(part, answer));
        }
        // What is wrong with a comparison in the brackets is wrong with the brackets.
        if found.len() == before {
            let more = judge.part(part, answer);
            let answers = answers.get(at..at + width).unwrap_or_default();
            found.extend(more.map(|one| with_answers(one, answers, resources)));
        }
        top.push(selected(answer));
        at += width;
    }
    let whole = &answer["whole"];
    if let Some(top) = top.into_iter().collect::<Option<Vec<_>>>() {
        let more = judge.whole(text, &filter, &top, whole, found.is_empty());
        found.extend(more.map(|one| Disagreement {
            theirs: json!({"whole": whole, "parts": answer["parts"]}).to_string(),
            ..one
        }));
    }
    Some(found)
}

/// A disagreement about brackets with what the peer says of the comparisons in them, too.
fn with_answers(one: Disagreement, answers: &[&Value], resources: &[Value]) -> Disagreement {
    let of = &one.shown["resources"][0];
    let at = resources.iter().position(|it| it == of).unwrap_or(0);
    let bit = |answer: &&Value| match answer["selects"].as_str().and_then(|it| it.chars().nth(at)) {
        Some(bit) => json!({"selects": bit.to_string()}),
        None => (*answer).clone(),
    };
    let parts: Vec<Value> = answers.iter().map(bit).collect();
    Disagreement {
        theirs: json!({"whole": parts.first(), "parts": parts}).to_string(),
        ..one
    }
}

struct Judge<'a> {
    resources: &'a [Value],
    schemas: &'a SchemaSet,
}

impl Judge<'_> {
    fn part(&self, part: &Filter, answer: &Value) -> Option<Disagreement> {
        let due = refusal(part, &[self.schemas]);
        let mut features = Features::new();
        self.describe(&mut features, part);
        let Some(selected) = selected(answer) else {
            if due != Refusal::Unfair {
                return None;
            }
            feature::put(&mut features, "verdict", "refused");
            feature::put(
                &mut features,
                "error",
                answer["error"].as_str().unwrap_or("?"),
            );
            return Some(self.shown(features, part, None, "reads it", answer));
        };
        if due == Refusal::Due {
            feature::put(&mut features, "verdict", "not-refused");
            return Some(self.shown(features, part, None, "invalidFilter", answer));
        }
        let unfair = explains(part, self.resources.iter().zip(selected), self.schemas).err()?;
        feature::put(
            &mut features,
            "verdict",
            if unfair.expected {
                "left-out"
            } else {
                "taken-in"
            },
        );
        let ours = if unfair.expected {
            "selects it"
        } else {
            "does not select it"
        };
        Some(self.shown(features, part, Some(unfair.index), ours, answer))
    }

    /// Whether the whole is put together of its parts.
    fn whole(
        &self,
        text: &str,
        filter: &Filter,
        parts: &[Vec<bool>],
        answer: &Value,
        fair: bool,
    ) -> Option<Disagreement> {
        let mut features = Features::new();
        let Some(selected) = selected(answer) else {
            if refusal(filter, &[self.schemas]) != Refusal::Unfair {
                return None;
            }
            feature::put(&mut features, "verdict", "whole-refused");
            feature::put(
                &mut features,
                "error",
                answer["error"].as_str().unwrap_or("?"),
            );
            return Some(self.shown_text(features, text, filter, "reads it", answer));
        };
        let expected: Vec<bool> = (0..self.resources.len())
            .map(|n| {
                combined(
                    filter,
                    &mut parts
                        .iter()
                        .map(|part| part.get(n).copied().unwrap_or(false)),
                )
            })
            .collect();
        if expected != selected {
            feature::put(&mut features, "verdict", "put-together");
            let bits: String = expected
                .iter()
                .map(|bit| if *bit { '1' } else { '0' })
                .collect();
            return Some(self.shown_text(
                features,
                text,
                filter,
                &format!("of its own parts {bits}"),
                answer,
            ));
        }
        if !fair {
            return None;
        }
        let unfair = explains(filter, self.resources.iter().zip(selected), self.schemas).err()?;
        feature::put(&mut features, "verdict", "inconsistent");
        let ours = if unfair.expected {
            "selects it"
        } else {
            "does not select it"
        };
        Some(self.shown_text(features, text, filter, ours, answer))
    }

    fn describe(&self, features: &mut Features, part: &Filter) {
        match part {
            Filter::Compare(path, it) => {
                feature::put(features, "form", "comparison");
                feature::place(features, path, self.schemas);
                feature::comparison(features, it);
            }
            Filter::Present(path) => {
                feature::put(features, "form", "presence");
                feature::place(features, path, self.schemas);
            }
            Filter::ValuePath(path, inner) => {
                let several = leaves(inner).len() > 1;
                feature::put(
                    features,
                    "form",
                    if several { "brackets" } else { "bracket" },
                );
                let negates = inner.to_string().contains("not (");
                feature::put(features, "inside-not", if negates { "yes" } else { "no" });
                let mut outer = Features::new();
                feature::place(&mut outer, path, self.schemas);
                for name in ["multi", "place"] {
                    features.extend(outer.remove(name).map(|values| (name, values)));
                }
                for leaf in leaves(inner) {
                    let (sub, it) = match &leaf {
                        ValueFilter::Compare(sub, it) => (sub, Some(it)),
                        ValueFilter::Present(sub) => (sub, None),
                        _ => continue,
                    };
                    let mut whole = path.clone();
                    whole.sub = Some(sub.name.clone());
                    let mut found = Features::new();
                    feature::place(&mut found, &whole, self.schemas);
                    match it {
                        Some(it) => feature::comparison(&mut found, it),
                        None => feature::put(&mut found, "op", "pr"),
                    }
                    for (name, values) in found {
                        features.entry(name).or_default().extend(values);
                    }
                }
            }
            _ => {}
        }
    }

    fn shown(
        &self,
        features: Features,
        part: &Filter,
        at: Option<usize>,
        ours: &str,
        answer: &Value,
    ) -> Disagreement {
        let resources: Vec<&Value> = match at {
            Some(at) => self.resources.get(at).into_iter().collect(),
            None => self.resources.iter().take(1).collect(),
        };
        let of = |bits: &str| {
            bits.chars()
                .nth(at.unwrap_or(0))
                .map(|bit| json!({"selects": bit.to_string()}))
        };
        let theirs = answer["selects"]
            .as_str()
            .and_then(of)
            .unwrap_or_else(|| answer.clone());
        let text = part.to_string();
        let others: Vec<String> = parts(part).iter().map(ToString::to_string).collect();
        let whole = vec![theirs.clone(); others.len()];
        Disagreement {
            features,
            shown: json!({"resources": resources, "filter": text, "parts": others}),
            ours: String::from(ours),
            theirs: json!({"whole": theirs, "parts": whole}).to_string(),
        }
    }

    fn shown_text(
        &self,
        features: Features,
        text: &str,
        filter: &Filter,
        ours: &str,
        answer: &Value,
    ) -> Disagreement {
        let parts: Vec<String> = parts(filter).iter().map(ToString::to_string).collect();
        Disagreement {
            features,
            shown: json!({"resources": self.resources, "filter": text, "parts": parts}),
            ours: String::from(ours),
            theirs: answer.to_string(),
        }
    }
}

/// What a filter says, its comparisons being so.
fn combined(filter: &Filter, parts: &mut dyn Iterator<Item = bool>) -> bool {
    match filter {
        Filter::Or(a, b) => {
            let (a, b) = (combined(a, parts), combined(b, parts));
            a || b
        }
        Filter::And(a, b) => {
            let (a, b) = (combined(a, parts), combined(b, parts));
            a && b
        }
        Filter::Not(a) => !combined(a, parts),
        _ => parts.next().unwrap_or(false),
    }
}
