//! The parameters of queries and projections, in a URL or in a SearchRequest (RFC 7644 §3.4.2, §3.4.3).
//!
//! Knows which values are possible, not which attributes exist.

use serde_json::Value;

use super::Provider;
use super::model::read_path;
use super::plan::Query;
use super::problem::Problem;
use super::project::Projection;
use super::settings::Feature;
use crate::scim::filter;
use crate::scim::resource::member;
use crate::scim::urn;

/// Parameters as they were given.
#[derive(Default)]
struct Given<'a> {
    filter: Option<&'a str>,
    sort_by: Option<&'a str>,
    sort_order: Option<&'a str>,
    start_index: Option<i128>,
    count: Option<i128>,
}

/// The query of a URL.
///
/// # Errors
/// 400 for values that are not possible, 501 where filters are left out.
pub(super) fn of_url(
    provider: &Provider,
    parameters: &[(String, String)],
) -> Result<Query, Problem> {
    let number = |name: &str| {
        let number = parameter(parameters, name).map(|text| text.trim().parse::<i128>());
        number
            .transpose()
            .map_err(|_| Problem::value(format!("'{name}' has to be an integer")))
    };
    let given = Given {
        filter: parameter(parameters, "filter"),
        sort_by: parameter(parameters, "sortBy"),
        sort_order: parameter(parameters, "sortOrder"),
        start_index: number("startIndex")?,
        count: number("count")?,
    };
    Ok(Query {
        in_url: true,
        ..query(provider, &given)?
    })
}

/// The query of a SearchRequest.
///
/// # Errors
/// As [`of_url`].
pub(super) fn of_body(provider: &Provider, body: &Value) -> Result<Query, Problem> {
    if !urn::listed(body, urn::SEARCH_REQUEST) {
        return Err(Problem::syntax(format!(
            "'schemas' does not list '{}'",
            urn::SEARCH_REQUEST
        )));
    }
    let given = Given {
        filter: text(body, "filter")?,
        sort_by: text(body, "sortBy")?,
        sort_order: text(body, "sortOrder")?,
        start_index: integer(body, "startIndex")?,
        count: integer(body, "count")?,
    };
    query(provider, &given)
}

/// The projection of a URL.
///
/// # Errors
/// 400 where both lists are given.
pub(super) fn projection_of_url(parameters: &[(String, String)]) -> Result<Projection, Problem> {
    let names = |name: &str| parameter(parameters, name).unwrap_or("").split(',');
    Projection::read(names("attributes"), names("excludedAttributes"))
}

/// The projection of a SearchRequest.
///
/// # Errors
/// 400 where both lists are given, or one is no list of strings.
pub(super) fn projection_of_body(body: &Value) -> Result<Projection, Problem> {
    Projection::read(
        names(body, "attributes")?,
        names(body, "excludedAttributes")?,
    )
}

fn query(provider: &Provider, given: &Given<'_>) -> Result<Query, Problem> {
    let settings = provider.settings();
    let filter = match given.filter {
        None => None,
        Some(_) if settings.without.contains(&Feature::Filter) => {
            return Err(Problem::unsupported("filters are not supported"));
        }
        Some(text) if text.len() > settings.limits.max_filter => {
            return Err(Problem::filter("the filter is too long"));
        }
        Some(text) => Some(
            filter::parse(text)
                .map_err(|error| Problem::filter(format!("the filter is not usable: {error}")))?,
        ),
    };
    let sort_by = match given.sort_by {
        Some(text) if !settings.without.contains(&Feature::Sort) => Some(
            read_path(text).ok_or_else(|| Problem::value("'sortBy' has to name an attribute"))?,
        ),
        _ => None,
    };
    let descending = match given.sort_order {
        None => false,
        Some(order) if order.eq_ignore_ascii_case("ascending") => false,
        Some(order) if order.eq_ignore_ascii_case("descending") => true,
        Some(_) => {
            return Err(Problem::value(
                "'sortOrder' has to be 'ascending' or 'descending'",
            ));
        }
    };
    let max_results = settings.limits.max_results;
    Ok(Query {
        filter,
        sort_by,
        descending,
        start_index: size(given.start_index.unwrap_or(1).max(1)),
        count: given
            .count
            .map_or(max_results, |count| size(count.max(0)).min(max_results)),
        in_url: false,
    })
}

fn size(number: i128) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters
        .iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

fn text<'a>(body: &'a Value, name: &str) -> Result<Option<&'a str>, Problem> {
    match member(body, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::syntax(format!("'{name}' has to be a string"))),
    }
}

fn integer(body: &Value, name: &str) -> Result<Option<i128>, Problem> {
    match member(body, name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match (value.as_i64(), value.as_u64()) {
            (Some(number), _) => Ok(Some(i128::from(number))),
            (None, Some(number)) => Ok(Some(i128::from(number))),
            (None, None) => Err(Problem::syntax(format!("'{name}' has to be an integer"))),
        },
    }
}

fn names<'a>(body: &'a Value, name: &str) -> Result<Vec<&'a str>, Problem> {
    let wrong = || Problem::syntax(format!("'{name}' has to be an array of strings"));
    match member(body, name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}
