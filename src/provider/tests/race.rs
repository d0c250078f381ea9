//! Rules that must hold when many write at once.

use std::sync::Arc;

use super::*;

const RIVALS: usize = 24;

async fn together<F>(act: impl Fn(usize) -> F) -> Vec<u16>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let tasks: Vec<_> = (0..RIVALS).map(|n| tokio::spawn(act(n))).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap().0.status().unwrap());
    }
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_equal_creates_wins() {
    let client = Arc::new(Client::new());
    for round in 0..20 {
        let statuses = together(|n| {
            let client = Arc::clone(&client);
            let name = if n % 2 == 0 {
                format!("ada{round}")
            } else {
                format!("ADA{round}")
            };
            async move {
                let body = json!({ "schemas": [urn::USER], "userName": name });
                client.post("/Users", body).await
            }
        })
        .await;
        assert_eq!(statuses.first(), Some(&201));
        assert!(
            statuses.iter().skip(1).all(|status| *status == 409),
            "{statuses:?}"
        );
    }
    assert_eq!(client.get("/Users?count=0").await.at("/totalResults"), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_member_is_lost() {
    let client = Arc::new(Client::new());
    let group = client.group("g", &[]).await;
    let mut users = Vec::new();
    for n in 0..RIVALS {
        users.push(client.user(&format!("u{n}"), json!({})).await);
    }
    let change = |operation: fn(&str) -> Value| {
        let (client, group, users) = (Arc::clone(&client), group.clone(), users.clone());
        move |n: usize| {
            let (client, group, user) = (Arc::clone(&client), group.clone(), users[n].clone());
            async move { client.patch(&group, json!([operation(id(&user))])).await }
        }
    };
    let add = change(|id| json!({ "op": "add", "path": "members", "value": [{ "value": id }] }));
    assert_eq!(together(add).await, [200; RIVALS]);
    let members = client.get(&group).await.at("/members");
    assert_eq!(members.as_array().unwrap().len(), RIVALS);
    let remove =
        change(|id| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }));
    assert_eq!(together(remove).await, [200; RIVALS]);
    assert_eq!(client.get(&group).await.at("/members"), Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_writes_with_the_same_tag_wins() {
    let client = Arc::new(Client::new());
    let path = client.user("ada", json!({})).await;
    for _ in 0..20 {
        let tag = client.get(&path).await.header("etag");
        let statuses = together(|n| {
            let (client, path, tag) = (Arc::clone(&client), path.clone(), tag.clone());
            async move {
                let body =
                    json!({ "schemas": [urn::USER], "userName": "ada", "title": n.to_string() });
                client
                    .send(with_header(
                        call(Method::PUT, &path, Some(body)),
                        "If-Match",
                        &tag,
                    ))
                    .await
            }
        })
        .await;
        assert_eq!(statuses.first(), Some(&200));
        assert!(
            statuses.iter().skip(1).all(|status| *status == 412),
            "{statuses:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_deleted_user_is_no_member_however_the_race_ends() {
    let client = Arc::new(Client::new());
    let group = client.group("g", &[]).await;
    for round in 0..20 {
        let user = client.user(&format!("u{round}"), json!({})).await;
        let statuses = together(|n| {
            let (client, group, user) = (Arc::clone(&client), group.clone(), user.clone());
            async move {
                if n == 7 {
                    return client.delete(&user).await;
                }
                let operation =
                    json!({ "op": "add", "path": "members", "value": [{ "value": id(&user) }] });
                client.patch(&group, json!([operation])).await
            }
        })
        .await;
        assert!(
            statuses
                .iter()
                .all(|status| [200, 204, 400].contains(status)),
            "{statuses:?}"
        );
        assert_eq!(client.get(&group).await.at("/members"), Value::Null);
    }
}

#[tokio::test]
async fn timestamps_move_with_every_change() {
    let client = Client::new();
    let path = client.user("ada", json!({})).await;
    let mut last = client.get(&path).await.text("/meta/lastModified");
    for n in 0..50 {
        let operation = json!({ "op": "replace", "path": "title", "value": n.to_string() });
        let now = client
            .patch(&path, json!([operation]))
            .await
            .text("/meta/lastModified");
        assert!(now > last, "{last} {now}");
        last = now;
    }
}
