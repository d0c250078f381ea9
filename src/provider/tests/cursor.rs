//! Pages by cursor (RFC 9865).

use std::time::Duration;

use super::*;
use crate::provider::{Feature, Paging, PagingMethod};

async fn filled(count: usize) -> Client {
    let client = Client::new();
    for n in 0..count {
        let with = json!({ "title": if n % 2 == 0 { "even" } else { "odd" } });
        client.user(&format!("u{n}"), with).await;
    }
    client
}

fn names(page: &Answer) -> Vec<String> {
    let resources = page.at("/Resources");
    let resources = resources.as_array().cloned().unwrap_or_default();
    resources
        .iter()
        .map(|user| user["userName"].as_str().unwrap().to_owned())
        .collect()
}

/// The pages of a walk that begins with this query: the names on each.
async fn walk(client: &Client, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut page = client.get(&format!("/Users?{query}&cursor=")).await;
    loop {
        page.is(200);
        pages.push(names(&page));
        let next = page.at("/nextCursor");
        let Some(next) = next.as_str() else {
            return pages;
        };
        page = client.get(&format!("/Users?{query}&cursor={next}")).await;
    }
}

async fn check(query: &str, expected: &[&[&str]]) {
    let client = filled(5).await;
    assert_eq!(walk(&client, query).await, expected, "{query}");
}

#[tokio::test]
async fn a_walk_meets_each_match_once_in_the_order_asked_for() {
    check("count=2", &[&["u0", "u1"], &["u2", "u3"], &["u4"]]).await;
    check("count=5", &[&["u0", "u1", "u2", "u3", "u4"]]).await;
    check("count=9", &[&["u0", "u1", "u2", "u3", "u4"]]).await;
    check("count=0", &[&[]]).await;
    check("count=-1", &[&[]]).await;
    check(
        "count=2&filter=title eq \"even\"",
        &[&["u0", "u2"], &["u4"]],
    )
    .await;
    check(
        "count=2&sortBy=userName&sortOrder=descending",
        &[&["u4", "u3"], &["u2", "u1"], &["u0"]],
    )
    .await;
    check(
        "count=2&sortBy=title",
        &[&["u0", "u2"], &["u4", "u1"], &["u3"]],
    )
    .await;
    check(
        "count=2&sortBy=nickName&sortOrder=descending",
        &[&["u0", "u1"], &["u2", "u3"], &["u4"]],
    )
    .await;
}

#[tokio::test]
async fn a_page_by_cursor_states_total_and_size_and_no_index() {
    let client = filled(3).await;
    for query in ["cursor=&count=2", "cursor=&count=2&sortBy=userName"] {
        let page = client.get(&format!("/Users?{query}")).await;
        page.is(200);
        assert_eq!(page.at("/totalResults"), 3);
        assert_eq!(page.at("/itemsPerPage"), 2);
        assert_eq!(page.at("/startIndex"), Value::Null);
        assert_eq!(page.at("/previousCursor"), Value::Null);
    }
    let root = client.get("/?cursor=&count=2").await;
    root.is(200);
    assert!(root.at("/nextCursor").is_string());
    let plain = client.get("/Users?count=2").await;
    assert_eq!(plain.at("/nextCursor"), Value::Null);
    assert_eq!(plain.at("/startIndex"), 1);
}

#[tokio::test]
async fn a_walk_goes_back_too() {
    for query in ["count=2", "count=2&sortBy=userName", "count=2&filter=id pr"] {
        let client = filled(5).await;
        let at = async |cursor: &str| client.get(&format!("/Users?{query}&cursor={cursor}")).await;
        let first = at("").await;
        let second = at(&first.text("/nextCursor")).await;
        let third = at(&second.text("/nextCursor")).await;
        assert_eq!(third.at("/nextCursor"), Value::Null);
        let again = at(&third.text("/previousCursor")).await;
        assert_eq!(names(&again), ["u2", "u3"], "{query}");
        let begin = at(&again.text("/previousCursor")).await;
        assert_eq!(names(&begin), ["u0", "u1"], "{query}");
        assert_eq!(begin.at("/previousCursor"), Value::Null);
        let forth = at(&begin.text("/nextCursor")).await;
        assert_eq!(names(&forth), ["u2", "u3"], "{query}");
    }
}

#[tokio::test]
async fn writes_beside_a_walk_hide_and_repeat_nobody() {
    for query in ["count=2", "count=2&sortBy=userName"] {
        let client = filled(5).await;
        let first = client.get(&format!("/Users?{query}&cursor=")).await;
        let gone = client.names("/Users?filter=userName eq \"u1\"").await;
        assert_eq!(gone, ["u1"]);
        let id = first.text("/Resources/1/id");
        client.delete(&format!("/Users/{id}")).await.is(204);
        client.user("u9", json!({})).await;
        let next = first.text("/nextCursor");
        let second = client.get(&format!("/Users?{query}&cursor={next}")).await;
        assert_eq!(names(&second), ["u2", "u3"], "{query}");
        let next = second.text("/nextCursor");
        let third = client.get(&format!("/Users?{query}&cursor={next}")).await;
        assert_eq!(names(&third), ["u4", "u9"], "{query}");
    }
}

#[tokio::test]
async fn a_search_pages_by_cursor() {
    let client = filled(3).await;
    let search =
        |cursor: &str| json!({ "schemas": [urn::SEARCH_REQUEST], "count": 2, "cursor": cursor });
    let first = client.post("/Users/.search", search("")).await;
    assert_eq!(names(&first), ["u0", "u1"]);
    let next = first.text("/nextCursor");
    let second = client.post("/Users/.search", search(&next)).await;
    assert_eq!(names(&second), ["u2"]);
}

#[tokio::test]
async fn what_is_no_cursor_of_the_query_is_refused() {
    let client = filled(3).await;
    let page = client.get("/Users?cursor=&count=2").await;
    let next = page.text("/nextCursor");
    let check = async |query: String, keyword: &str| {
        client
            .get(&format!("/Users?{query}"))
            .await
            .fails(400, keyword);
    };
    check("cursor=nobody&count=2".into(), "invalidCursor").await;
    check(format!("cursor={next}x&count=2"), "invalidCursor").await;
    check(
        format!("cursor={next}&count=2&filter=id pr"),
        "invalidCursor",
    )
    .await;
    check(format!("cursor={next}&count=3"), "invalidCount").await;
    check(format!("cursor={next}"), "invalidCount").await;
    check("cursor=&count=abc".into(), "invalidCount").await;
    check("cursor=&startIndex=1&count=2".into(), "invalidValue").await;
    client
        .get(&format!("/Groups?cursor={next}&count=2"))
        .await
        .fails(400, "invalidCursor");
    let mut foreign = call(Method::GET, &format!("/Users?cursor={next}&count=2"), None);
    foreign.auth = Auth::Second;
    client.send(foreign).await.fails(400, "invalidCursor");
    client.clock().sleep(Duration::from_secs(3_599)).await;
    client
        .get(&format!("/Users?cursor={next}&count=2"))
        .await
        .is(200);
    client.clock().sleep(Duration::from_secs(1)).await;
    check(format!("cursor={next}&count=2"), "expiredCursor").await;
}

#[tokio::test]
async fn the_configuration_says_how_lists_are_paged() {
    let paging = |index: bool, cursor: bool, preferred| Settings {
        without: [(index, Feature::Index), (cursor, Feature::Cursor)]
            .into_iter()
            .filter(|(offered, _)| !offered)
            .map(|(_, feature)| feature)
            .collect(),
        paging: Paging {
            preferred,
            page_size: 1,
            ..Paging::default()
        },
        ..Settings::default()
    };
    for (index, cursor, preferred, method) in [
        (true, true, PagingMethod::Cursor, "cursor"),
        (true, true, PagingMethod::Index, "index"),
        (false, true, PagingMethod::Index, "cursor"),
        (true, false, PagingMethod::Cursor, "index"),
    ] {
        let client = Client::with(paging(index, cursor, preferred));
        let config = client.get("/ServiceProviderConfig").await;
        assert_eq!(
            config.at("/pagination"),
            json!({
                "cursor": cursor, "index": index, "defaultPaginationMethod": method,
                "defaultPageSize": 1, "maxPageSize": 200, "cursorTimeout": 3600,
            })
        );
        client.user("a", json!({})).await;
        client.user("b", json!({})).await;
        let page = client.get("/Users").await;
        assert_eq!(names(&page), ["a"]);
        assert_eq!(page.at("/nextCursor").is_string(), method == "cursor");
        assert_eq!(page.at("/startIndex").is_number(), method == "index");
        let by_index = client.get("/Users?startIndex=2").await;
        if index {
            assert_eq!(names(&by_index), ["b"]);
        } else {
            by_index.fails(400, "invalidValue");
        }
        let by_cursor = client.get("/Users?cursor=").await;
        assert_eq!(by_cursor.at("/nextCursor").is_string(), cursor);
    }
}
