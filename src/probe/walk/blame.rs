//! Requirements that the walk can find broken, and which of them a difference breaks.

use super::example::{Route, Way};
use crate::scim::schema::{DataType, Returned};

pub(super) const UPDATES: &str = "rfc7643-7-read-write-attributes-can-be-updated";
pub(super) const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";
pub(super) const OURS: &str = "rfc7644-3.12-client-faults-are-no-server-errors";
pub(super) const ARRAYS: &str = "rfc7643-2.4-multi-valued-attributes-are-arrays";
pub(super) const SINGULAR: &str = "rfc7643-4.1.1-singular-attributes-are-single-values";
pub(super) const OBJECTS: &str = "rfc7644-3.8-attributes-have-their-json-form";
pub(super) const STRINGS: &str = "rfc7643-2.3.1-strings-are-json-strings";
pub(super) const UNICODE: &str = "rfc7643-2.3.1-strings-keep-their-unicode-text";
pub(super) const CASE: &str = "rfc7643-7-case-exact-values-keep-their-case";
pub(super) const BOOLEANS: &str = "rfc7643-2.3.2-booleans-are-json-literals";
const DECIMALS: &str = "rfc7643-2.3.3-decimals-are-json-numbers";
pub(super) const INTEGERS: &str = "rfc7643-2.3.4-integers-have-no-fraction-or-exponent";
const TIMES: &str = "rfc7643-2.3.5-date-times-are-xsd-date-times";
const BASE64: &str = "rfc7643-2.3.6-binary-values-are-base64";
pub(super) const BYTES: &str = "rfc7643-2.3.6-binary-values-survive-as-base64";
const URIS: &str = "rfc7643-2.3.7-references-are-uris";
pub(super) const STATE: &str = "rfc7644-3.1-answers-show-the-state-kept";
pub(super) const READ_ONLY: &str = "rfc7643-7-read-only-attributes-do-not-change";
pub(super) const IMMUTABLE: &str = "rfc7643-7-immutable-values-do-not-change";
pub(super) const NEVER: &str = "rfc7643-4.1.1-password-is-never-returned";
const ALWAYS: &str = "rfc7643-7-always-returned-attributes-are-always-there";
const DEFAULT: &str = "rfc7643-7-default-attributes-appear-unless-projected-away";
pub(super) const EXCLUDED: &str = "rfc7644-3.9-excluded-attributes-are-left-out";
pub(super) const REQUEST: &str = "rfc7643-7-request-attributes-appear-on-request";
const SERVER_UNIQUE: &str = "rfc7643-7-server-unique-values-are-unique";
const GLOBALLY_UNIQUE: &str = "rfc7643-7-globally-unique-values-are-unique";
const NAME_UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const PUT_UNIQUE: &str = "rfc7644-3.5.1-put-keeps-values-unique";
const PATCH_UNIQUE: &str = "rfc7644-3.5.2-patch-keeps-values-unique";
pub(super) const CONFLICT: &str = "rfc7644-3.3-duplicate-create-answers-409";
pub(super) const FILTERS: &str = "rfc7643-7-filters-honour-case-exact";
pub(super) const REQUIRED: &str = "rfc7644-3.3-invalid-create-answers-400";
const PUT_VALUES: &str = "rfc7644-3.5.1-put-replaces-values";
const ADD_SETS: &str = "rfc7644-3.5.2.1-add-sets-a-missing-attribute";
const REPLACE_SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";
const REPLACE_ALL: &str = "rfc7644-3.5.2.3-replace-sets-all-values";
const REPLACE_PATHLESS: &str = "rfc7644-3.5.2.3-replace-without-path-replaces-attributes";
const REMOVE_ONE: &str = "rfc7644-3.5.2.2-remove-unassigns-a-single-value";
const REMOVE_ALL: &str = "rfc7644-3.5.2.2-remove-unassigns-all-values";
const EMPTIES: &str = "rfc7643-2.5-null-and-empty-array-unassign";

/// All that the walk can find broken.
pub(super) const COVERS: &[&str] = &[
    UPDATES,
    READABLE,
    OURS,
    ARRAYS,
    SINGULAR,
    OBJECTS,
    STRINGS,
    UNICODE,
    CASE,
    BOOLEANS,
    DECIMALS,
    INTEGERS,
    TIMES,
    BASE64,
    BYTES,
    URIS,
    STATE,
    READ_ONLY,
    IMMUTABLE,
    NEVER,
    ALWAYS,
    DEFAULT,
    EXCLUDED,
    REQUEST,
    SERVER_UNIQUE,
    GLOBALLY_UNIQUE,
    NAME_UNIQUE,
    PUT_UNIQUE,
    PATCH_UNIQUE,
    CONFLICT,
    FILTERS,
    REQUIRED,
    PUT_VALUES,
    ADD_SETS,
    REPLACE_SETS,
    REPLACE_ALL,
    REPLACE_PATHLESS,
    REMOVE_ONE,
    REMOVE_ALL,
    EMPTIES,
];

/// The requirement that a value of another form breaks.
pub(super) fn form(data_type: DataType) -> &'static str {
    match data_type {
        DataType::String => STRINGS,
        DataType::Boolean => BOOLEANS,
        DataType::Decimal => DECIMALS,
        DataType::Integer => INTEGERS,
        DataType::DateTime => TIMES,
        DataType::Binary => BASE64,
        DataType::Reference => URIS,
        DataType::Complex => OBJECTS,
    }
}

/// The requirement that a value breaks which a request did not bring about.
pub(super) fn written(way: Way, several: bool) -> &'static str {
    match way {
        Way::Put => PUT_VALUES,
        Way::Add => ADD_SETS,
        Way::Replace if several => REPLACE_ALL,
        Way::Replace => REPLACE_SETS,
        Way::Pathless => REPLACE_PATHLESS,
        Way::Remove if several => REMOVE_ALL,
        Way::Remove => REMOVE_ONE,
        Way::Empty => EMPTIES,
        _ => READABLE,
    }
}

/// The requirement that a second resource with a unique value breaks.
pub(super) fn twin(route: Route, global: bool, user_name: bool) -> &'static str {
    match route {
        Route::Put => PUT_UNIQUE,
        Route::Patch => PATCH_UNIQUE,
        Route::Post if user_name => NAME_UNIQUE,
        Route::Post if global => GLOBALLY_UNIQUE,
        Route::Post => SERVER_UNIQUE,
    }
}

/// The requirement that breaks where a projection shows too little.
pub(super) fn missing(returned: Returned) -> &'static str {
    match returned {
        Returned::Always => ALWAYS,
        Returned::Request => REQUEST,
        Returned::Default | Returned::Never => DEFAULT,
    }
}
