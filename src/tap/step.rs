//! A request of the recording, read: what of it can become a step of a scenario.

use std::borrow::Cow;

use http::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::proxy::Turn;
use super::query::decoded;
use crate::client;
use crate::scim::json;
use crate::scim::resource::member;

/// Most bytes of a decoded body.
const CAP: u64 = 16 * 1024 * 1024;

/// Header fields of a request that a step repeats, where they say anything.
const REPEATED: [&str; 8] = [
    "accept",
    "accept-language",
    "accept-charset",
    "prefer",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "user-agent",
];

/// Endpoints that hold no resources with ids of their own.
const APART: [&str; 6] = [
    "serviceproviderconfig",
    "resourcetypes",
    "schemas",
    "bulk",
    "me",
    ".search",
];

/// One request with its answer.
pub(super) struct Step {
    /// Its number in the recording, from 1.
    pub(super) number: usize,
    pub(super) method: Method,
    /// Path below the base as sent, with a leading slash or empty.
    pub(super) path: String,
    /// The query as sent, without its question mark.
    pub(super) wire_query: String,
    /// Parameters, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    /// Header fields that are repeated.
    pub(super) headers: Vec<(String, String)>,
    pub(super) media_type: Option<String>,
    pub(super) content: Content,
    /// `Authorization` as sent.
    pub(super) credential: Option<String>,
    pub(super) seen: Seen,
}

/// A body of a request.
pub(super) enum Content {
    /// None.
    None,
    /// Clean JSON.
    Json(Value),
    /// Anything else that is text.
    Text(String),
    /// No text: why nobody can look into it.
    Closed(String),
}

/// What came back.
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) json: Option<Value>,
}

impl Step {
    /// Reads a turn that was answered; `path` is what follows the base.
    pub(super) fn of(number: usize, turn: &Turn, path: &str, query: Option<&str>) -> Option<Self> {
        let answer = turn.answer.as_ref().ok()?;
        let body = client::plain(&answer.headers, &answer.body, CAP);
        Some(Self {
            number,
            method: turn.method.clone(),
            path: path.to_owned(),
            wire_query: query.unwrap_or_default().to_owned(),
            query: pairs(query.unwrap_or_default()),
            headers: repeated(&turn.headers),
            media_type: text(&turn.headers, &header::CONTENT_TYPE),
            content: content(turn),
            credential: text(&turn.headers, &header::AUTHORIZATION),
            seen: Seen {
                status: answer.status,
                headers: answer.headers.clone(),
                json: body.ok().and_then(|body| json::read(&body).0),
            },
        })
    }

    /// How a message names it; holds nothing of anybody.
    pub(super) fn label(&self) -> String {
        label(self.number, &self.method, &self.path)
    }

    /// Segments of the path, decoded.
    pub(super) fn segments(&self) -> Vec<Cow<'_, str>> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
            .collect()
    }

    /// The endpoint (`/Users`) and, where one is addressed, the id behind it.
    pub(super) fn resource(&self) -> Option<(String, Option<String>)> {
        let segments = self.segments();
        split(&segments.iter().map(AsRef::as_ref).collect::<Vec<&str>>())
    }

    /// Whether it was answered with success.
    pub(super) fn succeeded(&self) -> bool {
        (200..300).contains(&self.seen.status)
    }

    /// Whether it asks for a list by a filter or by `/.search`.
    pub(super) fn is_search(&self) -> bool {
        self.method == Method::POST && self.segments().last().is_some_and(|last| last == ".search")
    }

    /// The filter of a query.
    pub(super) fn filter(&self) -> Option<&str> {
        if let (true, Content::Json(body)) = (self.is_search(), &self.content) {
            return member(body, "filter")?.as_str();
        }
        self.query
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("filter"))
            .map(|(_, value)| value.as_str())
    }
}

impl Seen {
    /// A header field as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A member of the body.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        member(self.json.as_ref()?, name)
    }

    /// The resources that the body holds, each with its pointer.
    pub(super) fn resources(&self) -> Vec<(String, &Value)> {
        let Some(body) = &self.json else {
            return Vec::new();
        };
        match member(body, "Resources").and_then(Value::as_array) {
            Some(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (format!("/Resources/{index}"), item))
                .collect(),
            None => vec![(String::new(), body)],
        }
    }
}

/// How a message names a request: its number, method and first segment.
pub(super) fn label(number: usize, method: &Method, path: &str) -> String {
    let first = path.split(['/', '?']).find(|part| !part.is_empty());
    let shown: String = first
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
        .take(24)
        .collect();
    format!("request {number} ({method} /{shown})")
}

/// The endpoint and the id that segments of a path name.
pub(super) fn split(segments: &[&str]) -> Option<(String, Option<String>)> {
    let (first, rest) = segments.split_first()?;
    if APART.contains(&first.to_ascii_lowercase().as_str()) {
        return None;
    }
    match rest {
        [id] if !id.eq_ignore_ascii_case(".search") => {
            Some((format!("/{first}"), Some((*id).to_owned())))
        }
        [] | [_] => Some((format!("/{first}"), None)),
        _ => None,
    }
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn repeated(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| REPEATED.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((spelled(name.as_str()), value.to_str().ok()?.to_owned())))
        .filter(|(name, value)| name != "Accept" || value != "application/scim+json")
        .collect()
}

/// A field name as it is usually written: `If-Match`.
fn spelled(name: &str) -> String {
    let parts: Vec<String> = name
        .split('-')
        .map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    parts.join("-")
}

fn content(turn: &Turn) -> Content {
    if turn.body.is_empty() {
        return Content::None;
    }
    let bytes = match client::plain(&turn.headers, &turn.body, CAP) {
        Ok(bytes) => bytes,
        Err(why) => return Content::Closed(why),
    };
    let (value, defects) = json::read(&bytes);
    match (value, String::from_utf8(bytes)) {
        (Some(value), _) if defects.is_empty() => Content::Json(value),
        (_, Ok(text)) => Content::Text(text),
        (_, Err(_)) => Content::Closed("it is no text".to_owned()),
    }
}
