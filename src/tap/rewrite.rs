//! What a request said, with all that was a person's, the target's or a secret replaced.

use http::Method;
use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::Value;

use super::filter;
use super::identity;
use super::known::{Known, LONG_ID};
use super::leaf::{self, At};
use super::role::{Role, role};
use super::step::{Content, Step};

/// Shortest unique name that is looked for within longer texts.
const LONG: usize = 5;

/// Mail addresses.
const MAIL: &str = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}";

/// A string member of text that is no clean JSON.
const MEMBER: &str = r#""([A-Za-z0-9$_.:-]{1,120})"(\s*:\s*)"((?:[^"\\]|\\.)*)""#;

impl Known<'_> {
    /// The path, ids and names in it as templates.
    pub(super) fn path(&mut self, index: usize, path: &str) -> String {
        let segments: Vec<String> = path
            .split('/')
            .enumerate()
            .map(|(place, raw)| {
                let decoded = percent_decode_str(raw).decode_utf8_lossy().into_owned();
                // What stands first is the endpoint.
                let known = if place > 1 {
                    self.id(index, &decoded)
                        .or_else(|| self.names.get(&decoded))
                } else {
                    None
                };
                known.unwrap_or_else(|| {
                    if decoded.contains('@') {
                        self.names.template(&decoded, &mut self.inventor)
                    } else {
                        raw.replace('{', "%7B").replace('}', "%7D")
                    }
                })
            })
            .collect();
        segments.join("/")
    }

    /// The header fields that are repeated, preconditions as templates.
    pub(super) fn headers(&mut self, index: usize, step: &Step) -> Vec<(String, String)> {
        let id = step.resource().and_then(|(_, id)| id);
        step.headers
            .iter()
            .map(|(name, value)| {
                let value = broken(value);
                if name != "If-Match" && name != "If-None-Match" {
                    return (name.clone(), self.embedded(index, &value, true));
                }
                let tags: Vec<String> = value
                    .split(',')
                    .map(|tag| {
                        let tag = tag.trim();
                        if tag == "*" {
                            return tag.to_owned();
                        }
                        self.minted(index, tag, "version")
                            .or_else(|| self.given_tag(id.as_deref()?).filter(|_| step.succeeded()))
                            .unwrap_or_else(|| tag.to_owned())
                    })
                    .collect();
                (name.clone(), tags.join(", "))
            })
            .collect()
    }

    /// The body.
    pub(super) fn body(&mut self, index: usize, content: &Content) -> Option<Value> {
        let Content::Json(body) = content else {
            return None;
        };
        Some(leaf::map(body, &mut |at, value| {
            self.leaf(index, at, value)
        }))
    }

    /// A body that is no clean JSON: string members like those of JSON, all else by what is known.
    pub(super) fn raw(&mut self, index: usize, text: &str) -> String {
        let text = broken(text);
        let Ok(member) = Regex::new(MEMBER) else {
            return String::new();
        };
        let mut out = String::new();
        let mut done = 0;
        for found in member.captures_iter(&text) {
            let [Some(whole), Some(name), Some(value)] = [found.get(0), found.get(1), found.get(3)]
            else {
                continue;
            };
            let before = text.get(done..whole.start()).unwrap_or_default();
            out.push_str(&self.embedded(index, before, true));
            let quoted = text.get(value.start() - 1..whole.end()).unwrap_or_default();
            let changed = match serde_json::from_str::<String>(quoted) {
                Ok(value) => {
                    let value = self.text(index, &At::named(name.as_str()), &value);
                    Value::String(value).to_string()
                }
                Err(_) => quoted.to_owned(),
            };
            out.push_str(
                text.get(whole.start()..value.start() - 1)
                    .unwrap_or_default(),
            );
            out.push_str(&changed);
            done = whole.end();
        }
        let rest = text.get(done..).unwrap_or_default();
        out + &self.embedded(index, rest, true)
    }

    fn leaf(&mut self, index: usize, at: &At, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(index, at, &broken(text))),
            Value::Number(number) if role(at) == Role::Words && number.is_u64() => {
                let digits = number.to_string();
                if digits.len() < 4 {
                    return value.clone();
                }
                let other = self.inventor.text(&digits);
                other
                    .parse::<u64>()
                    .map_or_else(|_| value.clone(), Value::from)
            }
            other => other.clone(),
        }
    }

    /// A text by its place.
    fn text(&mut self, index: usize, at: &At, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.secrets.is_place(at)
            && let Some(password) = self.secrets.template(text)
        {
            return password;
        }
        let kind = role(at);
        let whole = if kind == Role::Keep {
            None
        } else {
            self.names.get(text)
        };
        if let Some(known) = whole
            .or_else(|| self.secrets.template(text).filter(|_| kind != Role::Keep))
            .or_else(|| {
                let is_id = kind == Role::Id || text.len() >= LONG_ID;
                // Asking makes a capture, which has to be used.
                is_id.then(|| self.id(index, text)).flatten()
            })
        {
            return known;
        }
        match kind {
            Role::Keep => match self.minted(index, text, &at.name) {
                Some(known) => known,
                None => self.embedded(index, text, false),
            },
            Role::Filter if text.starts_with('/') => self.reference(index, text),
            Role::Filter => self.filter(index, text),
            Role::Reference => self.reference(index, text),
            Role::Id if text.starts_with("bulkId:") => text.to_owned(),
            Role::Id if text.contains('/') => self.reference(index, text),
            Role::Unique => self.names.template(text, &mut self.inventor),
            Role::Phone => self.inventor.phone(text),
            Role::Url => self.inventor.url(text),
            Role::Binary => self.inventor.binary(text),
            _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
                text.to_owned()
            }
            _ if text.contains("://") => self.reference(index, text),
            _ => self.words(text),
        }
    }

    /// Free text: mail addresses in it become such, words other words.
    fn words(&mut self, text: &str) -> String {
        let Ok(mail) = Regex::new(MAIL) else {
            return self.inventor.text(text);
        };
        let mut out = String::new();
        let mut done = 0;
        for found in mail.find_iter(text) {
            let before = text.get(done..found.start()).unwrap_or_default();
            out.push_str(&self.inventor.text(before));
            out.push_str(&self.names.template(found.as_str(), &mut self.inventor));
            done = found.end();
        }
        out + &self.inventor.text(text.get(done..).unwrap_or_default())
    }

    /// The quoted values of a filter or path, each by its attribute.
    pub(super) fn filter(&mut self, index: usize, filter: &str) -> String {
        filter::rewrite(filter, |literal| {
            let text = &literal.text;
            if literal.operator == "sw"
                && role(&literal.at) != Role::Keep
                && self.names.get(text).is_none()
                && let Some(start) = self.names.beginning(text)
            {
                return start;
            }
            // A date is compared with those that the target gives.
            if literal.at.outer == "meta" && self.steps.get(index).is_some() {
                return self
                    .minted(index, text, &literal.at.name)
                    .unwrap_or_else(|| text.clone());
            }
            self.text(index, &literal.at, text)
        })
    }

    /// An address of a resource: what the target called its location, or the way to it.
    fn reference(&mut self, index: usize, text: &str) -> String {
        if let Some(known) = self.minted(index, text, "location") {
            return known;
        }
        let id = identity::tail(text).filter(|id| !id.starts_with("bulkId:"));
        if let Some(id) = id.and_then(|id| self.id(index, &id)) {
            let before = text
                .trim_end_matches('/')
                .rsplit_once('/')
                .map_or("", |(before, _)| before);
            let endpoint = before.rsplit('/').next().unwrap_or_default();
            let lead = if text.contains("://") {
                "../"
            } else {
                before.strip_suffix(endpoint).unwrap_or_default()
            };
            return format!("{lead}{endpoint}/{id}");
        }
        if text.contains("://") {
            return self.inventor.url(text);
        }
        self.embedded(index, text, false)
    }

    /// A text of which most may stay: known ids and names in it, mail addresses, and, where it may
    /// speak of anybody, words that were replaced elsewhere.
    pub(super) fn embedded(&mut self, index: usize, text: &str, speaks: bool) -> String {
        let mut pieces = vec![(text.to_owned(), false)];
        for id in self.long_ids() {
            if text.contains(&id)
                && let Some(template) = self.id(index, &id)
            {
                pieces = replaced(pieces, &id, &template);
            }
        }
        if speaks {
            for (name, template) in self.names.longer_than(LONG) {
                pieces = replaced(pieces, name, &template);
            }
        }
        let mail = Regex::new(MAIL).ok();
        pieces
            .into_iter()
            .map(|(piece, done)| {
                if done {
                    return piece;
                }
                let mails = mail.as_ref().map_or(piece.clone(), |mail| {
                    let change = |found: &regex::Captures<'_>| {
                        let found = found.get(0).map_or("", |found| found.as_str());
                        self.names.template(found, &mut self.inventor)
                    };
                    mail.replace_all(&piece, change).into_owned()
                });
                if speaks && mails == piece {
                    self.inventor.again(&piece)
                } else {
                    mails
                }
            })
            .collect()
    }
}

/// The pieces with every occurrence of a text, whatever its case, in place of which the template stands.
fn replaced(pieces: Vec<(String, bool)>, wanted: &str, template: &str) -> Vec<(String, bool)> {
    let mut out = Vec::with_capacity(pieces.len());
    for (piece, done) in pieces {
        if done {
            out.push((piece, true));
            continue;
        }
        let lower = piece.to_ascii_lowercase();
        let wanted = wanted.to_ascii_lowercase();
        let mut from = 0;
        for (at, found) in lower.match_indices(&wanted) {
            let beside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let inside = beside(lower.get(..at).and_then(|before| before.chars().last()))
                || beside(
                    lower
                        .get(at + found.len()..)
                        .and_then(|after| after.chars().next()),
                );
            if inside {
                continue;
            }
            out.push((piece.get(from..at).unwrap_or_default().to_owned(), false));
            out.push((template.to_owned(), true));
            from = at + found.len();
        }
        out.push((piece.get(from..).unwrap_or_default().to_owned(), false));
    }
    out
}

/// A text in which nothing can be taken for a template.
pub(super) fn broken(text: &str) -> String {
    text.replace("{{", "{ {")
}

/// Whether a step creates at a collection.
pub(super) fn creates(step: &Step) -> bool {
    step.method == Method::POST && !step.is_search() && matches!(step.resource(), Some((_, None)))
}
