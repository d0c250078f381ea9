//! The gateway in front of the provider: a second path to the same resources, behind a key.
//!
//! Answers as gateways do, which is not as SCIM does. Knows nothing of bearer tokens.

use http::{HeaderMap, HeaderValue, header};
use serde_json::json;

use super::Provider;
use super::decode::Incoming;
use super::respond::{Content, Reply};
use super::settings::Token;
use crate::session::{KEY_HEADER, KEY_QUERY};

/// What stands before the base path where the gateway answers: `/gateway/v2`.
pub const PREFIX: &str = "/gateway";

/// The challenge of a refusal.
const CHALLENGE: &str =
    "AzureApiManagementKey realm=\"scim\",name=\"Ocp-Apim-Subscription-Key\",type=\"header\"";

/// The keys of a gateway. Both hold at once, so that each can be changed without a gap.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The first.
    pub first: Token,
    /// The second.
    pub second: Token,
}

/// The key that a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Its value.
    pub value: String,
    /// Whether it stood in the query rather than in a header field.
    pub in_query: bool,
}

/// What the gateway made of a request.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Which key it carries.
    pub key: Found,
    /// Whether that stood in the query.
    pub in_query: bool,
    /// What the gateway answers by itself; none lets the request pass.
    pub refusal: Option<Reply>,
}

/// Which key a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// None.
    Nothing,
    /// The first.
    First,
    /// The second.
    Second,
    /// One that was not given out.
    Wrong,
}

/// Takes the key out of a request: that of the header field, else that of the query, which loses it.
pub(super) fn take_key(headers: &HeaderMap, query: &mut Option<String>) -> Option<Presented> {
    let mut found = None;
    if let Some(text) = query.take() {
        let kept: Vec<&str> = text
            .split('&')
            .filter(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                if name != KEY_QUERY {
                    return true;
                }
                let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
                found = Some(Presented {
                    value: value.into_owned(),
                    in_query: true,
                });
                false
            })
            .collect();
        *query = (!kept.is_empty()).then(|| kept.join("&"));
    }
    match headers.get(KEY_HEADER).map(HeaderValue::to_str) {
        Some(value) => Some(Presented {
            value: value.unwrap_or_default().to_owned(),
            in_query: false,
        }),
        None => found,
    }
}

/// What the gateway answers by itself; none where the request may pass.
pub(super) fn admit(provider: &Provider, incoming: &Incoming) -> Option<Reply> {
    let gateway = provider.settings().gateway.as_ref()?;
    let presented = incoming.key.as_ref();
    let key = match presented.map(|key| key.value.as_str()) {
        None | Some("") => Found::Nothing,
        Some(value) if gateway.first.is(value) => Found::First,
        Some(value) if gateway.second.is(value) => Found::Second,
        Some(_) => Found::Wrong,
    };
    let refusal = match key {
        Found::First | Found::Second => None,
        Found::Nothing => Some(refusal(
            "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
        )),
        Found::Wrong => Some(refusal(
            "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
        )),
    };
    let mut admission = Admission {
        key,
        in_query: presented.is_some_and(|key| key.in_query),
        refusal,
    };
    for fault in provider.faults() {
        fault.admitted(incoming, &mut admission);
    }
    admission.refusal
}

/// A refusal in the form of Azure API Management.
fn refusal(message: &str) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(CHALLENGE),
    );
    Reply {
        status: 401,
        headers,
        body: Content::Document(json!({ "statusCode": 401, "message": message })),
    }
}
