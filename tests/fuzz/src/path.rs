//! Laws of the parser of PATCH paths, its printer and the reference application.

use std::sync::LazyLock;

use scimitar::oracle::World;
use scimitar::oracle::patch::apply_operations;
use scimitar::scim::filter::Spacing;
use scimitar::scim::path::{Path, parse, parse_with};
use scimitar::scim::schema::SchemaSet;
use scimitar::scim::urn;
use serde_json::{Value, json};

use crate::filter::{inner_shape, refused};
use crate::mark;

/// Words of paths.
pub(crate) const WORDS: &[&str] = &[
    "emails",
    "emails[type eq \"work\"]",
    "emails[type eq \"work\"].value",
    "members[value eq \"1\"]",
    "name.givenName",
    "addresses[",
    "]",
    ".",
    ":",
    " and ",
    " or ",
    "not (",
    ")",
    " eq ",
    " pr",
    " sw ",
    "\"",
    "\\\"",
    "$ref",
    ".$ref",
    "members.$ref",
    "title",
    "schemas",
    "meta.location",
    "primary eq true",
    "active",
    "password",
    "id",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:core:2.0:User:title",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
    "/",
    " ",
    "\u{fc}",
    "\u{0}",
    "[0]",
];

static SCHEMAS: LazyLock<SchemaSet> = LazyLock::new(SchemaSet::rfc_user);

static USER: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "schemas": [urn::USER], "id": "1", "userName": "a", "title": "T", "active": true,
        "name": {"givenName": "G", "familyName": "F"},
        "emails": [
            {"value": "a@x.example", "type": "work", "primary": true},
            {"value": "b@x.example", "type": "home"},
        ],
    })
});

/// Longest path that is applied, too.
const APPLIED: usize = 120;

/// What is read is printed and read again as the same; an error says where; what is applied keeps the laws of PATCH.
pub fn path(data: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(data) else {
        return 0;
    };
    let read = parse(text);
    let strict = parse_with(text, &urn::SCHEMAS, Spacing::Strict);
    if strict.is_ok() {
        assert_eq!(strict, read, "strict and lenient reading differ");
    }
    if text.len() <= APPLIED {
        applied(text, read.is_ok());
    }
    match read {
        Err(error) => refused(text, &error),
        Ok(path) => {
            let printed = path.to_string();
            let again = parse_with(&printed, &urn::SCHEMAS, Spacing::Strict);
            assert_eq!(again.as_ref(), Ok(&path), "{printed}");
            assert_eq!(again.map(|it| it.to_string()), Ok(printed));
            mark(shape(&path))
        }
    }
}

fn applied(text: &str, reads: bool) {
    for operation in [
        json!({"op": "remove", "path": text}),
        json!({"op": "replace", "path": text, "value": "x"}),
        json!({"op": "add", "path": text, "value": [{"value": "x", "primary": true}]}),
    ] {
        let outcomes = apply_operations(&USER, &json!([operation]), &SCHEMAS, World::default());
        assert!(outcomes.complete, "too many questions: {operation}");
        assert!(
            !(outcomes.done.is_empty() && outcomes.refused.is_empty()),
            "no outcome: {operation}"
        );
        let spelled = text.starts_with('/') || text.contains("eq\"");
        assert!(
            reads || spelled || outcomes.must_refuse(),
            "no path, and applied: {operation}"
        );
        for done in &outcomes.done {
            assert_eq!(
                done.resource["id"], USER["id"],
                "the id changed: {operation}"
            );
            let emails = done.resource["emails"].as_array();
            let primary = emails
                .into_iter()
                .flatten()
                .filter(|it| it["primary"] == json!(true));
            assert!(primary.count() <= 1, "several are primary: {operation}");
        }
    }
}

fn shape(path: &Path) -> String {
    match path {
        Path::Container(urn) => format!("c{}", urn.len()),
        Path::Attribute(it) => format!(
            "a{}{}",
            u8::from(it.urn.is_some()),
            u8::from(it.sub.is_some())
        ),
        Path::Value { filter, sub, .. } => {
            format!("[{}]{}", inner_shape(filter, 4), u8::from(sub.is_some()))
        }
    }
}
