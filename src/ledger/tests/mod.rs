//! Guard, journal and clean-up against a target in memory that behaves in turn well and badly.

mod journal;
mod policy;
mod sweep;
mod target;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use self::target::{BASE, Manner, Target};
use super::*;
use crate::clock::Clock;
use crate::exchange::{Body, Exchange, Failure, FailureKind, Header, Request, Response, Timing};
use crate::session::{Auth, BoxFuture, Call, Content, Intent, Session, Via};

fn head() -> Head {
    Head {
        run: "run1".into(),
        base: BASE.into(),
        started: String::new(),
        remote: false,
    }
}

fn guard(manner: Manner, policy: Policy) -> (Arc<Target>, Guard) {
    let target = Target::new(manner);
    let ledger = Arc::new(Ledger::in_memory(head()));
    (Arc::clone(&target), Guard::new(target, ledger, policy))
}

fn call(method: &str, path: &str, body: &Value) -> Call {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let endpoints = ["/Users".to_owned(), "/Groups".to_owned()];
    let bytes = body.to_string().into_bytes();
    Call {
        case: "case".into(),
        step: "step".into(),
        intent: Intent::of(&method, path, &endpoints, Some(&bytes), "scimitar-run1"),
        method,
        path: path.into(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Some(Content {
            media_type: "application/scim+json".into(),
            bytes: Bytes::from(bytes),
        }),
        auth: Auth::Main,
        via: Via::default(),
    }
}

fn user(n: u32) -> Value {
    json!({"userName": format!("scimitar-run1-{n}@example.com")})
}

fn group(n: u32) -> Value {
    json!({"displayName": format!("scimitar-run1-g{n}")})
}

fn options() -> Options {
    Options {
        clock: Clock::virtual_now(),
        ..Options::default()
    }
}

async fn sweep(target: &Target, ledger: &Ledger) -> Swept {
    cleanup(target, ledger, &options()).await.unwrap()
}

/// Whether a call passes the guard of a policy; the status when it does.
async fn passes(guard: &Guard, method: &str, path: &str) -> Option<u16> {
    let exchange = guard.send(call(method, path, &json!({}))).await;
    match exchange.failure {
        Some(failure) => {
            assert_eq!(failure.kind, FailureKind::Guarded, "{method} {path}");
            None
        }
        None => exchange.status(),
    }
}
