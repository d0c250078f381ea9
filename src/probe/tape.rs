//! Requests as the steps of a scenario: ids are captures, names of this run are templates.
//!
//! Says what was sent and what shows that it went wrong, and judges nothing.

use http::Method;
use serde_json::{Map, Value, json};

use super::Replay;
use crate::suite::write::{Query, Source, Step};

/// What a request that is refused may be answered with.
const NO_SERVER_ERROR: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

/// What shows that it went wrong: a check and its argument, in which ids are those of this run.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// Of the last request.
    Last(&'static str, Value),
    /// Of a read of this path after it.
    Read(String, &'static str, Value),
}

/// A request, and what later ones know of its answer.
#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    path: String,
    body: Option<Value>,
    status: Option<u16>,
    captures: Vec<(String, Source)>,
}

/// Requests so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape {
    sent: Vec<Sent>,
    /// Ids and what goes for them, the first one for an id that was given twice.
    ids: Vec<(String, String)>,
    torn: bool,
}

impl Tape {
    /// Notes a request.
    pub(super) fn add(
        &mut self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        status: Option<u16>,
    ) {
        self.sent.push(Sent {
            method: method.clone(),
            path: path.to_owned(),
            body: body.cloned(),
            status,
            captures: Vec::new(),
        });
    }

    /// Notes that the answer to the last request says at this place who was created.
    pub(super) fn created(&mut self, name: &str, id: &str, at: Source) {
        if self.ids.iter().any(|(known, _)| known == id) {
            return;
        }
        if let Some(sent) = self.sent.last_mut() {
            self.ids.push((id.to_owned(), name.to_owned()));
            sent.captures.push((name.to_owned(), at));
        }
    }

    /// From here on no scenario can say what was done.
    pub(super) fn tear(&mut self) {
        self.torn = true;
    }

    /// Whether the last request held several.
    pub(super) fn ends_in_bulk(&self) -> bool {
        self.sent.last().is_some_and(|sent| sent.path == "/Bulk")
    }

    /// The scenario; none where something in it can't be told. `marker` is what names of the run begin with, `groups`
    /// the endpoint of groups.
    pub(super) fn replay(
        &self,
        requirement: &'static str,
        proof: &Proof,
        marker: &str,
        groups: Option<&str>,
    ) -> Option<Replay> {
        if self.torn {
            return None;
        }
        let words = Words::of(self, marker);
        let mut steps = Vec::new();
        for (at, sent) in self.sent.iter().enumerate() {
            let expect = match (proof, sent.status) {
                (Proof::Last(check, argument), _) if at + 1 == self.sent.len() => {
                    vec![(*check, words.value(argument)?, requirement)]
                }
                (_, Some(200..=299)) => Vec::new(),
                // A step without an expectation has to succeed.
                (_, Some(400..=499 | 501)) => {
                    vec![("status", json!(["2xx", "4xx", 501]), NO_SERVER_ERROR)]
                }
                _ => return None,
            };
            let name = format!("{} {}", sent.method.as_str().to_lowercase(), at + 1);
            steps.push(Step {
                name,
                expect,
                ..words.step(sent)?
            });
        }
        if let Proof::Read(path, check, argument) = proof {
            steps.push(Step {
                name: "read".to_owned(),
                verb: "get".to_owned(),
                path: words.path(path)?,
                expect: vec![(*check, words.value(argument)?, requirement)],
                ..Step::default()
            });
        }
        let text = format!("{steps:?}");
        for step in &mut steps {
            let used = |name: &str| text.contains(&format!("{{{{{name}}}}}"));
            step.captures.retain(|(name, _)| used(name));
        }
        Some(Replay {
            requirement,
            title: self.title(),
            needs: self.needs(groups),
            given: Vec::new(),
            steps,
        })
    }

    fn title(&self) -> String {
        let mut verbs: Vec<&str> = Vec::new();
        for sent in &self.sent {
            let verb = match sent.path.as_str() {
                "/Bulk" => "bulk",
                _ => sent.method.as_str(),
            };
            if verbs.last() != Some(&verb) {
                verbs.push(verb);
            }
        }
        format!("Everything is as it should be after {}", verbs.join(", "))
    }

    fn needs(&self, groups: Option<&str>) -> Vec<String> {
        let text = |sent: &Sent| sent.body.as_ref().map(Value::to_string).unwrap_or_default();
        let any = |wanted: &dyn Fn(&Sent) -> bool| self.sent.iter().any(wanted);
        let mut needs = vec!["rt.User".to_owned()];
        let found = [
            (
                "rt.Group",
                groups.is_some_and(|groups| {
                    any(&|it| it.path.starts_with(groups) || text(it).contains(groups))
                }),
            ),
            (
                "spc.patch",
                any(&|it| it.method == Method::PATCH || text(it).contains("\"PATCH\"")),
            ),
            ("spc.bulk", any(&|it| it.path == "/Bulk")),
            ("spc.filter", any(&|it| it.path.contains("filter="))),
        ];
        let found = found.into_iter().filter(|(_, needed)| *needed);
        needs.extend(found.map(|(need, _)| need.to_owned()));
        needs
    }
}

/// What stands for ids and names of this run.
struct Words<'t> {
    ids: &'t [(String, String)],
    names: Vec<(String, String)>,
    marker: &'t str,
}

impl<'t> Words<'t> {
    fn of(tape: &'t Tape, marker: &'t str) -> Self {
        let mut all = Vec::new();
        for sent in &tape.sent {
            let (_, query) = sent.path.split_once('?').unwrap_or_default();
            for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
                marked(&Value::from(value.as_ref()), marker, &mut all);
            }
            if let Some(body) = &sent.body {
                marked(body, marker, &mut all);
            }
        }
        let names = all.into_iter().enumerate().map(|(at, name)| {
            let tail = if name.contains('@') {
                "@{{domain}}"
            } else {
                ""
            };
            let template = format!("{{{{run}}}}-{{{{case}}}}-n{at}{tail}");
            (name, template)
        });
        Self {
            ids: &tape.ids,
            names: names.collect(),
            marker,
        }
    }

    fn step(&self, sent: &Sent) -> Option<Step> {
        let (path, query) = sent.path.split_once('?').unwrap_or((&sent.path, ""));
        let mut pairs = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            pairs.push((name.into_owned(), self.text(&value)?));
        }
        let body = match &sent.body {
            Some(body) => Some(self.value(body)?),
            None => None,
        };
        Some(Step {
            verb: sent.method.as_str().to_lowercase(),
            path: self.path(path)?,
            query: Query::Pairs(pairs),
            body,
            captures: sent.captures.clone(),
            ..Step::default()
        })
    }

    /// A path whose ids are templates.
    fn path(&self, path: &str) -> Option<String> {
        let parts = path.split('/').map(|part| {
            let plain = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
            let known = self.ids.iter().find(|(id, _)| *id == plain);
            known.map_or_else(|| part.to_owned(), |(_, name)| template(name))
        });
        let path = parts.collect::<Vec<_>>().join("/");
        (!path.contains(self.marker)).then_some(path)
    }

    fn value(&self, value: &Value) -> Option<Value> {
        Some(match value {
            Value::String(text) => Value::from(self.text(text)?),
            Value::Array(items) => {
                let items: Option<Vec<Value>> = items.iter().map(|it| self.value(it)).collect();
                Value::Array(items?)
            }
            Value::Object(members) => {
                let mut told = Map::new();
                for (name, value) in members {
                    told.insert(name.clone(), self.value(value)?);
                }
                Value::Object(told)
            }
            other => other.clone(),
        })
    }

    /// A text that is an id, a name or a path, or in which one of them stands in quotation marks.
    fn text(&self, text: &str) -> Option<String> {
        if let Some((_, name)) = self.ids.iter().find(|(id, _)| id == text) {
            return Some(template(name));
        }
        if let Some((_, template)) = self.names.iter().find(|(name, _)| name == text) {
            return Some(template.clone());
        }
        let quoted = |text: &str| Value::from(text).to_string();
        let mut told = if text.starts_with('/') {
            self.path(text)?
        } else {
            text.to_owned()
        };
        for (id, name) in self.ids {
            told = told.replace(&quoted(id), &format!("\"{}\"", template(name)));
        }
        for (name, template) in &self.names {
            told = told.replace(&quoted(name), &format!("\"{template}\""));
        }
        (!told.contains(self.marker)).then_some(told)
    }
}

fn template(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

/// The texts that begin with the marker, those in quotation marks, too.
fn marked(value: &Value, marker: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let parts = text.split('"').filter(|part| part.starts_with(marker));
            for part in parts {
                if !found.iter().any(|known| known == part) {
                    found.push(part.to_owned());
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| marked(it, marker, found)),
        Value::Object(members) => members.values().for_each(|it| marked(it, marker, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> Tape {
        let mut tape = Tape::default();
        let at = || Source::Whole("/id".to_owned());
        let body = json!({"userName": "scimitar-7-probe-store-1@x.example"});
        tape.add(&Method::POST, "/Users", Some(&body), Some(201));
        tape.created("U1", "4711", at());
        let body =
            json!({"displayName": "scimitar-7-probe-store-2", "members": [{"value": "4711"}]});
        tape.add(&Method::POST, "/Groups", Some(&body), Some(201));
        tape.created("G1", "12", at());
        let find = "/Users?filter=userName+eq+%22scimitar-7-probe-store-1%40x.example%22";
        tape.add(&Method::GET, find, None, Some(200));
        tape
    }

    #[test]
    fn ids_and_names_of_the_run_are_templates() {
        let proof = Proof::Last("list", json!({"contains": ["4711"]}));
        let tape = recorded();
        let replay = tape
            .replay(
                "rfc7644-3.4.1-get-answers-200",
                &proof,
                "scimitar-7",
                Some("/Groups"),
            )
            .unwrap();
        assert_eq!(replay.needs, ["rt.User", "rt.Group", "spc.filter"]);
        let [user, group, find] = replay.steps.as_slice() else {
            panic!("{replay:?}")
        };
        assert_eq!(
            user.body,
            Some(json!({"userName": "{{run}}-{{case}}-n0@{{domain}}"}))
        );
        assert_eq!(user.captures.len(), 1);
        assert!(group.captures.is_empty(), "nobody names it");
        assert_eq!(
            group.body,
            Some(json!({"displayName": "{{run}}-{{case}}-n1", "members": [{"value": "{{U1}}"}]}))
        );
        let filter = "userName eq \"{{run}}-{{case}}-n0@{{domain}}\"".to_owned();
        assert_eq!(
            find.query,
            Query::Pairs(vec![("filter".to_owned(), filter)])
        );
        assert_eq!(find.expect[0].1, json!({"contains": ["{{U1}}"]}));
    }

    #[test]
    fn what_a_scenario_cannot_say_is_not_told() {
        let tell = |tape: &Tape, value: Value| {
            let proof = Proof::Last("body", value);
            tape.replay("rfc7644-3.4.1-get-answers-200", &proof, "scimitar-7", None)
        };
        let mut tape = recorded();
        assert!(tell(&tape, json!({"/title": "of scimitar-7 alone"})).is_none());
        assert!(tell(&tape, json!({"/title": "anybody"})).is_some());
        tape.tear();
        assert!(tell(&tape, json!({"/title": "anybody"})).is_none());
    }
}
