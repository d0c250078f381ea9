//! Stage 2: from bytes to method, path segments, query and JSON body.
//!
//! Refuses what is no HTTP or JSON that SCIM can use; knows nothing of attributes.

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Provider;
use super::gateway::Presented;
use super::json;
use super::problem::Problem;
use super::respond::MediaType;
use super::store::Kind;

/// A request as it came, its path split from the base.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Method.
    pub method: Method,
    /// By which entrance it came.
    pub entrance: Entrance,
    /// The key for the gateway, where it came by that.
    pub key: Option<Presented>,
    /// Base URL that the client used, without a trailing slash.
    pub base: String,
    /// Whether the path began with that of the base, its version segment included.
    pub in_base: bool,
    /// Path below the base, percent-encoded, with a leading slash; empty for the base itself.
    pub path: String,
    /// Query as it stood in the URL.
    pub query: Option<String>,
    /// Header fields.
    pub headers: HeaderMap,
    /// Body, at most the largest size that any route takes.
    pub body: Bytes,
    /// Whether the body was larger than that, or broke off.
    pub overflow: bool,
    /// When it came, by the clock of the provider.
    pub at: Timestamp,
}

impl Incoming {
    /// Where the request goes.
    pub fn route(&self) -> Route {
        Route::of(&segments(&self.path))
    }

    /// Whether the client prefers an answer before the request is processed (RFC 9967 §2.5.1.1).
    /// One that would rather wait is answered in the usual way: nothing takes that long here.
    pub(super) fn prefers_asynchronous(&self) -> bool {
        let fields = self.headers.get_all("prefer").into_iter();
        let preferences: Vec<&str> = fields
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split([',', ';']))
            .map(str::trim)
            .collect();
        let named = |name: &str| {
            preferences.iter().any(|one| {
                let known = one.split('=').next().unwrap_or("").trim();
                known.eq_ignore_ascii_case(name)
            })
        };
        self.method != Method::GET && named("respond-async") && !named("wait")
    }
}

/// The ways into the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// The base URL.
    Base,
    /// The gateway in front of it.
    Gateway,
    /// The token endpoint.
    TokenEndpoint,
}

/// The endpoints of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The base URL: resources of all types.
    Root,
    /// `/.search`
    RootSearch,
    /// `/Users`
    Collection(Kind),
    /// `/Users/.search`
    Search(Kind),
    /// `/Users/{id}`
    Item(Kind, String),
    /// `/Me`
    Me,
    /// `/Bulk`
    Bulk,
    /// `/ServiceProviderConfig`
    ServiceProviderConfig,
    /// `/ResourceTypes`
    ResourceTypes,
    /// `/ResourceTypes/{name}`
    ResourceType(String),
    /// `/Schemas`
    Schemas,
    /// `/Schemas/{urn}`
    Schema(String),
    /// Anything else.
    Unknown,
}

impl Route {
    /// The endpoint that these path segments name.
    pub fn of(segments: &[String]) -> Self {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            [] => Self::Root,
            [".search"] => Self::RootSearch,
            ["Me"] => Self::Me,
            ["Bulk"] => Self::Bulk,
            ["ServiceProviderConfig"] => Self::ServiceProviderConfig,
            ["ResourceTypes"] => Self::ResourceTypes,
            ["ResourceTypes", name] => Self::ResourceType((*name).to_owned()),
            ["Schemas"] => Self::Schemas,
            ["Schemas", urn] => Self::Schema((*urn).to_owned()),
            [endpoint, rest @ ..] => match (Kind::of_endpoint(endpoint), rest) {
                (Some(kind), []) => Self::Collection(kind),
                (Some(kind), [".search"]) => Self::Search(kind),
                (Some(kind), [id]) => Self::Item(kind, (*id).to_owned()),
                _ => Self::Unknown,
            },
        }
    }
}

/// What stage 2 made of a request.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Method.
    pub method: Method,
    /// Endpoint.
    pub route: Route,
    /// Base URL that the client used.
    pub base: String,
    /// Query parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The JSON body; `None` where none was sent. A defect stands here until a route wants the body.
    pub body: Result<Option<Value>, Problem>,
    /// The `If-Match` field.
    pub if_match: Option<String>,
    /// The `If-None-Match` field.
    pub if_none_match: Option<String>,
}

/// Splits and parses the request.
pub(super) fn decode(provider: &Provider, incoming: &Incoming) -> Result<Decoded, Problem> {
    let mut decoded = read(provider, incoming);
    for fault in provider.faults() {
        fault.decoded(incoming, &mut decoded);
    }
    decoded
}

fn read(provider: &Provider, incoming: &Incoming) -> Result<Decoded, Problem> {
    let query = url::form_urlencoded::parse(incoming.query.as_deref().unwrap_or("").as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let later = provider.settings().asynchronous && incoming.prefers_asynchronous();
    if !later && MediaType::negotiated(&incoming.headers).is_none() {
        return Err(Problem::new(
            406,
            "answers are application/scim+json or application/json",
        ));
    }
    let route = incoming.route();
    let body = read_body(provider, incoming, &route);
    Ok(Decoded {
        method: incoming.method.clone(),
        route,
        base: incoming.base.clone(),
        query,
        body,
        if_match: joined(&incoming.headers, &header::IF_MATCH)?,
        if_none_match: joined(&incoming.headers, &header::IF_NONE_MATCH)?,
    })
}

fn segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = path
        .trim_start_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    segments
}

/// All values of a field as one list.
fn joined(headers: &HeaderMap, name: &header::HeaderName) -> Result<Option<String>, Problem> {
    let mut joined: Option<String> = None;
    for value in headers.get_all(name) {
        let value = value
            .to_str()
            .map_err(|_| Problem::new(400, format!("the field {name} is not readable")))?;
        joined = Some(match joined {
            None => value.to_owned(),
            Some(before) => format!("{before}, {value}"),
        });
    }
    Ok(joined)
}

fn read_body(
    provider: &Provider,
    incoming: &Incoming,
    route: &Route,
) -> Result<Option<Value>, Problem> {
    let limits = provider.settings().limits;
    let (limit, name) = if *route == Route::Bulk {
        (limits.max_payload_size, "maxPayloadSize")
    } else {
        (limits.max_body, "the size of a request body")
    };
    if incoming.overflow || incoming.body.len() > limit {
        return Err(Problem::new(
            413,
            format!("the body is larger than the limit of {limit} bytes ({name})"),
        ));
    }
    if incoming.body.is_empty() {
        return Ok(None);
    }
    if !is_json(&incoming.headers) {
        return Err(Problem::new(
            415,
            "the body has to be application/scim+json or application/json",
        ));
    }
    json::parse(&incoming.body, limits.max_depth)
        .map(Some)
        .map_err(|defect| Problem::syntax(format!("the body is not usable as JSON: {defect}")))
}

/// Whether the body is labelled as one of the two JSON media types, or not labelled at all.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(field) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let Ok(field) = field.to_str() else {
        return false;
    };
    let mut parts = field.split(';').map(str::trim);
    let essence = parts.next().unwrap_or("");
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    utf8 && ["application/scim+json", "application/json"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
}
