//! Filters: what the provider selects and refuses against what the oracle says of what it shows.

use http::Method;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use scimitar::oracle::filter::{Refusal, explains, refusal};
use scimitar::scim::filter::parse;
use scimitar::scim::schema::SchemaSet;
use serde_json::Value;

use super::{Answer, Bench, population, run, text};

/// An endpoint, its schemas and what it shows.
struct Endpoint<'a> {
    path: &'static str,
    schemas: &'a SchemaSet,
    resources: Vec<Value>,
}

fn check(bench: &Bench, endpoint: &Endpoint<'_>, filter: &str) -> TestCaseResult {
    let answer = bench.send(
        Method::GET,
        endpoint.path,
        &[("filter", filter), ("count", "200")],
        None,
    );
    let status = answer.status();
    let keyword = answer.keyword();
    let keyword = keyword.as_deref();
    let Ok(parsed) = parse(filter) else {
        prop_assert_eq!(
            (status, keyword),
            (400, Some("invalidFilter")),
            "{}",
            answer.body()
        );
        return Ok(());
    };
    let refusal = refusal(&parsed, &[endpoint.schemas]);
    match status {
        200 => {
            prop_assert!(refusal != Refusal::Due, "has to be refused");
            let selected = selected(&answer);
            let result = endpoint
                .resources
                .iter()
                .map(|it| (it, selected.contains(&it["id"])));
            if let Err(unfair) = explains(&parsed, result, endpoint.schemas) {
                let resource = &endpoint.resources[unfair.index];
                prop_assert!(
                    false,
                    "selected ought to be {}: {resource}",
                    unfair.expected
                );
            }
        }
        400 => {
            prop_assert!(refusal != Refusal::Unfair, "refused: {}", answer.body());
            prop_assert_eq!(keyword, Some("invalidFilter"));
        }
        // What is never returned may be kept from filters (RFC 7643 §7).
        403 => {
            let secret = filter.to_ascii_lowercase().contains("password");
            prop_assert!(secret && refusal != Refusal::Unfair, "{}", answer.body());
            prop_assert_eq!(keyword, Some("sensitive"));
        }
        other => prop_assert!(false, "answered {other}: {}", answer.body()),
    }
    Ok(())
}

fn selected(answer: &Answer) -> Vec<Value> {
    let body = answer.body();
    let resources = body["Resources"].as_array();
    resources
        .into_iter()
        .flatten()
        .map(|it| it["id"].clone())
        .collect()
}

fn over(
    endpoint: impl Fn(&Bench) -> Endpoint<'_>,
    bench: &Bench,
    spoil: bool,
    cases: u32,
) -> Result<(), String> {
    let endpoint = endpoint(bench);
    let valid = text::filter(endpoint.schemas, &endpoint.resources);
    let filters = if spoil { text::spoilt(valid) } else { valid };
    run((cases, bench.shrinks), &filters, |filter| {
        check(bench, &endpoint, &filter)
    })
}

fn users(bench: &Bench) -> Endpoint<'_> {
    Endpoint {
        path: "/Users",
        schemas: &bench.users,
        resources: population::fill(bench).0,
    }
}

fn groups(bench: &Bench) -> Endpoint<'_> {
    Endpoint {
        path: "/Groups",
        schemas: &bench.groups,
        resources: population::fill(bench).1,
    }
}

#[test]
fn filters_of_users_select_what_a_fair_reading_selects() {
    over(users, &Bench::new(), false, 1_000).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn filters_of_groups_select_what_a_fair_reading_selects() {
    over(groups, &Bench::new(), false, 400).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn spoilt_filters_are_refused_or_read_as_what_they_are() {
    over(users, &Bench::new(), true, 800).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn wrong_selections_are_told_from_fair_ones() {
    for fault in [
        "case-exact-ignored",
        "filter-ignored",
        "filter-left-to-right",
        "not-ignored",
        "or-selects-left",
        "prefix-as-substring",
        "presence-always",
        "strings-match-by-case",
        "suffix-as-substring",
        "value-path-across-values",
    ] {
        let bench = Bench::with(&[fault]);
        let failure = over(users, &bench, false, 1_000);
        assert!(failure.is_err(), "{fault} is not seen");
    }
}

#[test]
fn spoilt_filters_that_are_let_in_are_seen() {
    let bench = Bench::with(&["invalid-filter-ignored"]);
    assert!(over(users, &bench, true, 800).is_err());
}
