//! Texts of filters: which are read, and as what.

use scimitar::scim::filter::{Filter, Literal, Spacing, ValueFilter, parse, parse_with};
use serde_json::{Value, json};

use super::class::{Disagreement, Features};
use super::feature;

pub(super) fn judge(_: &Value, case: &Value, answer: &Value) -> Option<Vec<Disagreement>> {
    let text = case["text"].as_str()?;
    let mut features = Features::new();
    let theirs = match answer.get("tree") {
        Some(tree) => Ok(settled(tree)),
        None => Err(answer["error"].as_str().unwrap_or("?")),
    };
    let ours = parse(text);
    if let Ok(filter) = &ours {
        tree_marks(&mut features, &tree(filter));
    }
    let said = match (&ours, &theirs) {
        (Err(_), Err(_)) => return Some(Vec::new()),
        (Ok(filter), Ok(theirs)) => {
            let ours = settled(&tree(filter));
            let Some((at, a, b)) = difference(&ours, theirs) else {
                return Some(Vec::new());
            };
            feature::put(&mut features, "verdict", "another-tree");
            feature::put(&mut features, "where", at);
            marks(&mut features, text);
            format!("{a} where the peer has {b}")
        }
        (Ok(_), Err(error)) => {
            feature::put(&mut features, "verdict", "refused");
            feature::put(&mut features, "error", *error);
            // Runs of spaces are a leniency of ours (Y02).
            let strict = parse_with(text, Spacing::Strict).is_ok();
            feature::put(
                &mut features,
                "spacing",
                if strict { "strict" } else { "lenient" },
            );
            marks(&mut features, text);
            String::from("reads it")
        }
        (Err(error), Ok(_)) => {
            feature::put(&mut features, "verdict", "read");
            feature::put(&mut features, "why", reason(&error.message));
            let letter = text.chars().nth(error.at);
            feature::put(
                &mut features,
                "letter",
                letter.map_or(String::from("end"), |c| c.escape_debug().to_string()),
            );
            marks(&mut features, text);
            format!("invalidFilter: {error}")
        }
    };
    let theirs = answer.as_object().map(|it| {
        it.iter()
            .filter(|(name, _)| *name != "n")
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect()
    });
    Some(vec![Disagreement {
        features,
        shown: json!({"text": text}),
        ours: said,
        theirs: theirs.map_or(Value::Null, Value::Object).to_string(),
    }])
}

/// What stands in a tree: odd names, URIs and literals.
fn tree_marks(features: &mut Features, tree: &Value) {
    let Some([head, path, rest @ ..]) = tree.as_array().map(Vec::as_slice) else {
        return;
    };
    let head = head.as_str().unwrap_or_default();
    if ["and", "or", "not"].contains(&head) {
        for inner in std::iter::once(path).chain(rest) {
            tree_marks(features, inner);
        }
        return;
    }
    let path = path.as_str().unwrap_or_default();
    let (urn, name) = path.rsplit_once(':').unwrap_or(("", path));
    let mut has = |name: &str, is: bool| {
        if is {
            feature::put(features, "has", name);
        }
    };
    let words = ["not", "and", "or", "pr", "true", "false", "null"];
    let reserved =
        |it: &str| words.contains(&it) || scimitar::scim::filter::CompareOp::of(it).is_some();
    has(
        "reserved-name",
        name.to_lowercase().split('.').any(reserved),
    );
    let usual = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let is_urn = urn.to_lowercase().starts_with("urn:") && urn.split(':').all(usual);
    has("odd-urn", !urn.is_empty() && !is_urn);
    has("brackets-on-sub", head == "[]" && name.contains('.'));
    has(
        "word-literal",
        rest.first()
            .is_some_and(|it| it.is_null() || it.is_boolean()),
    );
    for inner in rest.iter().filter(|it| it.is_array()) {
        tree_marks(features, inner);
    }
}

/// A message without what it quotes.
fn reason(message: &str) -> String {
    match (message.find('“'), message.rfind('”')) {
        (Some(from), Some(to))
            if message.starts_with("unknown") || message.starts_with('“') && to > from =>
        {
            format!("{}…{}", &message[..from], &message[to + '”'.len_utf8()..])
        }
        _ => String::from(message),
    }
}

/// What stands in a text.
fn marks(features: &mut Features, text: &str) {
    let lower = text.to_lowercase();
    let outside = outside_strings(text);
    let mut has = |name: &str, is: bool| {
        if is {
            feature::put(features, "has", name);
        }
    };
    has("dollar", outside.contains('$'));
    has("not-and-space", lower.contains("not ("));
    has("brackets", outside.contains('['));
    has(
        "behind-brackets",
        outside.contains("].") || outside.contains("] ."),
    );
    has("escape", text.contains('\\'));
    has("unicode-escape", text.contains("\\u"));
    has("runs-of-spaces", outside.contains("  "));
    has("tab", text.contains('\t'));
    has("control", text.chars().any(|c| c.is_control() && c != '\t'));
    has("beyond-ascii", !text.is_ascii());
    has("beyond-ascii-outside", !outside.is_ascii());
    has(
        "or-and-and",
        outside.to_lowercase().contains(" or ") && outside.to_lowercase().contains(" and "),
    );
    let words: Vec<&str> = outside.split([' ', '(', ')', '[', ']']).collect();
    has("null", words.contains(&"null"));
    has(
        "odd-case-literal",
        words.iter().any(|it| {
            ["null", "true", "false"].contains(&it.to_lowercase().as_str())
                && *it != it.to_lowercase()
        }),
    );
    has(
        "number",
        words
            .iter()
            .any(|it| it.starts_with(|c: char| c.is_ascii_digit() || c == '-')),
    );
    has("negative", words.iter().any(|it| it.starts_with('-')));
    has(
        "decimal",
        words.iter().any(|it| {
            it.starts_with(|c: char| c.is_ascii_digit() || c == '-') && it.contains(['.', 'e', 'E'])
        }),
    );
    has("urn", lower.contains("urn:"));
    has("empty-string", text.contains("\"\""));
    let nested = outside
        .chars()
        .fold((0_i32, 0_i32), |(now, most), c| match c {
            '(' | '[' => (now + 1, most.max(now + 1)),
            ')' | ']' => (now - 1, most),
            _ => (now, most),
        });
    has("group-in-group", nested.1 > 1);
}

/// A text whose strings are emptied.
pub(super) fn outside_strings(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |c: &char| {
        let quote = *c == '"' && !escaped;
        let keeps = !inside || quote;
        inside ^= quote;
        escaped = inside && *c == '\\' && !escaped;
        keeps
    };
    text.chars().filter(keep).collect()
}

/// The tree of a filter as peers write it.
fn tree(filter: &Filter) -> Value {
    match filter {
        Filter::Or(a, b) => json!(["or", tree(a), tree(b)]),
        Filter::And(a, b) => json!(["and", tree(a), tree(b)]),
        Filter::Not(a) => json!(["not", tree(a)]),
        Filter::Present(path) => json!(["pr", path.to_string()]),
        Filter::Compare(path, it) => json!([it.op.keyword(), path.to_string(), literal(&it.value)]),
        Filter::ValuePath(path, inner) => json!(["[]", path.to_string(), inner_tree(inner)]),
    }
}

fn inner_tree(filter: &ValueFilter) -> Value {
    match filter {
        ValueFilter::Or(a, b) => json!(["or", inner_tree(a), inner_tree(b)]),
        ValueFilter::And(a, b) => json!(["and", inner_tree(a), inner_tree(b)]),
        ValueFilter::Not(a) => json!(["not", inner_tree(a)]),
        ValueFilter::Present(path) => json!(["pr", path.to_string()]),
        ValueFilter::Compare(path, it) => {
            json!([it.op.keyword(), path.to_string(), literal(&it.value)])
        }
    }
}

fn literal(value: &Literal) -> Value {
    match value {
        Literal::Null => Value::Null,
        Literal::Bool(it) => json!(it),
        Literal::Number(it) => Value::Number(it.clone()),
        Literal::String(it) => json!(it),
    }
}

/// Chains of one connective as one node: how they lean says nothing.
fn settled(tree: &Value) -> Value {
    let Some(items) = tree.as_array() else {
        return tree.clone();
    };
    let head = items.first().and_then(Value::as_str).unwrap_or_default();
    if !["and", "or"].contains(&head) {
        let from = if head == "not" { 1 } else { 2 };
        let item = |(n, it): (usize, &Value)| {
            if n >= from && ["not", "[]"].contains(&head) {
                settled(it)
            } else {
                it.clone()
            }
        };
        return items.iter().enumerate().map(item).collect();
    }
    let mut flat = vec![json!(head)];
    for item in items.iter().skip(1).map(settled) {
        match item.as_array() {
            Some(inner) if inner.first() == Some(&json!(head)) => {
                flat.extend(inner.iter().skip(1).cloned());
            }
            _ => flat.push(item),
        }
    }
    Value::Array(flat)
}

/// The first place where two trees differ: what is there, and what each has.
fn difference(ours: &Value, theirs: &Value) -> Option<(&'static str, Value, Value)> {
    let differ = |at| Some((at, ours.clone(), theirs.clone()));
    let (Some(a), Some(b)) = (ours.as_array(), theirs.as_array()) else {
        return if same(ours, theirs) {
            None
        } else {
            differ("value")
        };
    };
    if a.first() != b.first() || a.len() != b.len() {
        return differ("structure");
    }
    let head = a.first().and_then(Value::as_str).unwrap_or_default();
    let nested = ["and", "or", "not", "[]"].contains(&head);
    for (n, (a, b)) in a.iter().zip(b).enumerate().skip(1) {
        if nested && (head != "[]" || n == 2) {
            if let Some(found) = difference(a, b) {
                return Some(found);
            }
        } else if n == 1 && a != b {
            return Some(("path", a.clone(), b.clone()));
        } else if !same(a, b) {
            return Some(("value", a.clone(), b.clone()));
        }
    }
    None
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a.total_cmp(&b).is_eq())
}
