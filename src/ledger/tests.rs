//! Guard, journal and clean-up against a target in memory that behaves in turn well and badly.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;
use crate::exchange::{Body, Exchange, Failure, FailureKind, Header, Request, Response, Timing};
use crate::session::{Auth, BoxFuture, Call, Content, Intent, Session};

const BASE: &str = "https://idp.example/scim";

/// How the target in memory misbehaves.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    /// POST stores and then does not answer.
    silent_post: bool,
    /// POST answers without a body.
    bare_post: bool,
    /// POST answers with the id of a resource that was there before.
    foreign_post: bool,
    /// Filters are ignored.
    ignores_filters: bool,
    /// Filters are refused.
    refuses_filters: bool,
    /// Only `eq` is understood.
    only_eq: bool,
    /// DELETE answers 204 and keeps the resource readable.
    keeps: bool,
    /// DELETE is refused.
    refuses_delete: bool,
    /// The first so many DELETEs answer 500.
    failing_deletes: usize,
}

#[derive(Default)]
struct Target {
    manner: Manner,
    resources: Mutex<BTreeMap<String, Value>>,
    log: Mutex<Vec<String>>,
}

impl Target {
    fn new(manner: Manner) -> Arc<Self> {
        let target = Self {
            manner,
            ..Self::default()
        };
        target.put(
            "/Users/boss",
            json!({"id": "boss", "userName": "boss@idp.example"}),
        );
        Arc::new(target)
    }

    fn put(&self, path: &str, resource: Value) {
        self.resources
            .lock()
            .unwrap()
            .insert(path.to_owned(), resource);
    }

    fn paths(&self) -> Vec<String> {
        self.resources.lock().unwrap().keys().cloned().collect()
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    fn answer(&self, call: &Call) -> Result<(u16, Option<String>, Value), FailureKind> {
        let mut resources = self.resources.lock().unwrap();
        let body: Value = call
            .body
            .as_ref()
            .and_then(|content| serde_json::from_slice(&content.bytes).ok())
            .unwrap_or_default();
        let found = resources.get(&call.path).cloned();
        match call.method.as_str() {
            "POST" if call.path == "/Bulk" => Ok((200, None, Self::bulk(&mut resources, &body))),
            "POST" if body["userName"] == "taken" => Ok((409, None, json!({}))),
            "POST" => {
                let (path, made) = store(&mut resources, &call.path, &body);
                if self.manner.silent_post {
                    return Err(FailureKind::HeaderTimeout);
                }
                let location = Some(format!("{BASE}{path}"));
                if self.manner.bare_post {
                    return Ok((201, location, Value::Null));
                }
                if self.manner.foreign_post {
                    return Ok((201, None, resources["/Users/boss"].clone()));
                }
                Ok((201, location, made))
            }
            "GET" if found.is_some() => Ok((200, None, found.unwrap_or_default())),
            "GET" if call.path.matches('/').count() == 1 => {
                let filter = call.query.iter().find(|(name, _)| name == "filter");
                let beyond = filter.is_some_and(|(_, filter)| !filter.contains(" eq "));
                if filter.is_some() && self.manner.refuses_filters || beyond && self.manner.only_eq
                {
                    return Ok((400, None, json!({})));
                }
                let wanted = filter.filter(|_| !self.manner.ignores_filters);
                let list: Vec<Value> = resources
                    .iter()
                    .filter(|(path, _)| path.starts_with(&call.path))
                    .map(|(_, resource)| resource.clone())
                    .filter(|resource| wanted.is_none_or(|(_, filter)| matches(filter, resource)))
                    .collect();
                Ok((
                    200,
                    None,
                    json!({"totalResults": list.len(), "Resources": list}),
                ))
            }
            "DELETE" if self.manner.refuses_delete => Ok((405, None, Value::Null)),
            "DELETE" if found.is_some() => {
                let tries = self.log.lock().unwrap();
                let tries = tries
                    .iter()
                    .filter(|line| line.starts_with("DELETE"))
                    .count();
                if tries <= self.manner.failing_deletes {
                    return Ok((500, None, Value::Null));
                }
                if !self.manner.keeps {
                    resources.remove(&call.path);
                }
                Ok((204, None, Value::Null))
            }
            "PUT" | "PATCH" if found.is_some() => Ok((200, None, body)),
            _ => Ok((404, None, json!({}))),
        }
    }

    fn bulk(resources: &mut BTreeMap<String, Value>, body: &Value) -> Value {
        let answers: Vec<Value> = body["Operations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|operation| match operation["method"].as_str() {
                Some("POST") if operation["data"]["userName"] == "taken" => {
                    json!({"method": "POST", "status": "409"})
                }
                Some("POST") => {
                    let endpoint = operation["path"].as_str().unwrap();
                    let (path, _) = store(resources, endpoint, &operation["data"]);
                    json!({"method": "POST", "status": "201", "location": format!("{BASE}{path}")})
                }
                _ => {
                    resources.remove(operation["path"].as_str().unwrap());
                    json!({"method": "DELETE", "status": "204"})
                }
            })
            .collect();
        json!({"Operations": answers})
    }
}

fn store(resources: &mut BTreeMap<String, Value>, endpoint: &str, body: &Value) -> (String, Value) {
    let id = format!("id{}", resources.len());
    let mut made = body.clone();
    made["id"] = id.clone().into();
    let path = format!("{endpoint}/{id}");
    resources.insert(path.clone(), made.clone());
    (path, made)
}

fn matches(filter: &str, resource: &Value) -> bool {
    let mut parts = filter.splitn(3, ' ');
    let (name, operator, value) = (parts.next(), parts.next(), parts.next());
    let value: String = serde_json::from_str(value.unwrap()).unwrap();
    let held = resource[name.unwrap()].as_str().unwrap_or_default();
    match operator {
        Some("eq") => held == value,
        _ => held.starts_with(&value),
    }
}

impl Session for Target {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        self.log
            .lock()
            .unwrap()
            .push(format!("{} {}", call.method, call.path));
        let answer = self.answer(&call);
        let mut exchange = Exchange {
            n: 0,
            case: call.case,
            step: call.step,
            request: Request::default(),
            response: None,
            failure: None,
            timing: Timing::default(),
        };
        match answer {
            Ok((status, location, body)) => {
                let name = "Location".to_owned();
                exchange.response = Some(Response {
                    status,
                    headers: location
                        .into_iter()
                        .map(|value| Header {
                            name: name.clone(),
                            value,
                        })
                        .collect(),
                    body: Body {
                        json: (!body.is_null()).then(|| Arc::new(body)),
                        ..Body::default()
                    },
                    ..Response::default()
                });
            }
            Err(kind) => {
                exchange.failure = Some(Failure {
                    kind,
                    detail: "timed out".into(),
                    status: None,
                });
            }
        }
        Box::pin(std::future::ready(exchange))
    }

    fn base_url(&self) -> &'static str {
        BASE
    }
}

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

#[tokio::test]
async fn only_what_is_ours_may_be_written() {
    let (target, guard) = guard(Manner::default(), Policy::default());
    let made = guard.send(call("POST", "/Users", &user(1))).await;
    let ours = format!("/Users/{}", made.json().unwrap()["id"].as_str().unwrap());
    guard.mint("made-up-id");
    let table = [
        ("GET", "/Users/boss", true),
        ("HEAD", "/Users", true),
        ("POST", "/Users/.search", true),
        ("PUT", "/Users/boss", false),
        ("PATCH", "/Users/boss", false),
        ("DELETE", "/Users/boss", false),
        ("DELETE", "/Groups/made-up", false),
        ("PUT", ours.as_str(), true),
        ("PATCH", ours.as_str(), true),
        ("DELETE", ours.as_str(), true),
        ("DELETE", ours.as_str(), true),
        ("PATCH", ours.as_str(), true),
        ("DELETE", "/Users/made-up-id", true),
        ("PUT", "/Users", false),
        ("DELETE", "/Users", false),
        ("DELETE", "", false),
        ("DELETE", "/Me", false),
        ("POST", "/Me", false),
        ("POST", "/Users/boss", false),
        ("POST", ours.as_str(), true),
        ("POST", "/ServiceProviderConfig", false),
        ("DELETE", "/Schemas/urn:x", false),
        ("POST", "/Unknown", false),
        ("POST", "/made-up-id", true),
    ];
    for (method, path, expected) in table {
        assert_eq!(
            passes(&guard, method, path).await.is_some(),
            expected,
            "{method} {path}"
        );
    }
    assert!(target.paths().contains(&"/Users/boss".to_owned()));
}

#[tokio::test]
async fn policies_open_and_close_the_guard() {
    let embedded = Policy {
        embedded: true,
        ..Policy::default()
    };
    let (_, open) = guard(Manner::default(), embedded);
    for (method, path) in [
        ("PUT", "/Users"),
        ("DELETE", "/Me"),
        ("POST", "/Schemas"),
        ("DELETE", ""),
    ] {
        assert!(
            passes(&open, method, path).await.is_some(),
            "{method} {path}"
        );
    }
    assert!(passes(&open, "DELETE", "/Users/boss").await.is_none());
    let bold = Policy {
        probe_level: 2,
        ..Policy::default()
    };
    let (_, bold) = guard(Manner::default(), bold);
    assert!(passes(&bold, "POST", "/Schemas").await.is_some());
    assert!(passes(&bold, "DELETE", "/Users").await.is_none());
    let read_only = Policy {
        embedded: true,
        read_only: true,
        probe_level: 3,
    };
    let (target, closed) = guard(Manner::default(), read_only);
    for (method, path) in [
        ("POST", "/Users"),
        ("POST", "/Bulk"),
        ("POST", "/Schemas"),
        ("PUT", "/Users"),
    ] {
        assert!(
            passes(&closed, method, path).await.is_none(),
            "{method} {path}"
        );
    }
    assert!(passes(&closed, "GET", "/Users").await.is_some());
    assert_eq!(target.log(), ["GET /Users"]);
}

#[tokio::test]
async fn a_call_that_lies_about_its_intent_is_refused() {
    let (target, guard) = guard(Manner::default(), Policy::default());
    guard.mint("mine");
    let lies = [
        ("DELETE", "/Users/boss", Intent::Read),
        ("POST", "/Users", Intent::Read),
        (
            "DELETE",
            "/Users/boss",
            Intent::Write {
                endpoint: "/Users".into(),
                id: "mine".into(),
            },
        ),
        (
            "PUT",
            "/Users/boss",
            Intent::Create {
                endpoint: "/Users".into(),
                marker: "m".into(),
            },
        ),
        (
            "POST",
            "/Groups",
            Intent::Create {
                endpoint: "/Users".into(),
                marker: "m".into(),
            },
        ),
    ];
    for (method, path, intent) in lies {
        let mut call = call(method, path, &json!({}));
        call.intent = intent;
        let failure = guard.send(call).await.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Guarded, "{method} {path}");
    }
    assert!(target.log().is_empty());
}

#[tokio::test]
async fn a_foreign_id_in_an_answer_is_never_touched() {
    let manner = Manner {
        foreign_post: true,
        ..Manner::default()
    };
    let (target, guard) = guard(manner, Policy::default());
    guard.send(call("POST", "/Users", &user(1))).await;
    assert!(passes(&guard, "DELETE", "/Users/boss").await.is_none());
    sweep(&target, guard.ledger()).await;
    assert_eq!(target.paths(), ["/Users/boss"]);
    assert!(!target.log().iter().any(|line| line == "DELETE /Users/boss"));

    // Where nothing can be found that carries the marker, it is said.
    let (target, guard) = self::guard(manner, Policy::default());
    guard
        .send(call("POST", "/Users", &json!({"nickName": "unmarked"})))
        .await;
    let swept = sweep(&target, guard.ledger()).await;
    assert_eq!(swept.leftover.len(), 1);
    assert!(
        swept.leftover[0].reason.contains("boss"),
        "{:?}",
        swept.leftover
    );
    assert!(target.paths().contains(&"/Users/boss".to_owned()));
}

#[tokio::test]
async fn an_unmarked_create_is_ours_when_it_was_not_there_before() {
    let (target, guard) = guard(Manner::default(), Policy::default());
    let unmarked = json!({"userName": "plain"});
    guard.send(call("POST", "/Users", &unmarked)).await;
    assert_eq!(target.log(), ["GET /Users", "POST /Users"]);
    assert_eq!(passes(&guard, "DELETE", "/Users/id1").await, Some(204));
    sweep(&target, guard.ledger()).await;
    assert_eq!(target.paths(), ["/Users/boss"]);
}

#[tokio::test]
async fn an_unmarked_create_without_an_answer_made_nothing_where_nothing_is_new() {
    let check = async |resource: Value, left: usize| {
        let target = Target::new(Manner::default());
        target.put("/Users/boss", resource);
        let ledger = Ledger::in_memory(Head {
            started: "2026-11-22T12:00:00.000Z".into(),
            ..head()
        });
        ledger.intend(&[("/Users", "")]).await.unwrap();
        let swept = sweep(&target, &ledger).await;
        assert_eq!(swept.leftover.len(), left, "{:?}", swept.leftover);
        assert_eq!(target.paths(), ["/Users/boss"]);
    };
    let made = |at: &str| json!({"id": "boss", "userName": "boss", "meta": {"created": at}});
    check(made("2026-11-22T10:00:00Z"), 0).await;
    check(made("2026-11-22T11:30:00Z"), 1).await;
    check(made("2026-11-22T12:00:01Z"), 1).await;
    check(json!({"id": "boss", "userName": "boss"}), 1).await;
}

#[tokio::test]
async fn an_answer_without_a_body_is_looked_at_before_it_counts() {
    let manner = Manner {
        bare_post: true,
        ..Manner::default()
    };
    let (target, guard) = guard(manner, Policy::default());
    guard.send(call("POST", "/Users", &user(1))).await;
    assert_eq!(target.log(), ["POST /Users", "GET /Users/id1"]);
    assert_eq!(guard.ledger().fate("/Users", "id1"), Some(Fate::Live));
    assert_eq!(passes(&guard, "DELETE", "/Users/id1").await, Some(204));
}

/// Creates two users and a group, then cleans up; gives what is left in the target.
async fn leaves(manner: Manner) -> (Vec<String>, Swept, Arc<Target>) {
    let (target, guard) = guard(manner, Policy::default());
    for body in [user(1), user(2)] {
        guard.send(call("POST", "/Users", &body)).await;
    }
    guard.send(call("POST", "/Groups", &group(1))).await;
    guard
        .send(call("POST", "/Users", &json!({"userName": "taken"})))
        .await;
    let swept = sweep(&target, guard.ledger()).await;
    (target.paths(), swept, target)
}

#[tokio::test]
async fn clean_up_leaves_the_target_as_it_was() {
    let (left, swept, target) = leaves(Manner::default()).await;
    assert_eq!(left, ["/Users/boss"]);
    assert_eq!(
        (swept.created, swept.deleted, swept.leftover),
        (3, 3, vec![])
    );
    let deletes: Vec<String> = target
        .log()
        .into_iter()
        .filter(|line| line.starts_with("DELETE"))
        .collect();
    assert_eq!(
        deletes,
        [
            "DELETE /Groups/id3",
            "DELETE /Users/id2",
            "DELETE /Users/id1"
        ]
    );
    let manners = [
        Manner {
            silent_post: true,
            ..Manner::default()
        },
        Manner {
            silent_post: true,
            ignores_filters: true,
            ..Manner::default()
        },
        Manner {
            silent_post: true,
            refuses_filters: true,
            ..Manner::default()
        },
        Manner {
            bare_post: true,
            ..Manner::default()
        },
        Manner {
            failing_deletes: 2,
            ..Manner::default()
        },
    ];
    for manner in manners {
        let (left, swept, _) = leaves(manner).await;
        assert_eq!(left, ["/Users/boss"], "{manner:?}");
        assert_eq!(
            (swept.created, swept.deleted, swept.leftover),
            (3, 3, vec![]),
            "{manner:?}"
        );
    }
}

#[tokio::test]
async fn what_can_not_be_removed_is_said() {
    let check = async |manner: Manner, part: &str| {
        let (_, swept, _) = leaves(manner).await;
        assert_eq!(
            (swept.created, swept.deleted, swept.leftover.len()),
            (3, 0, 3),
            "{manner:?}"
        );
        assert!(
            swept.leftover.iter().all(|left| left.reason.contains(part)),
            "{swept:?}"
        );
    };
    check(
        Manner {
            keeps: true,
            ..Manner::default()
        },
        "still readable after DELETE answered 204",
    )
    .await;
    check(
        Manner {
            refuses_delete: true,
            ..Manner::default()
        },
        "DELETE answered 405",
    )
    .await;
    check(
        Manner {
            failing_deletes: 99,
            ..Manner::default()
        },
        "status 500",
    )
    .await;
}

#[tokio::test]
async fn what_a_case_deleted_is_looked_at_again() {
    let (target, guard) = guard(
        Manner {
            keeps: true,
            ..Manner::default()
        },
        Policy::default(),
    );
    guard.send(call("POST", "/Users", &user(1))).await;
    assert_eq!(passes(&guard, "DELETE", "/Users/id1").await, Some(204));
    let swept = sweep(&target, guard.ledger()).await;
    assert_eq!(swept.leftover.len(), 1);
    assert!(
        swept.leftover[0].reason.contains("still readable"),
        "{swept:?}"
    );
}

#[tokio::test]
async fn bulk_creates_are_journalled_one_by_one() {
    let (target, guard) = guard(Manner::default(), Policy::default());
    let body = json!({"Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user(1)},
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "taken"}},
        {"method": "POST", "path": "/Groups", "bulkId": "c", "data": group(1)}]});
    guard.send(call("POST", "/Bulk", &body)).await;
    assert_eq!(guard.ledger().fate("/Users", "id1"), Some(Fate::Live));
    assert_eq!(guard.ledger().fate("/Groups", "id2"), Some(Fate::Live));
    assert!(guard.ledger().unresolved().is_empty());
    let body = json!({"Operations": [{"method": "DELETE", "path": "/Users/id1"}]});
    guard.send(call("POST", "/Bulk", &body)).await;
    assert_eq!(guard.ledger().fate("/Users", "id1"), Some(Fate::Deleted));
    let body = json!({"Operations": [{"method": "DELETE", "path": "/Users/boss"}]});
    let exchange = guard.send(call("POST", "/Bulk", &body)).await;
    assert_eq!(exchange.failure.unwrap().kind, FailureKind::Guarded);
    sweep(&target, guard.ledger()).await;
    assert_eq!(target.paths(), ["/Users/boss"]);
}

#[tokio::test]
async fn an_announced_space_is_swept_by_its_prefix() {
    sweeps_space(Manner::default()).await;
    sweeps_space(Manner {
        only_eq: true,
        ..Manner::default()
    })
    .await;
}

async fn sweeps_space(manner: Manner) {
    let target = Target::new(manner);
    let ledger = Ledger::in_memory(head());
    ledger
        .reserve("/Users", "scimitar-run1-load-", 100)
        .await
        .unwrap();
    for n in 0..7 {
        let id = format!("l{n}");
        target.put(
            &format!("/Users/{id}"),
            json!({"id": id, "userName": format!("scimitar-run1-load-{n}")}),
        );
    }
    ledger.own("/Users", vec!["l0".into(), "l1".into()]);
    let swept = sweep(&target, &ledger).await;
    assert_eq!(
        (swept.created, swept.deleted, swept.leftover),
        (7, 7, vec![])
    );
    assert_eq!(target.paths(), ["/Users/boss"]);
}

#[tokio::test]
async fn another_target_is_refused_and_no_time_leaves_all_behind() {
    let target = Target::new(Manner::default());
    let other = Head {
        base: "https://other.example".into(),
        ..head()
    };
    let error = cleanup(&*target, &Ledger::in_memory(other), &options())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("written for https://other.example"),
        "{error}"
    );
    let ledger = Ledger::in_memory(head());
    ledger.own("/Users", vec!["x".into()]);
    let hurried = Options {
        budget: Duration::ZERO,
        ..options()
    };
    let swept = cleanup(&*target, &ledger, &hurried).await.unwrap();
    assert!(swept.leftover[0].reason.contains("no time"), "{swept:?}");
    assert!(target.log().is_empty());
}

#[tokio::test]
async fn a_journal_survives_a_kill_and_ends_when_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = default_path(folder.path(), "run1");
    let target = Target::new(Manner {
        silent_post: true,
        ..Manner::default()
    });
    {
        let ledger = Arc::new(
            Ledger::create(
                &path,
                Head {
                    remote: true,
                    ..head()
                },
            )
            .unwrap(),
        );
        let guard = Guard::new(target.clone(), Arc::clone(&ledger), Policy::default());
        guard.send(call("POST", "/Users", &user(1))).await;
        assert!(matches!(Ledger::open(&path), Err(LedgerError::Locked(_))));
        assert!(matches!(
            Ledger::create(&path, head()),
            Err(LedgerError::Io { .. })
        ));
    }
    // The kill came in the middle of a line.
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(b"{\"kind\":\"created\",\"n\":1,\"i")
        .unwrap();
    assert_eq!(open_journals(folder.path()).unwrap(), vec![path.clone()]);
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.unresolved().len(), 1);
    let swept = sweep(&target, &ledger).await;
    assert_eq!(
        (swept.created, swept.deleted, swept.leftover),
        (1, 1, vec![])
    );
    assert_eq!(target.paths(), ["/Users/boss"]);
    assert!(ledger.close().unwrap());
    assert!(!path.exists());
    assert!(open_journals(folder.path()).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn a_journal_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = default_path(folder.path(), "run1");
    let _ledger = Ledger::create(&path, head()).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn what_is_no_journal_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    let check = |text: &str, part: &str| {
        std::fs::write(&path, text).unwrap();
        let message = Ledger::open(&path).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    let open =
        r#"{"kind":"open","version":1,"run":"r","base":"https://x","started":"","remote":false}"#;
    check("", "does not begin as a journal");
    check("{\"kind\":\"complete\"}\n", "does not begin as a journal");
    check(
        &format!("{open}\nnonsense\n{{\"kind\":\"complete\"}}\n"),
        "line 2",
    );
    check(
        &open.replace(":1", ":9").replace('}', "}\n"),
        "has version 9",
    );
    std::fs::remove_file(&path).unwrap();
    let message = Ledger::open(&path).unwrap_err().to_string();
    assert!(message.contains("x.jsonl"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever byte a crash cuts at, what was whole is kept and writing can go on.
    #[test]
    fn a_journal_cut_anywhere_reads_as_its_whole_lines(cut in 0_usize..600) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ledger = Ledger::create(&path, head()).unwrap();
        let first = std::fs::read(&path).unwrap().len();
        let creates = [("/Users", "m1"), ("/Users", "m2"), ("/Groups", "m3")];
        runtime.block_on(ledger.intend(&creates)).unwrap();
        ledger.created(1, "a");
        ledger.failed(2, "409");
        ledger.deleted("/Users", "a");
        drop(ledger);
        let whole = std::fs::read(&path).unwrap();
        let cut = cut.clamp(first, whole.len());
        std::fs::write(&path, &whole[..cut]).unwrap();
        let lines = whole[..cut].split(|byte| *byte == b'\n').count() - 1;
        let ledger = Ledger::open(&path).unwrap();
        let made = [0, 0, 1, 2, 3, 2, 1, 1][lines];
        prop_assert_eq!(ledger.unresolved().len(), made, "{} lines", lines);
        runtime.block_on(ledger.intend(&[("/Users", "m4")])).unwrap();
        drop(ledger);
        prop_assert_eq!(Ledger::open(&path).unwrap().unresolved().len(), made + 1);
    }
}
