//! A scenario file in the language of `suites/README.md`.
//!
//! Every text is quoted as JSON quotes it, which YAML reads alike.

use std::fmt::Write as _;

use serde_json::Value;

use super::expect::Expectation;
use super::identity::Source;
use super::known::Given;
use super::query::Query;

/// The head of the file.
pub(super) struct Head<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) needs: Vec<String>,
    pub(super) given: &'a [Given],
}

/// A step as it is written.
pub(super) struct Written<'a> {
    pub(super) name: String,
    pub(super) verb: String,
    pub(super) path: String,
    pub(super) query: Query,
    pub(super) headers: Vec<(String, String)>,
    /// `none` or `{ header: … }`, where it is not that of the run.
    pub(super) auth: Option<Value>,
    pub(super) body: Option<Value>,
    pub(super) raw: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) unmarked: bool,
    pub(super) captures: &'a [(String, Source)],
    pub(super) expect: Vec<Expectation>,
}

/// What stands above the scenario.
const REMARK: &str = "# Written by `scimitar record`. Names, addresses and secrets are invented; read it before you share it.\n";

/// The part above the steps.
pub(super) fn head(head: &Head<'_>) -> String {
    let mut text = String::from(REMARK);
    let _ = writeln!(text, "id: {}", head.id);
    let _ = writeln!(text, "title: {}", quoted(head.title));
    text.push_str("tags: [recorded]\n");
    if !head.needs.is_empty() {
        let _ = writeln!(text, "needs: [{}]", head.needs.join(", "));
    }
    if !head.given.is_empty() {
        text.push_str("given:\n");
    }
    for given in head.given {
        let with: Vec<String> = given
            .with
            .iter()
            .map(|(name, value)| format!("{name}: {}", flow(value)))
            .collect();
        let with = if with.is_empty() {
            String::new()
        } else {
            format!(", with: {{ {} }}", with.join(", "))
        };
        let _ = writeln!(text, "  - {{ {}: {}{with} }}", given.kind, given.name);
    }
    text.push_str("steps:\n");
    text
}

/// One step.
pub(super) fn step(step: &Written<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  - name: {}", quoted(&step.name));
    let _ = writeln!(text, "    {}: {}", step.verb, quoted(&step.path));
    match &step.query {
        Query::Pairs(all) => pairs(&mut text, "query", all),
        Query::Wire(wire) if wire.is_empty() => {}
        Query::Wire(wire) => {
            let _ = writeln!(text, "    query: {}", quoted(wire));
        }
    }
    pairs(&mut text, "headers", &step.headers);
    if let Some(auth) = &step.auth {
        let _ = writeln!(text, "    auth: {}", flow(auth));
    }
    if let Some(body) = &step.body {
        let mut lines = pretty(body);
        lines = lines.replace('\n', "\n    ");
        let _ = writeln!(text, "    body: {lines}");
    }
    if let Some(raw) = &step.raw {
        let _ = writeln!(text, "    raw: {}", quoted(raw));
    }
    if let Some(content_type) = &step.content_type {
        let _ = writeln!(text, "    content_type: {}", quoted(content_type));
    }
    if step.unmarked {
        text.push_str("    unmarked: true\n");
    }
    captures(&mut text, step.captures);
    if !step.expect.is_empty() {
        text.push_str("    expect:\n");
    }
    for (check, argument, covers) in &step.expect {
        let _ = writeln!(
            text,
            "      - {{ {check}: {}, covers: {covers} }}",
            flow(argument)
        );
    }
    text
}

fn captures(text: &mut String, captures: &[(String, Source)]) {
    if captures.is_empty() {
        return;
    }
    let all: Vec<String> = captures
        .iter()
        .map(|(name, source)| match source {
            Source::Whole(at) => format!("{name}: {}", quoted(at)),
            Source::Tail(at) => {
                format!("{name}: {{ at: {}, part: \"/([^/?#]+)/?$\" }}", quoted(at))
            }
        })
        .collect();
    let _ = writeln!(text, "    capture: {{ {} }}", all.join(", "));
}

/// A map, or a list of pairs where a name stands twice.
fn pairs(text: &mut String, key: &str, all: &[(String, String)]) {
    if all.is_empty() {
        return;
    }
    let twice = all
        .iter()
        .enumerate()
        .any(|(index, (name, _))| all.iter().take(index).any(|(other, _)| other == name));
    let written: Vec<String> = all
        .iter()
        .map(|(name, value)| {
            let (name, value) = (quoted(name), quoted(value));
            if twice {
                format!("[{name}, {value}]")
            } else {
                format!("{name}: {value}")
            }
        })
        .collect();
    let written = written.join(", ");
    let _ = if twice {
        writeln!(text, "    {key}: [{written}]")
    } else {
        writeln!(text, "    {key}: {{ {written} }}")
    };
}

/// A value on one line, with spaces as people write them.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", quoted(name), flow(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    printable(&text)
}

/// A text in quotation marks; a plain word without.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/_.-$".contains(c))
        && ![
            "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
        ]
        .contains(&text.to_ascii_lowercase().as_str());
    if plain {
        return text.to_owned();
    }
    printable(&Value::from(text).to_string())
}

/// JSON without the characters that YAML wants escaped.
fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let hidden = c != '\n'
            && (c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ));
        if hidden {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
