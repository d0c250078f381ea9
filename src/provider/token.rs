//! The OAuth 2.0 token endpoint (RFC 6749 §3.2) and the tokens that it gave out.
//!
//! Takes forms and answers JSON; the media types of SCIM mean nothing here.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Provider;
use super::decode::Incoming;
use super::respond::{Content, Reply};
use super::settings::Token;

/// Where the endpoint is, from the root of the server.
pub const PATH: &str = "/oauth/token";

/// Tokens that are kept, expired ones included, so that those can be told from unknown ones.
const MOST: usize = 100_000;

/// What the token endpoint goes by.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// The one client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Token,
    /// How long an access token is good.
    pub lifetime: Duration,
    /// A refresh token that an administrator consented to; it does not expire.
    pub refresh_token: Option<Token>,
}

/// The scope that may read.
pub const READ: &str = "scim.read";
/// The scope that may read and write.
pub const WRITE: &str = "scim.write";

/// A request of a token, read.
#[derive(Clone, Debug, Default)]
pub struct TokenRequest {
    /// Parameters of the form, each once.
    pub form: HashMap<String, String>,
    /// Client and secret of the `Authorization` field.
    pub basic: Option<(String, String)>,
}

/// What is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whether it may write.
    pub writes: bool,
    /// How long the token is good.
    pub lifetime: Duration,
    /// How long the answer says that it is.
    pub stated: Duration,
}

/// Why no token is given out (RFC 6749 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// HTTP status.
    pub status: u16,
    /// Keyword.
    pub code: &'static str,
    /// Text for a reader.
    pub description: &'static str,
}

/// Access tokens that were given out.
#[derive(Default)]
pub(super) struct Issued(Mutex<HashMap<String, (bool, Timestamp)>>);

/// How a presented token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Good, and whether it may write.
    Good(bool),
    /// It was good once.
    Expired,
}

impl Issued {
    /// How a token stands; none where it was not given out here.
    pub(super) fn standing(&self, presented: &str, now: Timestamp) -> Option<Standing> {
        let issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (writes, until) = issued.get(presented)?;
        Some(if now < *until {
            Standing::Good(*writes)
        } else {
            Standing::Expired
        })
    }

    fn add(&self, token: &str, writes: bool, until: Timestamp, now: Timestamp) {
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if issued.len() >= MOST {
            issued.retain(|_, (_, until)| now < *until);
        }
        issued.insert(token.to_owned(), (writes, until));
    }
}

/// Answers a request at the endpoint.
pub(super) fn answer(provider: &Provider, incoming: &Incoming, oauth: &OAuth) -> Reply {
    let mut reply = if incoming.method == Method::POST {
        let outcome = judge(provider, incoming, oauth).and_then(|grant| give(provider, grant));
        outcome.unwrap_or_else(refusal)
    } else {
        let mut headers = HeaderMap::new();
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        Reply {
            status: 405,
            headers,
            body: Content::Empty,
        }
    };
    for (name, value) in [("cache-control", "no-store"), ("pragma", "no-cache")] {
        reply.headers.insert(name, HeaderValue::from_static(value));
    }
    for fault in provider.faults() {
        fault.responded(incoming, &mut reply);
    }
    reply
}

/// Who asks and for what.
fn judge(provider: &Provider, incoming: &Incoming, oauth: &OAuth) -> Result<Grant, OAuthError> {
    let request = read(incoming)?;
    let mut granted = authenticated(&request, oauth).and_then(|()| grant(&request, oauth));
    for fault in provider.faults() {
        fault.granted(&request, &mut granted);
    }
    granted
}

const fn invalid(description: &'static str) -> OAuthError {
    OAuthError {
        status: 400,
        code: "invalid_request",
        description,
    }
}

const UNKNOWN_CLIENT: OAuthError = OAuthError {
    status: 401,
    code: "invalid_client",
    description: "the client is not known, or its credential is wrong",
};

fn read(incoming: &Incoming) -> Result<TokenRequest, OAuthError> {
    let media_type = incoming.headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    if !essence.is_some_and(|text| {
        text.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }) {
        return Err(invalid("the body is no form"));
    }
    if incoming.overflow {
        return Err(invalid("the body is too large"));
    }
    let mut form = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(&incoming.body) {
        // A parameter without a value is as good as none (RFC 6749 §3.2).
        if !value.is_empty() && form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(invalid("a parameter stands twice"));
        }
    }
    let mut fields = incoming.headers.get_all(header::AUTHORIZATION).iter();
    let basic = match (fields.next(), fields.next()) {
        (None, _) => None,
        (Some(_), Some(_)) => return Err(invalid("more than one Authorization field")),
        (Some(field), None) => Some(basic(field).ok_or(UNKNOWN_CLIENT)?),
    };
    Ok(TokenRequest { form, basic })
}

/// Client and secret of `Basic`, each of them encoded as in a form (RFC 6749 §2.3.1).
fn basic(field: &HeaderValue) -> Option<(String, String)> {
    let (scheme, credential) = field.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credential.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    };
    Some((decoded(id)?, decoded(secret)?))
}

fn authenticated(request: &TokenRequest, oauth: &OAuth) -> Result<(), OAuthError> {
    let named = |name: &str| request.form.get(name).map(String::as_str);
    if named("client_assertion").is_some() || named("client_assertion_type").is_some() {
        // No issuer of assertions is trusted here (RFC 7523 §3.2).
        return Err(UNKNOWN_CLIENT);
    }
    let (id, secret) = match (&request.basic, named("client_secret")) {
        (Some(_), Some(_)) => {
            return Err(invalid("the client authenticates in more than one way"));
        }
        (Some((id, secret)), None) => (id.as_str(), secret.as_str()),
        (None, Some(secret)) => (named("client_id").unwrap_or_default(), secret),
        (None, None) => return Err(UNKNOWN_CLIENT),
    };
    if id == oauth.client_id && oauth.client_secret.is(secret) {
        Ok(())
    } else {
        Err(UNKNOWN_CLIENT)
    }
}

fn grant(request: &TokenRequest, oauth: &OAuth) -> Result<Grant, OAuthError> {
    let named = |name: &str| request.form.get(name).map(String::as_str);
    match named("grant_type") {
        Some("client_credentials") => {}
        Some("refresh_token") => {
            let presented = named("refresh_token");
            let presented = presented.ok_or(invalid("there is no refresh_token"))?;
            let known = oauth.refresh_token.as_ref();
            if !known.is_some_and(|known| known.is(presented)) {
                return Err(OAuthError {
                    status: 400,
                    code: "invalid_grant",
                    description: "the refresh token is not known",
                });
            }
        }
        Some(_) => {
            return Err(OAuthError {
                status: 400,
                code: "unsupported_grant_type",
                description: "tokens are given out for client_credentials and refresh_token",
            });
        }
        None => return Err(invalid("there is no grant_type")),
    }
    let writes = match named("scope") {
        None => true,
        Some(scopes) => {
            let mut scopes = scopes.split_ascii_whitespace();
            let known = |scope: &str| scope == READ || scope == WRITE;
            if !scopes.clone().all(known) {
                return Err(OAuthError {
                    status: 400,
                    code: "invalid_scope",
                    description: "the scopes are scim.read and scim.write",
                });
            }
            scopes.any(|scope| scope == WRITE)
        }
    };
    Ok(Grant {
        writes,
        lifetime: oauth.lifetime,
        stated: oauth.lifetime,
    })
}

/// Makes a token and tells it.
fn give(provider: &Provider, grant: Grant) -> Result<Reply, OAuthError> {
    let failed = |_| OAuthError {
        status: 500,
        code: "server_error",
        description: "the system gives no random bytes",
    };
    let (high, low) = (
        getrandom::u64().map_err(failed)?,
        getrandom::u64().map_err(failed)?,
    );
    let token = format!("{high:016x}{low:016x}");
    let now = provider.settings().clock.now();
    let until = now + grant.lifetime;
    provider.issued().add(&token, grant.writes, until, now);
    let scope = if grant.writes {
        format!("{READ} {WRITE}")
    } else {
        READ.to_owned()
    };
    Ok(document(
        200,
        json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": grant.stated.as_secs(),
            "scope": scope,
        }),
    ))
}

fn refusal(error: OAuthError) -> Reply {
    let mut reply = document(
        error.status,
        json!({ "error": error.code, "error_description": error.description }),
    );
    if error.status == 401 {
        let challenge = HeaderValue::from_static("Basic realm=\"token\"");
        reply.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    reply
}

fn document(status: u16, value: Value) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    Reply {
        status,
        headers,
        body: Content::Document(value),
    }
}
