//! Places in a JSON document: pointers with `*`, names compared without case, values in brief.

use serde_json::Value;

use super::{ArgumentError, MAX_SHOWN};
use crate::scim::resource::{member, spelling};

pub use crate::scim::resource::escape;

/// A place that a pointer led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The pointer with every `*` replaced by what it stood for.
    pub at: String,
    /// What stands there; nothing where the document has no such place.
    pub value: Option<&'a Value>,
}

/// All places that a pointer leads to: one without `*`, one for each element with it.
///
/// `*` over an absent or empty array leads nowhere; over a value that is no array or object it
/// leads to one absent place, so that a check can say so. The pointer `""` is the document.
pub fn select<'a>(document: &'a Value, pointer: &str) -> Vec<Place<'a>> {
    let segments: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let mut found = Vec::new();
    walk(Some(document), &segments, String::new(), &mut found);
    found
}

fn walk<'a>(value: Option<&'a Value>, rest: &[String], at: String, found: &mut Vec<Place<'a>>) {
    let Some((segment, rest)) = rest.split_first() else {
        found.push(Place { at, value });
        return;
    };
    if segment != "*" {
        let next = value.and_then(|value| child(value, segment));
        walk(next, rest, format!("{at}/{}", escape(segment)), found);
        return;
    }
    match value {
        Some(Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                walk(Some(item), rest, format!("{at}/{index}"), found);
            }
        }
        Some(Value::Object(members)) => {
            for (name, item) in members {
                walk(Some(item), rest, format!("{at}/{}", escape(name)), found);
            }
        }
        None | Some(Value::Null) => {}
        Some(_) => found.push(Place {
            at: format!("{at}/*"),
            value: None,
        }),
    }
}

fn child<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        _ => member(value, segment),
    }
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// A document without what stands at some pointers.
pub fn without(document: &Value, pointers: &[&str]) -> Value {
    let mut rest = document.clone();
    for pointer in pointers {
        let segments: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
        remove(&mut rest, &segments);
    }
    rest
}

fn remove(value: &mut Value, segments: &[String]) {
    let Some((segment, rest)) = segments.split_first() else {
        return;
    };
    let name = spelling(value, segment);
    match value {
        Value::Array(items) if segment == "*" => {
            for item in items {
                remove(item, rest);
            }
        }
        Value::Array(items) => {
            let index = segment.parse::<usize>().ok().filter(|at| *at < items.len());
            match (index, rest.is_empty()) {
                (Some(index), true) => drop(items.remove(index)),
                (Some(index), false) => remove(&mut items[index], rest),
                (None, _) => {}
            }
        }
        Value::Object(members) if segment == "*" => {
            for member in members.values_mut() {
                remove(member, rest);
            }
        }
        Value::Object(members) => match name {
            Some(name) if rest.is_empty() => drop(members.shift_remove(&name)),
            Some(name) => {
                if let Some(member) = members.get_mut(&name) {
                    remove(member, rest);
                }
            }
            None => {}
        },
        _ => {}
    }
}

/// Refuses what is no pointer.
pub(super) fn lint_pointer(pointer: &str) -> Result<(), ArgumentError> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(());
    }
    Err(ArgumentError {
        at: format!("/{}", escape(pointer)),
        message: format!("{pointer:?} is no JSON Pointer"),
        hint: Some(format!("/{}", pointer.replace('.', "/"))),
    })
}

/// A value in brief: compact JSON, at most [`MAX_SHOWN`] characters.
pub fn brief(value: &Value) -> String {
    clip(&value.to_string())
}

/// What stands at a place in brief; `absent` where nothing does.
pub fn brief_or_absent(value: Option<&Value>) -> String {
    value.map_or_else(|| "absent".to_owned(), brief)
}

/// Text in brief: control characters made visible, at most [`MAX_SHOWN`] characters.
pub fn clip(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn leads(document: &Value, pointer: &str, expected: &[(&str, Option<Value>)]) {
        let found: Vec<(String, Option<Value>)> = select(document, pointer)
            .into_iter()
            .map(|place| (place.at, place.value.cloned()))
            .collect();
        let expected: Vec<(String, Option<Value>)> = expected
            .iter()
            .map(|(at, value)| ((*at).to_owned(), value.clone()))
            .collect();
        assert_eq!(found, expected, "{pointer}");
    }

    #[test]
    fn a_pointer_leads_to_its_places() {
        let document = json!({
            "Emails": [{"type": "work"}, {"value": "x"}],
            "urn:a:2.0:User": {"department": "d"},
            "a/b": 1,
            "text": "t",
            "none": [],
        });
        leads(&document, "", &[("", Some(document.clone()))]);
        leads(
            &document,
            "/emails/0/TYPE",
            &[("/emails/0/TYPE", Some(json!("work")))],
        );
        leads(
            &document,
            "/emails/*/type",
            &[
                ("/emails/0/type", Some(json!("work"))),
                ("/emails/1/type", None),
            ],
        );
        leads(
            &document,
            "/urn:a:2.0:User/department",
            &[("/urn:a:2.0:User/department", Some(json!("d")))],
        );
        leads(&document, "/a~1b", &[("/a~1b", Some(json!(1)))]);
        leads(&document, "/text/*", &[("/text/*", None)]);
        leads(&document, "/none/*/x", &[]);
        leads(&document, "/absent/*/x", &[]);
        leads(&document, "/absent/x", &[("/absent/x", None)]);
    }

    #[test]
    fn what_is_ignored_is_taken_out() {
        let document =
            json!({"Meta": {"version": "1", "created": "c"}, "a": [{"x": 1, "y": 2}, {"x": 3}]});
        let rest = without(
            &document,
            &["/meta/VERSION", "/a/*/x", "/a/1", "/none/x", "/a/9"],
        );
        assert_eq!(rest, json!({"Meta": {"created": "c"}, "a": [{"y": 2}]}));
    }

    #[test]
    fn a_shown_value_is_short_and_harmless() {
        assert_eq!(brief(&json!({"a": [1]})), "{\"a\":[1]}");
        assert_eq!(clip("a\u{1b}[31m\n"), "a\\u{1b}[31m\\n");
        assert_eq!(clip(&"é".repeat(1000)).chars().count(), MAX_SHOWN + 1);
    }
}
