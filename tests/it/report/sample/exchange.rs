//! The exchanges that the cases of the sample cite.

use serde_json::{Value, json};

use super::BASE;

fn exchange(
    n: u64,
    case: &str,
    step: &str,
    request: (&str, &str, Option<Value>),
    response: (u16, Option<Value>),
) -> Value {
    let (method, path, sent) = request;
    let (status, received) = response;
    let body = |value: Value| {
        let text = value.to_string();
        json!({ "length": text.len(), "text": text })
    };
    let mut request = json!({
        "method": method, "url": format!("{BASE}{path}"), "path": path,
        "headers": [
            { "name": "Accept", "value": "application/scim+json" },
            { "name": "Authorization", "value": "Bearer ‹secret:token›" },
            { "name": "User-Agent", "value": "scimitar/0.1.0" }
        ]
    });
    if let Some(sent) = sent {
        request["body"] = body(sent);
    }
    json!({
        "n": n, "case": case, "step": step, "request": request,
        "response": {
            "status": status, "version": "HTTP/2",
            "headers": [
                { "name": "content-type", "value": "application/scim+json" },
                { "name": "date", "value": "Fri, 20 Nov 2026 08:30:07 GMT" }
            ],
            "body": received.map_or_else(|| json!({ "length": 0, "text": "" }), body)
        },
        "timing": { "started_us": 7_021_000 + n * 1_000, "headers_us": 23_100, "total_us": 24_350 }
    })
}

pub(super) fn exchanges() -> Value {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223-7f76-453a-919d-413861904646",
        "userName": "scimitar-7f3a91c2-u1@example.test", "active": false,
        "emails": [{ "value": "u1@example.test", "type": "work", "primary": true }],
        "meta": { "resourceType": "User", "location": "/v2/Users/2819c223-7f76-453a-919d-413861904646" }
    });
    let path = "/Users/2819c223-7f76-453a-919d-413861904646";
    json!([
        exchange(
            17,
            "users.delete",
            "delete",
            ("DELETE", path, None),
            (200, Some(user.clone()))
        ),
        exchange(
            18,
            "users.delete",
            "read again",
            ("GET", path, None),
            (200, Some(user.clone()))
        ),
        exchange(
            23,
            "groups.add-member",
            "add",
            (
                "PATCH",
                "/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "2819c223" }] }]
                }))
            ),
            (
                200,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
                    "displayName": "scimitar-7f3a91c2-g1", "members": [{ "value": "2819c223", "type": "User" }]
                }))
            )
        ),
        exchange(
            31,
            "users.error-detail",
            "filter",
            ("GET", "/Users?filter=userName%20eq", None),
            (
                400,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400",
                    "detail": "unexpected end of input"
                }))
            )
        ),
        exchange(
            40,
            "",
            "list",
            ("GET", "/Users", None),
            (
                200,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [user]
                }))
            )
        ),
    ])
}
