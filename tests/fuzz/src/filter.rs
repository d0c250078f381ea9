//! Laws of the filter parser, its printer and the reference evaluation.

use std::sync::LazyLock;

use scimitar::oracle::filter::{Verdict, matches};
use scimitar::scim::filter::{
    Filter, FilterError, NotSpelling, Spacing, ValueFilter, parse, parse_with, print,
};
use scimitar::scim::schema::SchemaSet;
use serde_json::Value;

use crate::{mark, skeleton};

/// Words of filters.
pub(crate) const WORDS: &[&str] = &[
    " and ",
    " or ",
    "not (",
    "not(",
    " eq ",
    " ne ",
    " co ",
    " sw ",
    " ew ",
    " gt ",
    " ge ",
    " lt ",
    " le ",
    " pr",
    "(",
    ")",
    "[",
    "]",
    ".",
    ":",
    "\"",
    "\\",
    "\\u00fc",
    "\\ud83d\\ude00",
    "\\ud800",
    "null",
    "true",
    "false",
    "TRUE",
    "0",
    "-0",
    "1e400",
    "-1.5E+3",
    "01",
    "18446744073709551616",
    "userName",
    "emails",
    "emails[type eq \"work\"]",
    "emails.type",
    "members.$ref",
    "$ref",
    "name.givenName",
    "active",
    "meta.created",
    "2011-05-13T04:42:34Z",
    "x509Certificates.value",
    "urn:ietf:params:scim:schemas:core:2.0:User:",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
    "\u{fc}",
    "\u{130}",
    "\u{1F600}",
    "\u{0}",
    "  ",
    "\t",
    "].value eq \"x\"",
];

static USERS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/vector/filter-resources.json");
    let all: Value = serde_json::from_str(text).expect("the resources are JSON");
    let members = all.as_object().into_iter().flatten();
    members.map(|(_, resource)| resource.clone()).collect()
});

static SCHEMAS: LazyLock<SchemaSet> = LazyLock::new(SchemaSet::rfc_user);

/// Longest filter that is evaluated, too: each open question doubles the work.
const EVALUATED: usize = 160;

/// What is read is printed and read again as the same; an error says where; evaluation keeps the laws of logic.
pub fn filter(data: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(data) else {
        return 0;
    };
    let read = parse(text);
    let strict = parse_with(text, Spacing::Strict);
    if strict.is_ok() {
        assert_eq!(strict, read, "strict and lenient reading differ");
    }
    match read {
        Err(error) => refused(text, &error),
        Ok(filter) => {
            printed(&filter);
            if text.len() <= EVALUATED {
                evaluated(&filter);
            }
            mark((strict.is_ok(), shape(&filter, 3)))
        }
    }
}

/// An error lies inside the text.
pub(crate) fn refused(text: &str, error: &FilterError) -> u64 {
    assert!(
        error.at <= text.chars().count(),
        "{error}: outside {text:?}"
    );
    assert!(!error.message.is_empty());
    mark((skeleton(&error.message), error.at.min(5)))
}

fn printed(filter: &Filter) {
    for not in [NotSpelling::Spaced, NotSpelling::Tight] {
        let text = print(filter, not);
        // What is written behind brackets joins them in a group: at the limits that is one too many.
        match parse_with(&text, Spacing::Strict) {
            Ok(again) => {
                assert_eq!(again, *filter, "{text}");
                assert_eq!(print(&again, not), text);
            }
            Err(error) => assert!(error.message.ends_with("nested groups"), "{error}: {text}"),
        }
    }
}

fn evaluated(filter: &Filter) {
    let not = |inner: &Filter| Filter::Not(Box::new(inner.clone()));
    for user in USERS.iter() {
        let plain = matches(filter, user, &SCHEMAS);
        assert_eq!(
            matches(&not(&not(filter)), user, &SCHEMAS),
            plain,
            "twice not: {filter}"
        );
        let expected = match plain {
            Verdict::Yes => Verdict::No,
            Verdict::No => Verdict::Yes,
            same => same,
        };
        assert_eq!(
            matches(&not(filter), user, &SCHEMAS),
            expected,
            "not: {filter}"
        );
        if let Filter::And(a, b) = filter {
            let apart = not(&Filter::Or(Box::new(not(a)), Box::new(not(b))));
            assert_eq!(
                matches(&apart, user, &SCHEMAS),
                plain,
                "de Morgan: {filter}"
            );
        }
        if let Filter::Or(a, b) = filter {
            let turned = Filter::Or(b.clone(), a.clone());
            assert_eq!(matches(&turned, user, &SCHEMAS), plain, "turned: {filter}");
        }
    }
}

/// What a tree looks like from afar.
fn shape(filter: &Filter, depth: usize) -> String {
    if depth == 0 {
        return String::from("…");
    }
    match filter {
        Filter::Or(a, b) => format!("({}|{})", shape(a, depth - 1), shape(b, depth - 1)),
        Filter::And(a, b) => format!("({}&{})", shape(a, depth - 1), shape(b, depth - 1)),
        Filter::Not(a) => format!("!{}", shape(a, depth - 1)),
        Filter::Present(path) => format!(
            "p{}{}",
            u8::from(path.urn.is_some()),
            u8::from(path.sub.is_some())
        ),
        Filter::Compare(path, it) => {
            format!(
                "{}{}{}",
                it.op,
                u8::from(path.urn.is_some()),
                kind(&it.value.to_string())
            )
        }
        Filter::ValuePath(_, inner) => format!("[{}]", inner_shape(inner, depth - 1)),
    }
}

pub(crate) fn inner_shape(filter: &ValueFilter, depth: usize) -> String {
    if depth == 0 {
        return String::from("…");
    }
    match filter {
        ValueFilter::Or(a, b) => format!(
            "({}|{})",
            inner_shape(a, depth - 1),
            inner_shape(b, depth - 1)
        ),
        ValueFilter::And(a, b) => format!(
            "({}&{})",
            inner_shape(a, depth - 1),
            inner_shape(b, depth - 1)
        ),
        ValueFilter::Not(a) => format!("!{}", inner_shape(a, depth - 1)),
        ValueFilter::Present(_) => String::from("p"),
        ValueFilter::Compare(_, it) => format!("{}{}", it.op, kind(&it.value.to_string())),
    }
}

fn kind(literal: &str) -> char {
    match literal.chars().next() {
        Some('"') => 's',
        Some('t' | 'f') => 'b',
        Some('n') => 'n',
        _ if literal.contains(['.', 'e']) => 'd',
        _ => 'i',
    }
}
