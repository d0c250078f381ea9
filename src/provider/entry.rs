//! Between HTTP and the pipeline: by which entrance a request comes, where the path begins, how much
//! of a body is read.
//!
//! Decides nothing about SCIM.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use http_body_util::BodyExt;

use super::Provider;
use super::decode::{Entrance, Incoming};
use super::respond::Reply;
use super::{gateway, pipeline, token};

/// The scheme of the connection that a request came over; plain HTTP where none is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scheme(pub(super) &'static str);

/// A router that answers every request.
pub(super) fn router(provider: Provider) -> Router {
    Router::new().fallback(answer).with_state(provider)
}

async fn answer(State(provider): State<Provider>, request: Request<Body>) -> Response<Body> {
    let incoming = receive(&provider, request).await;
    into_response(pipeline::handle(&provider, &incoming).await)
}

async fn receive(provider: &Provider, request: Request<Body>) -> Incoming {
    let (parts, body) = request.into_parts();
    let scheme = parts
        .extensions
        .get::<Scheme>()
        .map_or("http", |scheme| scheme.0);
    let (entrance, base_path, path) = entrance(provider, parts.uri.path());
    let base = format!(
        "{scheme}://{}{base_path}",
        authority(&parts.uri, &parts.headers)
    );
    let in_base = path.is_some();
    let path = path.unwrap_or(parts.uri.path()).to_owned();
    let mut query = parts.uri.query().map(str::to_owned);
    let key = match entrance {
        Entrance::Gateway => gateway::take_key(&parts.headers, &mut query),
        _ => None,
    };
    let limits = provider.settings().limits;
    let (body, overflow) = collect(body, limits.max_body.max(limits.max_payload_size)).await;
    Incoming {
        method: parts.method,
        entrance,
        key,
        base,
        in_base,
        path,
        query,
        headers: parts.headers,
        body,
        overflow,
        at: provider.settings().clock.now(),
    }
}

/// By which entrance a path leads in, the path of the base there, and the path below it.
fn entrance<'p>(provider: &'p Provider, path: &'p str) -> (Entrance, String, Option<&'p str>) {
    let settings = provider.settings();
    let base = settings.base_path.as_str();
    if settings.oauth.is_some() && path == token::PATH {
        return (Entrance::TokenEndpoint, base.to_owned(), None);
    }
    if settings.gateway.is_some() {
        let behind = format!("{}{base}", gateway::PREFIX);
        if let Some(rest) = below(path, &behind) {
            return (Entrance::Gateway, behind, Some(rest));
        }
    }
    (Entrance::Base, base.to_owned(), below(path, base))
}

/// Host and port that the client used.
fn authority(uri: &Uri, headers: &HeaderMap) -> String {
    if let Some(authority) = uri.authority() {
        return authority.as_str().to_owned();
    }
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost")
        .to_owned()
}

/// The path below the base. A path without the base's version segment is taken as one below it
/// by the caller (RFC 7644 §3.13).
fn below<'a>(path: &'a str, base_path: &str) -> Option<&'a str> {
    path.strip_prefix(base_path)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads at most `limit` bytes; says whether that is not all of the body.
async fn collect(mut body: Body, limit: usize) -> (Bytes, bool) {
    let mut collected = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // A body that breaks off must not pass for a shorter one.
        let Ok(frame) = frame else {
            return (collected.freeze(), true);
        };
        if let Ok(data) = frame.into_data() {
            if collected.len() + data.len() > limit {
                return (collected.freeze(), true);
            }
            collected.extend_from_slice(&data);
        }
    }
    (collected.freeze(), false)
}

fn into_response(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body.into_bytes()));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = reply.headers;
    response
}
