//! Discovery resources, and the rules of definitions.

use super::*;

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
