//! Resources, whole and projected.

use super::*;

#[test]
fn a_resource_is_held_to_the_target_s_schema() {
    let capitals = json!({"SCHEMAS": [urn::USER], "ID": "1", "USERNAME": "b", "ACTIVE": 1});
    check(shown(&json!({})), &[]);
    check(shown(&json!({"userName": null})), &[(DEFAULT, "/userName")]);
    check(shown(&json!({"colour": "red"})), &[(MEMBERS, "/colour")]);
    check(shown(&json!({"colour": null})), &[]);
    check(
        shown(&json!({"emails": [], "name": {"givenName": null}})),
        &[],
    );
    check(
        Sample::get("/Users/1").body(&capitals),
        &[(TYPES, "/ACTIVE")],
    );
    check(
        shown(&json!({"password": "x"})),
        &[("(secrecy)", "/password")],
    );
    check(shown(&json!({"age": 1.0})), &[(TYPES, "/age")]);
    check(shown(&json!({"age": 1})), &[]);
    let list = sample::list(&[user(&json!({})), user(&json!({"userName": []}))]);
    check(
        Sample::get("/Users").body(&list),
        &[(DEFAULT, "/Resources/1/userName")],
    );
}

#[test]
fn a_projection_and_the_kind_of_request_explain_what_is_missing_or_there() {
    let bare = json!({"id": "1", "active": true});
    check(
        Sample::get("/Users/1")
            .query("attributes", "active")
            .body(&bare),
        &[("(schemas)", "/schemas")],
    );
    let named = Sample::get("/Users/1").query("Attributes", "active, userName");
    check(
        named.body(&bare),
        &[("(schemas)", "/schemas"), (DEFAULT, "/userName")],
    );
    let whole = user(&json!({"userName": null}));
    check(
        Sample::get("/Users/1")
            .query("excludedAttributes", "userName")
            .body(&whole),
        &[],
    );
    let search = Sample::new("POST", "/Users/.search").sent(&json!({"attributes": ["active"]}));
    check(search.body(&sample::list(&[whole])), &[]);

    let mut capabilities = sample::capabilities();
    let display_name = &mut capabilities.schemas[0].attributes[2];
    display_name.returned = crate::scim::schema::Returned::Request;
    let body = user(&json!({"displayName": "B"}));
    let request = "rfc7643-7-request-attributes-appear-on-request";
    for (sample, expected) in [
        (Sample::get("/Users/1"), &[(request, "/displayName")][..]),
        (
            Sample::get("/Users/1").query("attributes", "userName,displayName"),
            &[],
        ),
        (Sample::new("PUT", "/Users/1"), &[]),
    ] {
        check_with(sample.body(&body), &capabilities, expected);
    }
}

#[test]
fn a_required_extension_is_listed() {
    let mut capabilities = sample::capabilities();
    capabilities.resource_types[0].extensions[0].1 = true;
    let required = "rfc7643-6-required-extension-is-present";
    check_with(shown(&json!({})), &capabilities, &[(required, "/schemas")]);
    let listed = json!({"schemas": [urn::USER, urn::ENTERPRISE_USER.to_lowercase()]});
    check_with(shown(&listed), &capabilities, &[]);
    capabilities.schemas[1].attributes[0].required = true;
    let at = format!("/{}", urn::ENTERPRISE_USER);
    check_with(shown(&listed), &capabilities, &[(required, &at)]);
    let empty =
        json!({"schemas": [urn::USER, urn::ENTERPRISE_USER], urn::ENTERPRISE_USER: {"x": 1}});
    let at = |name: &str| format!("/{}/{name}", urn::ENTERPRISE_USER);
    check_with(
        shown(&empty),
        &capabilities,
        &[(MEMBERS, &at("x")), (DEFAULT, &at("department"))],
    );
}

#[test]
fn what_the_rfc_stands_in_for_has_no_unknown_attributes() {
    let mut capabilities = sample::capabilities();
    capabilities.assumed = vec![urn::USER.to_owned()];
    check_with(
        shown(&json!({"colour": "red", "userName": null})),
        &capabilities,
        &[(DEFAULT, "/userName")],
    );
}
