//! The parameters of queries and projections, in a URL or in a SearchRequest (RFC 7644 §3.4.2, §3.4.3).
//!
//! Knows which values are possible, not which attributes exist.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::Provider;
use super::authenticate::Principal;
use super::model::read_path;
use super::plan::{Query, Walk};
use super::problem::Problem;
use super::project::Projection;
use super::settings::{Feature, PagingMethod};
use super::store::Kind;
use crate::scim::filter;
use crate::scim::resource::member;
use crate::scim::urn;

/// Parameters of which a walk by cursors keeps each from its first page to its last.
const KEPT: [&str; 5] = [
    "filter",
    "sortBy",
    "sortOrder",
    "attributes",
    "excludedAttributes",
];

/// Who asks for what.
pub(super) struct Asked<'a> {
    /// The provider.
    pub(super) provider: &'a Provider,
    /// Who asks.
    pub(super) principal: Principal,
    /// Resource types asked for.
    pub(super) kinds: Vec<Kind>,
}

/// Parameters as they were given.
struct Given<'a> {
    filter: Option<&'a str>,
    sort_by: Option<&'a str>,
    sort_order: Option<&'a str>,
    start_index: Option<i128>,
    /// A value that is no integer is told apart once the method of paging is known.
    count: Result<Option<i128>, Problem>,
    cursor: Option<&'a str>,
    /// What the cursor belongs to.
    kept: u64,
}

/// The query of a URL.
///
/// # Errors
/// 400 for values that are not possible, 501 where filters are left out.
pub(super) fn of_url(asked: &Asked<'_>, parameters: &[(String, String)]) -> Result<Query, Problem> {
    let number = |name: &str| {
        let number = parameter(parameters, name).map(|text| text.trim().parse::<i128>());
        number
            .transpose()
            .map_err(|_| Problem::value(format!("'{name}' has to be an integer")))
    };
    let kept = KEPT.map(|name| parameter(parameters, name));
    let given = Given {
        filter: parameter(parameters, "filter"),
        sort_by: parameter(parameters, "sortBy"),
        sort_order: parameter(parameters, "sortOrder"),
        start_index: number("startIndex")?,
        count: number("count"),
        cursor: parameter(parameters, "cursor"),
        kept: fingerprint(&(&asked.kinds, kept)),
    };
    Ok(Query {
        in_url: true,
        ..query(asked, given)?
    })
}

/// The query of a SearchRequest.
///
/// # Errors
/// As [`of_url`].
pub(super) fn of_body(asked: &Asked<'_>, body: &Value) -> Result<Query, Problem> {
    if !urn::listed(body, urn::SEARCH_REQUEST) {
        return Err(Problem::syntax(format!(
            "'schemas' does not list '{}'",
            urn::SEARCH_REQUEST
        )));
    }
    let kept = KEPT.map(|name| member(body, name).map(Value::to_string));
    let given = Given {
        filter: text(body, "filter")?,
        sort_by: text(body, "sortBy")?,
        sort_order: text(body, "sortOrder")?,
        start_index: integer(body, "startIndex")?,
        count: integer(body, "count"),
        cursor: text(body, "cursor")?,
        kept: fingerprint(&(&asked.kinds, kept)),
    };
    query(asked, given)
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

fn query(asked: &Asked<'_>, given: Given<'_>) -> Result<Query, Problem> {
    let settings = asked.provider.settings();
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
    let mut query = Query {
        filter,
        sort_by,
        descending,
        start_index: size(given.start_index.unwrap_or(1).max(1)),
        ..Query::default()
    };
    page(asked, given, &mut query)?;
    Ok(query)
}

/// Which page is asked for, by which method (RFC 9865 §2.4).
fn page(asked: &Asked<'_>, given: Given<'_>, query: &mut Query) -> Result<(), Problem> {
    let settings = asked.provider.settings();
    let (paging, most) = (settings.paging, settings.limits.max_results);
    let by_index = settings.offers(Feature::Index);
    let cursor = given.cursor.filter(|_| settings.offers(Feature::Cursor));
    let method = match (cursor, given.start_index) {
        (Some(_), Some(_)) if by_index => {
            return Err(Problem::value(
                "'startIndex' and 'cursor' ask for different methods of paging",
            ));
        }
        (Some(_), _) => PagingMethod::Cursor,
        (None, Some(_)) if by_index => PagingMethod::Index,
        _ => settings.default_paging(),
    };
    let by_cursor = method == PagingMethod::Cursor;
    if !by_index && query.start_index > 1 {
        return Err(Problem::value("pages can't be asked for by 'startIndex'"));
    }
    let count = given.count.map_err(|problem| {
        if by_cursor {
            Problem::bad("invalidCount", problem.detail)
        } else {
            problem
        }
    })?;
    query.count = count.map_or(paging.page_size, |count| size(count.max(0)));
    query.count = query.count.min(most);
    if by_cursor {
        query.walk = Some(walk(asked, given.kept, query.count, cursor.unwrap_or(""))?);
    }
    Ok(())
}

/// The walk that a cursor goes on with; the empty one begins it.
fn walk(asked: &Asked<'_>, query: u64, count: usize, name: &str) -> Result<Walk, Problem> {
    if name.is_empty() {
        return Ok(Walk { query, place: None });
    }
    let invalid = |why: &str| Err(Problem::bad("invalidCursor", why));
    // Somebody else's cursor is as unknown as one that never was (RFC 9865 §5.2).
    let cursors = asked.provider.cursors();
    let Some(cursor) = cursors
        .find(name)
        .filter(|cursor| cursor.principal == asked.principal)
    else {
        return invalid("the cursor is not known");
    };
    if asked.provider.settings().clock.now() >= cursor.expires {
        return Err(Problem::bad("expiredCursor", "the cursor has expired"));
    }
    if cursor.query != query {
        return invalid("the cursor belongs to another query");
    }
    if cursor.count != count {
        let why = "'count' has to stay the same from page to page";
        return Err(Problem::bad("invalidCount", why));
    }
    Ok(Walk {
        query,
        place: Some(cursor.place),
    })
}

fn fingerprint(parts: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
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
