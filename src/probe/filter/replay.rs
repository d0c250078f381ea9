//! A filter that selects wrongly, as a scenario: one user, one filter.
//!
//! What names the run that found it (ids, names, dates) is told by what it was to the user: the same, the same in
//! other letters, its beginning, its end, before it, after it.

use serde_json::{Value, json};

use super::query::{Query, close, open};
use crate::probe::Replay;
use crate::probe::population::Population;
use crate::scim::datetime;
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal};
use crate::scim::resource::{get, member};
use crate::scim::urn;
use crate::suite::write::{self, Given, Source, Step};

/// Names that carry the marker of the run.
const NAMES: [&str; 3] = ["userName", "externalId", "displayName"];

/// Their end in the scenario, which has letters of both cases.
const END: &str = "-Zoe";

/// Texts that stand before and after whatever a resource is called, and one that is no part of it.
const FIRST: &str = "!";
const LAST: &str = "~";
const NO_PART: &str = "#none";

/// Characters of an id that are not at another place of it by chance.
const NO_CHANCE: usize = 8;

/// A filter over users of a population, told of one user of another run.
pub(super) struct Telling<'a> {
    population: &'a Population,
    index: usize,
    marker: &'a str,
    /// Names that the user is given: attribute and value.
    named: Vec<(&'static str, String)>,
    /// What is read of the user before: its dates, parts of its id.
    read: Vec<(String, Source)>,
}

/// A filter in templates, and the user it is about.
pub(super) struct Told {
    /// The filter, one user wide.
    pub(super) text: String,
    /// The user.
    pub(super) given: Given,
    /// What has to be read of the user first.
    pub(super) before: Option<Step>,
    /// What the attributes need.
    pub(super) needs: Vec<String>,
}

impl<'a> Telling<'a> {
    /// About the user with this index.
    pub(super) fn of(population: &'a Population, index: usize, marker: &'a str) -> Self {
        Self {
            population,
            index,
            marker,
            named: Vec::new(),
            read: Vec::new(),
        }
    }

    /// The filters in templates, or nothing where one relies on what differs from run to run.
    pub(super) fn tell(mut self, queries: &[&Query]) -> Option<(Vec<String>, Told)> {
        let mut texts = Vec::new();
        let mut touched = Vec::new();
        for query in queries {
            let filter = self.filter(&query.filter, None)?;
            attributes(&filter, &mut touched);
            let query = Query {
                filter,
                spelling: query.spelling,
            };
            texts.push(format!(
                "userName sw \"{{{{u1.userName}}}}\" and ({})",
                query.text()
            ));
        }
        let told = Told {
            text: texts.first().cloned().unwrap_or_default(),
            given: self.given(&touched),
            before: self.before(),
            needs: needs(&touched),
        };
        Some((texts, told))
    }

    fn given(&self, touched: &[AttributePath]) -> Given {
        let sent = self.population.sent.get(self.index);
        let sent = sent.and_then(Option::as_ref).and_then(Value::as_object);
        let mut with: Vec<(String, Value)> = Vec::new();
        // As the target shows it: a scenario that sets up what is not kept is not run.
        let user = self
            .population
            .users
            .get(self.index)
            .unwrap_or(&Value::Null);
        for name in sent.into_iter().flatten().map(|(name, _)| name) {
            let Some(value) = member(user, name) else {
                continue;
            };
            let is_touched = touched.iter().any(|path| match &path.urn {
                Some(urn) if urn.eq_ignore_ascii_case(name) => true,
                _ => !urn::is_urn(name) && path.name.eq_ignore_ascii_case(name),
            });
            if is_touched
                && !self
                    .named
                    .iter()
                    .any(|(it, _)| it.eq_ignore_ascii_case(name))
            {
                with.push((name.clone(), value.clone()));
            }
        }
        let extensions = with
            .iter()
            .map(|(name, _)| name)
            .filter(|it| urn::is_urn(it));
        let core = std::iter::once(&self.population.schemas.core.id);
        let schemas: Vec<&String> = core.chain(extensions).collect();
        if schemas.len() > 1 {
            let schemas = json!(schemas);
            with.insert(0, ("schemas".to_owned(), schemas));
        }
        let named = self.named.iter();
        with.extend(named.map(|(name, value)| ((*name).to_owned(), json!(value))));
        Given {
            kind: "user",
            name: "u1".to_owned(),
            with,
        }
    }

    fn before(&self) -> Option<Step> {
        (!self.read.is_empty()).then(|| Step {
            name: "read".to_owned(),
            verb: "get".to_owned(),
            path: format!("{}/{{{{u1.id}}}}", self.population.endpoint),
            captures: self.read.clone(),
            ..Step::default()
        })
    }

    /// The filter with its operands told; `within` is the attribute whose brackets it stands in.
    fn filter(&mut self, filter: &Filter, within: Option<&AttributePath>) -> Option<Filter> {
        Some(match filter {
            Filter::Or(a, b) => {
                let (a, b) = (self.filter(a, within)?, self.filter(b, within)?);
                Filter::Or(Box::new(a), Box::new(b))
            }
            Filter::And(a, b) => {
                let (a, b) = (self.filter(a, within)?, self.filter(b, within)?);
                Filter::And(Box::new(a), Box::new(b))
            }
            Filter::Not(a) => Filter::Not(Box::new(self.filter(a, within)?)),
            Filter::Present(path) => Filter::Present(path.clone()),
            Filter::Compare(path, comparison) => {
                let whole = match within {
                    Some(holder) => AttributePath {
                        sub: Some(path.name.clone()),
                        ..holder.clone()
                    },
                    None => path.clone(),
                };
                Filter::Compare(path.clone(), self.comparison(&whole, comparison)?)
            }
            Filter::ValuePath(path, inner) => {
                let inner = self.filter(&open(inner), Some(path))?;
                Filter::ValuePath(path.clone(), Box::new(close(&inner)?))
            }
        })
    }

    fn comparison(&mut self, path: &AttributePath, comparison: &Comparison) -> Option<Comparison> {
        let Literal::String(text) = &comparison.value else {
            return Some(comparison.clone());
        };
        let user = self
            .population
            .users
            .get(self.index)
            .unwrap_or(&Value::Null);
        let values = get(user, path);
        let value = values.first().and_then(|it| it.as_str());
        let sub = path.sub.as_deref().unwrap_or_default();
        let text = if path.name.eq_ignore_ascii_case("id") {
            self.id(comparison.op, text, value?)?
        } else if path.name.eq_ignore_ascii_case("meta") && sub != "resourceType" {
            self.date(sub, text, value?)?
        } else if let Some(value) = value.filter(|it| it.contains(self.marker)) {
            let name = NAMES.iter().find(|it| path.name.eq_ignore_ascii_case(it))?;
            if values.len() > 1 || !sub.is_empty() {
                return None;
            }
            let tail = if value.contains('@') {
                "@{{domain}}"
            } else {
                ""
            };
            if !self.named.iter().any(|(it, _)| it == name) {
                let whole = format!("{{{{run}}}}-{{{{case}}}}{END}{tail}");
                self.named.push((name, whole));
            }
            name_of(comparison.op, text, value, tail)
        } else if text.to_ascii_lowercase().contains(self.marker) {
            NO_PART.to_owned()
        } else {
            text.clone()
        };
        Some(Comparison {
            op: comparison.op,
            value: Literal::String(text),
        })
    }

    fn date(&mut self, sub: &str, text: &str, value: &str) -> Option<String> {
        let (then, now) = (datetime::parse(text)?, datetime::parse(value)?);
        Some(match then.cmp(&now) {
            std::cmp::Ordering::Less => "1970-01-01T00:00:00Z".to_owned(),
            std::cmp::Ordering::Greater => "2999-12-31T23:59:59Z".to_owned(),
            std::cmp::Ordering::Equal => {
                self.captured(sub.to_owned(), Source::Whole(format!("/meta/{sub}")))
            }
        })
    }

    /// What a text is to an id.
    fn id(&mut self, op: CompareOp, text: &str, id: &str) -> Option<String> {
        match id_of(op, text, id)? {
            OfId::Text(text) => Some(text.to_owned()),
            OfId::Part(name, pattern) => {
                Some(self.captured(name, Source::Part("/id".to_owned(), pattern)))
            }
        }
    }

    /// The template of what is read before.
    fn captured(&mut self, name: String, source: Source) -> String {
        let template = format!("{{{{{name}}}}}");
        if !self.read.iter().any(|(known, _)| *known == name) {
            self.read.push((name, source));
        }
        template
    }
}

/// What stands for a text that was compared with an id.
#[derive(Debug)]
enum OfId {
    /// A text or a template.
    Text(&'static str),
    /// What has this name and is matched by this pattern in the id that the scenario meets.
    Part(String, String),
}

/// What a text is to an id, said of an id that nobody knows yet: a part of it that is its beginning or its end stays
/// that, and one that is not becomes long enough never to be it by chance. Nothing where an id is too short for that.
fn id_of(op: CompareOp, text: &str, id: &str) -> Option<OfId> {
    let (folded, whole) = (text.to_ascii_lowercase(), id.to_ascii_lowercase());
    let length = text.chars().count();
    let front = |length: usize| OfId::Part(format!("front{length}"), format!("^(.{{{length}}})"));
    let back = |length: usize| OfId::Part(format!("back{length}"), format!("(.{{{length}}})$"));
    let is_long = id.chars().count() >= 2 * NO_CHANCE;
    Some(match (op, text) {
        _ if text == id => OfId::Text("{{u1.id}}"),
        _ if folded == whole => OfId::Text("{{u1.otherId}}"),
        _ if op.is_ordering() && text < id => OfId::Text(FIRST),
        _ if op.is_ordering() => OfId::Text(LAST),
        _ if !whole.contains(&folded) => OfId::Text(NO_PART),
        // Part of it to those alone who compare without case.
        _ if !id.contains(text) && op.is_substring() => OfId::Text("{{u1.otherId}}"),
        _ if !id.contains(text) => OfId::Text(NO_PART),
        (CompareOp::Ew, _) if id.ends_with(text) => back(length),
        (CompareOp::Ew, _) => is_long.then(|| front(length.max(NO_CHANCE)))?,
        (CompareOp::Sw, _) if !id.starts_with(text) => {
            is_long.then(|| back(length.max(NO_CHANCE)))?
        }
        _ if id.starts_with(text) => front(length),
        _ if id.ends_with(text) => back(length),
        _ => {
            let at = id.find(text)?;
            let before = id.get(..at)?.chars().count();
            let pattern = format!("^.{{{before}}}(.{{{length}}})");
            OfId::Part(format!("part{before}x{length}"), pattern)
        }
    })
}

/// What a text is to a name, said of the name that the scenario gives.
fn name_of(op: CompareOp, text: &str, name: &str, tail: &str) -> String {
    let (folded, whole) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let start = "{{run}}-{{case}}";
    match text {
        _ if text == name => format!("{start}{END}{tail}"),
        _ if folded == whole => format!("{start}{}{tail}", END.to_ascii_uppercase()),
        _ if name.starts_with(text) => "{{run}}".to_owned(),
        _ if whole.starts_with(&folded) => format!("{start}-ZO"),
        _ if op.is_ordering() && folded < whole => FIRST.to_owned(),
        _ if op.is_ordering() && text < name => "ZZ".to_owned(),
        _ if op.is_ordering() => LAST.to_owned(),
        _ if name.ends_with(text) => format!("oe{tail}"),
        _ if whole.ends_with(&folded) => format!("OE{tail}"),
        _ if name.contains(text) => "-Zo".to_owned(),
        _ if whole.contains(&folded) => "-ZO".to_owned(),
        _ => NO_PART.to_owned(),
    }
}

/// What has to come of a filter.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// The user is selected, or is not.
    Selection(bool),
    /// It is answered at all.
    Answer,
    /// It is taken.
    Success,
}

/// The scenario of one filter that is answered wrongly.
pub(super) fn replay(
    query: &Query,
    (index, due): (usize, Due),
    requirement: &'static str,
    population: &Population,
    marker: &str,
) -> Option<Replay> {
    let (_, told) = Telling::of(population, index, marker).tell(&[query])?;
    let id = "{{u1.id}}";
    let (word, expect) = match due {
        Due::Selection(true) => ("is selected by", ("list", json!({"contains": [id]}))),
        Due::Selection(false) => ("is not selected by", ("list", json!({"excludes": [id]}))),
        Due::Answer => ("meets an answer to", ("status", json!(["2xx", "4xx", 501]))),
        Due::Success => ("can be looked for by", ("status", json!("2xx"))),
    };
    let step = Step {
        name: "filter".to_owned(),
        verb: "get".to_owned(),
        path: population.endpoint.clone(),
        query: write::Query::Pairs(vec![("filter".to_owned(), told.text)]),
        expect: vec![(expect.0, expect.1, requirement)],
        ..Step::default()
    };
    Some(Replay {
        requirement,
        title: format!("A user {word} the filter {}", query.text()),
        needs: told.needs,
        given: vec![told.given],
        steps: told.before.into_iter().chain([step]).collect(),
    })
}

fn attributes(filter: &Filter, found: &mut Vec<AttributePath>) {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => {
            attributes(a, found);
            attributes(b, found);
        }
        Filter::Not(a) => attributes(a, found),
        Filter::Present(path) | Filter::Compare(path, _) | Filter::ValuePath(path, _) => {
            if !found.contains(path) {
                found.push(path.clone());
            }
        }
    }
}

/// Filters, users, and extensions that have a name.
fn needs(touched: &[AttributePath]) -> Vec<String> {
    let mut needs = vec!["rt.User".to_owned(), "spc.filter".to_owned()];
    let enterprise = |path: &AttributePath| {
        let urn = path.urn.as_deref();
        urn.is_some_and(|urn| urn.eq_ignore_ascii_case(urn::ENTERPRISE_USER))
    };
    if touched.iter().any(enterprise) {
        needs.push("ext.Enterprise".to_owned());
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    proptest! {
        #[test]
        fn a_text_is_to_another_id_what_it_was_to_the_id(
            (id, other) in ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            (from, length) in (0_usize..36, 1_usize..4),
            op in select(vec![CompareOp::Eq, CompareOp::Ne, CompareOp::Co, CompareOp::Sw, CompareOp::Ew]),
        ) {
            let text = &id[from..(from + length).min(id.len())];
            let holds = |id: &str, text: &str| match op {
                CompareOp::Eq => id == text,
                CompareOp::Ne => id != text,
                CompareOp::Co => id.contains(text),
                CompareOp::Sw => id.starts_with(text),
                _ => id.ends_with(text),
            };
            let told = match id_of(op, text, &id).unwrap() {
                OfId::Text(text) => text.replace("{{u1.id}}", &other),
                OfId::Part(_, pattern) => {
                    let found = regex::Regex::new(&pattern).unwrap().captures(&other);
                    found.unwrap()[1].to_owned()
                }
            };
            prop_assert_eq!(holds(&other, &told), holds(&id, text), "{} {} {}", op, text, told);
        }
    }

    #[test]
    fn a_part_of_a_short_id_that_is_not_its_end_is_not_told() {
        assert!(id_of(CompareOp::Ew, "1", "12").is_none());
        assert!(id_of(CompareOp::Sw, "2", "12").is_none());
        assert!(id_of(CompareOp::Ew, "2", "12").is_some());
    }

    #[test]
    fn a_text_is_to_the_name_of_the_scenario_what_it_was_to_the_name() {
        let name = "scimitar-0a1b-probe-filter-3";
        let told = "scimitar-9z-regression-filter-ab-Zoe";
        let ops = [
            CompareOp::Eq,
            CompareOp::Co,
            CompareOp::Sw,
            CompareOp::Ew,
            CompareOp::Gt,
            CompareOp::Le,
        ];
        let texts = [
            name,
            "SCIMITAR-0A1B-PROBE-FILTER-3",
            "scimitar-0a1b-pr",
            "SCIMI",
            "filter-3",
            "FILTER-3",
            "probe",
            "PROBE",
            "a",
            "T",
            "b%",
            "z",
        ];
        let holds = |op: CompareOp, value: &str, text: &str| match op {
            CompareOp::Eq => value == text,
            CompareOp::Co => value.contains(text),
            CompareOp::Sw => value.starts_with(text),
            CompareOp::Ew => value.ends_with(text),
            CompareOp::Gt => value > text,
            _ => value <= text,
        };
        for op in ops {
            for text in texts {
                let mut other = name_of(op, text, name, "");
                for (from, to) in [
                    ("{{run}}", "scimitar-9z"),
                    ("{{case}}", "regression-filter-ab"),
                ] {
                    other = other.replace(from, to);
                }
                let folded = |value: &str| value.to_ascii_lowercase();
                let was = holds(op, &folded(name), &folded(text));
                let is = holds(op, &folded(told), &folded(&other));
                assert_eq!(is, was, "{op} {text}: {other}");
                if !op.is_ordering() {
                    let was = holds(op, name, text);
                    assert_eq!(holds(op, told, &other), was, "{op} {text}: {other}");
                }
            }
        }
    }
}
