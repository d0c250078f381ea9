//! Messages, and what stands in a bulk request.

use super::*;

#[test]
fn messages_are_held_to_theirs() {
    let list = |change: Value| {
        let mut list = sample::list(&[sample::user()]);
        for (name, value) in change.as_object().unwrap() {
            list[name] = value.clone();
        }
        Sample::get("/Users").body(&list)
    };
    check(
        list(json!({"totalResults": "1"})),
        &[("(list-envelope)", "/totalResults")],
    );
    check(
        list(json!({"startIndex": "1"})),
        &[(
            "rfc7644-3.4.2-partial-lists-state-start-index",
            "/startIndex",
        )],
    );
    check(
        list(json!({"startIndex": "1", "totalResults": 9})),
        &[("(list-envelope)", "/startIndex")],
    );
    check(
        list(json!({"Resources": ["x"]})),
        &[("rfc7644-3.4.2-list-elements-are-resources", "/Resources/0")],
    );
    let error = json!({"schemas": [urn::ERROR], "status": 404});
    check(
        Sample::get("/Users/1").status(404).body(&error),
        &[("(error-shape)", "/status")],
    );
}

#[test]
fn the_results_of_a_bulk_request_are_looked_into() {
    let bulk = json!({"schemas": [urn::BULK_RESPONSE], "Operations": [
        {"method": "post", "status": 201, "location": "x", "response": user(&json!({"active": "yes"}))},
        {"method": "PUT", "status": "400", "response": {"schemas": [urn::ERROR], "status": 400, "scimType": "no"}},
        {"status": "200", "response": user(&json!({"userName": null, "emails": "x"}))},
    ]});
    check(
        Sample::new("POST", "/Bulk").body(&bulk),
        &[
            (
                "rfc7644-3.7-bulk-status-is-a-string F01",
                "/Operations/0/status",
            ),
            (
                "rfc7644-3.7-bulk-results-name-methods",
                "/Operations/2/method",
            ),
            (
                "rfc7643-2.3.2-booleans-are-json-literals",
                "/Operations/0/response/active",
            ),
            (
                "rfc7644-3.12-error-status-is-a-string F16",
                "/Operations/1/response/status",
            ),
            (
                "rfc7644-3.12-scim-type-is-a-known-keyword",
                "/Operations/1/response/scimType",
            ),
            (
                "rfc7643-2.4-multi-valued-attributes-are-arrays",
                "/Operations/2/response/emails",
            ),
            (DEFAULT, "/Operations/2/response/userName"),
        ],
    );
}
