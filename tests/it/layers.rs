//! The layers: a module imports only from rows below its own, never from its own row.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::source;

/// Rows from the lowest to the highest. A top-level module stands in exactly one of them.
const ROWS: &[&[&str]] = &[
    &["scim", "clock", "seed"],
    &["exchange", "requirement", "redact"],
    &["check", "oracle", "payload", "session"],
    &["suite", "ledger", "record"],
    &["client", "probe", "provider", "report"],
    &["run", "load", "tap"],
    &["cli"],
];

/// Modules that one module must not name although its row would allow it.
const FORBIDDEN: &[(&str, &[&str])] = &[("provider", &["oracle", "check", "payload"])];

/// Crates that only these modules may name.
const CRATES: &[(&str, &[&str])] = &[
    ("reqwest", &["client", "load"]),
    ("hyper", &["client", "load", "provider", "tap"]),
    ("goose", &["load"]),
    ("axum", &["provider"]),
    ("minijinja", &["report"]),
    ("junit_report", &["report"]),
    ("indicatif", &["report"]),
    ("clap", &["cli"]),
];

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// Names that follow `crate::` or `scimitar::` anywhere in the code, groups included, tests excluded.
fn imported(stream: TokenStream, found: &mut BTreeSet<String>, crates: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => imported(group.stream(), found, crates),
            TokenTree::Ident(ident) if is_path_start(&tokens, index) => {
                let name = ident.to_string();
                if name == "crate" || name == "scimitar" {
                    match tokens.get(index + 3) {
                        Some(TokenTree::Ident(module)) => {
                            found.insert(module.to_string());
                        }
                        Some(TokenTree::Group(group)) => first_names(group.stream(), found),
                        _ => {}
                    }
                } else {
                    crates.insert(name);
                }
            }
            _ => {}
        }
    }
}

/// Whether an identifier is the first of a path: followed by `::`, not preceded by it.
fn is_path_start(tokens: &[TokenTree], index: usize) -> bool {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let preceded = index >= 2 && colon(index - 1) && colon(index - 2);
    colon(index + 1) && colon(index + 2) && !preceded
}

fn first_names(stream: TokenStream, found: &mut BTreeSet<String>) {
    let mut expects = true;
    for token in stream {
        match token {
            TokenTree::Ident(ident) if expects => {
                found.insert(ident.to_string());
                expects = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => expects = true,
            _ => {}
        }
    }
}

/// The file without its inline test modules: tests may look upwards.
fn without_tests(text: &str) -> TokenStream {
    let mut file = syn::parse_file(text).expect("a source file that compiles also parses");
    file.items.retain(|item| match item {
        syn::Item::Mod(module) => !module.attrs.iter().any(is_cfg_test),
        _ => true,
    });
    let mut stream = TokenStream::new();
    for item in file.items {
        stream.extend(quote_item(&item));
    }
    stream
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|argument| argument == "test")
}

fn quote_item(item: &syn::Item) -> TokenStream {
    let mut stream = TokenStream::new();
    quote::ToTokens::to_tokens(item, &mut stream);
    stream
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// Top-level module of a file below `src`.
fn module_of(path: &str) -> Option<&str> {
    path.strip_prefix("src/")?
        .split('/')
        .next()
        .map(|name| name.trim_end_matches(".rs"))
}

#[test]
fn modules_import_only_from_lower_rows() {
    let mut wrong = Vec::new();
    for path in source::files("src", "rs") {
        let name = source::slashed(&path);
        let Some(module) = module_of(&name) else {
            continue;
        };
        if ["lib", "main"].contains(&module) || is_test_file(&name) {
            continue;
        }
        let Some(own) = row(module) else {
            wrong.push(format!("{name}: module `{module}` stands in no row"));
            continue;
        };
        let (mut found, mut crates) = (BTreeSet::new(), BTreeSet::new());
        imported(without_tests(&source::text(&path)), &mut found, &mut crates);
        found.remove(module);
        for other in &found {
            let forbidden = FORBIDDEN
                .iter()
                .any(|(who, whom)| *who == module && whom.contains(&other.as_str()));
            if forbidden || row(other).is_some_and(|theirs| theirs >= own) {
                wrong.push(format!("{name}: `{module}` imports `{other}`"));
            }
        }
        for (name_of_crate, owners) in CRATES {
            if crates.contains(*name_of_crate) && !owners.contains(&module) {
                wrong.push(format!(
                    "{name}: only {owners:?} may name the crate {name_of_crate}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_holds_modules_that_exist() {
    let present: BTreeSet<String> = source::files("src", "rs")
        .iter()
        .filter_map(|path| module_of(&source::slashed(path)).map(str::to_owned))
        .collect();
    for module in ROWS.iter().flat_map(|row| row.iter()) {
        assert!(
            present.contains(*module),
            "`{module}` stands in a row and not in src"
        );
    }
}

#[test]
fn an_import_hidden_in_a_group_is_seen() {
    let text = "use crate::{scim::urn, run}; fn f() { let _ = crate::cli::x(); reqwest::get(); } #[cfg(test)] mod tests { use crate::report::y; }";
    let (mut found, mut crates) = (BTreeSet::new(), BTreeSet::new());
    imported(without_tests(text), &mut found, &mut crates);
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["cli", "run", "scim"]
    );
    assert!(crates.contains("reqwest"));
}
