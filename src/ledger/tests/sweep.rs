//! Clean-up: what is left, and what is said of it.

use super::*;

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

#[tokio::test]
async fn a_space_is_swept_over_all_pages_whatever_is_known_already() {
    let paged = Manner {
        page: 2,
        ..Manner::default()
    };
    let manners = [
        paged,
        Manner {
            ignores_filters: true,
            ..paged
        },
        Manner {
            refuses_filters: true,
            ..paged
        },
        Manner {
            first_page_only: true,
            ..paged
        },
        Manner {
            blind: true,
            ..paged
        },
        Manner {
            only_eq: true,
            ..paged
        },
    ];
    for manner in manners {
        sweeps_space(manner).await;
    }
}

#[tokio::test]
async fn what_a_space_holds_is_named_where_it_can_not_be_removed() {
    let check = async |manner: Manner, named: usize, part: &str| {
        let target = Target::new(manner);
        let ledger = space(&target).await;
        let swept = sweep(&target, &ledger).await;
        assert_eq!((swept.deleted, target.paths().len()), (0, 8), "{manner:?}");
        assert_eq!(swept.leftover.len(), named, "{manner:?}: {swept:?}");
        let last = swept.leftover.iter().map(|left| left.reason.as_str());
        assert!(last.clone().any(|it| it.contains(part)), "{swept:?}");
    };
    let stuck = Manner {
        page: 2,
        refuses_delete: true,
        ..Manner::default()
    };
    check(stuck, 7, "DELETE answered 405").await;
    let blinkered = Manner {
        first_page_only: true,
        ..stuck
    };
    // The two that are known, and that there may be more.
    check(blinkered, 3, "can't be read to its end").await;
}

#[tokio::test]
async fn a_space_is_not_called_swept_where_there_was_no_time_for_it() {
    let target = Target::new(Manner::default());
    let ledger = space(&target).await;
    let options = Options {
        budget: Duration::ZERO,
        ..options()
    };
    let swept = cleanup(&*target, &ledger, &options).await.unwrap();
    assert_eq!(swept.leftover.len(), 3, "{swept:?}");
    assert!(!ledger.close().unwrap());
    let swept = sweep(&target, &ledger).await;
    assert_eq!((swept.created, swept.deleted), (7, 7), "{swept:?}");
    assert_eq!(target.paths(), ["/Users/boss"]);
}

#[tokio::test]
async fn a_target_that_answers_no_list_is_not_asked_for_one_again_and_again() {
    let target = Target::new(Manner {
        silent_list: true,
        ..Manner::default()
    });
    let ledger = Ledger::in_memory(head());
    ledger
        .reserve("/Users", "scimitar-run1-load-", 100)
        .await
        .unwrap();
    let swept = sweep(&target, &ledger).await;
    assert_eq!(swept.leftover.len(), 1, "{swept:?}");
    assert!(target.log().len() <= 4, "{:?}", target.log());
}

async fn sweeps_space(manner: Manner) {
    let target = Target::new(manner);
    let ledger = space(&target).await;
    let swept = sweep(&target, &ledger).await;
    assert_eq!(
        (swept.created, swept.deleted, swept.leftover),
        (7, 7, vec![]),
        "{manner:?}"
    );
    assert_eq!(target.paths(), ["/Users/boss"], "{manner:?}");
}

/// A journal with a space of seven users, of which it knows two.
async fn space(target: &Target) -> Ledger {
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
    ledger
}
