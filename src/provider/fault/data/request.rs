//! Parameters of queries understood otherwise, as data: in the URL and in the body of a search alike.
//!
//! Sees a request before anything is planned; knows no resource.

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::problem::Problem;

/// One parameter and what is made of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// Name of the parameter; any case.
    parameter: String,
    /// Methods that are meant; all where none is named.
    #[serde(default)]
    method: Vec<String>,
    /// Endpoints that are meant; all where none is named.
    #[serde(default)]
    endpoint: Vec<Endpoint>,
    /// What the path below the base has to match.
    path: Option<Pattern>,
    /// What its value has to match.
    matches: Option<Pattern>,
    /// What takes the place of all that matches.
    replace: Option<String>,
    /// Whether the parameter is dropped.
    #[serde(default)]
    drop: bool,
    /// The status with which the request is refused.
    refuse: Option<u16>,
    /// The keyword of that refusal.
    #[serde(default)]
    scim_type: Keyword,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Endpoint {
    Root,
    List,
    Search,
    One,
    Discovery,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Self, regex::Error> {
        Regex::new(&pattern).map(Self)
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Keyword {
    #[default]
    None,
    InvalidFilter,
    InvalidValue,
    InvalidSyntax,
}

impl Keyword {
    fn text(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::InvalidFilter => Some("invalidFilter"),
            Self::InvalidValue => Some("invalidValue"),
            Self::InvalidSyntax => Some("invalidSyntax"),
        }
    }
}

impl Request {
    /// Changes or refuses a request that has the parameter.
    pub(super) fn apply(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if !self.is_meant(incoming) {
            return;
        }
        let Ok(request) = decoded else { return };
        let in_url = request
            .query
            .iter()
            .position(|(name, value)| self.means(name) && self.fits(value));
        let searches = matches!(request.route, Route::Search(_) | Route::RootSearch);
        let in_body = match &request.body {
            Ok(Some(Value::Object(members))) if searches => members
                .iter()
                .find(|(name, value)| self.means(name) && self.fits(&text_of(value)))
                .map(|(name, _)| name.clone()),
            _ => None,
        };
        if in_url.is_none() && in_body.is_none() {
            return;
        }
        if let Some(status) = self.refuse {
            *decoded = Err(Problem {
                scim_type: self.scim_type.text(),
                ..Problem::new(status, format!("'{}' is not understood", self.parameter))
            });
            return;
        }
        if let Some(at) = in_url {
            if self.drop {
                request.query.remove(at);
            } else if let Some((_, value)) = request.query.get_mut(at) {
                *value = self.changed(value);
            }
        }
        if let (Some(name), Ok(Some(Value::Object(members)))) = (in_body, &mut request.body) {
            if self.drop {
                members.shift_remove(&name);
            } else if let Some(value) = members.get_mut(&name) {
                *value = self.changed_value(value);
            }
        }
    }

    fn is_meant(&self, incoming: &Incoming) -> bool {
        let method = incoming.method.as_str();
        (self.method.is_empty() || self.method.iter().any(|known| known == method))
            && (self.endpoint.is_empty() || self.endpoint.contains(&endpoint(&incoming.route())))
            && self
                .path
                .as_ref()
                .is_none_or(|path| path.0.is_match(&incoming.path))
    }

    fn means(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(&self.parameter)
    }

    fn fits(&self, value: &str) -> bool {
        self.matches
            .as_ref()
            .is_none_or(|pattern| pattern.0.is_match(value))
    }

    fn changed(&self, value: &str) -> String {
        let with = self.replace.as_deref().unwrap_or("");
        match &self.matches {
            Some(pattern) => pattern.0.replace_all(value, with).into_owned(),
            None => with.to_owned(),
        }
    }

    fn changed_value(&self, value: &Value) -> Value {
        let changed = self.changed(&text_of(value));
        match value {
            Value::Array(_) => changed.split(',').map(Value::from).collect(),
            Value::Number(_) => changed.parse::<i64>().map_or(Value::Null, Value::from),
            _ => Value::from(changed),
        }
    }
}

fn endpoint(route: &Route) -> Endpoint {
    match route {
        Route::Root => Endpoint::Root,
        Route::Collection(_) => Endpoint::List,
        Route::Search(_) | Route::RootSearch => Endpoint::Search,
        Route::Item(..) | Route::Me => Endpoint::One,
        _ => Endpoint::Discovery,
    }
}

/// A parameter in the body of a search as it would stand in a URL.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            names.join(",")
        }
        other => other.to_string(),
    }
}
