//! The bearer token that the client gets by itself (RFC 6749 §4.4), and gets anew once it is over.
//!
//! Keeps labels only. Sends the client's credential to the token endpoint and nowhere else.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use tokio::sync::Mutex;
use url::form_urlencoded;

use super::sender::Client;
use super::settings::OAuth;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::session::{Auth, Call, Content, Intent, Key, Secret, Spot, To, Via};

/// How long before its end a token counts as over.
const LEEWAY: Duration = Duration::from_secs(10);

/// Gets tokens from a token endpoint.
#[derive(Debug)]
pub(super) struct Bearer {
    endpoint: Arc<Client>,
    oauth: OAuth,
    clock: Clock,
    held: Mutex<Option<Held>>,
}

/// A token.
#[derive(Clone, Debug)]
struct Held {
    label: String,
    until: Option<Timestamp>,
    /// Whether some answer was no 401: only then can a 401 mean that it is over.
    accepted: bool,
}

impl Bearer {
    pub(super) fn new(endpoint: Arc<Client>, oauth: OAuth, clock: Clock) -> Self {
        Self {
            endpoint,
            oauth,
            clock,
            held: Mutex::default(),
        }
    }

    /// The label of a token that is good for a while.
    ///
    /// # Errors
    /// Where the token endpoint gives none: why.
    pub(super) async fn label(&self) -> Result<String, String> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        let over = |held: &Held| held.until.is_some_and(|until| until <= now + LEEWAY);
        match held.as_ref() {
            Some(good) if !over(good) => Ok(good.label.clone()),
            _ => self.fetch(&mut held).await,
        }
    }

    /// Takes note of an answer: the label of another token to send the request again with, where the
    /// one that it was sent with is over.
    pub(super) async fn answered(&self, label: &str, status: u16) -> Option<String> {
        let mut held = self.held.lock().await;
        let current = held.as_mut()?;
        if status != 401 {
            current.accepted |= current.label == label;
            return None;
        }
        if current.label != label {
            return Some(current.label.clone());
        }
        if !current.accepted {
            return None;
        }
        self.fetch(&mut held).await.ok()
    }

    async fn fetch(&self, held: &mut Option<Held>) -> Result<String, String> {
        *held = None;
        let exchange = self.endpoint.carry(self.request()).await;
        let (label, lifetime) = read(&exchange)?;
        let until = lifetime.map(|lifetime| self.clock.now() + lifetime);
        *held = Some(Held {
            label: label.clone(),
            until,
            accepted: false,
        });
        Ok(label)
    }

    fn request(&self) -> Call {
        let oauth = &self.oauth;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = &oauth.scope {
            form.append_pair("scope", scope);
        }
        if oauth.in_body {
            form.append_pair("client_id", &oauth.client_id);
        }
        let mut body = form.finish();
        let mut auth = Auth::Header(format!("Basic {}", oauth.basic));
        if oauth.in_body {
            // The label stays as it is: what it stands for is encoded when it is sent.
            body.push_str("&client_secret=");
            body.push_str(&oauth.secret);
            auth = Auth::None;
        }
        Call {
            case: String::from("credential"),
            step: String::from("token"),
            method: Method::POST,
            path: self.oauth.tail.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(Content {
                media_type: String::from("application/x-www-form-urlencoded"),
                bytes: body.into(),
            }),
            auth,
            intent: Intent::Read,
            via: Via {
                to: To::TokenEndpoint,
                key: Key::None,
                secrets: vec![Secret {
                    name: String::from("access-token"),
                    at: Spot::Body(String::from("/access_token")),
                }],
                patience: None,
            },
        }
    }
}

/// Label and lifetime of the token in an answer.
fn read(exchange: &Exchange) -> Result<(String, Option<Duration>), String> {
    let url = &exchange.request.url;
    let Some(status) = exchange.status() else {
        let why = exchange.failure.as_ref();
        let why = why.map_or("no answer", |failure| failure.detail.as_str());
        return Err(format!("the token endpoint {url} can't be used: {why}"));
    };
    let text = |pointer: &str| {
        let json = exchange.json()?;
        json.pointer(pointer)?.as_str()
    };
    if status != 200 {
        let said = [text("/error"), text("/error_description")];
        let said: Vec<&str> = said.into_iter().flatten().collect();
        let said = match said.as_slice() {
            [] => String::new(),
            said => format!(" ({})", said.join(": ")),
        };
        return Err(format!("the token endpoint {url} answered {status}{said}"));
    }
    let label = text("/access_token").filter(|label| label.starts_with("‹secret:"));
    let label = label.ok_or_else(|| format!("the token endpoint {url} gave no access_token"))?;
    let lifetime = exchange.json().and_then(|json| json.get("expires_in"));
    let seconds = lifetime.and_then(|value| match value {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    });
    // A century is as good as for ever, and can be added to a date.
    let seconds = seconds.map(|seconds: u64| seconds.min(3_155_760_000));
    Ok((label.to_owned(), seconds.map(Duration::from_secs)))
}
