//! The provider as a [`Session`]: a call through its router, without a socket.
//!
//! Records like a client does, the credential as a label; judges nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body as HttpBody;
use http::{HeaderName, HeaderValue, Request as HttpRequest, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::Provider;
use super::gateway::Scheme;
use crate::exchange::{
    Body, BodyDefect, Exchange, Failure, FailureKind, Header, Request, Response, Timing, wire,
};
use crate::scim::json;
use crate::session::{Auth, BoxFuture, Call, Session, version};

/// The `Authorization` field of a step with `auth: expired`.
const EXPIRED: &str = "Bearer ‹secret:expired-token›";

/// Reaches a provider in process.
#[derive(Clone)]
pub struct InProcess {
    provider: Provider,
    router: axum::Router,
    base_url: String,
    begun: Instant,
}

impl InProcess {
    /// A session with this provider.
    pub(super) fn new(provider: Provider) -> Self {
        Self {
            base_url: format!("https://provider.invalid{}", provider.settings().base_path),
            router: provider.router(),
            provider,
            begun: Instant::now(),
        }
    }

    /// The provider behind it.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The `Authorization` field and how it is recorded.
    fn credential(&self, auth: &Auth) -> Option<(String, String)> {
        let settings = self.provider.settings();
        let bearer = |token: &super::Token, label: &str| {
            (
                format!("Bearer {}", token.reveal()),
                format!("Bearer ‹secret:{label}›"),
            )
        };
        match auth {
            Auth::Main => settings.token.as_ref().map(|token| bearer(token, "token")),
            Auth::Second => settings
                .second_token
                .as_ref()
                .map(|token| bearer(token, "second-token")),
            Auth::None => None,
            Auth::Header(value) if value == EXPIRED => settings
                .expired_token
                .as_ref()
                .map(|token| bearer(token, "expired-token")),
            Auth::Header(value) => Some((value.clone(), value.clone())),
        }
    }

    async fn exchange(&self, call: Call) -> Exchange {
        let started = Instant::now();
        let mut exchange = Exchange {
            n: 0,
            case: call.case.clone(),
            step: call.step.clone(),
            request: Request::default(),
            response: None,
            failure: None,
            timing: Timing {
                started_us: micros(self.begun, started),
                ..Timing::default()
            },
        };
        let credential = self.credential(&call.auth);
        match prepare(&self.base_url, call, credential, &mut exchange.request) {
            Err(detail) => exchange.failure = Some(failure(FailureKind::Other, detail)),
            Ok(request) => match self.router.clone().oneshot(request).await {
                Err(never) => match never {},
                Ok(response) => {
                    exchange.timing.headers_us = micros(started, Instant::now());
                    exchange.response = Some(record(response).await);
                }
            },
        }
        exchange.timing.total_us = micros(started, Instant::now());
        exchange
    }
}

impl Session for InProcess {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(self.exchange(call))
    }

    fn base_url(&self) -> &str {
        &self.base_url
    }
}

/// The URL of a call.
fn address(base_url: &str, call: &Call) -> Result<String, String> {
    let (base, path) = version::joined(base_url, &call.path)?;
    if call.query.is_empty() {
        return Ok(format!("{base}{path}"));
    }
    let pieces: Vec<String> = call
        .query
        .iter()
        .map(|(name, value)| match name.as_str() {
            "" => value.clone(),
            name => url::form_urlencoded::Serializer::new(String::new())
                .append_pair(name, value)
                .finish(),
        })
        .collect();
    Ok(format!("{base}{path}?{}", pieces.join("&")))
}

/// Builds the HTTP request and its record.
fn prepare(
    base_url: &str,
    call: Call,
    credential: Option<(String, String)>,
    record: &mut Request,
) -> Result<HttpRequest<HttpBody>, String> {
    let url = address(base_url, &call)?;
    let mut fields = vec![(
        String::from("Accept"),
        String::from("application/scim+json"),
    )];
    if let Some(body) = &call.body {
        fields.push((String::from("Content-Type"), body.media_type.clone()));
    }
    fields.retain(|(name, _)| {
        !call
            .headers
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    });
    fields.extend(call.headers);
    *record = Request {
        method: call.method.to_string(),
        url: url.clone(),
        path: call.path,
        query: call.query,
        headers: fields
            .iter()
            .map(|(name, value)| field(name, value))
            .collect(),
        body: call.body.as_ref().map(|body| read(&body.bytes)),
    };
    let uri: http::Uri = url
        .parse()
        .map_err(|error| format!("cannot use the URL: {error}"))?;
    let mut request = HttpRequest::new(HttpBody::from(
        call.body.map(|body| body.bytes).unwrap_or_default(),
    ));
    *request.method_mut() = call.method;
    if let Some(host) = uri
        .authority()
        .and_then(|host| HeaderValue::from_str(host.as_str()).ok())
    {
        request.headers_mut().insert(header::HOST, host);
    }
    *request.uri_mut() = uri;
    request.extensions_mut().insert(Scheme("https"));
    if let Some((value, label)) = credential {
        record.headers.push(field("Authorization", &label));
        fields.push((String::from("Authorization"), value));
    }
    for (name, value) in fields {
        let name = HeaderName::try_from(name.as_str())
            .map_err(|error| format!("cannot send the field '{name}': {error}"))?;
        let value = HeaderValue::try_from(value.as_str())
            .map_err(|error| format!("cannot send the value of the field '{name}': {error}"))?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

async fn record(response: http::Response<HttpBody>) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => bytes::Bytes::new(),
    };
    let headers: Vec<Header> = parts
        .headers
        .iter()
        .map(|(name, value)| field(name.as_str(), &String::from_utf8_lossy(value.as_bytes())))
        .collect();
    Response {
        status: parts.status.as_u16(),
        version: String::from("HTTP/1.1"),
        wire: wire::repeated(&headers),
        headers,
        body: read(&bytes),
    }
}

/// A body as it is recorded.
fn read(bytes: &[u8]) -> Body {
    if bytes.is_empty() {
        return Body::default();
    }
    let (json, defects) = json::read(bytes);
    Body {
        length: bytes.len() as u64,
        text: String::from_utf8_lossy(bytes).into_owned(),
        truncated: false,
        defects: defects
            .into_iter()
            .map(|defect| BodyDefect {
                code: defect.code.to_owned(),
                at: defect.at,
                detail: defect.detail,
            })
            .collect(),
        json: json.map(Arc::new),
    }
}

fn field(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn failure(kind: FailureKind, detail: String) -> Failure {
    Failure {
        kind,
        detail,
        status: None,
    }
}

fn micros(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.duration_since(from).as_micros()).unwrap_or(u64::MAX)
}
