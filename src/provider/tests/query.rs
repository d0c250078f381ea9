//! Lists: filter, sort, paging, projection, search by POST.

use super::*;

async fn people() -> Client {
    let client = Client::new();
    for (name, title, age) in [
        ("Ada", Some("Engineer"), 3),
        ("bob", None, 1),
        ("Cyd", Some("engineer"), 2),
    ] {
        let mut with = json!({
            "externalId": format!("x{age}"),
            "emails": [{ "value": format!("{name}@b.org"), "type": "home" },
                       { "value": format!("z{age}@a.org"), "type": "work", "primary": true }],
        });
        if let Some(title) = title {
            with["title"] = title.into();
        }
        client.user(name, with).await;
        client
            .clock()
            .sleep(std::time::Duration::from_secs(1))
            .await;
    }
    client
}

async fn check(client: &Client, query: &str, expected: &[&str]) {
    assert_eq!(
        client.names(&format!("/Users?{query}")).await,
        expected,
        "{query}"
    );
}

#[tokio::test]
async fn lists_are_sorted() {
    let client = people().await;
    check(&client, "sortBy=userName", &["Ada", "bob", "Cyd"]).await;
    check(
        &client,
        "sortBy=userName&sortOrder=descending",
        &["Cyd", "bob", "Ada"],
    )
    .await;
    check(&client, "sortBy=title", &["Ada", "Cyd", "bob"]).await;
    check(
        &client,
        "sortBy=title&sortOrder=Descending",
        &["bob", "Ada", "Cyd"],
    )
    .await;
    check(&client, "sortBy=emails.value", &["bob", "Cyd", "Ada"]).await;
    check(&client, "sortBy=emails", &["bob", "Cyd", "Ada"]).await;
    check(
        &client,
        &format!("sortBy={}:EXTERNALID", urn::USER),
        &["bob", "Cyd", "Ada"],
    )
    .await;
    check(
        &client,
        "sortBy=meta.created&sortOrder=descending&count=1&startIndex=3",
        &["Ada"],
    )
    .await;
    for wrong in [
        "sortBy=nothing",
        "sortBy=name",
        "sortBy=userName&sortOrder=up",
        "sortBy=",
        "sortBy=password",
    ] {
        client
            .get(&format!("/Users?{wrong}"))
            .await
            .fails(400, "invalidValue");
    }
}

#[tokio::test]
async fn lists_are_paged() {
    let limits = crate::provider::Limits {
        max_results: 3,
        ..Default::default()
    };
    let client = Client::with(Settings {
        limits,
        ..Settings::default()
    });
    for n in 0..5 {
        client.user(&format!("u{n}"), json!({})).await;
    }
    let table: [(&str, &[&str], u64); 9] = [
        ("", &["u0", "u1", "u2"], 1),
        ("count=2", &["u0", "u1"], 1),
        ("startIndex=4", &["u3", "u4"], 4),
        ("startIndex=0&count=1", &["u0"], 1),
        ("startIndex=-5&count=1", &["u0"], 1),
        ("count=0", &[], 1),
        ("count=-1", &[], 1),
        ("count=99999999999999999999", &["u0", "u1", "u2"], 1),
        ("startIndex=9", &[], 9),
    ];
    for filter in ["", "filter=userName pr&"] {
        for (query, names, start) in table {
            let answer = client.get(&format!("/Users?{filter}{query}")).await;
            answer.is(200);
            assert_eq!(answer.names(), names, "{filter}{query}");
            assert_eq!(answer.at("/totalResults"), 5);
            assert_eq!(answer.at("/itemsPerPage"), names.len());
            assert_eq!(answer.at("/startIndex"), start);
        }
    }
    for wrong in ["count=x", "startIndex=1.5", "count="] {
        client
            .get(&format!("/Users?{wrong}"))
            .await
            .fails(400, "invalidValue");
    }
}

#[tokio::test]
async fn answers_are_projected() {
    let client = people().await;
    let keys =
        |value: Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let table: [(&str, &[&str]); 9] = [
        (
            "",
            &[
                "schemas",
                "id",
                "externalId",
                "userName",
                "title",
                "emails",
                "meta",
            ],
        ),
        ("attributes=userName", &["schemas", "id", "userName"]),
        (
            "attributes=USERNAME, title",
            &["schemas", "id", "userName", "title"],
        ),
        ("attributes=password,nothing", &["schemas", "id"]),
        ("attributes=meta.version", &["schemas", "id", "meta"]),
        (
            "excludedAttributes=id,schemas,emails,meta",
            &["schemas", "id", "externalId", "userName", "title"],
        ),
        (
            "excludedAttributes=nothing",
            &[
                "schemas",
                "id",
                "externalId",
                "userName",
                "title",
                "emails",
                "meta",
            ],
        ),
        (
            "attributes=",
            &[
                "schemas",
                "id",
                "externalId",
                "userName",
                "title",
                "emails",
                "meta",
            ],
        ),
        (
            "attributes=urn:ietf:params:scim:schemas:core:2.0:User:title",
            &["schemas", "id", "title"],
        ),
    ];
    for (query, expected) in table {
        let answer = client
            .get(&format!("/Users?filter=userName eq \"ada\"&{query}"))
            .await;
        answer.is(200);
        assert_eq!(keys(answer.at("/Resources/0")), expected, "{query}");
    }
    let some = client.get("/Users?attributes=emails.value").await;
    assert_eq!(
        some.at("/Resources/0/emails/0"),
        json!({ "value": "Ada@b.org" })
    );
    let some = client.get("/Users?excludedAttributes=emails.value").await;
    assert_eq!(some.at("/Resources/0/emails/0"), json!({ "type": "home" }));
    client
        .get("/Users?attributes=id&excludedAttributes=id")
        .await
        .fails(400, "invalidValue");
}

#[tokio::test]
async fn a_write_is_projected_too() {
    let client = Client::new();
    let body = json!({ "schemas": [urn::USER], "userName": "a", "title": "t" });
    let created = client.post("/Users?attributes=title", body).await;
    created.is(201);
    assert_eq!(
        (created.text("/title"), created.at("/userName")),
        (String::from("t"), Value::Null)
    );
}

#[tokio::test]
async fn an_index_finds_what_a_scan_finds() {
    let client = people().await;
    let group = client.group("Staff", &[]).await;
    let id = client
        .get("/Users?filter=userName eq \"bob\"")
        .await
        .text("/Resources/0/id");
    for (query, expected) in [
        (format!("id eq \"{id}\""), &["bob"][..]),
        (String::from("userName eq \"BOB\" and title pr"), &[]),
        (String::from("title pr and userName eq \"ADA\""), &["Ada"]),
        (String::from("externalId eq \"x1\""), &["bob"]),
        (String::from("externalId eq \"X1\""), &[]),
        (String::from("not (userName eq \"bob\")"), &["Ada", "Cyd"]),
        (String::from("emails eq \"ada@b.org\""), &["Ada"]),
    ] {
        check(&client, &format!("filter={query}"), expected).await;
    }
    client
        .patch(
            &group,
            json!([{ "op": "replace", "path": "displayName", "value": "Crew" }]),
        )
        .await
        .is(200);
    assert_eq!(
        client
            .names("/Groups?filter=displayName eq \"staff\"")
            .await,
        Vec::<String>::new()
    );
    assert_eq!(
        client.names("/Groups?filter=displayName eq \"CREW\"").await,
        ["Crew"]
    );
}

#[tokio::test]
async fn search_by_post_answers_like_get() {
    let client = people().await;
    client.group("Staff", &[]).await;
    let search = |with: Value| {
        let mut body = json!({ "schemas": [urn::SEARCH_REQUEST] });
        merge(&mut body, with);
        body
    };
    let by_post = client
        .post("/Users/.search", search(json!({
            "filter": "title pr", "sortBy": "userName", "sortOrder": "descending", "count": 1, "startIndex": 2,
            "attributes": ["userName"],
        })))
        .await;
    let by_get = client
        .get("/Users?filter=title pr&sortBy=userName&sortOrder=descending&count=1&startIndex=2&attributes=userName")
        .await;
    by_post.is(200);
    assert_eq!(by_post.at(""), by_get.at(""));
    let everything = client.post("/.search", search(json!({}))).await;
    assert_eq!(everything.names(), ["Ada", "bob", "Cyd", "Staff"]);
    assert_eq!(client.names("/?filter=displayName pr").await, ["Staff"]);
    assert_eq!(
        client
            .names("?filter=meta.resourceType eq \"Group\" or userName sw \"a\"")
            .await,
        ["Ada", "Staff"]
    );
    client
        .post("/.search", json!({ "filter": "id pr" }))
        .await
        .fails(400, "invalidSyntax");
    for (wrong, keyword) in [
        (json!({ "count": "1" }), "invalidSyntax"),
        (json!({ "filter": "title" }), "invalidFilter"),
        (json!({ "filter": "password eq \"x\"" }), "invalidFilter"),
        (json!({ "attributes": "userName" }), "invalidSyntax"),
    ] {
        client
            .post("/Users/.search", search(wrong))
            .await
            .fails(400, keyword);
    }
    client
        .get("/Users?filter=password eq \"x\"")
        .await
        .fails(403, "sensitive");
}

#[tokio::test]
async fn a_print_is_what_a_show_is() {
    let client = people().await;
    let ada = format!(
        "/Users/{}",
        client
            .get("/Users?filter=userName eq \"ada\"")
            .await
            .text("/Resources/0/id")
    );
    for name in ["g", "h"] {
        let printed = client.get(&ada).await;
        let shown = client
            .get(&format!("{ada}?excludedAttributes=nothing"))
            .await;
        assert_eq!(printed.at(""), shown.at(""));
        let (printed, shown) = (
            client.get("/Users").await,
            client.get("/Users?excludedAttributes=nothing").await,
        );
        assert_eq!(printed.at(""), shown.at(""));
        client.group(name, &[&ada]).await;
    }
    assert_eq!(
        client
            .get(&ada)
            .await
            .at("/groups")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
