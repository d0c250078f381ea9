//! YAML as a tree that knows where everything stands.
//!
//! Strict: no anchors, aliases, tags or merge keys; only `true` and `false` are booleans; numbers
//! with leading zeros or underscores are text; a key stands once.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{DuplicateKeyPolicy, Location, MergeKeyPolicy, Spanned};

use super::diagnostic::Diagnostic;

/// Deepest nesting that a suite file may have.
const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Bytes of the source; for a block collection the beginning only.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) kind: Kind,
}

/// The value of a node.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// The key of a member and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) span: Range<usize>,
    pub(super) name: String,
}

impl Node {
    /// The member with this key.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.members()?
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(_, value)| value)
    }

    /// The members of a map.
    pub(super) fn members(&self) -> Option<&[(Key, Node)]> {
        match &self.kind {
            Kind::Map(members) => Some(members),
            _ => None,
        }
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Text(text) => Value::String(text.clone()),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Map(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.name.clone(), value.value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What the value is, for a reader.
    pub(super) fn described(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    /// Where a JSON Pointer into this value leads: the member with its key, or the nearest place that exists.
    pub(super) fn locate(&self, pointer: &str) -> Range<usize> {
        let mut node = self;
        let mut span = self.span.clone();
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            match &node.kind {
                Kind::Map(members) => match members.iter().find(|(key, _)| key.name == token) {
                    Some((key, value)) => {
                        span = key.span.start..value.span.end.max(key.span.end);
                        node = value;
                    }
                    None => break,
                },
                Kind::List(items) => {
                    match token.parse().ok().and_then(|index: usize| items.get(index)) {
                        Some(item) => {
                            span = item.span.clone();
                            node = item;
                        }
                        None => break,
                    }
                }
                _ => break,
            }
        }
        span
    }
}

/// Reads a file.
///
/// # Errors
/// At the first place that is not YAML as scimitar reads it.
pub(super) fn parse(file: &str, source: &Arc<str>) -> Result<Node, Box<Diagnostic>> {
    let budget = serde_saphyr::budget! {
        max_anchors: 0,
        max_aliases: 0,
        max_depth: MAX_DEPTH,
        max_documents: 1,
    };
    let options = serde_saphyr::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options::<Node>(source, options)
        .map_err(|error| Box::new(explain(file, source, &error)))
}

fn explain(file: &str, source: &Arc<str>, error: &serde_saphyr::Error) -> Diagnostic {
    if let Some(span) = tab(source) {
        return Diagnostic::new(
            file,
            source,
            span,
            "a line is indented with a tab",
            Some("indent with spaces, pasted JSON too".to_owned()),
        );
    }
    let error = error.without_snippet();
    let span = error.location().map_or(0..0, |location| {
        let at = offset(source, &location);
        at..at + range(&location).len()
    });
    let (message, help) = reword(error);
    let help = help.or_else(|| {
        line_at(source, span.start)
            .contains("{{")
            .then(|| "quote text with `{{…}}` in it".to_owned())
    });
    Diagnostic::new(file, source, span, message, help)
}

/// What the YAML reader says, in the words of a suite file.
fn reword(error: &serde_saphyr::Error) -> (String, Option<String>) {
    use serde_saphyr::Error;
    let help = |text: &str| Some(text.to_owned());
    match error {
        Error::NullIntoString { .. } => ("a key is null".to_owned(), help("quote it: `\"null\"`")),
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or_default();
            (format!("the key `{key}` stands twice"), None)
        }
        Error::MergeKeyNotAllowed { .. } => {
            ("a merge key".to_owned(), help("write the members out"))
        }
        Error::MultipleDocuments { .. }
        | Error::Budget {
            breach: BudgetBreach::Documents { .. },
            ..
        } => (
            "a second document".to_owned(),
            help("a file holds one scenario"),
        ),
        Error::Budget {
            breach: BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. },
            ..
        } => ("an anchor or alias".to_owned(), help("write the value out")),
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => (format!("nested deeper than {MAX_DEPTH}"), None),
        other => {
            let mut message = other.to_string();
            if let Some(cut) = message.find(" at line ") {
                message.truncate(cut);
            }
            (message, None)
        }
    }
}

/// The byte of a location: what the scanner itself reports has line and column only.
fn offset(source: &str, location: &Location) -> usize {
    if location.span().byte_offset().is_some() {
        return range(location).start;
    }
    let number = |value: u64| {
        usize::try_from(value)
            .unwrap_or(usize::MAX)
            .saturating_sub(1)
    };
    let line = source
        .split_inclusive('\n')
        .take(number(location.line()))
        .map(str::len)
        .sum::<usize>();
    let column = source
        .get(line..)
        .unwrap_or_default()
        .chars()
        .take(number(location.column()))
        .map(char::len_utf8)
        .sum::<usize>();
    line + column
}

fn line_at(source: &str, at: usize) -> &str {
    let at = at.min(source.len());
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    source[start..].lines().next().unwrap_or_default()
}

/// The first indentation that holds a tab.
fn tab(source: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(at) = line[..indent].find('\t')
            && !line.trim().is_empty()
        {
            return Some(start + at..start + indent);
        }
        start += line.len();
    }
    None
}

fn range(location: &Location) -> Range<usize> {
    let span = location.span();
    let bytes = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let start = bytes(span.byte_offset()).unwrap_or_default();
    start..start + bytes(span.byte_len()).unwrap_or_default()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Kind>::deserialize(deserializer)?;
        Ok(Self {
            span: range(&spanned.defined),
            kind: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self {
            span: range(&spanned.defined),
            name: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyKind)
    }
}

struct AnyKind;

impl<'de> Visitor<'de> for AnyKind {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Kind, E> {
        Number::from_f64(value)
            .map(Kind::Number)
            .ok_or_else(|| E::custom("JSON has no such number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Kind, E> {
        Ok(Kind::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Kind, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Kind::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Kind, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Kind::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Node, String> {
        parse("a.yaml", &text.into()).map_err(|found| found.message)
    }

    #[test]
    fn yaml_is_read_strictly() {
        let check = |text: &str, expected: Value| {
            assert_eq!(read(text).map(|node| node.value()), Ok(expected), "{text}");
        };
        check("a: no", json!({"a": "no"}));
        check(
            "a: [true, false, on, Y]",
            json!({"a": [true, false, "on", "Y"]}),
        );
        check(
            "a: [007, 1_000, 12, -3, 1.5, 1e3]",
            json!({"a": ["007", "1_000", 12, -3, 1.5, 1000.0]}),
        );
        check(
            "a: ~\nb: null\nc:",
            json!({"a": null, "b": null, "c": null}),
        );
        check("a: \"12\"\nb: 'true'", json!({"a": "12", "b": "true"}));
        check(
            "a: 2011-05-13T04:42:34Z",
            json!({"a": "2011-05-13T04:42:34Z"}),
        );
        check("200: x", json!({"200": "x"}));
        check(
            "a: {\"b\": [1, {\"c\": \"{{x}}\"}]}",
            json!({"a": {"b": [1, {"c": "{{x}}"}]}}),
        );
        check("a: /Users/{{u1.id}}", json!({"a": "/Users/{{u1.id}}"}));
        check(
            "a: 123456789012345678901234567890",
            json!({"a": 1.234_567_890_123_456_8e29}),
        );
    }

    #[test]
    fn what_yaml_allows_and_a_scenario_does_not_is_refused() {
        for text in [
            "a: &x 1\nb: *x",
            "a: &x 1",
            "a: !foo 1",
            "a: 1\na: 2",
            "<<: {a: 1}",
            "a: 1\n---\nb: 2",
            "a: .nan",
            "a: {{x}}",
            "[",
        ] {
            assert!(
                read(text).is_err(),
                "{text}: {:?}",
                read(text).map(|node| node.value())
            );
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(read(&deep).is_err());
    }

    #[test]
    fn every_node_knows_its_bytes() {
        let text = "ä: x\nb: { c: [1, 'two'] }\n";
        let node = read(text).unwrap();
        let shown = |pointer: &str| &text[node.locate(pointer)];
        assert_eq!(shown("/ä"), "ä: x");
        assert_eq!(shown("/b/c/1"), "'two'");
        assert_eq!(shown("/b/c/0"), "1");
        assert!(shown("/b/c").starts_with("c: ["));
        assert!(shown("/b/none").starts_with("b: {"));
    }
}
