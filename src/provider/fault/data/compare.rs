//! Wrong answers of single comparisons, as data: when a comparison matches, it is answered otherwise.
//!
//! Sees one value at a time; what several values or conditions mean together is bent elsewhere.

use regex::RegexBuilder;
use serde::Deserialize;
use serde_json::Value;

use crate::provider::filter::{Compared, decide};
use crate::scim::datetime;
use crate::scim::filter::{CompareOp, Literal};
use crate::scim::schema::DataType;

/// One wrong answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compare {
    #[serde(default)]
    when: When,
    /// The answer, whatever the values are.
    answer: Option<bool>,
    /// The operator that takes the place of the one given.
    #[serde(rename = "as")]
    instead: Option<Keyword>,
    /// How the two sides are read before they are compared.
    read: Option<Reading>,
}

/// Which comparisons are meant; what is not named means all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct When {
    /// Operators, `pr` among them.
    op: Vec<String>,
    /// Data types.
    r#type: Vec<DataType>,
    /// Names of attributes or sub-attributes.
    attribute: Vec<String>,
    /// Whether the attribute is case-exact.
    case_exact: Option<bool>,
    /// Whether there is a value.
    assigned: Option<bool>,
    /// What the value is, where only one is meant.
    stored: Option<Value>,
    /// Whether the value is none of the first of several.
    later: Option<bool>,
    /// Whether the operand is null.
    null: Option<bool>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Keyword(CompareOp);

impl TryFrom<String> for Keyword {
    type Error = String;

    fn try_from(keyword: String) -> Result<Self, String> {
        CompareOp::of(&keyword)
            .map(Self)
            .ok_or_else(|| format!("unknown operator “{keyword}”"))
    }
}

/// How texts are read before they are compared.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reading {
    /// As they stand.
    Raw,
    /// In lower case.
    Folded,
    /// In lower case, letters beyond ASCII as they stand, in whatever form they were written.
    FoldedAscii,
    /// Without white space.
    Spaceless,
    /// The day of a date with time.
    Day,
    /// A date with time without its offset.
    WallClock,
    /// The operand as a pattern of a data base: `%` and `_`.
    Like,
    /// The operand as a pattern of file names: `*`.
    Glob,
    /// The operand as a regular expression.
    Regex,
    /// The operand with its escapes.
    Escaped,
    /// The operand without the letters that escapes beyond ASCII stand for.
    AsciiOperand,
    /// The operand up to its first quote.
    UpToQuote,
}

impl Compare {
    /// Changes the answer of a comparison that is meant.
    pub(super) fn apply(&self, compared: &Compared<'_>, answer: &mut bool) {
        if !self.when.matches(compared) {
            return;
        }
        if let Some(fixed) = self.answer {
            *answer = fixed;
            return;
        }
        let (Some(comparison), Some(stored)) = (compared.comparison, compared.stored) else {
            return;
        };
        let op = self.instead.map_or(comparison.op, |keyword| keyword.0);
        let (Some(stored), Some(operand)) = (text_of(stored), text_of_literal(&comparison.value))
        else {
            return;
        };
        *answer = self.holds(compared, op, &stored, &operand);
    }

    fn holds(&self, compared: &Compared<'_>, op: CompareOp, stored: &str, operand: &str) -> bool {
        let plain = |text: &str| {
            if compared.attribute.case_exact {
                text.to_owned()
            } else {
                text.to_lowercase()
            }
        };
        let (stored, operand) = match self.read {
            Some(Reading::Like) => return matches(op, stored, &pattern(operand, "%", "_")),
            Some(Reading::Glob) => return matches(op, stored, &pattern(operand, "*", "\0")),
            Some(Reading::Regex) => return matches(op, stored, operand),
            Some(Reading::Raw) => (stored.to_owned(), operand.to_owned()),
            Some(Reading::Folded) => (stored.to_lowercase(), operand.to_lowercase()),
            Some(Reading::FoldedAscii) => {
                (stored.to_ascii_lowercase(), operand.to_ascii_lowercase())
            }
            Some(Reading::Spaceless) => {
                let spaceless = |text: &str| plain(text).split_whitespace().collect::<String>();
                (spaceless(stored), spaceless(operand))
            }
            Some(Reading::Day) => (head(stored, 10), head(operand, 10)),
            Some(Reading::WallClock) => (head(stored, 19), head(operand, 19)),
            Some(Reading::Escaped) => {
                let escaped = Value::from(plain(operand)).to_string();
                (plain(stored), escaped.trim_matches('"').to_owned())
            }
            Some(Reading::AsciiOperand) => {
                let ascii: String = operand.chars().filter(char::is_ascii).collect();
                (plain(stored), plain(&ascii))
            }
            Some(Reading::UpToQuote) => {
                let head = operand.split('"').next().unwrap_or("");
                (plain(stored), plain(head))
            }
            None if compared.attribute.data_type == DataType::DateTime => {
                return match (datetime::parse(stored), datetime::parse(operand)) {
                    (Some(stored), Some(operand)) => decide(op, stored.cmp(&operand)),
                    _ => false,
                };
            }
            None => (plain(stored), plain(operand)),
        };
        match op {
            CompareOp::Co => stored.contains(&operand),
            CompareOp::Sw => stored.starts_with(&operand),
            CompareOp::Ew => stored.ends_with(&operand),
            _ => decide(op, stored.cmp(&operand)),
        }
    }
}

impl When {
    fn matches(&self, compared: &Compared<'_>) -> bool {
        let op = compared
            .comparison
            .map_or("pr", |comparison| comparison.op.keyword());
        let null = compared
            .comparison
            .is_some_and(|comparison| comparison.value == Literal::Null);
        let attribute = compared.attribute;
        (self.op.is_empty() || self.op.iter().any(|known| known == op))
            && (self.r#type.is_empty() || self.r#type.contains(&attribute.data_type))
            && (self.attribute.is_empty()
                || self.attribute.iter().any(|name| attribute.is_named(name)))
            && self
                .case_exact
                .is_none_or(|exact| exact == attribute.case_exact)
            && self
                .assigned
                .is_none_or(|assigned| assigned == compared.stored.is_some())
            && (self.stored.is_none() || self.stored.as_ref() == compared.stored)
            && self
                .later
                .is_none_or(|later| later == (compared.position > 0))
            && self.null.is_none_or(|wanted| wanted == null)
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

fn text_of_literal(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Null => None,
        Literal::Bool(truth) => Some(truth.to_string()),
        Literal::Number(number) => Some(number.to_string()),
        Literal::String(text) => Some(text.clone()),
    }
}

fn head(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// A pattern with these wildcards as a regular expression.
fn pattern(text: &str, any: &str, one: &str) -> String {
    regex::escape(text)
        .replace(&regex::escape(any), ".*")
        .replace(&regex::escape(one), ".")
}

fn matches(op: CompareOp, stored: &str, pattern: &str) -> bool {
    let pattern = match op {
        CompareOp::Co => pattern.to_owned(),
        CompareOp::Sw => format!("^(?:{pattern})"),
        CompareOp::Ew => format!("(?:{pattern})$"),
        _ => format!("^(?:{pattern})$"),
    };
    let found = RegexBuilder::new(&pattern)
        .case_insensitive(true)
        .build()
        .is_ok_and(|pattern| pattern.is_match(stored));
    found != (op == CompareOp::Ne)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter::Comparison;
    use crate::scim::schema::Attribute;

    fn check(fault: &str, op: CompareOp, stored: &str, operand: &str, expected: bool) {
        let fault: Compare = toml::from_str(fault).unwrap();
        let comparison = Comparison {
            op,
            value: Literal::String(operand.to_owned()),
        };
        let compared = Compared {
            attribute: &Attribute::default(),
            comparison: Some(&comparison),
            stored: Some(&Value::from(stored)),
            position: 0,
        };
        let mut answer = !expected;
        fault.apply(&compared, &mut answer);
        assert_eq!(answer, expected, "{fault:?} {op:?} {stored} {operand}");
    }

    #[test]
    fn comparisons_are_bent() {
        check(r#"as = "sw""#, CompareOp::Eq, "Abc", "ab", true);
        check(r#"read = "raw""#, CompareOp::Eq, "Abc", "abc", false);
        check(r#"read = "like""#, CompareOp::Eq, "Müller", "m_ller", true);
        check(r#"read = "like""#, CompareOp::Eq, "a.c", "a.c", true);
        check(r#"read = "like""#, CompareOp::Eq, "abc", "a.c", false);
        check(r#"read = "glob""#, CompareOp::Eq, "abc", "*", true);
        check(r#"read = "regex""#, CompareOp::Ne, "abc", "a.c", false);
        check(
            r#"read = "wall-clock""#,
            CompareOp::Gt,
            "2024-01-01T10:00:01Z",
            "2024-01-01T10:00:00-09:00",
            true,
        );
        check("answer = true", CompareOp::Eq, "a", "b", true);
        check(
            "when = { op = [\"ne\"] }\nanswer = true",
            CompareOp::Ne,
            "a",
            "b",
            true,
        );
    }
}
