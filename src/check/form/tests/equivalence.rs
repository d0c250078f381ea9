//! Two readings of the same come to the same.

use super::*;

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
