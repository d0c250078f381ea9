//! What the parser reads, what it refuses and where, and that printing is its inverse.

use proptest::prelude::*;

use super::*;

#[test]
fn prints_canonically() {
    let check = |text: &str, expected: &str| {
        assert_eq!(parse(text).unwrap().to_string(), expected, "{text}");
    };
    check("userName EQ \"a\"", "userName eq \"a\"");
    check("NOT(title PR)", "not (title pr)");
    check("not   ( title pr )", "not (title pr)");
    check("a pr or b pr and c pr", "a pr or b pr and c pr");
    check("(a pr or b pr) and c pr", "(a pr or b pr) and c pr");
    check("a pr or (b pr or c pr)", "a pr or (b pr or c pr)");
    check("((a pr))", "a pr");
    check("a  eq  1.0", "a eq 1.0");
    check("a eq -0", "a eq -0.0");
    check("a eq 18446744073709551616", "a eq 1.8446744073709552e+19");
    check("a eq TRUE", "a eq true");
    check("a eq \"\\u00fc\\n\\\"\"", "a eq \"ü\\n\\\"\"");
    check("e[ type eq \"w\" ]", "e[type eq \"w\"]");
    check("e[not(type eq \"w\")]", "e[not (type eq \"w\")]");
    check(
        "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName pr",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName pr",
    );
    check("$ref pr", "$ref pr");
    check("members.$ref pr", "members.$ref pr");
    check("not eq \"x\"", "not eq \"x\"");
    check(
        "e[type eq \"w\"].value eq \"x\" and a pr",
        "e[type eq \"w\" and value eq \"x\"] and a pr",
    );
    check("e[a pr or b pr].c pr", "e[(a pr or b pr) and c pr]");
}

#[test]
fn splits_the_urn_at_its_last_colon() {
    let Filter::Present(path) = parse("urn:a:2.0:User:name.givenName pr").unwrap() else {
        panic!("not a presence");
    };
    assert_eq!(path.urn.as_deref(), Some("urn:a:2.0:User"));
    assert_eq!(path.name, "name");
    assert_eq!(path.sub.as_deref(), Some("givenName"));
    assert_eq!(path.as_urn().unwrap(), "urn:a:2.0:User:name.givenName");
}

#[test]
fn says_where_it_stopped() {
    let check = |text: &str, at: usize, message: &str| {
        let error = parse(text).unwrap_err();
        assert_eq!((error.at, error.message.as_str()), (at, message), "{text}");
    };
    check("", 0, "an expression is missing");
    check("   ", 3, "an expression is missing");
    check("userName eq", 11, "expected a space and a value");
    check("userName eq ", 12, "expected a value");
    check("userName", 8, "expected a space and an operator");
    check("ü pr", 0, "an attribute name begins with a letter");
    check(
        "a eq \"ü\" x",
        9,
        "expected “and”, “or” or the end of the filter",
    );
    check("a zzop 1", 2, "unknown operator “zzop”");
    check("not a pr", 4, "“not” needs an expression in parentheses");
    check("a eq bob", 5, "“bob” is no value: strings stand in quotes");
    check("a eq 01", 5, "“01” is no value: strings stand in quotes");
    check("a eq 1e999", 5, "a number out of range");
    check("a eq \"x", 5, "the string does not end");
    check("a[b[c pr]]", 2, "no brackets inside brackets");
    check("a.b.c pr", 0, "only one level of sub-attribute is possible");
    check(".b pr", 0, "expected an attribute name");
    check("(a pr", 5, "expected “and”, “or” or “)”");
    check("a[b pr", 6, "expected “and”, “or” or “]”");
    check("a[b pr].", 8, "expected an attribute name");
    check("a[b pr].c", 9, "expected a space and an operator");
    check(
        "a[b pr].c.d pr",
        8,
        "only one level of sub-attribute is possible",
    );
    let no_urn = "expected a schema URN before the last colon";
    for odd in [
        ":a pr",
        "ser:a pr",
        "2.0:User:a pr",
        "urn:sch\u{e9}mas:a pr",
        "urn:a\tb:c pr",
        "urn:a\\b:c pr",
    ] {
        check(odd, 0, no_urn);
    }
}

#[test]
fn strict_reading_wants_single_spaces() {
    let check = |text: &str, fine: bool| {
        assert_eq!(parse_with(text, Spacing::Strict).is_ok(), fine, "{text}");
        assert!(parse(text).is_ok(), "{text}");
    };
    check("a pr", true);
    check("not(a pr)", true);
    check("not (a pr)", true);
    check("not  (a pr)", false);
    check("a  pr", false);
    check("a eq  1", false);
    check(" a pr", false);
    check("a pr ", false);
    check("( a pr)", false);
    check("e[ a pr]", false);
    check("a pr  or b pr", false);
}

#[test]
fn long_chains_and_deep_groups_are_bounded() {
    let run = || {
        let chain = |n: usize| vec!["userName eq \"R-bjensen\""; n].join(" or ");
        let filter = parse(&chain(500)).unwrap();
        assert_eq!(parse(&filter.to_string()).unwrap(), filter);
        assert!(parse(&chain(parse::MAX_TERMS)).is_ok());
        let error = parse(&chain(100_000)).unwrap_err();
        assert_eq!(error.message, "more than 1000 expressions");
        for open in ["(", "not (", "not("] {
            let deep = |n: usize| format!("{}a pr{}", open.repeat(n), ")".repeat(n));
            let filter = parse(&deep(200)).unwrap();
            assert_eq!(parse(&filter.to_string()).unwrap(), filter);
            let error = parse(&deep(100_000)).unwrap_err();
            assert_eq!(error.message, "more than 250 nested groups");
        }
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

/// Any attribute path, with and without URN.
pub(crate) fn any_path() -> impl Strategy<Value = AttributePath> {
    // Long enough not to be a keyword, which the laws respell.
    let name = || "[A-Za-z$][A-Za-z0-9_$-]{3,8}";
    let urn = prop::option::of("urn:[a-z]{1,6}:[A-Za-z0-9.:-]{1,12}");
    (urn, name(), prop::option::of(name())).prop_map(|(urn, name, sub)| AttributePath {
        urn,
        name,
        sub,
    })
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    let op = prop::sample::select(CompareOp::ALL.to_vec());
    let value = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(|n| Literal::Number(n.into())),
        any::<u64>().prop_map(|n| Literal::Number(n.into())),
        prop::num::f64::NORMAL
            .prop_map(|n| Literal::Number(serde_json::Number::from_f64(n).unwrap())),
        any::<String>().prop_map(Literal::String),
    ];
    (op, value).prop_map(|(op, value)| Comparison { op, value })
}

/// Any filter in brackets.
pub(crate) fn any_value_filter() -> impl Strategy<Value = ValueFilter> {
    let leaf = prop_oneof![
        any_path().prop_map(ValueFilter::Present),
        (any_path(), any_comparison()).prop_map(|(path, c)| ValueFilter::Compare(path, c)),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            pair().prop_map(|(a, b)| ValueFilter::Or(Box::new(a), Box::new(b))),
            pair().prop_map(|(a, b)| ValueFilter::And(Box::new(a), Box::new(b))),
            inner.prop_map(|a| ValueFilter::Not(Box::new(a))),
        ]
    })
}

/// Any filter.
pub(crate) fn any_filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        any_path().prop_map(Filter::Present),
        (any_path(), any_comparison()).prop_map(|(path, c)| Filter::Compare(path, c)),
        (any_path(), any_value_filter())
            .prop_map(|(path, filter)| Filter::ValuePath(path, Box::new(filter))),
    ];
    leaf.prop_recursive(5, 32, 2, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            pair().prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b))),
            pair().prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b))),
            inner.prop_map(|a| Filter::Not(Box::new(a))),
        ]
    })
}

/// Widens spaces and flips the case of operators outside strings.
fn respell(text: &str, flips: &[bool]) -> String {
    let mut flips = flips.iter().copied().cycle();
    let mut in_string = false;
    let mut escaped = false;
    let mut out = String::new();
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end();
        let keyword = CompareOp::of(bare).is_some() || ["and", "or", "pr", "not"].contains(&bare);
        if !in_string && keyword && flips.next() == Some(true) {
            out.push_str(&word.to_ascii_uppercase());
        } else {
            out.push_str(word);
        }
        for c in word.chars() {
            if c == '"' && !escaped {
                in_string = !in_string;
            }
            escaped = c == '\\' && !escaped;
        }
        if !in_string && word.ends_with(' ') && flips.next() == Some(true) {
            out.push_str("  ");
        }
    }
    out
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same(filter in any_filter()) {
        for not in [NotSpelling::Spaced, NotSpelling::Tight] {
            let text = print(&filter, not);
            prop_assert_eq!(parse(&text), Ok(filter.clone()), "{}", text);
            prop_assert_eq!(parse_with(&text, Spacing::Strict), Ok(filter.clone()), "{}", text);
        }
    }

    #[test]
    fn case_of_operators_and_runs_of_spaces_change_nothing(
        filter in any_filter(),
        flips in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        let text = respell(&filter.to_string(), &flips);
        prop_assert_eq!(parse(&text), Ok(filter.clone()), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.at <= text.chars().count());
        }
    }

    #[test]
    fn near_filters_are_read_or_refused(
        text in "(a|not|or|and|eq|pr|[()\\[\\] .:\"\\\\]|1|true|ü|urn:x:){0,24}",
    ) {
        match parse(&text) {
            Ok(filter) => prop_assert_eq!(parse(&filter.to_string()), Ok(filter)),
            Err(error) => prop_assert!(error.at <= text.chars().count()),
        }
    }
}
