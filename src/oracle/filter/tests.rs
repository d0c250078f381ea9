//! What filters select, what may be refused, and which results have an explanation.

mod law;
mod vector;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::scim::filter::parse;
use crate::scim::schema::SchemaSet;
use crate::scim::urn;

/// The resources that vectors are about, by the names that they have there.
fn resources() -> BTreeMap<String, Value> {
    let text = include_str!("../../../fixtures/vector/filter-resources.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_result_is_explained_by_one_reading_only() {
    let resources = resources();
    let users = SchemaSet::rfc_user();
    let filter = parse("emails.type ne \"work\"").unwrap();
    let check = |selected: &[&str], expected: Option<(&str, bool)>| {
        let population: Vec<_> = resources
            .iter()
            .filter(|(key, _)| key.starts_with('U'))
            .collect();
        let result = population
            .iter()
            .map(|(key, it)| (*it, selected.contains(&key.as_str())));
        let seen = explains(&filter, result, &users)
            .err()
            .map(|it| (population[it.index].0.as_str(), it.expected));
        assert_eq!(seen, expected, "{selected:?}");
    };
    check(&["U1", "U3"], None);
    check(&["U4"], None);
    check(&["U1", "U2", "U3"], Some(("U2", false)));
    check(&["U1", "U3", "U2", "U4"], Some(("U2", false)));
}

/// Each filter with the verdict on one user.
fn judge(user: &Value, filters: &[(&str, Verdict)]) {
    let users = SchemaSet::rfc_user();
    for (filter, expected) in filters {
        let parsed = parse(filter).unwrap();
        assert_eq!(matches(&parsed, user, &users), *expected, "{filter} {user}");
    }
}

#[test]
fn times_compare_by_instant() {
    judge(
        &json!({"meta": {"created": "2024-01-01T00:00:00Z"}}),
        &[
            (
                "meta.created eq \"2024-01-01T01:00:00+01:00\"",
                Verdict::Either,
            ),
            ("meta.created gt \"2023-12-31T23:59:59Z\"", Verdict::Yes),
            // Stored may be a little more than is shown, or a little less.
            ("meta.created gt \"2024-01-01T00:00:00Z\"", Verdict::Either),
            ("meta.created lt \"2024-01-01T00:00:00Z\"", Verdict::Either),
            (
                "meta.created ge \"2024-01-01T00:00:00.6Z\"",
                Verdict::Either,
            ),
            (
                "meta.created lt \"2023-12-31T23:59:59.4Z\"",
                Verdict::Either,
            ),
            ("meta.created ge \"2024-01-01T00:00:01Z\"", Verdict::No),
            ("meta.created lt \"2023-12-31T23:59:59Z\"", Verdict::No),
            ("meta.created co \"2024\"", Verdict::Either),
        ],
    );
}

#[test]
fn comparisons_follow_type_and_case() {
    judge(
        &json!({"userName": "a_b", "externalId": "É", "active": "true", "title": ""}),
        &[
            ("userName gt \"ac\"", Verdict::Either),
            ("userName lt \"b\"", Verdict::Yes),
            ("externalId eq \"é\"", Verdict::No),
            ("externalId eq \"E\u{301}\"", Verdict::Either),
            ("active eq true", Verdict::Either),
            ("title pr", Verdict::Either),
            ("userName eq null", Verdict::Either),
            ("password pr", Verdict::Either),
            ("active lt true", Verdict::Invalid),
            ("userName[value eq \"x\"]", Verdict::Either),
            ("nothing ne \"x\"", Verdict::Either),
            ("emails[primary eq false]", Verdict::No),
        ],
    );
    judge(
        &json!({
            "emails": [{"value": "a", "display": "x"}],
            "nickName": "straße",
            "profileUrl": "http://A",
        }),
        &[
            ("emails[primary eq false]", Verdict::Either),
            ("emails[primary eq true]", Verdict::No),
            ("emails eq \"x\"", Verdict::No),
            ("nickName eq \"STRASSE\"", Verdict::Either),
            ("profileUrl eq \"http://a\"", Verdict::Either),
        ],
    );
}

#[test]
fn an_unknown_attribute_has_no_value_at_endpoints_of_several_types() {
    let (users, groups) = (SchemaSet::rfc_user(), SchemaSet::rfc_group());
    let filter = parse("userName pr or members pr").unwrap();
    assert_eq!(refusal(&filter, &[&users]), Refusal::Fair);
    assert_eq!(refusal(&filter, &[&users, &groups]), Refusal::Unfair);
}

#[test]
fn an_operand_that_is_no_value_of_the_type_may_be_refused() {
    let users = SchemaSet::rfc_user();
    let check = |text: &str, expected: Refusal| {
        assert_eq!(
            refusal(&parse(text).unwrap(), &[&users]),
            expected,
            "{text}"
        );
    };
    check("x509Certificates.value eq \"QUJD\"", Refusal::Unfair);
    check("x509Certificates.value eq \"QUI=\"", Refusal::Unfair);
    check("x509Certificates.value eq \"QUI\"", Refusal::Fair);
    check("x509Certificates.value ne \"not base64!\"", Refusal::Fair);
    check("photos.value eq \"../Users/a\"", Refusal::Unfair);
    check("photos.value eq \"no URI\"", Refusal::Fair);
    check("photos.value co \"no URI\"", Refusal::Unfair);
}

#[test]
fn what_no_schema_defines_is_not_what_has_no_value() {
    let user = json!({"userName": "a", urn::ENTERPRISE_USER: {"department": "d"}});
    let container = urn::ENTERPRISE_USER;
    judge(
        &user,
        &[
            (&format!("{container} pr"), Verdict::Either),
            ("urn:x:y:colour pr", Verdict::No),
            ("urn:x:y:colour ne \"a\"", Verdict::Either),
            (
                "nickName ne \"a\" or urn:x:y:colour ne \"a\"",
                Verdict::Either,
            ),
        ],
    );
    let filter = parse("nickName ne \"a\" and not (colour ne \"a\")").unwrap();
    let users = SchemaSet::rfc_user();
    assert!(explains(&filter, [(&user, true)], &users).is_ok());
}

#[test]
fn the_longest_chain_that_parses_is_evaluated() {
    let users = SchemaSet::rfc_user();
    let text = vec!["title eq \"x\""; 1000].join(" or ");
    let filter = parse(&text).unwrap();
    assert_eq!(
        matches(&filter, &json!({"title": "X"}), &users),
        Verdict::Yes
    );
    assert_eq!(refusal(&filter, &[&users]), Refusal::Fair);
}

#[test]
fn times_of_more_digits_than_are_shown_explain_a_selection() {
    let users = SchemaSet::rfc_user();
    let user = |time: &str| json!({"meta": {"created": format!("2024-01-01T00:00:{time}Z")}});
    let explained = |filter: &str, result: &[(Value, bool)]| {
        let result = result.iter().map(|(user, selected)| (user, *selected));
        explains(&parse(filter).unwrap(), result, &users).is_ok()
    };
    let before = "meta.created lt \"2024-01-01T00:00:06Z\"";
    // 05.7 is shown as 06, and so is 06.2.
    assert!(explained(
        before,
        &[(user("06"), true), (user("06"), false), (user("05"), true)]
    ));
    assert!(!explained(before, &[(user("07"), true)]));
    assert!(!explained(before, &[(user("05"), false)]));
    assert!(!explained(before, &[(user("06.01"), true)]));
    let since = "meta.created ge \"2024-01-01T00:00:06Z\"";
    assert!(explained(since, &[(user("06"), false), (user("06"), true)]));
    assert!(!explained(since, &[(user("05.99"), true)]));
}
