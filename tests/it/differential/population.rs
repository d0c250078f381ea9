//! Resources that filters go wrong on: letter case, normal forms, quotes, zones, missing and several
//! values.

use scimitar::scim::urn;
use serde_json::{Value, json};

use super::Bench;

/// Creates the population; the users and groups as the provider shows them.
pub(super) fn fill(bench: &Bench) -> (Vec<Value>, Vec<Value>) {
    let mut paths: Vec<String> = Vec::new();
    for (n, mut user) in users().into_iter().enumerate() {
        user["schemas"] = json!([urn::USER]);
        if user.get(urn::ENTERPRISE_USER).is_some() {
            user["schemas"] = json!([urn::USER, urn::ENTERPRISE_USER]);
        }
        if n == 3 {
            user[urn::ENTERPRISE_USER]["manager"] = json!({"value": id(&paths[0])});
        }
        paths.push(create(bench, "/Users", &user));
    }
    let members = |places: &[usize]| -> Vec<Value> {
        let member = |n: &usize| json!({"value": id(&paths[*n])});
        places.iter().map(member).collect()
    };
    let mut groups: Vec<String> = Vec::new();
    for (name, places) in [
        ("Tour Guides", &[0, 1, 2][..]),
        ("tour guides of the west", &[]),
        ("Empty \"one\"", &[]),
        ("Ünder", &[3]),
    ] {
        let group = json!({
            "schemas": [urn::GROUP], "displayName": name, "members": members(places),
            "externalId": if places.is_empty() { "Ext" } else { "ext" },
        });
        groups.push(create(bench, "/Groups", &group));
    }
    let outer = json!({
        "schemas": [urn::GROUP], "displayName": "Outer",
        "members": [{"value": id(&groups[0])}, {"value": id(&paths[4])}],
    });
    groups.push(create(bench, "/Groups", &outer));
    let shown = |paths: &[String]| paths.iter().map(|path| bench.get(path)).collect();
    (shown(&paths), shown(&groups))
}

fn create(bench: &Bench, endpoint: &str, body: &Value) -> String {
    bench.wait();
    bench
        .create(endpoint, body)
        .unwrap_or_else(|answer| panic!("{body} is refused: {}", answer.body()))
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}

fn users() -> Vec<Value> {
    let enterprise = urn::ENTERPRISE_USER;
    vec![
        json!({
            "userName": "Bjensen", "externalId": "Ext-A", "title": "Tour Guide", "active": true,
            "userType": "Employee", "password": "s3cret-Pass",
            "name": {"givenName": "Barbara", "familyName": "O'Malley", "formatted": "Ms. Barbara"},
            "emails": [
                {"value": "a@x.example", "type": "work", "primary": true},
                {"value": "b@x.example", "type": "home"},
            ],
            enterprise: {"department": "Sales", "employeeNumber": "100"},
        }),
        json!({
            "userName": "jsmith", "externalId": "ext-a", "active": false, "userType": "employee",
            "emails": [{"value": "A@X.example", "type": "WORK", "primary": false}],
            "phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}],
            "name": {"familyName": "Smith"},
        }),
        json!({
            "userName": "kdoe", "title": "tour guide", "nickName": "M\u{fc}ller",
            "emails": [{"type": "work", "display": "only a display"}],
            "addresses": [
                {"type": "work", "locality": "Z\u{fc}rich", "country": "CH", "primary": true},
                {"type": "home", "locality": "zu\u{308}rich"},
            ],
        }),
        json!({
            "userName": "zoe", "nickName": "Mu\u{308}ller", "displayName": "say \"hi\" \\ back",
            "profileUrl": "https://x.example/Zoe",
            enterprise: {"department": "sales", "costCenter": "4130"},
        }),
        json!({"userName": "m\u{fc}ller", "displayName": "", "title": " ", "name": {"givenName": ""}}),
        json!({
            "userName": "a", "title": "a", "preferredLanguage": "en-US", "locale": "en-us",
            "x509Certificates": [{"value": "QUJD", "type": "a"}, {"value": "qujd"}],
            "roles": [{"value": "Admin", "primary": true}, {"value": "admin"}],
        }),
        json!({
            "userName": "A_b%c*", "title": "_ % *", "active": true,
            "photos": [{"value": "https://x.example/p/1", "type": "photo"}],
            "ims": [{"value": "im", "type": "xmpp"}], "entitlements": [{"value": "e"}],
        }),
        json!({"userName": "\u{df}", "nickName": "SS", "timezone": "Europe/Zurich"}),
        json!({"userName": "\u{1F600}", "nickName": "\u{212B}", "emails": [], "name": null}),
    ]
}
