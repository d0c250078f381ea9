//! Stage 8: status, header fields and body.
//!
//! The only place that knows media types and which header fields an answer carries.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;

use super::Provider;
use super::decode::{Incoming, Route};
use super::identity;
use super::problem::Problem;
use super::represent::Represented;

/// A response before it is put on the wire.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Header fields, without those that belong to the connection.
    pub headers: HeaderMap,
    /// Body.
    pub body: Content,
}

/// The body of a reply.
#[derive(Clone, Debug, Default)]
pub enum Content {
    /// No body.
    #[default]
    Empty,
    /// A document, printed when it is sent.
    Document(Value),
    /// Bytes, sent as they are.
    Bytes(Bytes),
}

impl Content {
    /// The bytes to send.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::Document(value) => Bytes::from(value.to_string()),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Media types of JSON bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/scim+json`
    Scim,
    /// `application/json`
    Json,
}

impl MediaType {
    const BOTH: [Self; 2] = [Self::Scim, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Scim => "application/scim+json",
            Self::Json => "application/json",
        }
    }

    /// The media type that the client likes best, `application/scim+json` where it does not care;
    /// `None` where it takes neither (RFC 7644 §3.8).
    pub(super) fn negotiated(headers: &HeaderMap) -> Option<Self> {
        let mut accepted = Vec::new();
        for field in headers.get_all(header::ACCEPT) {
            let field = field.to_str().unwrap_or("");
            accepted.extend(
                field
                    .split(',')
                    .map(str::trim)
                    .filter(|range| !range.is_empty()),
            );
        }
        if accepted.is_empty() {
            return Some(Self::Scim);
        }
        let mut best: Option<(Self, f32)> = None;
        for media_type in Self::BOTH {
            let quality = quality(media_type, &accepted);
            if quality > 0.0 && best.is_none_or(|(_, other)| quality > other) {
                best = Some((media_type, quality));
            }
        }
        best.map(|(media_type, _)| media_type)
    }
}

/// How much a client likes a media type: the most specific range that covers it decides.
fn quality(media_type: MediaType, accepted: &[&str]) -> f32 {
    let mut found = (0, 0.0);
    for range in accepted {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or("");
        let specific = if essence.eq_ignore_ascii_case(media_type.name()) {
            3
        } else if essence.eq_ignore_ascii_case("application/*") {
            2
        } else if essence == "*/*" {
            1
        } else {
            continue;
        };
        let quality = parts
            .find_map(|parameter| parameter.strip_prefix("q="))
            .map_or(1.0, |text| text.trim().parse().unwrap_or(0.0));
        if specific > found.0 {
            found = (specific, quality);
        }
    }
    found.1
}

/// Makes the reply.
pub(super) fn respond(
    provider: &Provider,
    incoming: &Incoming,
    outcome: Result<Represented, Problem>,
) -> Reply {
    let mut reply = match outcome {
        Ok(represented) if is_later(provider, incoming) => accepted(incoming, represented),
        Ok(represented) => success(represented),
        Err(problem) => refusal(problem),
    };
    if !matches!(reply.body, Content::Empty) {
        let media_type = MediaType::negotiated(&incoming.headers).unwrap_or(MediaType::Scim);
        reply.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type.name()),
        );
    }
    for fault in provider.faults() {
        fault.responded(incoming, &mut reply);
    }
    headless(incoming, reply)
}

/// The reply, without its body where only the head was asked for.
pub(super) fn headless(incoming: &Incoming, mut reply: Reply) -> Reply {
    if incoming.method == Method::HEAD {
        let length = reply.body.into_bytes().len();
        reply
            .headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        reply.body = Content::Empty;
    }
    reply
}

/// Whether the request is answered with 202: a write of one resource, or a bulk request.
fn is_later(provider: &Provider, incoming: &Incoming) -> bool {
    let writes = match incoming.route() {
        Route::Collection(_) | Route::Bulk => incoming.method == Method::POST,
        Route::Item(..) => true,
        _ => false,
    };
    provider.settings().asynchronous && writes && incoming.prefers_asynchronous()
}

/// The answer to a request whose result can be read later (RFC 9967 §2.5.1.1). It has been processed
/// by then, which the client can't tell.
fn accepted(incoming: &Incoming, represented: Represented) -> Reply {
    let location = represented
        .location
        .unwrap_or_else(|| format!("{}{}", incoming.base, incoming.path));
    let fields = [
        ("set-txn", identity::fresh()),
        ("preference-applied", String::from("respond-async")),
        ("location", location),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    Reply {
        status: 202,
        headers,
        body: Content::Empty,
    }
}

fn success(represented: Represented) -> Reply {
    let mut headers = HeaderMap::new();
    let fields = [
        (header::LOCATION, represented.location),
        (header::ETAG, represented.etag),
    ];
    for (name, value) in fields {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    Reply {
        status: represented.status,
        headers,
        body: represented.body,
    }
}

fn refusal(problem: Problem) -> Reply {
    let body = match problem.status {
        304 => Content::Empty,
        _ => Content::Document(problem.body()),
    };
    Reply {
        status: problem.status,
        headers: problem.headers.into_iter().collect(),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: Option<&str>, expected: Option<MediaType>) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(header::ACCEPT, accept.parse().unwrap());
        }
        assert_eq!(MediaType::negotiated(&headers), expected, "{accept:?}");
    }

    #[test]
    fn the_media_type_is_negotiated() {
        check(None, Some(MediaType::Scim));
        check(Some("*/*"), Some(MediaType::Scim));
        check(Some("application/json"), Some(MediaType::Json));
        check(Some("application/scim+json"), Some(MediaType::Scim));
        check(
            Some("application/json, application/scim+json"),
            Some(MediaType::Scim),
        );
        check(
            Some("application/scim+json;q=0.5, application/json"),
            Some(MediaType::Json),
        );
        check(
            Some("text/html, application/*;q=0.1"),
            Some(MediaType::Scim),
        );
        check(
            Some("application/scim+json;q=0, */*"),
            Some(MediaType::Json),
        );
        check(Some("text/html"), None);
        check(Some("application/xml;q=0.9"), None);
    }
}
