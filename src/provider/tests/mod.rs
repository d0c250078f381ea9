//! Tests of the provider over its in-process session: one file a feature.

mod bulk;
mod create;
mod cursor;
mod discovery;
mod patch;
mod query;
mod race;
mod serving;
mod token;
mod transport;
mod vectors;

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::{InProcess, Provider, Settings, Token};
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::scim::urn;
use crate::session::{Auth, Call, Content, Intent, Session, Via};

/// A client of a provider of its own.
struct Client {
    session: InProcess,
}

impl Client {
    fn new() -> Self {
        Self::with(Settings {
            clock: Clock::virtual_now(),
            ..Settings::default()
        })
    }

    fn clock(&self) -> &Clock {
        &self.session.provider().settings().clock
    }

    fn with(settings: Settings) -> Self {
        let settings = Settings {
            token: Some(Token::new("opensesame")),
            second_token: Some(Token::new("sesameopen")),
            ..settings
        };
        Self {
            session: Provider::new(settings).session(),
        }
    }

    async fn send(&self, call: Call) -> Answer {
        Answer(self.session.send(call).await)
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(call(Method::GET, path, None)).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(call(Method::DELETE, path, None)).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(call(Method::POST, path, Some(body))).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(call(Method::PUT, path, Some(body))).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
        self.send(call(Method::PATCH, path, Some(body))).await
    }

    /// Creates a user and answers its path.
    async fn user(&self, name: &str, with: Value) -> String {
        let mut body = json!({ "schemas": [urn::USER], "userName": name });
        merge(&mut body, with);
        let answer = self.post("/Users", body).await;
        answer.is(201);
        format!("/Users/{}", answer.text("/id"))
    }

    /// Creates a group of the resources at these paths and answers its path.
    async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members
            .iter()
            .map(|path| json!({ "value": id(path) }))
            .collect();
        let body = json!({ "schemas": [urn::GROUP], "displayName": name, "members": members });
        let answer = self.post("/Groups", body).await;
        answer.is(201);
        format!("/Groups/{}", answer.text("/id"))
    }

    /// userNames or displayNames of the resources that a query selects.
    async fn names(&self, path: &str) -> Vec<String> {
        let answer = self.get(path).await;
        answer.is(200);
        answer.names()
    }
}

/// The answer to one call.
struct Answer(Exchange);

impl Answer {
    #[track_caller]
    fn is(&self, status: u16) -> &Self {
        assert_eq!(self.0.status(), Some(status), "{:#?}", self.0);
        self
    }

    #[track_caller]
    fn fails(&self, status: u16, keyword: &str) -> &Self {
        self.is(status);
        assert_eq!(self.at("/schemas/0"), urn::ERROR);
        assert_eq!(self.at("/status"), status.to_string());
        let found = self.at("/scimType");
        assert_eq!(found.as_str().unwrap_or(""), keyword, "{:#?}", self.0);
        self
    }

    /// The value at a JSON Pointer, null where there is none.
    fn at(&self, pointer: &str) -> Value {
        let body = self.0.json().unwrap_or(&Value::Null);
        body.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or("").to_owned()
    }

    fn header(&self, name: &str) -> String {
        let response = self.0.response.as_ref().unwrap();
        response.header(name).unwrap_or("").to_owned()
    }

    fn names(&self) -> Vec<String> {
        let resources = self.at("/Resources");
        let name = |resource: &Value| {
            let name = resource.get("userName").or(resource.get("displayName"));
            name.and_then(Value::as_str).unwrap_or("").to_owned()
        };
        resources
            .as_array()
            .into_iter()
            .flatten()
            .map(name)
            .collect()
    }
}

fn call(method: Method, path: &str, body: Option<Value>) -> Call {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Call {
        case: String::new(),
        step: String::new(),
        method,
        path: path.to_owned(),
        query: query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        headers: Vec::new(),
        body: body.map(|body| Content {
            media_type: String::from("application/scim+json"),
            bytes: Bytes::from(body.to_string()),
        }),
        auth: Auth::Main,
        via: Via::default(),
        intent: Intent::Read,
    }
}

fn with_header(mut call: Call, name: &str, value: &str) -> Call {
    call.headers.push((name.to_owned(), value.to_owned()));
    call
}

fn merge(body: &mut Value, with: Value) {
    if let (Some(body), Value::Object(with)) = (body.as_object_mut(), with) {
        body.extend(with);
    }
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}
