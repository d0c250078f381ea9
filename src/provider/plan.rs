//! Stage 3: what will be done, with every parameter understood or refused.
//!
//! Reads no resource, except to find who `/Me` is.

use http::{HeaderValue, Method, header};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Provider;
use super::authenticate::Principal;
use super::bulk::{self, Job};
use super::cursor::Place;
use super::decode::{Decoded, Route};
use super::patch::{self, Operation};
use super::problem::Problem;
use super::project::Projection;
use super::query;
use super::settings::Feature;
use super::store::{Indexed, Kind};
use crate::scim::filter::{AttributePath, Filter};

/// What will be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The action itself.
    pub action: Action,
    /// Base URL for references.
    pub base: String,
    /// Who asks.
    pub principal: Principal,
    /// Which attributes are shown.
    pub projection: Projection,
    /// Precondition of writes.
    pub if_match: Option<Condition>,
    /// Precondition of reads.
    pub if_none_match: Option<Condition>,
    /// Whether this is one operation of a bulk request.
    pub in_bulk: bool,
    /// When it was asked for, on the clock of the provider.
    pub now: Timestamp,
}

/// The actions.
#[derive(Clone, Debug)]
pub enum Action {
    /// A discovery document.
    Discover(Document),
    /// A list of the resources of these types.
    List(Vec<Kind>, Query),
    /// One resource.
    Read(Kind, String),
    /// A new resource from this body, with the id it has to get inside a bulk request.
    Create(Kind, Map<String, Value>, Option<String>),
    /// Replacement by this body.
    Replace(Kind, String, Map<String, Value>),
    /// PATCH.
    Patch(Kind, String, Vec<Operation>),
    /// Removal.
    Delete(Kind, String),
    /// A bulk request.
    Bulk(Job),
}

/// Discovery documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// `/ServiceProviderConfig`
    ServiceProviderConfig,
    /// `/ResourceTypes`
    ResourceTypes,
    /// `/ResourceTypes/{name}`
    ResourceType(String),
    /// `/Schemas`
    Schemas,
    /// `/Schemas/{urn}`
    Schema(String),
}

/// Which resources of a list, in which order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Filter.
    pub filter: Option<Filter>,
    /// Attribute to sort by.
    pub sort_by: Option<AttributePath>,
    /// Whether to sort downwards.
    pub descending: bool,
    /// Position of the first resource, from 1, where pages go by index.
    pub start_index: usize,
    /// The walk that the page belongs to, where pages go by cursor.
    pub walk: Option<Walk>,
    /// Most resources to return, already held to `maxResults`.
    pub count: usize,
    /// Whether the parameters stood in the URL.
    pub in_url: bool,
}

/// A walk over pages by cursor (RFC 9865).
#[derive(Clone, Debug)]
pub struct Walk {
    /// What tells its query from others.
    pub query: u64,
    /// Where the page lies; none for the first.
    pub place: Option<Place>,
}

/// `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `*`
    Any,
    /// Entity tags as written.
    Tags(Vec<String>),
}

/// Plans a request.
///
/// # Errors
/// With what the request is refused for.
pub(super) fn plan(
    provider: &Provider,
    principal: Principal,
    decoded: Decoded,
) -> Result<Plan, Problem> {
    let mut plan = read(provider, principal, decoded);
    for fault in provider.faults() {
        fault.planned(&mut plan);
    }
    plan
}

fn read(provider: &Provider, principal: Principal, decoded: Decoded) -> Result<Plan, Problem> {
    let route = resolve(provider, principal, decoded.route)?;
    let method = if decoded.method == Method::HEAD {
        Method::GET
    } else {
        decoded.method
    };
    let allowed = allowed(provider, &route)?;
    if !allowed.contains(&method) {
        return Err(not_allowed(&method, &allowed));
    }
    check_rights(principal, &method, &route)?;
    check_features(provider, &method, &route)?;
    let condition = |field: Option<String>| match field {
        Some(field) if !provider.settings().without.contains(&Feature::Etag) => {
            Condition::read(&field).map(Some)
        }
        _ => Ok(None),
    };
    let (if_match, if_none_match) = (
        condition(decoded.if_match)?,
        condition(decoded.if_none_match)?,
    );
    let body = if method == Method::GET || method == Method::DELETE {
        Value::Null
    } else {
        match decoded.body? {
            Some(body @ Value::Object(_)) => body,
            Some(_) => return Err(Problem::syntax("the body has to be a JSON object")),
            None => return Err(Problem::syntax("the request has no body")),
        }
    };
    let projection = match route {
        Route::Search(_) | Route::RootSearch => query::projection_of_body(&body)?,
        _ => query::projection_of_url(&decoded.query)?,
    };
    Ok(Plan {
        action: action(provider, principal, &method, route, &decoded.query, body)?,
        base: decoded.base,
        principal,
        projection,
        if_match,
        if_none_match,
        in_bulk: false,
        now: provider.settings().clock.now(),
    })
}

/// Finds who `/Me` is; every other route stays as it is.
fn resolve(provider: &Provider, principal: Principal, route: Route) -> Result<Route, Problem> {
    if route != Route::Me {
        return Ok(route);
    }
    let name = provider
        .settings()
        .me
        .as_deref()
        .filter(|_| principal != Principal::Second);
    let user = name.and_then(|name| {
        let found = provider.store().lookup(Kind::User, Indexed::UserName, name);
        found.into_iter().next()
    });
    match user {
        Some(user) => Ok(Route::Item(Kind::User, user.id.to_string())),
        None => Err(Problem::unsupported(
            "the credential stands for no resource",
        )),
    }
}

fn allowed(provider: &Provider, route: &Route) -> Result<Vec<Method>, Problem> {
    let served = |kind: Kind| provider.model().of(kind).is_some();
    Ok(match route {
        Route::Collection(kind) if served(*kind) => vec![Method::GET, Method::POST],
        Route::Item(kind, _) if served(*kind) => {
            vec![Method::GET, Method::PUT, Method::PATCH, Method::DELETE]
        }
        Route::Search(kind) if served(*kind) => vec![Method::POST],
        Route::RootSearch | Route::Bulk => vec![Method::POST],
        Route::Root
        | Route::ServiceProviderConfig
        | Route::ResourceTypes
        | Route::ResourceType(_)
        | Route::Schemas
        | Route::Schema(_) => vec![Method::GET],
        _ => return Err(Problem::not_found("there is nothing at this path")),
    })
}

fn not_allowed(method: &Method, allowed: &[Method]) -> Problem {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let problem = Problem::new(405, format!("{method} is not possible here"));
    match HeaderValue::from_str(&names.join(", ")) {
        Ok(value) => problem.with_header(header::ALLOW, value),
        Err(_) => problem,
    }
}

/// The second credential reads only.
fn check_rights(principal: Principal, method: &Method, route: &Route) -> Result<(), Problem> {
    let reads = *method == Method::GET || matches!(route, Route::Search(_) | Route::RootSearch);
    if principal == Principal::Second && !reads {
        return Err(Problem::new(403, "the credential may read and not write"));
    }
    Ok(())
}

fn check_features(provider: &Provider, method: &Method, route: &Route) -> Result<(), Problem> {
    let without = &provider.settings().without;
    if *method == Method::PATCH && without.contains(&Feature::Patch) {
        return Err(Problem::unsupported("PATCH is not supported"));
    }
    if *route == Route::Bulk && without.contains(&Feature::Bulk) {
        return Err(Problem::unsupported("bulk requests are not supported"));
    }
    Ok(())
}

fn action(
    provider: &Provider,
    principal: Principal,
    method: &Method,
    route: Route,
    parameters: &[(String, String)],
    body: Value,
) -> Result<Action, Problem> {
    let everything = || -> Vec<Kind> {
        let types = provider.model().types().iter();
        types.map(|model| model.kind).collect()
    };
    let asked = |kinds| query::Asked {
        provider,
        principal,
        kinds,
    };
    let of_url = |kinds: Vec<Kind>| {
        let asked = asked(kinds);
        let query = query::of_url(&asked, parameters)?;
        Ok::<_, Problem>(Action::List(asked.kinds, query))
    };
    let of_body = |kinds: Vec<Kind>| {
        let asked = asked(kinds);
        let query = query::of_body(&asked, &body)?;
        Ok::<_, Problem>(Action::List(asked.kinds, query))
    };
    Ok(match route {
        Route::Root => of_url(everything())?,
        Route::RootSearch => of_body(everything())?,
        Route::Search(kind) => of_body(vec![kind])?,
        Route::Collection(kind) if *method == Method::GET => of_url(vec![kind])?,
        Route::Collection(kind) => Action::Create(kind, object(body), None),
        Route::Item(kind, id) => of_item(provider, method, kind, id, body)?,
        Route::Bulk => Action::Bulk(bulk::read(provider, &body)?),
        Route::ServiceProviderConfig => discover(parameters, Document::ServiceProviderConfig)?,
        Route::ResourceTypes => discover(parameters, Document::ResourceTypes)?,
        Route::ResourceType(name) => discover(parameters, Document::ResourceType(name))?,
        Route::Schemas => discover(parameters, Document::Schemas)?,
        Route::Schema(urn) => discover(parameters, Document::Schema(urn))?,
        Route::Me | Route::Unknown => {
            return Err(Problem::not_found("there is nothing at this path"));
        }
    })
}

/// What a method does to one resource.
///
/// # Errors
/// 400 for a PATCH body that is none.
pub(super) fn of_item(
    provider: &Provider,
    method: &Method,
    kind: Kind,
    id: String,
    body: Value,
) -> Result<Action, Problem> {
    Ok(match *method {
        Method::PUT => Action::Replace(kind, id, object(body)),
        Method::PATCH => Action::Patch(kind, id, patch::read(&body, provider.model().urns())?),
        Method::DELETE => Action::Delete(kind, id),
        _ => Action::Read(kind, id),
    })
}

/// A filter is refused at the discovery endpoints, every other parameter ignored (RFC 7644 §4).
fn discover(parameters: &[(String, String)], document: Document) -> Result<Action, Problem> {
    if parameters.iter().any(|(name, _)| name == "filter") {
        return Err(Problem::new(403, "discovery documents can't be filtered"));
    }
    Ok(Action::Discover(document))
}

fn object(body: Value) -> Map<String, Value> {
    match body {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
