//! The guard: what may be written, and what never is.

use super::*;

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
