//! Create, read, replace, delete; authentication; entity tags.

use super::*;

fn user(name: &str) -> Value {
    json!({ "schemas": [urn::USER], "userName": name })
}

#[tokio::test]
async fn a_created_user_is_shown_and_found() {
    let client = Client::new();
    let body = json!({
        "schemas": [urn::USER, urn::ENTERPRISE_USER], "USERNAME": "Ada", "id": "mine", "password": "s3cret!",
        "meta": { "resourceType": "Nonsense" }, "unknown": 1, "title": null, "roles": [],
        "groups": [{ "value": "x" }],
        "emails": [{ "value": "ada@EXAMPLE.org", "type": "work", "primary": true }],
        urn::ENTERPRISE_USER: { "department": "Sales", "nothing": 1 },
    });
    let created = client.post("/Users", body).await;
    created.is(201);
    let id = created.text("/id");
    assert_ne!(id, "mine");
    assert_eq!(created.text("/userName"), "Ada");
    assert_eq!(created.text("/emails/0/value"), "ada@example.org");
    assert_eq!(
        created.at("/schemas"),
        json!([urn::USER, urn::ENTERPRISE_USER])
    );
    for absent in ["/password", "/unknown", "/title", "/roles", "/groups"] {
        assert_eq!(created.at(absent), Value::Null, "{absent}");
    }
    let location = format!("https://provider.invalid/v2/Users/{id}");
    assert_eq!(created.header("location"), location);
    assert_eq!(created.text("/meta/location"), location);
    assert_eq!(created.text("/meta/version"), created.header("etag"));
    assert_eq!(
        created.text("/meta/created"),
        created.text("/meta/lastModified")
    );
    assert_eq!(created.header("content-type"), "application/scim+json");
    let read = client.get(&format!("/Users/{id}")).await;
    read.is(200);
    assert_eq!(read.at(""), created.at(""));
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused() {
    let client = Client::new();
    client.user("taken", json!({})).await;
    let table = [
        (user("TAKEN"), 409, "uniqueness"),
        (user("ｔａｋｅｎ"), 409, "uniqueness"),
        (user(" "), 400, "invalidValue"),
        (json!({ "schemas": [urn::USER] }), 400, "invalidValue"),
        (json!({ "userName": "a" }), 400, "invalidValue"),
        (
            json!({ "schemas": [urn::GROUP], "userName": "a" }),
            400,
            "invalidValue",
        ),
        (json!([]), 400, "invalidSyntax"),
        (
            json!({ "schemas": [urn::USER], "userName": 5 }),
            400,
            "invalidValue",
        ),
        (
            json!({ "schemas": [urn::USER], "userName": "a", "active": "true" }),
            400,
            "invalidValue",
        ),
        (
            json!({ "schemas": [urn::USER], "userName": "a", "emails": "x" }),
            400,
            "invalidValue",
        ),
        (
            json!({ "schemas": [urn::USER], "userName": "a", "name": "x" }),
            400,
            "invalidValue",
        ),
        (
            json!({ "schemas": [urn::USER], "userName": "a",
                "x509Certificates": [{ "value": "not base64!" }] }),
            400,
            "invalidValue",
        ),
        (
            json!({ "schemas": [urn::USER], "userName": "a", "emails":
                [{ "value": "a", "primary": true }, { "value": "b", "primary": true }] }),
            400,
            "invalidValue",
        ),
    ];
    for (body, status, keyword) in table {
        client.post("/Users", body).await.fails(status, keyword);
    }
    assert_eq!(client.names("/Users").await, ["taken"]);
    client
        .post("/Groups", json!({ "schemas": [urn::GROUP] }))
        .await
        .fails(400, "invalidValue");
}

#[tokio::test]
async fn put_replaces_and_keeps_what_is_never_shown() {
    let client = Client::new();
    let path = client
        .user(
            "a",
            json!({ "title": "T", "password": "p", "nickName": "N" }),
        )
        .await;
    client.user("b", json!({})).await;
    let before = client.get(&path).await;
    let replaced = client
        .put(
            &path,
            json!({ "schemas": [urn::USER], "userName": "A", "title": "U", "id": "x" }),
        )
        .await;
    replaced.is(200);
    assert_eq!(replaced.at("/id"), before.at("/id"));
    assert_eq!(
        (replaced.text("/title"), replaced.at("/nickName")),
        (String::from("U"), Value::Null)
    );
    assert_eq!(replaced.at("/meta/created"), before.at("/meta/created"));
    assert!(replaced.text("/meta/lastModified") > before.text("/meta/lastModified"));
    assert_ne!(replaced.header("etag"), before.header("etag"));
    let stored = client.session.provider().store().get(id(&path)).unwrap();
    assert_eq!(stored.text("password"), Some("p"));
    client.put(&path, user("B")).await.fails(409, "uniqueness");
    client
        .put(&path, json!({ "schemas": [urn::USER] }))
        .await
        .fails(400, "invalidValue");
    client.put("/Users/nobody", user("c")).await.fails(404, "");
}

#[tokio::test]
async fn a_deleted_resource_is_gone_everywhere() {
    let client = Client::new();
    let ada = client.user("ada", json!({})).await;
    let bob = client.user("bob", json!({})).await;
    let group = client.group("g", &[&ada, &bob]).await;
    let before = client.get(&group).await;
    client.delete(&ada).await.is(204);
    client.get(&ada).await.fails(404, "");
    client.delete(&ada).await.fails(404, "");
    client
        .patch(&ada, json!([{ "op": "remove", "path": "title" }]))
        .await
        .fails(404, "");
    let after = client.get(&group).await;
    assert_eq!(after.at("/members").as_array().unwrap().len(), 1);
    assert!(after.text("/meta/lastModified") > before.text("/meta/lastModified"));
    assert_eq!(
        client.names("/Users?filter=userName eq \"ada\"").await,
        Vec::<String>::new()
    );
    client.user("ADA", json!({})).await;
    client.delete(&bob).await.is(204);
    assert_eq!(client.get(&group).await.at("/members"), Value::Null);
}

#[tokio::test]
async fn groups_of_a_user_are_derived() {
    let client = Client::new();
    let ada = client.user("ada", json!({ "displayName": "Ada L" })).await;
    let inner = client.group("inner", &[&ada]).await;
    let outer = client.group("outer", &[&inner]).await;
    client
        .patch(
            &inner,
            json!([{ "op": "add", "path": "members", "value": [{ "value": id(&outer) }] }]),
        )
        .await
        .is(200);
    let read = client.get(&ada).await;
    let groups = read.at("/groups");
    assert_eq!(groups.as_array().unwrap().len(), 2);
    assert_eq!(
        (read.text("/groups/0/type"), read.text("/groups/1/type")),
        ("direct".into(), "indirect".into())
    );
    assert_eq!(read.text("/groups/0/display"), "inner");
    assert_eq!(read.text("/groups/1/value"), id(&outer));
    let members = client.get(&inner).await;
    assert_eq!(members.text("/members/0/type"), "User");
    assert_eq!(
        members.text("/members/0/$ref"),
        format!("https://provider.invalid/v2{ada}")
    );
    client.delete(&inner).await.is(204);
    assert_eq!(client.get(&ada).await.at("/groups"), Value::Null);
}

#[tokio::test]
async fn credentials_are_checked() {
    let client = Client::new();
    let auth = |auth: Auth, path: &str| Call {
        auth,
        ..call(Method::GET, path, None)
    };
    let refused = [
        Auth::None,
        Auth::Header(String::from("Bearer ")),
        Auth::Header(String::from("Bearer")),
        Auth::Header(String::from("Bearer wrong")),
        Auth::Header(String::from("Basic b3BlbnNlc2FtZQ==")),
        Auth::Header(String::from("opensesame")),
    ];
    for one in refused {
        let answer = client.send(auth(one, "/Users")).await;
        answer.fails(401, "");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    for one in [
        Auth::Main,
        Auth::Second,
        Auth::Header(String::from("bearer opensesame")),
    ] {
        client.send(auth(one, "/Users")).await.is(200);
    }
    client
        .send(auth(Auth::None, "/ServiceProviderConfig"))
        .await
        .is(200);
    client
        .send(auth(
            Auth::Header("Bearer x".into()),
            "/ServiceProviderConfig",
        ))
        .await
        .fails(401, "");
    client
        .send(auth(Auth::None, "/Schemas"))
        .await
        .fails(401, "");
}

#[tokio::test]
async fn me_is_the_user_of_the_token() {
    let client = Client::new();
    client.get("/Me").await.fails(501, "");
    let client = Client::with(Settings {
        me: Some(String::from("ada")),
        ..Settings::default()
    });
    client.get("/Me").await.fails(501, "");
    let path = client.user("Ada", json!({})).await;
    let me = client.get("/Me").await;
    me.is(200);
    assert_eq!(
        me.header("location"),
        format!("https://provider.invalid/v2{path}")
    );
    let second = Call {
        auth: Auth::Second,
        ..call(Method::GET, "/Me", None)
    };
    client.send(second).await.fails(501, "");
    client.delete("/Me").await.is(204);
}

#[tokio::test]
async fn preconditions_hold() {
    let client = Client::new();
    let path = client.user("ada", json!({})).await;
    let tag = client.get(&path).await.header("etag");
    assert!(tag.starts_with("W/\""));
    let get = || call(Method::GET, &path, None);
    let fresh = client.send(with_header(get(), "If-None-Match", &tag)).await;
    fresh.is(304);
    assert_eq!((fresh.header("etag"), fresh.0.json()), (tag.clone(), None));
    client
        .send(with_header(get(), "If-None-Match", "*"))
        .await
        .is(304);
    client
        .send(with_header(get(), "If-None-Match", "W/\"zz\""))
        .await
        .is(200);
    let put = || call(Method::PUT, &path, Some(user("ada")));
    client
        .send(with_header(put(), "If-Match", "W/\"zz\""))
        .await
        .fails(412, "");
    client
        .send(with_header(put(), "If-Match", "nonsense"))
        .await
        .fails(400, "");
    client
        .send(with_header(put(), "If-Match", &tag))
        .await
        .is(200);
    client
        .send(with_header(put(), "If-Match", &tag))
        .await
        .fails(412, "");
    client
        .send(with_header(put(), "If-Match", "*"))
        .await
        .is(200);
    let delete = with_header(call(Method::DELETE, &path, None), "If-Match", &tag);
    client.send(delete).await.fails(412, "");
    client.get(&path).await.is(200);
}

#[tokio::test]
async fn members_are_never_deleted_resources_and_exist_where_asked() {
    let group = |id: &str| json!({ "schemas": [urn::GROUP], "displayName": id, "members": [{ "value": id }] });
    let client = Client::new();
    let stranger = client.post("/Groups", group("stranger")).await;
    stranger.is(201);
    assert_eq!(stranger.at("/members"), json!([{ "value": "stranger" }]));
    let path = client.user("ada", json!({})).await;
    client.delete(&path).await.is(204);
    client
        .post("/Groups", group(id(&path)))
        .await
        .fails(400, "invalidValue");
    let client = Client::with(Settings {
        members_exist: true,
        ..Settings::default()
    });
    client
        .post("/Groups", group("stranger"))
        .await
        .fails(400, "invalidValue");
}

#[tokio::test]
async fn a_group_has_its_name_to_itself() {
    let client = Client::new();
    let path = client.group("Design", &[]).await;
    let other = client.group("Sales", &[]).await;
    let twin = json!({ "schemas": [urn::GROUP], "displayName": "DESIGN" });
    client
        .post("/Groups", twin.clone())
        .await
        .fails(409, "uniqueness");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "design" }]);
    client
        .patch(&other, rename.clone())
        .await
        .fails(409, "uniqueness");
    client.patch(&path, rename).await.is(200);
    client.delete(&path).await.is(204);
    client.post("/Groups", twin).await.is(201);
}
