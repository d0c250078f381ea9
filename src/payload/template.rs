//! Templates: text with `{{name}}` in it, compiled once to a list of parts.
//!
//! A template fills in names and does nothing else: no loops, no conditions, no arithmetic.

use std::fmt::Write as _;
use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Everything that would end a path segment or change how it is read.
pub(crate) const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Everything but the unreserved characters of RFC 3986 §2.3.
pub(crate) const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a template asks for the values of its names.
pub trait Names {
    /// The value of a name; `None` where nothing was captured under it.
    fn value(&self, name: &str) -> Option<Value>;
}

/// Text with `{{name}}` in it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

impl Template {
    /// Compiles a text.
    ///
    /// # Errors
    /// Where `{{` is not followed by a name and `}}`.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut offset = 0;
        while let Some(open) = rest.find("{{") {
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            let inner = &rest[open + 2..];
            let start = offset + open;
            let Some(close) = inner.find("}}") else {
                return Err(TemplateError {
                    at: start..text.len(),
                    problem: "`{{` without `}}`".to_owned(),
                });
            };
            let name = &inner[..close];
            let end = start + close + 4;
            if !is_name(name) {
                return Err(TemplateError {
                    at: start..end,
                    problem: name_problem(name),
                });
            }
            parts.push(Part::Name(name.to_owned()));
            rest = &inner[close + 2..];
            offset = end;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Text that stands for itself, `{{` included.
    pub fn literal(text: impl Into<String>) -> Self {
        Self {
            parts: vec![Part::Text(text.into())],
        }
    }

    /// The names in it, in order, repeated where they repeat.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text, where it holds no name.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The value: a template that is one name keeps the captured JSON type, any other is text.
    ///
    /// # Errors
    /// Where a name has no value.
    pub fn value(&self, names: &(impl Names + ?Sized)) -> Result<Value, MissingCapture> {
        match self.parts.as_slice() {
            [Part::Name(name)] => names
                .value(name)
                .ok_or_else(|| MissingCapture::absent(name)),
            _ => self.text(names).map(Value::String),
        }
    }

    /// The text: numbers and booleans as in JSON, arrays and objects as compact JSON.
    ///
    /// # Errors
    /// Where a name has no value or is null.
    pub fn text(&self, names: &(impl Names + ?Sized)) -> Result<String, MissingCapture> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Name(name) => push_text(&mut text, name, names)?,
            }
        }
        Ok(text)
    }

    /// The path: each name becomes percent-encoded text within one segment.
    ///
    /// # Errors
    /// Where a name has no value, an empty one, or one that no path segment can hold:
    /// `.` and `..`, which every URL parser resolves away, encoded or not.
    pub fn path(&self, names: &(impl Names + ?Sized)) -> Result<String, MissingCapture> {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Text(piece) => path.push_str(piece),
                Part::Name(name) => {
                    let mut text = String::new();
                    push_text(&mut text, name, names)?;
                    if text.is_empty() {
                        return Err(MissingCapture::new(name, "is empty"));
                    }
                    if text == "." || text == ".." {
                        return Err(MissingCapture::new(name, "can't stand in a path"));
                    }
                    let _ = write!(path, "{}", utf8_percent_encode(&text, SEGMENT));
                }
            }
        }
        Ok(path)
    }

    /// A query as it stands on the wire: each name becomes percent-encoded text.
    ///
    /// # Errors
    /// Where a name has no value or is null.
    pub fn query(&self, names: &(impl Names + ?Sized)) -> Result<String, MissingCapture> {
        let mut query = String::new();
        for part in &self.parts {
            match part {
                Part::Text(piece) => query.push_str(piece),
                Part::Name(name) => {
                    let mut text = String::new();
                    push_text(&mut text, name, names)?;
                    query.extend(utf8_percent_encode(&text, PARAMETER));
                }
            }
        }
        Ok(query)
    }
}

fn push_text(
    text: &mut String,
    name: &str,
    names: &(impl Names + ?Sized),
) -> Result<(), MissingCapture> {
    match names.value(name) {
        None => return Err(MissingCapture::absent(name)),
        Some(Value::Null) => return Err(MissingCapture::new(name, "is null")),
        Some(Value::String(value)) => text.push_str(&value),
        Some(value) => {
            let _ = write!(text, "{value}");
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    name.split('.').enumerate().all(|(position, part)| {
        let mut chars = part.chars();
        chars.next().is_some_and(|first| {
            first.is_ascii_alphabetic() || (position > 0 && first.is_ascii_digit())
        }) && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

fn name_problem(name: &str) -> String {
    let trimmed = name.trim();
    if trimmed != name && is_name(trimmed) {
        return format!("a template has no spaces: write `{{{{{trimmed}}}}}`");
    }
    "a template holds one name, such as `{{u1.id}}`, and nothing else".to_owned()
}

/// A text that is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct TemplateError {
    /// Bytes of the text that are wrong.
    pub at: Range<usize>,
    /// Lowercase fragment: what is wrong.
    pub problem: String,
}

/// A name whose value is needed and not there; the step that needs it is skipped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` {why}")]
pub struct MissingCapture {
    /// The name, as in the template.
    pub name: String,
    /// What is the matter with it (`was not captured`).
    pub why: String,
}

impl MissingCapture {
    pub(crate) fn new(name: &str, why: &str) -> Self {
        Self {
            name: name.to_owned(),
            why: why.to_owned(),
        }
    }

    pub(crate) fn absent(name: &str) -> Self {
        Self::new(name, "was not captured")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    impl Names for BTreeMap<String, Value> {
        fn value(&self, name: &str) -> Option<Value> {
            self.get(name).cloned()
        }
    }

    fn names(value: Value) -> BTreeMap<String, Value> {
        BTreeMap::from([("u1.id".to_owned(), value)])
    }

    #[test]
    fn a_lone_name_keeps_its_type_and_any_other_template_is_text() {
        let check = |text: &str, value: Value, expected: Value| {
            let template = Template::parse(text).unwrap();
            assert_eq!(template.value(&names(value)).unwrap(), expected, "{text}");
        };
        check("{{u1.id}}", json!(7), json!(7));
        check("{{u1.id}}", json!(null), json!(null));
        check("{{u1.id}}", json!({"a": [1]}), json!({"a": [1]}));
        check("x{{u1.id}}", json!(7), json!("x7"));
        check("{{u1.id}}{{u1.id}}", json!("ab"), json!("abab"));
        check("a}}b", json!(0), json!("a}}b"));
        check("", json!(0), json!(""));
    }

    #[test]
    fn what_is_no_template_is_named_with_its_place() {
        let check = |text: &str, at: Range<usize>, problem: &str| {
            let error = Template::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}");
            assert!(error.problem.contains(problem), "{text}: {error}");
        };
        check("ab{{u1", 2..6, "without `}}`");
        check("/x/{{ id }}", 3..11, "write `{{id}}`");
        check("{{a|b}}", 0..7, "one name");
        check("{{}}", 0..4, "one name");
        check("{{1a}}", 0..6, "one name");
        check("{{a..b}}", 0..8, "one name");
    }

    #[test]
    fn a_path_never_takes_an_empty_or_dot_segment() {
        let path = |value: Value| {
            Template::parse("/Users/{{u1.id}}")
                .unwrap()
                .path(&names(value))
        };
        assert_eq!(path(json!("a/b?c#d%")).unwrap(), "/Users/a%2Fb%3Fc%23d%25");
        assert_eq!(path(json!("ü {x}")).unwrap(), "/Users/%C3%BC%20%7Bx%7D");
        for bad in [json!(""), json!("."), json!(".."), json!(null)] {
            assert!(path(bad).is_err());
        }
    }

    #[test]
    fn a_query_keeps_its_text_and_encodes_its_names() {
        let template = Template::parse("filter=a+eq+%22{{u1.id}}%22&flag").unwrap();
        assert_eq!(
            template.query(&names(json!("b+c&d=\"ü\""))).unwrap(),
            "filter=a+eq+%22b%2Bc%26d%3D%22%C3%BC%22%22&flag"
        );
        assert!(template.query(&names(json!(null))).is_err());
    }

    proptest! {
        #[test]
        fn rendering_never_panics(text in ".{0,40}", value in ".{0,20}") {
            if let Ok(template) = Template::parse(&text) {
                let scope = names(json!(value));
                let _ = (template.value(&scope), template.text(&scope), template.path(&scope));
            }
        }

        #[test]
        fn a_name_in_a_path_is_always_one_segment(value in "\\PC{1,20}") {
            let template = Template::parse("/Users/{{u1.id}}/x").unwrap();
            if let Ok(path) = template.path(&names(json!(value))) {
                let url = url::Url::parse(&format!("http://localhost{path}")).unwrap();
                let segments: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 3, "{}", path);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
                let back = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
                prop_assert_eq!(back.as_ref(), value.as_str());
            }
        }
    }
}
