//! The forms of messages and resources, and whose their violations are.

use serde_json::{Value, json};

use super::*;
use crate::check::Context;
use crate::check::sample::{self, Sample};
use crate::check::typing;
use crate::scim::urn;

/// What a sample's violations come to: requirement or owner, and place.
fn judged(sample: Sample, capabilities: &Capabilities) -> Vec<(String, String)> {
    let forms = Forms::of(capabilities);
    let context = Context {
        forms: Some(&forms),
        ..Context::new(capabilities, sample::BASE)
    };
    let exchange = sample.build();
    let mut found = Vec::new();
    for part in parts(&exchange, &forms, &context) {
        for violation in part.violations() {
            let whose = match blame(&part, &violation, &context) {
                Verdict::Breaks(requirement) => requirement.to_owned(),
                Verdict::Tolerated(requirement, tolerance) => format!("{requirement} {tolerance}"),
                Verdict::Owned(owner) => format!("({owner})"),
                Verdict::Nothing => continue,
            };
            found.push((whose, violation.deviation.at));
        }
    }
    found
}

#[track_caller]
fn check(sample: Sample, expected: &[(&str, &str)]) {
    check_with(sample, &sample::capabilities(), expected);
}

#[track_caller]
fn check_with(sample: Sample, capabilities: &Capabilities, expected: &[(&str, &str)]) {
    let mut found = judged(sample, capabilities);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(found, expected);
}

fn user(change: &Value) -> Value {
    let mut user = sample::user();
    for (name, value) in change.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

fn shown(change: &Value) -> Sample {
    Sample::get("/Users/2819").body(&user(change))
}

const DEFAULT: &str = "rfc7643-7-default-attributes-appear-unless-projected-away";
const MEMBERS: &str = "rfc7643-3-top-level-members-are-known A31-unlisted";
const TYPES: &str = "(attribute-types)";

#[test]
fn every_message_compiles_and_takes_what_it_should() {
    for message in Message::ALL {
        assert!(
            !message_violations(message, &json!({})).is_empty(),
            "{message:?}"
        );
    }
    let patch =
        json!({"schemas": [urn::PATCH_OP], "Operations": [{"op": "remove", "path": "title"}]});
    assert_eq!(message_violations(Message::PatchOp, &patch), []);
    let search = json!({"schemas": [urn::SEARCH_REQUEST], "attributes": ["id"], "count": 1});
    assert_eq!(message_violations(Message::SearchRequest, &search), []);
    let bulk = json!({"schemas": [urn::BULK_REQUEST], "Operations": [
        {"method": "DELETE", "path": "/Users/1"},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
    ]});
    assert_eq!(message_violations(Message::BulkRequest, &bulk), []);
    let bad = json!({"schemas": [urn::BULK_REQUEST], "Operations": [{"method": "POST", "path": "Users"}]});
    let at: Vec<String> = message_violations(Message::BulkRequest, &bad)
        .into_iter()
        .map(|it| it.pointer)
        .collect();
    assert_eq!(
        at,
        [
            "/Operations/0/path",
            "/Operations/0/bulkId",
            "/Operations/0/data"
        ]
    );
}

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

#[test]
fn discovery_resources_are_held_to_theirs() {
    let config = json!({"schemas": [urn::USER], "patch": {"supported": "true"}, "bulk": {"supported": false},
        "filter": {"supported": true}, "sort": {"supported": true}, "etag": [], "changePassword": {"supported": true},
        "authenticationSchemes": [{"type": "x", "name": "y", "specUri": "a b"}]});
    let bulk = "rfc7643-5-config-states-bulk B07";
    check(
        Sample::get("/ServiceProviderConfig").body(&config),
        &[
            ("rfc7643-5-config-schema-uri", "/schemas"),
            ("rfc7643-5-config-states-patch", "/patch/supported"),
            (bulk, "/bulk/maxOperations"),
            (bulk, "/bulk/maxPayloadSize"),
            ("rfc7643-5-config-states-filter", "/filter/maxResults"),
            ("rfc7643-5-config-states-etag", "/etag"),
            (
                "rfc7643-2.3.7-references-are-uris",
                "/authenticationSchemes/0/specUri",
            ),
            (
                "rfc7643-5-authentication-schemes-are-complete",
                "/authenticationSchemes/0/description",
            ),
        ],
    );
    let types = sample::list(&[
        json!({"schemas": [urn::RESOURCE_TYPE], "name": "", "endpoint": 1,
        "schemaExtensions": [{"schema": "urn:x"}]}),
    ]);
    check(
        Sample::get("/ResourceTypes").body(&types),
        &[
            ("rfc7643-6-resource-type-has-a-name", "/Resources/0/name"),
            (
                "rfc7643-6-resource-type-has-an-endpoint",
                "/Resources/0/endpoint",
            ),
            (
                "rfc7643-6-resource-type-extensions-say-required",
                "/Resources/0/schemaExtensions/0/required",
            ),
            (
                "rfc7643-6-resource-type-names-its-schema",
                "/Resources/0/schema",
            ),
        ],
    );
}

#[test]
fn definitions_are_held_to_the_rules_of_schemas() {
    let schema = |id: &str, attributes: Value| {
        let document = json!({"schemas": [urn::SCHEMA], "id": id, "attributes": attributes});
        Sample::get("/Schemas/x").body(&document)
    };
    let one = |attribute: Value| {
        let mut whole = json!({"name": "a", "type": "string", "multiValued": false});
        for (name, value) in attribute.as_object().unwrap() {
            whole[name] = value.clone();
        }
        whole
    };
    let nested = one(json!({"type": "complex", "subAttributes": [
        one(json!({"type": "complex", "subAttributes": [one(json!({}))]}))]}));
    for (attribute, expected) in [
        (json!({}), &[][..]),
        (
            json!({"name": "9"}),
            &[(
                "rfc7643-2.1-attribute-names-are-well-formed",
                "/attributes/0/name",
            )],
        ),
        (
            json!({"type": "money"}),
            &[("rfc7643-7-attribute-type-is-known", "/attributes/0/type")],
        ),
        (
            json!({"multiValued": "no"}),
            &[(
                "rfc7643-7-attribute-definition-has-name-type-and-multi-valued",
                "/attributes/0/multiValued",
            )],
        ),
        (
            json!({"subAttributes": [one(json!({}))]}),
            &[(
                "rfc7643-1.2-simple-attribute-has-no-sub-attributes",
                "/attributes/0/subAttributes",
            )],
        ),
        (json!({"subAttributes": []}), &[]),
        (
            json!({"type": "complex"}),
            &[(
                "rfc7643-7-complex-attributes-list-sub-attributes",
                "/attributes/0/subAttributes",
            )],
        ),
        (
            json!({"referenceTypes": ["User"]}),
            &[(
                "rfc7643-7-reference-types-are-for-references",
                "/attributes/0/referenceTypes",
            )],
        ),
        (
            json!({"type": "reference"}),
            &[(
                "rfc7643-2.3.7-reference-attributes-name-their-targets B05-targets",
                "/attributes/0/referenceTypes",
            )],
        ),
        (
            json!({"mutability": "never"}),
            &[(
                "rfc7643-7-characteristics-use-defined-keywords",
                "/attributes/0/mutability",
            )],
        ),
        (
            json!({"type": "complex", "multiValued": true, "subAttributes": [one(json!({"name": "primary"}))]}),
            &[(
                "rfc7643-2.4-standard-sub-attributes-keep-their-meaning B15-standard",
                "/attributes/0/subAttributes/0/type",
            )],
        ),
        (
            nested.clone(),
            &[(
                "rfc7643-2.3.8-sub-attributes-are-not-complex",
                "/attributes/0/subAttributes/0/type",
            )],
        ),
    ] {
        check(schema(urn::USER, json!([one(attribute)])), expected);
    }
    check(schema(urn::SCHEMA, json!([nested])), &[]);
    check(
        schema("urn:x", json!([one(json!({"type": "money"}))])),
        &[(
            "rfc7643-2.3-schemas-use-known-data-types",
            "/attributes/0/type",
        )],
    );
    check(
        schema("urn:x", json!("x")),
        &[("rfc7643-7-schema-lists-attributes", "/attributes")],
    );
}

/// The types that the schemas find wrong are those that `typing` finds, which knows nothing of them.
#[test]
fn both_readings_of_types_agree() {
    let capabilities = sample::capabilities();
    let forms = Forms::of(&capabilities);
    let form = forms.get("User").unwrap();
    let values = [
        json!("text"),
        json!(1),
        json!(1.0),
        json!(-0.5),
        json!(true),
        json!([]),
        json!({}),
        json!(null),
        json!(""),
        json!("2026-01-01T00:00:00Z"),
        json!("2026-01-01"),
        json!("a b"),
        json!("YQ=="),
        json!(["YQ==", "?"]),
        json!([{"value": 1, "primary": "x"}, null, "y"]),
        json!({"givenName": [1], "value": "x"}),
        json!([[]]),
    ];
    let names: Vec<String> = form
        .set
        .core
        .attributes
        .iter()
        .map(|it| it.name.clone())
        .collect();
    for name in names.iter().filter(|name| *name != "password") {
        for value in &values {
            let resource = user(&json!({name: value}));
            let mut by_schema: Vec<String> = form
                .violations(&resource)
                .into_iter()
                .filter(|it| ["type", "format", "contentEncoding"].contains(&it.keyword.as_str()))
                .map(|it| it.deviation.at)
                .collect();
            let typing = typing::examine(&resource, "", &capabilities);
            let mut by_typing: Vec<String> = typing
                .mistyped
                .into_iter()
                .filter(|it| it.rule != typing::Rule::Zone)
                .map(|it| it.deviation.at)
                .collect();
            by_schema.sort();
            by_typing.sort();
            assert_eq!(by_schema, by_typing, "{name}: {value}");
        }
    }
}

/// Filtering the violations of the whole by a view comes to the same as compiling the schema of the view.
#[test]
fn a_view_taken_afterwards_is_the_view_taken_before() {
    let capabilities = sample::capabilities();
    let set = capabilities.schema_set("User").unwrap();
    let known: Vec<&str> = set.urns().collect();
    for (attributes, excluded) in [
        (None, None),
        (Some(vec!["active"]), None),
        (Some(vec!["userName"]), None),
        (None, Some(vec!["userName"])),
        (Some(vec!["emails.value"]), Some(vec!["userName"])),
    ] {
        let view = View::projected(attributes.as_deref(), excluded.as_deref(), &known);
        let document = to_json_schema::resource("User", &set, &view, Openness::Closed);
        let validator = compile::validator(&document).unwrap();
        for resource in [json!({"schemas": [urn::USER], "id": "1"}), sample::user()] {
            let before = validator.iter_errors(&resource).count();
            let forms = Forms::of(&capabilities);
            let mut sample = Sample::get("/Users/1");
            for (name, values) in [
                ("attributes", &attributes),
                ("excludedAttributes", &excluded),
            ] {
                if let Some(values) = values {
                    sample = sample.query(name, &values.join(","));
                }
            }
            drop(forms);
            let after = judged(sample.body(&resource), &capabilities).len();
            assert_eq!(before, after, "{attributes:?} {excluded:?} {resource}");
        }
    }
}

#[test]
fn a_definition_without_a_form_takes_the_rfc_s() {
    let forms = Forms::of(&Capabilities::rfc());
    assert_eq!(
        forms.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["User", "Group"]
    );
    assert!(forms.iter().all(|it| it.trouble.is_none()));
}
