//! The provider as a [`Session`]: a call through its router, without a socket.
//!
//! Records like a client does, the credential as a label; judges nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body as HttpBody;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request as HttpRequest, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::entry::Scheme;
use super::settings::Token;
use super::{Provider, gateway, token};
use crate::exchange::{
    Body, BodyDefect, Exchange, Failure, FailureKind, Header, Request, Response, Timing, wire,
};
use crate::redact::Vault;
use crate::scim::json;
use crate::session::{
    Auth, BoxFuture, Call, Content, KEY_HEADER, KEY_QUERY, Keys, Session, To, Via, version,
};

/// Reaches a provider in process.
#[derive(Clone)]
pub struct InProcess {
    provider: Provider,
    router: axum::Router,
    base_url: String,
    vault: Arc<Vault>,
    /// Labels of the two tokens.
    tokens: [Option<String>; 2],
    keys: Option<Keys>,
    begun: Instant,
}

/// Scheme and host of the provider.
const ORIGIN: &str = "https://provider.invalid";

impl InProcess {
    /// A session with this provider. What it is configured with is known to the vault from then on.
    pub(super) fn new(provider: Provider, vault: Arc<Vault>) -> Self {
        let settings = provider.settings();
        let learn = |name: &str, token: &Option<Token>| {
            token
                .as_ref()
                .map(|token| vault.learn(name, token.reveal()))
        };
        let tokens = [
            learn("token", &settings.token),
            learn("second-token", &settings.second_token),
        ];
        let keys = settings.gateway.as_ref().map(|gateway| Keys {
            header: KEY_HEADER.to_owned(),
            query: KEY_QUERY.to_owned(),
            in_query: false,
            first: vault.learn("gateway-key", gateway.first.reveal()),
            second: Some(vault.learn("gateway-second-key", gateway.second.reveal())),
        });
        Self {
            base_url: format!("{ORIGIN}{}", settings.base_path),
            router: provider.router(),
            tokens,
            keys,
            vault,
            provider,
            begun: Instant::now(),
        }
    }

    /// The provider behind it.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The value of the `Authorization` field, secrets as labels.
    fn credential(&self, auth: &Auth) -> Option<String> {
        let [main, second] = &self.tokens;
        let bearer = |label: &Option<String>| label.as_ref().map(|label| format!("Bearer {label}"));
        match auth {
            Auth::Main => bearer(main),
            Auth::Second => bearer(second),
            Auth::None => None,
            Auth::Header(value) => Some(value.clone()),
        }
    }

    /// What a call lacks for the place that it goes to: the base URL there.
    fn address(&self, call: &mut Call) -> String {
        let base_path = &self.provider.settings().base_path;
        match call.via.to {
            To::Base => self.base_url.clone(),
            To::TokenEndpoint => {
                call.path.clear();
                format!("{ORIGIN}{}", token::PATH)
            }
            To::Gateway => {
                if let Some(keys) = &self.keys {
                    keys.present(call.via.key, &mut call.query, &mut call.headers);
                }
                format!("{ORIGIN}{}{base_path}", gateway::PREFIX)
            }
        }
    }

    async fn exchange(&self, mut call: Call) -> Exchange {
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
        let base = self.address(&mut call);
        let bearer = call.via.to != To::TokenEndpoint || matches!(call.auth, Auth::Header(_));
        let credential = self.credential(&call.auth).filter(|_| bearer);
        let via = call.via.clone();
        let prepared = prepare(&base, call, credential, &self.vault, &mut exchange.request);
        match prepared {
            Err(detail) => exchange.failure = Some(failure(FailureKind::Other, detail)),
            Ok(request) => {
                let answer = self.router.clone().oneshot(request);
                let answer = match via.patience {
                    Some(patience) => tokio::time::timeout(patience, answer).await.ok(),
                    None => Some(answer.await),
                };
                match answer {
                    None => {
                        let detail = "broken off before it was answered".to_owned();
                        exchange.failure = Some(failure(FailureKind::Interrupted, detail));
                    }
                    Some(Err(never)) => match never {},
                    Some(Ok(response)) => {
                        exchange.timing.headers_us = micros(started, Instant::now());
                        exchange.response = Some(record(response, &via, &self.vault).await);
                    }
                }
            }
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
fn address(base_url: &str, call: &Call, vault: &Vault) -> Result<String, String> {
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
                .append_pair(name, &vault.reveal(value))
                .finish(),
        })
        .collect();
    Ok(format!("{base}{path}?{}", pieces.join("&")))
}

/// The bytes of a body. Labels in documents are sent as they are: nobody but the run reads them here.
fn sent(body: &Content, vault: &Vault) -> Bytes {
    if body.media_type.contains("x-www-form-urlencoded") {
        vault.reveal_body(&body.media_type, &body.bytes)
    } else {
        body.bytes.clone()
    }
}

/// Builds the HTTP request and its record.
fn prepare(
    base_url: &str,
    call: Call,
    credential: Option<String>,
    vault: &Vault,
    record: &mut Request,
) -> Result<HttpRequest<HttpBody>, String> {
    let url = address(base_url, &call, vault)?;
    let accept = match call.via.to {
        To::TokenEndpoint => "application/json",
        _ => "application/scim+json",
    };
    let mut fields = vec![(String::from("Accept"), String::from(accept))];
    if let Some(body) = &call.body {
        fields.push((String::from("Content-Type"), body.media_type.clone()));
    }
    fields.retain(|(name, _)| {
        !call
            .headers
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    });
    let query = call.parameters();
    fields.extend(call.headers);
    if let Some(value) = credential {
        fields.push((String::from("Authorization"), value));
    }
    let sent = call.body.as_ref().map(|body| sent(body, vault));
    *record = Request {
        method: call.method.to_string(),
        url: vault.redact_url(&url),
        path: call.path,
        query,
        headers: fields
            .iter()
            .map(|(name, value)| field(name, value))
            .collect(),
        body: call.body.as_ref().map(|body| read(&body.bytes)),
    };
    let uri: http::Uri = url
        .parse()
        .map_err(|error| format!("cannot use the URL: {error}"))?;
    let mut request = HttpRequest::new(HttpBody::from(sent.unwrap_or_default()));
    *request.method_mut() = call.method;
    if let Some(host) = uri
        .authority()
        .and_then(|host| HeaderValue::from_str(host.as_str()).ok())
    {
        request.headers_mut().insert(header::HOST, host);
    }
    *request.uri_mut() = uri;
    request.extensions_mut().insert(Scheme("https"));
    for (name, value) in fields {
        let (name, value) = revealed(&name, &value, vault)?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

/// A header field with secrets in the place of their labels.
fn revealed(name: &str, value: &str, vault: &Vault) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::try_from(name)
        .map_err(|error| format!("cannot send the field '{name}': {error}"))?;
    let value = HeaderValue::try_from(&*vault.reveal(value))
        .map_err(|error| format!("cannot send the value of the field '{name}': {error}"))?;
    Ok((name, value))
}

async fn record(response: http::Response<HttpBody>, via: &Via, vault: &Vault) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => bytes::Bytes::new(),
    };
    let mut headers: Vec<Header> = parts
        .headers
        .iter()
        .map(|(name, value)| field(name.as_str(), &String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let mut body = read(&bytes);
    if !via.secrets.is_empty() {
        let header = |name: &str| {
            let known = headers
                .iter()
                .find(|one| one.name.eq_ignore_ascii_case(name));
            known.map(|one| one.value.clone())
        };
        via.learn(vault, header, body.json.as_deref());
        for header in &mut headers {
            header.value = vault.redact_header(&header.name, &header.value);
        }
        if let Some(mut json) = body.json.take() {
            vault.redact_json(Arc::make_mut(&mut json));
            body.text = json.to_string();
            body.json = Some(json);
        }
    }
    Response {
        status: parts.status.as_u16(),
        version: String::from("HTTP/1.1"),
        wire: wire::repeated(&headers),
        headers,
        body,
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
