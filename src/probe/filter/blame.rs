//! Which requirement a smallest filter shows to be broken.

use serde_json::Value;

use super::query::{Query, Spelling, open};
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal};
use crate::scim::schema::{Attribute, DataType, Place, SchemaSet};

pub(super) const SELECTS: &str = "rfc7644-3.4.2.2-filter-selects-matching-resources-only";
pub(super) const NAMES: &str = "rfc7644-3.4.2.2-filter-names-and-operators-ignore-case";
const GROUPS: &str = "rfc7644-3.4.2.2-grouping-comes-first";
const EQ: &str = "rfc7644-3.4.2.2-eq-matches-equal-values";
const NE: &str = "rfc7644-3.4.2.2-ne-matches-other-values";
const CO: &str = "rfc7644-3.4.2.2-co-matches-substrings";
const SW: &str = "rfc7644-3.4.2.2-sw-matches-prefixes";
const EW: &str = "rfc7644-3.4.2.2-ew-matches-suffixes";
const PR: &str = "rfc7644-3.4.2.2-pr-matches-present-values";
const STRINGS: &str = "rfc7644-3.4.2.2-strings-order-lexicographically";
const TIMES: &str = "rfc7644-3.4.2.2-date-times-order-chronologically";
const INTEGERS: &str = "rfc7644-3.4.2.2-integers-order-numerically";
const AND: &str = "rfc7644-3.4.2.2-and-needs-both";
const OR: &str = "rfc7644-3.4.2.2-or-needs-one";
const NOT: &str = "rfc7644-3.4.2.2-not-inverts";
const BINDS: &str = "rfc7644-3.4.2.2-and-binds-tighter-than-or";
const ONE_VALUE: &str = "rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value";
const CASE: &str = "rfc7644-3.4.2.2-case-insensitive-strings-match-any-case";
const URNS: &str = "rfc7644-3.4.2.2-filter-names-may-carry-urns";
const JSON: &str = "rfc7644-3.4.2.2-filter-operands-are-json";

/// All that the law can find broken.
pub(super) const COVERS: &[&str] = &[
    SELECTS, NAMES, GROUPS, EQ, NE, CO, SW, EW, PR, STRINGS, TIMES, INTEGERS, AND, OR, NOT, BINDS,
    ONE_VALUE, CASE, URNS, JSON,
];

/// The requirement that a smallest filter shows to be broken; `resource` is one that is wrongly in or out.
pub(super) fn blame(query: &Query, resource: &Value, schemas: &SchemaSet) -> &'static str {
    let plain = Spelling::default();
    if query.spelling.grouped {
        return GROUPS;
    }
    if query.spelling != plain {
        return NAMES;
    }
    of(&query.filter, resource, schemas)
}

fn of(filter: &Filter, resource: &Value, schemas: &SchemaSet) -> &'static str {
    match filter {
        Filter::Or(a, b) => match (is_and(a), is_and(b)) {
            (false, false) => OR,
            _ => BINDS,
        },
        Filter::And(a, b) => match (is_or(a), is_or(b)) {
            (false, false) => AND,
            _ => GROUPS,
        },
        Filter::Not(_) => NOT,
        Filter::Present(path) => if_plain(path, PR),
        Filter::Compare(path, comparison) => {
            let definition = match schemas.find(path) {
                Some(Place::Attribute { attribute, sub, .. }) => Some(sub.unwrap_or(attribute)),
                _ => None,
            };
            let values = crate::scim::resource::get(resource, path);
            if_plain(path, comparing(comparison, &values, definition))
        }
        Filter::ValuePath(_, inner) => match open(inner) {
            // Each condition by itself holds or does not as it should: a smaller one would fail, too.
            Filter::And(a, b) if !is_or(&a) && !is_or(&b) => ONE_VALUE,
            // That brackets hold such conditions at all is up to the target; what they mean is not.
            inner @ (Filter::And(..) | Filter::Or(..) | Filter::Not(_)) => {
                of(&inner, resource, schemas)
            }
            _ => SELECTS,
        },
    }
}

fn if_plain(path: &AttributePath, requirement: &'static str) -> &'static str {
    let core = path
        .urn
        .as_ref()
        .is_some_and(|urn| !urn.contains(":extension:"));
    if core { URNS } else { requirement }
}

fn comparing(
    comparison: &Comparison,
    values: &[&Value],
    definition: Option<&Attribute>,
) -> &'static str {
    let Literal::String(text) = &comparison.value else {
        return operator(comparison.op, definition);
    };
    if text.contains(['"', '\\']) {
        return JSON;
    }
    let folds = definition.is_some_and(|it| !it.compares_case());
    let otherwise_spelled = values
        .iter()
        .filter_map(|value| value.as_str())
        .any(|value| {
            let (a, b) = (value.to_ascii_lowercase(), text.to_ascii_lowercase());
            a.contains(&b) && !value.contains(text.as_str())
        });
    if folds && otherwise_spelled && !comparison.op.is_ordering() {
        return CASE;
    }
    operator(comparison.op, definition)
}

fn operator(op: CompareOp, definition: Option<&Attribute>) -> &'static str {
    let data_type = definition.map(|it| it.data_type);
    match (op, data_type) {
        (CompareOp::Eq, _) => EQ,
        (CompareOp::Ne, _) => NE,
        (CompareOp::Co, _) => CO,
        (CompareOp::Sw, _) => SW,
        (CompareOp::Ew, _) => EW,
        (_, Some(DataType::DateTime)) => TIMES,
        (_, Some(DataType::Integer | DataType::Decimal)) => INTEGERS,
        _ => STRINGS,
    }
}

fn is_and(filter: &Filter) -> bool {
    matches!(filter, Filter::And(..))
}

fn is_or(filter: &Filter) -> bool {
    matches!(filter, Filter::Or(..))
}
