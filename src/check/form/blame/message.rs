//! Violations in messages and discovery resources: a table from message, place and keyword to requirement.

use serde_json::Value;

use super::{Verdict, Violation, form, of_type};
use crate::check::form::Part;
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::to_json_schema::Message::{
    self, BulkResponse, Error, ListResponse, ResourceType, Schema, ServiceProviderConfig,
};
use crate::scim::urn;

/// Message, place (`*` for an index; definitions of sub-attributes count as definitions of attributes), keywords
/// (none: all), and whose it is. The first row that fits counts.
type Row = (Message, &'static str, &'static [&'static str], Verdict);

const fn breaks(requirement: &'static str) -> Verdict {
    Verdict::Breaks(requirement)
}

const ENVELOPE: Verdict = Verdict::Owned("list-envelope");
const START: &str = "rfc7644-3.4.2-partial-lists-state-start-index";
const SIZE: &str = "rfc7644-3.4.2-partial-lists-state-items-per-page";

const BULK: Verdict = breaks("rfc7644-3.7-bulk-answers-with-a-bulk-response");
const RESULT_STATUS: &str = "rfc7644-3.7-bulk-status-is-a-string";
const ERROR_STATUS: &str = "rfc7644-3.12-error-status-is-a-string";

const CONFIG_BULK: &str = "rfc7643-5-config-states-bulk";
const CONFIG_FILTER: &str = "rfc7643-5-config-states-filter";
const SCHEMES: Verdict = breaks("rfc7643-5-authentication-schemes-are-complete");

const EXTENSIONS: Verdict = breaks("rfc7643-6-resource-type-extensions-have-schemas");

const DEFINED: Verdict = breaks("rfc7643-7-attribute-definition-has-name-type-and-multi-valued");
const KNOWN_TYPE: &str = "rfc7643-7-attribute-type-is-known";
const SCIM_TYPE: &str = "rfc7643-2.3-schemas-use-known-data-types";
const KEYWORDS: Verdict = breaks("rfc7643-7-characteristics-use-defined-keywords");
const STANDARD: &str = "rfc7643-2.4-standard-sub-attributes-keep-their-meaning";
const TARGETS: &str = "rfc7643-2.3.7-reference-attributes-name-their-targets";
const LISTED: Verdict = breaks("rfc7643-7-schema-lists-attributes");

const ROWS: &[Row] = &[
    (
        ListResponse,
        "/Resources/*",
        &[],
        breaks("rfc7644-3.4.2-list-elements-are-resources"),
    ),
    (ListResponse, "/startIndex", &[], breaks(START)),
    (ListResponse, "/itemsPerPage", &[], breaks(SIZE)),
    (ListResponse, "/schemas", &[], ENVELOPE),
    (ListResponse, "/totalResults", &[], ENVELOPE),
    (ListResponse, "/Resources", &[], ENVELOPE),
    (Error, "/status", &[], breaks(ERROR_STATUS)),
    (
        Error,
        "/scimType",
        &[],
        breaks("rfc7644-3.12-scim-type-is-a-known-keyword"),
    ),
    (
        Error,
        "/detail",
        &[],
        breaks("rfc7644-3.12-error-detail-is-text"),
    ),
    (
        Error,
        "/schemas",
        &[],
        breaks("rfc7644-3.12-errors-carry-the-error-schema"),
    ),
    (BulkResponse, "/schemas", &[], BULK),
    (BulkResponse, "/Operations", &[], BULK),
    (BulkResponse, "/Operations/*", &[], BULK),
    (
        BulkResponse,
        "/Operations/*/method",
        &[],
        breaks("rfc7644-3.7-bulk-results-name-methods"),
    ),
    (
        BulkResponse,
        "/Operations/*/status",
        &[],
        breaks(RESULT_STATUS),
    ),
    (
        BulkResponse,
        "/Operations/*/location",
        &[],
        breaks("rfc7644-3.7-bulk-results-name-locations"),
    ),
    (
        BulkResponse,
        "/Operations/*/version",
        &[],
        breaks("rfc7644-3.7-bulk-results-name-versions"),
    ),
    (
        BulkResponse,
        "/Operations/*/bulkId",
        &[],
        breaks("rfc7644-3.7-bulk-echoes-bulk-ids"),
    ),
    (
        BulkResponse,
        "/Operations/*/response",
        &[],
        breaks("rfc7644-3.7-bulk-failures-hold-an-error"),
    ),
    (
        ServiceProviderConfig,
        "/schemas",
        &["contains"],
        breaks("rfc7643-5-config-schema-uri"),
    ),
    (
        ServiceProviderConfig,
        "/patch",
        &[],
        breaks("rfc7643-5-config-states-patch"),
    ),
    (ServiceProviderConfig, "/bulk", &[], breaks(CONFIG_BULK)),
    (ServiceProviderConfig, "/filter", &[], breaks(CONFIG_FILTER)),
    (
        ServiceProviderConfig,
        "/changePassword",
        &[],
        breaks("rfc7643-5-config-states-change-password"),
    ),
    (
        ServiceProviderConfig,
        "/sort",
        &[],
        breaks("rfc7643-5-config-states-sort"),
    ),
    (
        ServiceProviderConfig,
        "/etag",
        &[],
        breaks("rfc7643-5-config-states-etag"),
    ),
    (
        ServiceProviderConfig,
        "/authenticationSchemes",
        &[],
        breaks("rfc7643-5-config-lists-authentication-schemes"),
    ),
    (
        ServiceProviderConfig,
        "/authenticationSchemes/*",
        &["type"],
        SCHEMES,
    ),
    (
        ServiceProviderConfig,
        "/authenticationSchemes/*/type",
        &[],
        SCHEMES,
    ),
    (
        ServiceProviderConfig,
        "/authenticationSchemes/*/name",
        &[],
        SCHEMES,
    ),
    (
        ServiceProviderConfig,
        "/authenticationSchemes/*/description",
        &[],
        SCHEMES,
    ),
    (
        ResourceType,
        "/schemas",
        &["contains"],
        breaks("rfc7643-6-resource-type-schema-uri"),
    ),
    (
        ResourceType,
        "/name",
        &[],
        breaks("rfc7643-6-resource-type-has-a-name"),
    ),
    (
        ResourceType,
        "/endpoint",
        &[],
        breaks("rfc7643-6-resource-type-has-an-endpoint"),
    ),
    (
        ResourceType,
        "/schema",
        &[],
        breaks("rfc7643-6-resource-type-names-its-schema"),
    ),
    (ResourceType, "/schemaExtensions", &[], EXTENSIONS),
    (ResourceType, "/schemaExtensions/*", &[], EXTENSIONS),
    (ResourceType, "/schemaExtensions/*/schema", &[], EXTENSIONS),
    (
        ResourceType,
        "/schemaExtensions/*/required",
        &[],
        breaks("rfc7643-6-resource-type-extensions-say-required"),
    ),
    (
        Schema,
        "/schemas",
        &["contains"],
        breaks("rfc7643-7-schema-schema-uri"),
    ),
    (Schema, "/id", &[], breaks("rfc7643-7-schema-id-is-its-uri")),
    (Schema, "/attributes", &[], LISTED),
    (Schema, "/attributes/*", &["type"], LISTED),
    (
        Schema,
        "/attributes/*/name",
        &["pattern"],
        breaks("rfc7643-2.1-attribute-names-are-well-formed"),
    ),
    (Schema, "/attributes/*/name", &[], DEFINED),
    (
        Schema,
        "/attributes/*/type",
        &["not"],
        breaks("rfc7643-2.3.8-sub-attributes-are-not-complex"),
    ),
    (
        Schema,
        "/attributes/*/type",
        &["const"],
        Verdict::Tolerated(STANDARD, "B15-standard"),
    ),
    (Schema, "/attributes/*/type", &["enum"], breaks(KNOWN_TYPE)),
    (Schema, "/attributes/*/type", &[], DEFINED),
    (Schema, "/attributes/*/multiValued", &[], DEFINED),
    (
        Schema,
        "/attributes/*/subAttributes",
        &["maxItems"],
        breaks("rfc7643-1.2-simple-attribute-has-no-sub-attributes"),
    ),
    (
        Schema,
        "/attributes/*/subAttributes",
        &[],
        breaks("rfc7643-7-complex-attributes-list-sub-attributes"),
    ),
    (
        Schema,
        "/attributes/*/referenceTypes",
        &["maxItems"],
        breaks("rfc7643-7-reference-types-are-for-references"),
    ),
    (
        Schema,
        "/attributes/*/referenceTypes",
        &[],
        Verdict::Tolerated(TARGETS, "B05-targets"),
    ),
    (Schema, "/attributes/*/required", &[], KEYWORDS),
    (Schema, "/attributes/*/caseExact", &[], KEYWORDS),
    (Schema, "/attributes/*/mutability", &[], KEYWORDS),
    (Schema, "/attributes/*/returned", &[], KEYWORDS),
    (Schema, "/attributes/*/uniqueness", &[], KEYWORDS),
];

pub(super) fn blame(message: Message, part: &Part<'_>, violation: &Violation) -> Verdict {
    if message == Error && !part.in_bulk {
        return Verdict::Owned("error-shape");
    }
    let at = general(&violation.pointer);
    let keyword = violation.keyword.as_str();
    let row = ROWS.iter().find(|(of, place, keywords, _)| {
        let within = matches!(message, ServiceProviderConfig)
            && !place.contains("Schemes")
            && place.len() > 1;
        let fits = *place == at || (within && at.starts_with(&format!("{place}/")));
        *of == message && fits && (keywords.is_empty() || keywords.contains(&keyword))
    });
    match row {
        Some((_, _, _, verdict)) => refined(*verdict, part.value, violation),
        // That `schemas` is there and is an array of text is said of every resource alike.
        None if at.starts_with("/schemas") => Verdict::Owned("schemas"),
        None => of_type(violation),
    }
}

/// A row's verdict, where the value tells more than place and keyword.
fn refined(verdict: Verdict, value: &Value, violation: &Violation) -> Verdict {
    let Verdict::Breaks(requirement) = verdict else {
        return verdict;
    };
    let actual = violation.deviation.actual.as_str();
    let tolerance = match (requirement, violation.keyword.as_str()) {
        (START | SIZE, _) if is_partial(value) => return ENVELOPE,
        (RESULT_STATUS, "type") => "F01",
        (ERROR_STATUS, "type") if actual.starts_with(|c: char| c.is_ascii_digit()) => "F16",
        (CONFIG_BULK, "required") if is_unsupported(value, "bulk") => "B07",
        (CONFIG_FILTER, "required") if is_unsupported(value, "filter") => "B07",
        // Wrong letter case is for the scenario: some treat the keyword as text without case.
        (KNOWN_TYPE, _) if !is_core(value) => return Verdict::Breaks(SCIM_TYPE),
        _ => return verdict,
    };
    Verdict::Tolerated(requirement, tolerance)
}

/// A list of which list-envelope judges how it is cut.
fn is_partial(list: &Value) -> bool {
    let list = ListView::read(list).unwrap_or_default();
    let number = list.resources.len() as u64;
    number > 0 && list.total_results.is_some_and(|total| total > number)
}

fn is_unsupported(config: &Value, feature: &str) -> bool {
    let supported = member(config, feature).and_then(|feature| member(feature, "supported"));
    supported == Some(&Value::Bool(false))
}

fn is_core(schema: &Value) -> bool {
    let id = member(schema, "id").and_then(Value::as_str);
    id.is_some_and(|id| urn::SCHEMAS.iter().any(|known| urn::same(known, id)))
}

/// A pointer with indices as `*`, and definitions of sub-attributes as those of attributes.
fn general(pointer: &str) -> String {
    let mut general = String::new();
    for name in pointer.split('/').skip(1) {
        let is_index = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        general.push('/');
        general.push_str(if is_index { "*" } else { name });
    }
    general.replace("/subAttributes/*", "")
}

/// The requirements of rows whose parent is there.
pub(super) fn exercised(message: Message, value: &Value) -> Vec<&'static str> {
    let mut requirements = Vec::new();
    for (of, place, _, verdict) in ROWS {
        let requirement = match verdict {
            Verdict::Breaks(requirement) | Verdict::Tolerated(requirement, _) => *requirement,
            Verdict::Owned(_) | Verdict::Nothing => continue,
        };
        let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
        if *of == message && !requirements.contains(&requirement) && is_there(value, parent) {
            requirements.push(requirement);
        }
    }
    requirements
}

/// Whether anything stands at a place, looked for no further than the first.
fn is_there(value: &Value, place: &str) -> bool {
    let Some(rest) = place.strip_prefix('/') else {
        return true;
    };
    let (name, below) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    match (name, value) {
        ("*", Value::Array(items)) => items.iter().any(|item| is_there(item, below)),
        ("*", _) => false,
        _ => member(value, name).is_some_and(|value| is_there(value, below)),
    }
}

pub(super) fn covered() -> impl Iterator<Item = &'static str> {
    let rows = ROWS.iter().filter_map(|(_, _, _, verdict)| match verdict {
        Verdict::Breaks(requirement) | Verdict::Tolerated(requirement, _) => Some(*requirement),
        Verdict::Owned(_) | Verdict::Nothing => None,
    });
    rows.chain([SCIM_TYPE, form::STRING])
}
