//! Which requirement a smallest PATCH shows to be broken.

use serde_json::Value;

use super::example::Example;
use crate::scim::path::{Path, parse_known};
use crate::scim::resource::{Difference, get, is_assigned, pointed};
use crate::scim::schema::{DataType, Place, SchemaSet};

pub(super) const ANSWERS: &str = "rfc7644-3.5.2-patch-answers-200-or-204";
pub(super) const ATOMIC: &str = "rfc7644-3.5.2-patch-is-atomic";
pub(in crate::probe) const FAILS: &str = "rfc7644-3.5.2-failed-patch-answers-with-an-error";
pub(super) const REFRESHES: &str = "rfc7644-3.5.2-patch-refreshes-last-modified";
/// Nothing is said of a version that changes though the user does not.
pub(super) const VERSION: &str = "rfc7644-3.14-version-follows-changes";
pub(super) const PRESENT: &str = "rfc7644-3.5.2.1-add-does-not-duplicate";
pub(super) const UNTOUCHED: &str = "rfc7644-3.5.2.1-no-op-add-keeps-last-modified";
pub(super) const EQUAL: &str = "rfc7644-3.5.2.3-replace-with-an-equal-value-succeeds";
const NAMES: &str = "rfc7644-3.5.2-patch-names-ignore-case";
const ORDER: &str = "rfc7644-3.5.2-operations-apply-in-order";
const PRIMARY: &str = "rfc7644-3.5.2-new-primary-demotes-the-old";
const EXTENSION: &str = "rfc7644-3.5.2-patch-adds-the-extension-uri";
const ADD_PATHLESS: &str = "rfc7644-3.5.2.1-add-without-path-adds-attributes";
const ADD_SETS: &str = "rfc7644-3.5.2.1-add-sets-a-missing-attribute";
const ADD_MERGES: &str = "rfc7644-3.5.2.1-add-merges-sub-attributes";
const ADD_APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";
const ADD_REPLACES: &str = "rfc7644-3.5.2.1-add-replaces-a-single-value";
const ADD_SUB: &str = "rfc7644-3.5.2.1-add-sets-a-sub-attribute";
const REMOVE_ONE: &str = "rfc7644-3.5.2.2-remove-unassigns-a-single-value";
const REMOVE_ALL: &str = "rfc7644-3.5.2.2-remove-unassigns-all-values";
const REMOVE_MATCHING: &str = "rfc7644-3.5.2.2-remove-takes-matching-values";
const REMOVE_SUB: &str = "rfc7644-3.5.2.2-remove-takes-a-sub-attribute";
const REPLACE_PATHLESS: &str = "rfc7644-3.5.2.3-replace-without-path-replaces-attributes";
const REPLACE_SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";
const REPLACE_ALL: &str = "rfc7644-3.5.2.3-replace-sets-all-values";
const REPLACE_ADDS: &str = "rfc7644-3.5.2.3-replace-of-a-missing-attribute-adds-it";
const REPLACE_KEEPS: &str = "rfc7644-3.5.2.3-replace-keeps-unnamed-sub-attributes";
const REPLACE_MATCHING: &str = "rfc7644-3.5.2.3-replace-takes-matching-values";
const REPLACE_SUB: &str = "rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches";

/// All that the law can find broken.
pub(in crate::probe) const COVERS: &[&str] = &[
    ANSWERS,
    ATOMIC,
    FAILS,
    REFRESHES,
    VERSION,
    PRESENT,
    UNTOUCHED,
    EQUAL,
    NAMES,
    ORDER,
    PRIMARY,
    EXTENSION,
    ADD_PATHLESS,
    ADD_SETS,
    ADD_MERGES,
    ADD_APPENDS,
    ADD_REPLACES,
    ADD_SUB,
    REMOVE_ONE,
    REMOVE_ALL,
    REMOVE_MATCHING,
    REMOVE_SUB,
    REPLACE_PATHLESS,
    REPLACE_SETS,
    REPLACE_ALL,
    REPLACE_ADDS,
    REPLACE_KEEPS,
    REPLACE_MATCHING,
    REPLACE_SUB,
];

/// The requirement that a wrong state shows to be broken, by the user before and after, and where it differs from what
/// is fair.
pub(super) fn blame(
    example: &Example,
    (before, after): (&Value, &Value),
    difference: &Difference,
    schemas: &SchemaSet,
) -> &'static str {
    let at = difference.pointer.as_str();
    // Whatever else is asked for: who has a value twice that was added should not, and that is all.
    if example.has("add") && is_double(difference, after) {
        return PRESENT;
    }
    if example.loud {
        return NAMES;
    }
    let [operation] = example.operations.as_slice() else {
        return ORDER;
    };
    if at.starts_with("/schemas") {
        return EXTENSION;
    }
    if at.ends_with("/primary") {
        return PRIMARY;
    }
    let op = operation.get("op").and_then(Value::as_str).unwrap_or("");
    let Some(text) = operation.get("path").and_then(Value::as_str) else {
        return if op == "add" {
            ADD_PATHLESS
        } else {
            REPLACE_PATHLESS
        };
    };
    let known: Vec<&str> = schemas.urns().collect();
    match (parse_known(text, &known), op) {
        (Ok(Path::Value { sub, .. }), "remove") => sub.map_or(REMOVE_MATCHING, |_| REMOVE_SUB),
        (Ok(Path::Value { sub, .. }), _) => sub.map_or(REPLACE_MATCHING, |_| REPLACE_SUB),
        (Ok(Path::Attribute(path)), op) => {
            let Some(Place::Attribute { attribute, sub, .. }) = schemas.find(&path) else {
                return ANSWERS;
            };
            let there = get(before, &path).into_iter().any(is_assigned);
            let complex = attribute.data_type == DataType::Complex;
            match (op, sub.is_some(), attribute.multi_valued) {
                ("add", true, _) => ADD_SUB,
                ("add", false, true) => ADD_APPENDS,
                ("add", false, false) if complex => ADD_MERGES,
                ("add", ..) if there => ADD_REPLACES,
                ("add", ..) => ADD_SETS,
                ("remove", true, _) => REMOVE_SUB,
                ("remove", false, true) => REMOVE_ALL,
                ("remove", ..) => REMOVE_ONE,
                (_, false, true) => REPLACE_ALL,
                (_, false, false) if complex => REPLACE_KEEPS,
                _ if there => REPLACE_SETS,
                _ => REPLACE_ADDS,
            }
        }
        _ => ANSWERS,
    }
}

/// Whether what is too much is there once more, and was to be there once.
fn is_double(difference: &Difference, after: &Value) -> bool {
    let (None, Some(surplus)) = (&difference.expected, &difference.actual) else {
        return false;
    };
    let all = pointed(after, &difference.pointer).and_then(Value::as_array);
    let surplus = unranked(surplus);
    let same = all.into_iter().flatten();
    same.filter(|it| unranked(it) == surplus).count() > 1
}

/// A value without what says that it is the primary one.
fn unranked(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !name.eq_ignore_ascii_case("primary"));
    }
    value
}
