//! What the answer to a create says about what was made.

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::exchange::{Exchange, FailureKind};
use crate::session::intent::{marked_value, repeats_marked};

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It made this resource and showed our marker on it.
    Ours(String),
    /// It names this id, and shows no marker.
    Claimed(String),
    /// It made nothing.
    Failed(String),
    /// It does not say.
    Unknown(String),
}

/// Reads the answer to a create.
pub(super) fn read(exchange: &Exchange, endpoint: &str, marker: &str) -> Reading {
    let Some(response) = &exchange.response else {
        return without_response(exchange);
    };
    match response.status {
        200..=299 => {
            let json = response.body.json.as_deref();
            let location = response.header("location");
            let id = json
                .and_then(|body| body.get("id"))
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .or_else(|| id_of_location(location?, endpoint));
            match id {
                Some(id) if carries(json, marker) || repeats(exchange, json, marker) => {
                    Reading::Ours(id)
                }
                Some(id) => Reading::Claimed(id),
                None => Reading::Unknown(format!("status {} without an id", response.status)),
            }
        }
        300..=499 => Reading::Failed(format!("status {}", response.status)),
        status if !holds_a_resource(exchange) => Reading::Failed(format!("status {status}")),
        status => Reading::Unknown(format!("status {status}")),
    }
}

/// Whether what was sent is an object: of anything else no resource can have been made.
fn holds_a_resource(exchange: &Exchange) -> bool {
    let sent = exchange.request.body.as_ref();
    sent.is_some_and(|body| {
        body.truncated || body.json.as_ref().is_some_and(|json| json.is_object())
    })
}

fn without_response(exchange: &Exchange) -> Reading {
    let Some(failure) = &exchange.failure else {
        return Reading::Unknown("no answer".to_owned());
    };
    let never_sent = matches!(
        failure.kind,
        FailureKind::Dns
            | FailureKind::Refused
            | FailureKind::ConnectTimeout
            | FailureKind::TlsCertificate
            | FailureKind::Tls
            | FailureKind::Guarded
            | FailureKind::Throttled
    );
    let refused = failure
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .is_some_and(|status| status.is_client_error());
    if never_sent || refused {
        Reading::Failed(failure.detail.clone())
    } else {
        Reading::Unknown(failure.detail.clone())
    }
}

/// Whether a resource carries the marker.
pub(super) fn carries(resource: Option<&Value>, marker: &str) -> bool {
    !marker.is_empty() && resource.is_some_and(|body| marked_value(body, marker).is_some())
}

fn repeats(exchange: &Exchange, answered: Option<&Value>, marker: &str) -> bool {
    let sent = exchange
        .request
        .body
        .as_ref()
        .and_then(|body| body.json.as_deref());
    sent.zip(answered)
        .is_some_and(|(sent, answered)| repeats_marked(sent, answered, marker))
}

/// The id that a `Location` ends with: one segment after the endpoint. Its host plays no part,
/// since nothing is ever sent there.
#[must_use]
pub fn id_of_location(location: &str, endpoint: &str) -> Option<String> {
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    let fits = before
        .to_ascii_lowercase()
        .ends_with(&endpoint.to_ascii_lowercase());
    let id = percent_decode_str(last).decode_utf8().ok()?.into_owned();
    (fits && !id.is_empty() && id != "." && id != "..").then_some(id)
}
