//! Changes of the operations of a PATCH request, as data: what a server reads that does not understand them.
//!
//! Works on the request as it was sent, before anything of it is checked; knows no resource.

use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::problem::Problem;

/// When an operation is changed, and how.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Amend {
    #[serde(default)]
    when: When,
    edit: Edit,
}

/// What an operation has to be; what is not named fits everything.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct When {
    /// The first segment of the request's path (`Groups`).
    endpoint: Option<String>,
    /// Its `op` in lower case; `other` stands for what is none of the three.
    op: Vec<String>,
    /// Its path. An operation without a path fits no pattern.
    path: Option<Pattern>,
    /// Whether it has no path.
    pathless: bool,
    /// What its value is.
    value: Vec<Kind>,
    /// Whether no operation before it in the same request has the same path.
    first_of_its_path: Option<bool>,
}

/// What becomes of it.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Edit {
    /// The request is refused with this status and keyword.
    refuse: Option<(u16, String)>,
    /// Nothing is done in its place.
    drop: bool,
    /// A path, written as `path` is, at which everything is removed before.
    clear: Option<String>,
    /// Another `op`.
    op: Option<String>,
    /// What takes the place of the part of the path that fitted; `$1` is a group of the pattern.
    path: Option<String>,
    /// Another value.
    value: Option<Value>,
    /// Only the first element of the value counts.
    first: bool,
    /// Members that go from the value, or from each of its elements.
    remove: Vec<String>,
}

/// Kinds of values.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Missing,
    Null,
    String,
    Boolean,
    Number,
    Array,
    /// An array without elements.
    Empty,
    Object,
}

#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        Regex::new(&text).map(Self)
    }
}

/// Changes the operations of a PATCH request.
pub(super) fn amend(rules: &[Amend], incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
    if rules.is_empty() || incoming.method != http::Method::PATCH {
        return;
    }
    let refusal = match decoded {
        Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) => change(rules, &incoming.path, body),
        _ => None,
    };
    if let Some(problem) = refusal {
        *decoded = Err(problem);
    }
}

/// The same on the body; the refusal where a rule asks for one.
fn change(rules: &[Amend], path: &str, body: &mut Value) -> Option<Problem> {
    let operations = body.get_mut("Operations")?.as_array_mut()?;
    let mut changed = Vec::with_capacity(operations.len());
    let mut paths: Vec<Option<String>> = Vec::new();
    for mut operation in operations.drain(..) {
        let at = text(&operation, "path").map(str::to_owned);
        let first = !paths.contains(&at);
        paths.push(at);
        for rule in rules {
            if !rule.when.fits(path, &operation, first) {
                continue;
            }
            if let Some((status, keyword)) = &rule.edit.refuse {
                return Some(refusal(*status, keyword));
            }
            if let Some(clear) = &rule.edit.clear {
                let at = text(&operation, "path").unwrap_or("");
                let path = match &rule.when.path {
                    Some(pattern) => pattern.0.replace(at, clear.as_str()).into_owned(),
                    None => clear.clone(),
                };
                changed.push(json!({"op": "remove", "path": path}));
            }
            rule.edit.apply(&mut operation, rule.when.path.as_ref());
        }
        changed.push(operation);
    }
    *operations = changed;
    None
}

fn refusal(status: u16, keyword: &str) -> Problem {
    let detail = "this operation is not understood";
    let problem = match keyword {
        "invalidPath" => Problem::path(detail),
        "invalidValue" => Problem::value(detail),
        "invalidSyntax" => Problem::syntax(detail),
        "noTarget" => Problem::no_target(detail),
        "mutability" => Problem::mutability(detail),
        _ => Problem::new(status, detail),
    };
    Problem { status, ..problem }
}

fn text<'a>(operation: &'a Value, name: &str) -> Option<&'a str> {
    operation.get(name).and_then(Value::as_str)
}

impl When {
    fn fits(&self, route: &str, operation: &Value, first: bool) -> bool {
        let endpoint = self.endpoint.as_ref().is_none_or(|endpoint| {
            route
                .trim_start_matches('/')
                .split('/')
                .next()
                .is_some_and(|segment| segment == endpoint)
        });
        let op = text(operation, "op").unwrap_or("").to_ascii_lowercase();
        let known = ["add", "replace", "remove"].contains(&op.as_str());
        let op = if known { op.as_str() } else { "other" };
        let path = text(operation, "path");
        endpoint
            && (self.op.is_empty() || self.op.iter().any(|wanted| wanted == op))
            && self
                .path
                .as_ref()
                .is_none_or(|pattern| path.is_some_and(|path| pattern.0.is_match(path)))
            && !(self.pathless && path.is_some())
            && (self.value.is_empty() || self.value.iter().any(|kind| kind.is(operation)))
            && self.first_of_its_path.is_none_or(|wanted| wanted == first)
    }
}

impl Kind {
    fn is(self, operation: &Value) -> bool {
        match operation.get("value") {
            None => self == Self::Missing,
            Some(Value::Null) => self == Self::Null,
            Some(Value::String(_)) => self == Self::String,
            Some(Value::Bool(_)) => self == Self::Boolean,
            Some(Value::Number(_)) => self == Self::Number,
            Some(Value::Array(values)) => {
                self == Self::Array || self == Self::Empty && values.is_empty()
            }
            Some(Value::Object(_)) => self == Self::Object,
        }
    }
}

impl Edit {
    fn apply(&self, operation: &mut Value, pattern: Option<&Pattern>) {
        if self.drop {
            *operation = json!({"op": "add", "value": {}});
        }
        let Some(members) = operation.as_object_mut() else {
            return;
        };
        if let Some(op) = &self.op {
            members.insert(String::from("op"), Value::from(op.as_str()));
        }
        if let (Some(other), Some(pattern)) = (&self.path, pattern) {
            let path = members.get("path").and_then(Value::as_str).unwrap_or("");
            let path = pattern.0.replace(path, other.as_str()).into_owned();
            members.insert(String::from("path"), Value::from(path));
        }
        if let Some(value) = &self.value {
            members.insert(String::from("value"), value.clone());
        }
        if let Some(value) = members.get_mut("value") {
            self.cut(value);
        }
    }

    fn cut(&self, value: &mut Value) {
        if let (true, Some(values)) = (self.first, value.as_array_mut()) {
            values.truncate(1);
        }
        let without = |members: &mut Map<String, Value>| {
            members.retain(|name, _| !self.remove.contains(name));
        };
        match value {
            Value::Object(members) => without(members),
            Value::Array(values) => values
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(without),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str, operation: &Value, becomes: &Value) {
        let rule: Amend = toml::from_str(rule).unwrap();
        let mut body = json!({"Operations": [operation]});
        assert_eq!(change(&[rule], "/Users/1", &mut body), None);
        assert_eq!(&body["Operations"], becomes);
    }

    #[test]
    fn operations_that_fit_are_changed() {
        let remove = || json!({"op": "Remove", "path": "name.givenName"});
        check(
            r#"when = { op = ["remove"], path = '^(\w+)\.\w+$' }
               edit = { path = "$1" }"#,
            &remove(),
            &json!([{"op": "Remove", "path": "name"}]),
        );
        check(
            r#"when = { value = ["missing"] }
               edit = { op = "replace", value = "" }"#,
            &remove(),
            &json!([{"op": "replace", "path": "name.givenName", "value": ""}]),
        );
        check(
            r#"when = { endpoint = "Groups" }
               edit = { drop = true }"#,
            &remove(),
            &json!([remove()]),
        );
        check(
            r#"when = { path = '^(\w+)$' }
               edit = { clear = "$1", first = true, remove = ["primary"] }"#,
            &json!({"op": "add", "path": "emails", "value": [{"value": "a", "primary": true}, {}]}),
            &json!([{"op": "remove", "path": "emails"},
                    {"op": "add", "path": "emails", "value": [{"value": "a"}]}]),
        );
        check(
            r#"when = { op = ["other"], pathless = true }
               edit = { drop = true }"#,
            &json!({"op": "move"}),
            &json!([{"op": "add", "value": {}}]),
        );
    }

    #[test]
    fn a_refusal_ends_the_request() {
        let rule: Amend = toml::from_str(r#"edit = { refuse = [409, "invalidPath"] }"#).unwrap();
        let mut body = json!({"Operations": [{"op": "add"}]});
        let problem = change(&[rule], "/Users/1", &mut body).unwrap();
        assert_eq!(
            (problem.status, problem.scim_type),
            (409, Some("invalidPath"))
        );
    }
}
