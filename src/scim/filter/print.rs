//! Prints filters as text: `Display` is the canonical spelling (lower-case operators, single
//! spaces, `not (…)`, no superfluous parentheses). Parsing what was printed gives the same tree.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};

/// How to spell a negation: published grammar and examples differ (RFC 7644 Figures 1 and 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotSpelling {
    /// `not (title pr)`, as the examples have it.
    #[default]
    Spaced,
    /// `not(title pr)`, as the grammar has it.
    Tight,
}

/// Prints a filter with a chosen spelling of `not`.
pub fn print(filter: &Filter, not: NotSpelling) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_node(&mut text, filter, Level::Or, not);
    text
}

/// How tightly the place of an operand binds: what binds looser stands in parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Or,
    And,
    Factor,
}

/// One step into a tree of either kind.
enum Step<'a, N> {
    Or(&'a N, &'a N),
    And(&'a N, &'a N),
    Not(&'a N),
    Present(&'a AttributePath),
    Compare(&'a AttributePath, &'a Comparison),
    ValuePath(&'a AttributePath, &'a ValueFilter),
}

trait Node: Sized {
    fn step(&self) -> Step<'_, Self>;
}

impl Node for Filter {
    fn step(&self) -> Step<'_, Self> {
        match self {
            Self::Or(a, b) => Step::Or(a, b),
            Self::And(a, b) => Step::And(a, b),
            Self::Not(a) => Step::Not(a),
            Self::Present(path) => Step::Present(path),
            Self::Compare(path, comparison) => Step::Compare(path, comparison),
            Self::ValuePath(path, filter) => Step::ValuePath(path, filter),
        }
    }
}

impl Node for ValueFilter {
    fn step(&self) -> Step<'_, Self> {
        match self {
            Self::Or(a, b) => Step::Or(a, b),
            Self::And(a, b) => Step::And(a, b),
            Self::Not(a) => Step::Not(a),
            Self::Present(path) => Step::Present(path),
            Self::Compare(path, comparison) => Step::Compare(path, comparison),
        }
    }
}

/// Chains lean to the left, so only a right operand of the same kind needs parentheses.
fn write_node<N: Node>(
    out: &mut dyn Write,
    node: &N,
    place: Level,
    not: NotSpelling,
) -> fmt::Result {
    match node.step() {
        Step::Or(a, b) => grouped(out, place > Level::Or, |out| {
            write_node(out, a, Level::Or, not)?;
            out.write_str(" or ")?;
            write_node(out, b, Level::And, not)
        }),
        Step::And(a, b) => grouped(out, place > Level::And, |out| {
            write_node(out, a, Level::And, not)?;
            out.write_str(" and ")?;
            write_node(out, b, Level::Factor, not)
        }),
        Step::Not(a) => {
            out.write_str(match not {
                NotSpelling::Spaced => "not ",
                NotSpelling::Tight => "not",
            })?;
            grouped(out, true, |out| write_node(out, a, Level::Or, not))
        }
        Step::Present(path) => write!(out, "{path} pr"),
        Step::Compare(path, comparison) => write!(out, "{path} {comparison}"),
        Step::ValuePath(path, filter) => {
            write!(out, "{path}[")?;
            write_node(out, filter, Level::Or, not)?;
            out.write_char(']')
        }
    }
}

fn grouped(
    out: &mut dyn Write,
    parentheses: bool,
    inner: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    if !parentheses {
        return inner(out);
    }
    out.write_char('(')?;
    inner(out)?;
    out.write_char(')')
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_node(f, self, Level::Or, NotSpelling::Spaced)
    }
}

impl Display for ValueFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_node(f, self, Level::Or, NotSpelling::Spaced)
    }
}

impl Display for AttributePath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.name)?;
        match &self.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}

impl Display for CompareOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.op, self.value)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::String(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
        }
    }
}
