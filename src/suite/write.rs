//! Writes scenario files in the language of `suites/README.md`: of recordings, of counterexamples.
//!
//! Every text is quoted as JSON quotes it, which YAML reads alike.

use std::fmt::Write as _;

use serde_json::Value;

/// The head of the file.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// What stands above the scenario, without `#`.
    pub remark: &'a str,
    /// Id of the case.
    pub id: &'a str,
    /// The promise that holds when green.
    pub title: &'a str,
    /// Tags.
    pub tags: &'a [&'a str],
    /// What it needs of the target.
    pub needs: &'a [String],
    /// What is there before the first step.
    pub given: &'a [Given],
}

/// A resource that is there before the first step.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// `user` or `group`.
    pub kind: &'static str,
    /// Its name in templates.
    pub name: String,
    /// What it has beside what the fixture gives.
    pub with: Vec<(String, Value)>,
}

/// The query of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Names and values, decoded.
    Pairs(Vec<(String, String)>),
    /// The whole of it, encoded but for templates.
    Wire(String),
}

impl Default for Query {
    fn default() -> Self {
        Self::Pairs(Vec::new())
    }
}

/// Where a captured value stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// All of what stands at a JSON Pointer, or in `header.NAME`.
    Whole(String),
    /// The last segment of the URL that stands there.
    Tail(String),
    /// What the group of a regular expression matches of the text that stands there.
    Part(String, String),
}

/// A check with its argument, and the requirement that it covers.
pub type Expected = (&'static str, Value, &'static str);

/// A step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What the reader calls it.
    pub name: String,
    /// `get`, `post` …
    pub verb: String,
    /// Path below the base URL.
    pub path: String,
    /// Parameters.
    pub query: Query,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// `none` or `{ header: … }`, where it is not that of the run.
    pub auth: Option<Value>,
    /// A JSON body.
    pub body: Option<Value>,
    /// A body that is none.
    pub raw: Option<String>,
    /// Media type of the body, where it is not that of SCIM.
    pub content_type: Option<String>,
    /// Whether what it creates carries no marker.
    pub unmarked: bool,
    /// Values that later steps name.
    pub captures: Vec<(String, Source)>,
    /// Of a walk, `count` or `cursor` and how many a page.
    pub pages: Option<(&'static str, u64)>,
    /// What must come back.
    pub expect: Vec<Expected>,
}

/// The part above the steps.
pub fn head(head: &Head<'_>) -> String {
    let mut text = format!("# {}\n", head.remark);
    let _ = writeln!(text, "id: {}", head.id);
    let _ = writeln!(text, "title: {}", quoted(head.title));
    let _ = writeln!(text, "tags: [{}]", head.tags.join(", "));
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
            .map(|(name, value)| format!("{}: {}", quoted(name), flow(value)))
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
pub fn step(step: &Step) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  - name: {}", quoted(&step.name));
    let _ = writeln!(text, "    {}: {}", step.verb, quoted(&step.path));
    if let Some((key, count)) = step.pages {
        let _ = writeln!(text, "    {key}: {count}");
    }
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
    captures(&mut text, &step.captures);
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
            Source::Part(at, pattern) => {
                format!(
                    "{name}: {{ at: {}, part: {} }}",
                    quoted(at),
                    quoted(pattern)
                )
            }
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
