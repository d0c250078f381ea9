//! A provider that repeats every secret it was sent, wherever and however it can, and that points
//! to a second listener which nobody may call.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use scimitar::provider::{Provider, Settings, Token};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::search::forms;

/// Requests that are answered soundly at first, so that the run gets past its preflight.
const CIVIL: usize = 30;

/// How the provider behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As a provider that repeats secrets, and now and then with a redirect, a page or broken JSON.
    Echoing,
    /// 401 to everything.
    Refusing,
    /// A page to everything.
    Page,
    /// A redirect to everything.
    Redirecting,
}

/// The provider, while the test process lives.
pub(super) struct Hostile {
    /// Base URL.
    pub(super) base: String,
    shared: Arc<Shared>,
    elsewhere: TcpListener,
}

struct Shared {
    mode: Mode,
    router: axum::Router,
    elsewhere: String,
    seen: Mutex<Seen>,
}

#[derive(Clone, Default)]
struct Seen {
    requests: usize,
    credentials: BTreeSet<String>,
    passwords: BTreeSet<String>,
    echoed: BTreeMap<&'static str, usize>,
}

impl Hostile {
    /// Starts one that accepts these two tokens.
    pub(super) fn start(mode: Mode, tokens: [&str; 2]) -> Self {
        let elsewhere = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let provider = Provider::new(Settings {
            token: Some(Token::new(tokens[0])),
            second_token: Some(Token::new(tokens[1])),
            ..Settings::default()
        });
        let shared = Arc::new(Shared {
            mode,
            router: provider.router(),
            elsewhere: format!("http://{}", elsewhere.local_addr().unwrap()),
            seen: Mutex::default(),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self {
            base,
            shared,
            elsewhere,
        }
    }

    /// Every secret that it was sent.
    pub(super) fn secrets(&self) -> Vec<String> {
        let seen = self.shared.seen.lock().unwrap().clone();
        seen.credentials.into_iter().chain(seen.passwords).collect()
    }

    /// The passwords that it was sent.
    pub(super) fn passwords(&self) -> usize {
        self.shared.seen.lock().unwrap().passwords.len()
    }

    /// How many answers repeated secrets in this kind of place.
    pub(super) fn echoed(&self, kind: &str) -> usize {
        let seen = self.shared.seen.lock().unwrap();
        seen.echoed.get(kind).copied().unwrap_or_default()
    }

    /// Asserts that nobody followed a redirect or a link.
    #[track_caller]
    pub(super) fn assert_alone(&self) {
        let called = self
            .elsewhere
            .accept()
            .map(|_| "the second listener was called");
        assert_eq!(called.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let (n, secrets) = shared.note(&parts.headers, &body);
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let inner = Request::from_parts(parts, Body::from(body));
    let sound = shared.router.clone().oneshot(inner).await.unwrap();
    let discovery =
        path.contains("Schemas") || path.contains("Config") || path.contains("ResourceTypes");
    let civil = n < CIVIL || discovery || method == Method::DELETE;
    let odd = if civil { 0 } else { n % 10 };
    match (shared.mode, odd) {
        (Mode::Refusing, _) => shared.refusal(&secrets),
        (Mode::Page, _) | (Mode::Echoing, 3) => shared.page(&secrets),
        (Mode::Redirecting, _) | (Mode::Echoing, 5) => shared.redirect(n, &secrets),
        (Mode::Echoing, 7) => shared.broken(&secrets),
        (Mode::Echoing, _) => shared.tainted(n, sound, &secrets).await,
    }
}

impl Shared {
    /// The number of the request, and two of the secrets known after it, others each time.
    fn note(&self, headers: &HeaderMap, body: &Bytes) -> (usize, Vec<String>) {
        let mut seen = self.seen.lock().unwrap();
        seen.requests += 1;
        for name in ["authorization", "x-tenant-key"] {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            let Some(value) = value else { continue };
            let secret = value
                .split_once(' ')
                .map_or(value, |(_, token)| token)
                .trim();
            // What scenarios send as wrong credentials is no secret.
            if secret.contains("canary") {
                seen.credentials.insert(secret.to_owned());
            }
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        passwords(&body, &mut seen.passwords);
        let all = seen.credentials.iter().chain(&seen.passwords);
        let skip = seen.requests % all.clone().count().max(1);
        let two = all.clone().cycle().skip(skip).take(2).cloned().collect();
        (seen.requests, two)
    }

    fn count(&self, kind: &'static str) {
        *self.seen.lock().unwrap().echoed.entry(kind).or_default() += 1;
    }

    fn refusal(&self, secrets: &[String]) -> Response<Body> {
        self.count("error");
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "401",
            "detail": mixed(secrets),
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        self.head(response, secrets, "application/scim+json")
    }

    fn page(&self, secrets: &[String]) -> Response<Body> {
        self.count("page");
        let text = mixed(secrets);
        let body = format!("<html><title>{text}</title><pre>{text}</pre></html>");
        let response = Response::new(Body::from(body));
        self.head(response, secrets, "text/html")
    }

    fn redirect(&self, n: usize, secrets: &[String]) -> Response<Body> {
        self.count("redirect");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = if n % 20 < 10 {
            StatusCode::FOUND
        } else {
            StatusCode::TEMPORARY_REDIRECT
        };
        let query: String =
            url::form_urlencoded::byte_serialize(mixed(secrets).as_bytes()).collect();
        let to = format!("{}/v2/Users?access_token={query}", self.elsewhere);
        response
            .headers_mut()
            .insert(header::LOCATION, to.parse().unwrap());
        self.head(response, secrets, "text/plain")
    }

    fn broken(&self, secrets: &[String]) -> Response<Body> {
        self.count("broken");
        let first = serde_json::to_string(secrets.first().map_or("", |it| it)).unwrap();
        let mixed = serde_json::to_string(&mixed(secrets)).unwrap();
        let body = format!(
            "{{\"id\": {first}, {first}: 1, {first}: 2, \"displayName\": {mixed}, \"password\": {mixed}, oops"
        );
        self.head(
            Response::new(Body::from(body)),
            secrets,
            "application/scim+json",
        )
    }

    async fn tainted(&self, n: usize, sound: Response<Body>, secrets: &[String]) -> Response<Body> {
        let (parts, body) = sound.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = match serde_json::from_slice::<Value>(&body) {
            Ok(mut value) => {
                self.taint(n, &mut value, secrets);
                Bytes::from(escaped(n, value.to_string(), secrets))
            }
            Err(_) => body,
        };
        let mut response = Response::from_parts(parts, Body::from(body));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        self.head(response, secrets, "")
    }

    /// Secrets in header fields.
    fn head(
        &self,
        mut response: Response<Body>,
        secrets: &[String],
        media_type: &str,
    ) -> Response<Body> {
        let headers = response.headers_mut();
        if !media_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, media_type.parse().unwrap());
        }
        let mut add = |name: &str, value: &str| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        };
        add("x-all", &mixed(secrets));
        for secret in secrets {
            add("authorization", &format!("Bearer {secret}"));
            add("set-cookie", &format!("{secret}={secret}; Path=/{secret}"));
            add("x-bracketed", &format!("‹secret:{secret}›"));
            add(
                "link",
                &format!("<{}/?token={secret}>; rel=next", self.elsewhere),
            );
        }
        self.count("header");
        response
    }

    /// Secrets in a document.
    fn taint(&self, n: usize, value: &mut Value, secrets: &[String]) {
        if let Some(resources) = value.get_mut("Resources").and_then(Value::as_array_mut) {
            for resource in resources {
                self.taint(n, resource, secrets);
            }
            value["nextPage"] = json!(format!("{}/v2/Users?startIndex=2", self.elsewhere));
            return;
        }
        let Some(members) = value.as_object_mut() else {
            return;
        };
        let first = secrets.first().cloned().unwrap_or_default();
        if members.contains_key("detail") {
            self.count("error");
            members.insert("detail".to_owned(), json!(mixed(secrets)));
        } else if members.contains_key("userName") {
            self.count("resource");
            let last = secrets.last().cloned().unwrap_or_default();
            members.insert("displayName".to_owned(), json!(first));
            members.insert("title".to_owned(), json!(mixed(secrets)));
            members.insert("nickName".to_owned(), json!(format!("‹secret:{last}›")));
            members.insert(
                "password".to_owned(),
                if n.is_multiple_of(2) {
                    json!({first.as_str(): last})
                } else {
                    json!(last)
                },
            );
            members.insert("emails".to_owned(), json!([{first.as_str(): 1, "value": format!("{last}@x.example"), "$ref": self.elsewhere}]));
            members.insert(
                "groups".to_owned(),
                json!([{"value": last, "$ref": format!("{}/v2/Groups/1", self.elsewhere)}]),
            );
            if let Some(meta) = members.get_mut("meta") {
                meta["location"] = json!(format!("{}/v2/Users/1?x={first}", self.elsewhere));
                meta["version"] = json!(format!("W/\"{first}\""));
            }
        } else {
            members.insert("description".to_owned(), json!(mixed(secrets)));
            members.insert(
                "documentationUri".to_owned(),
                json!(format!("{}/{first}", self.elsewhere)),
            );
        }
    }
}

/// Secrets in all encodings.
fn mixed(secrets: &[String]) -> String {
    let all = secrets.iter().flat_map(|secret| {
        let lead = [
            format!("Bearer {secret}"),
            format!("xBearer {secret}"),
            format!("xxBearer {secret}:"),
        ];
        let lead = lead.map(|text| forms(&text)[1].1.clone());
        forms(secret).into_iter().map(|(_, form)| form).chain(lead)
    });
    all.collect::<Vec<_>>().join(" ")
}

/// Writes secrets in JSON with escapes, in some answers.
fn escaped(n: usize, mut text: String, secrets: &[String]) -> String {
    if n.is_multiple_of(3) {
        for secret in secrets {
            let quoted = serde_json::to_string(secret).unwrap();
            let escapes: String = secret
                .bytes()
                .map(|byte| format!("\\u00{byte:02x}"))
                .collect();
            text = text.replace(&quoted, &format!("\"{escapes}\""));
        }
    }
    text
}

/// All passwords in a request: members of that name, and values of operations with such a path.
fn passwords(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| passwords(item, into)),
        Value::Object(members) => {
            let patched = members.get("path").and_then(Value::as_str) == Some("password");
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "password" || patched && name == "value" => {
                        into.insert(text.clone());
                    }
                    other => passwords(other, into),
                }
            }
        }
        _ => {}
    }
}
