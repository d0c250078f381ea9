//! Between HTTP and the pipeline: where the base URL is, where the path begins, how much of a body
//! is read.
//!
//! Decides nothing about SCIM.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use http_body_util::BodyExt;

use super::Provider;
use super::decode::Incoming;
use super::pipeline;
use super::respond::Reply;

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
    let base_path = provider.settings().base_path.as_str();
    let base = format!(
        "{scheme}://{}{base_path}",
        authority(&parts.uri, &parts.headers)
    );
    let path = below(parts.uri.path(), base_path);
    let in_base = path.is_some();
    let path = path.unwrap_or(parts.uri.path()).to_owned();
    let limits = provider.settings().limits;
    let (body, overflow) = collect(body, limits.max_body.max(limits.max_payload_size)).await;
    Incoming {
        method: parts.method,
        base,
        in_base,
        path,
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
        overflow,
    }
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
