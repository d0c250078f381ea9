//! Parser of filters (RFC 7644 §3.4.2.2, Figure 1), with positions in its errors.
//!
//! Recursive descent over the unambiguous form of the published grammar: chains of `and` and
//! `or` are loops and lean to the left, only groups recurse, and both are bounded.

use super::ast::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};
use super::node::Node;
use super::number::{is_json_number, number};
use crate::scim::urn::is_uri;

/// Deepest nesting of groups that is read.
pub const MAX_NESTING: usize = 250;

/// Largest number of expressions in one filter: with [`MAX_NESTING`] it bounds the depth of the tree.
pub const MAX_TERMS: usize = 1000;

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {at}")]
pub struct FilterError {
    /// Position in characters, from 0.
    pub at: usize,
    /// Lowercase fragment.
    pub message: String,
}

/// How exactly spaces are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spacing {
    /// Runs of spaces count as one; spaces around groups and the whole are skipped.
    #[default]
    Lenient,
    /// One space exactly where the grammar has one; `not(` and `not (` are both read.
    Strict,
}

/// Parses a filter; runs of spaces are tolerated.
///
/// # Errors
/// Where the text does not follow the grammar of RFC 7644 §3.4.2.2.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    parse_with(text, Spacing::Lenient)
}

/// Parses a filter with a chosen reading of spaces.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(text: &str, spacing: Spacing) -> Result<Filter, FilterError> {
    let mut parser = Parser::new(text, spacing);
    parser.padding();
    if parser.rest().is_empty() {
        return Err(parser.error("an expression is missing"));
    }
    let filter = parser.or_chain::<Filter>()?;
    parser.padding();
    parser.end("expected “and”, “or” or the end of the filter")?;
    Ok(filter)
}

/// The text and how far it is read. Shared with the parser of PATCH paths.
pub(in crate::scim) struct Parser<'a> {
    text: &'a str,
    /// Byte offset, always on a character boundary.
    at: usize,
    spacing: Spacing,
    nesting: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    pub(in crate::scim) fn new(text: &'a str, spacing: Spacing) -> Self {
        Self {
            text,
            at: 0,
            spacing,
            nesting: 0,
            terms: 0,
        }
    }

    pub(in crate::scim) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(in crate::scim) fn error(&self, message: impl Into<String>) -> FilterError {
        self.error_at(self.at, message)
    }

    fn error_at(&self, byte: usize, message: impl Into<String>) -> FilterError {
        FilterError {
            at: self.text.get(..byte).unwrap_or(self.text).chars().count(),
            message: message.into(),
        }
    }

    pub(in crate::scim) fn end(&self, message: &str) -> Result<(), FilterError> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.error(message))
        }
    }

    /// Takes one character if it comes next.
    pub(in crate::scim) fn take(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    /// Spaces that a lenient reader skips where the grammar has none.
    pub(in crate::scim) fn padding(&mut self) {
        if self.spacing == Spacing::Lenient {
            self.spaces();
        }
    }

    fn spaces(&mut self) -> usize {
        let rest = self.rest();
        let run = rest.len() - rest.trim_start_matches(' ').len();
        self.at += run;
        run
    }

    /// The space between two words.
    fn gap(&mut self, before: &str) -> Result<(), FilterError> {
        let start = self.at;
        match (self.spaces(), self.spacing) {
            (0, _) => Err(self.error(format!("expected a space and {before}"))),
            (1, _) | (_, Spacing::Lenient) => Ok(()),
            (_, Spacing::Strict) => Err(self.error_at(start + 1, "more than one space")),
        }
    }

    /// The word that comes next, not yet taken.
    fn word(&self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find([' ', '(', ')', '[', ']', '"'])
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    }

    /// Takes `SP keyword SP` if it comes next.
    fn connective(&mut self, keyword: &str) -> Result<bool, FilterError> {
        let start = self.at;
        if self.spaces() == 0 || !self.word().eq_ignore_ascii_case(keyword) {
            self.at = start;
            return Ok(false);
        }
        self.at = start;
        self.gap("an operator")?;
        self.at += keyword.len();
        self.gap("an expression")?;
        Ok(true)
    }

    pub(in crate::scim) fn or_chain<N: Node>(&mut self) -> Result<N, FilterError> {
        let mut left = self.and_chain::<N>()?;
        while self.connective("or")? {
            left = N::or(left, self.and_chain()?);
        }
        Ok(left)
    }

    fn and_chain<N: Node>(&mut self) -> Result<N, FilterError> {
        let mut left = self.factor::<N>()?;
        while self.connective("and")? {
            left = N::and(left, self.factor()?);
        }
        Ok(left)
    }

    fn factor<N: Node>(&mut self) -> Result<N, FilterError> {
        if self.rest().starts_with('(') {
            return self.group();
        }
        let start = self.at;
        if self.word().eq_ignore_ascii_case("not") {
            self.at += 3;
            let run = self.spaces();
            if self.rest().starts_with('(') {
                if run > 1 && self.spacing == Spacing::Strict {
                    return Err(self.error_at(start + 4, "more than one space"));
                }
                return Ok(N::not(self.group()?));
            }
            self.at = start;
        }
        self.expression()
    }

    fn group<N: Node>(&mut self) -> Result<N, FilterError> {
        if self.nesting == MAX_NESTING {
            return Err(self.error(format!("more than {MAX_NESTING} nested groups")));
        }
        self.nesting += 1;
        self.at += 1;
        self.padding();
        let inner = self.or_chain()?;
        self.padding();
        if !self.take(')') {
            return Err(self.error("expected “and”, “or” or “)”"));
        }
        self.nesting -= 1;
        Ok(inner)
    }

    fn expression<N: Node>(&mut self) -> Result<N, FilterError> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(self.error(format!("more than {MAX_TERMS} expressions")));
        }
        let start = self.at;
        let path = self.attribute_path()?;
        if self.rest().starts_with('[') {
            let mut filter = self.brackets()?;
            if self.spacing == Spacing::Lenient && self.take('.') {
                filter = self.condition_behind(filter)?;
            }
            return N::value_path(path, filter)
                .ok_or_else(|| self.error_at(start, "no brackets inside brackets"));
        }
        self.test(path)
    }

    /// The condition in `emails[type eq "work"].value eq "x"`, which the grammar doesn't have and Entra
    /// ID sends: it holds for the same value as the filter in the brackets.
    fn condition_behind(&mut self, filter: ValueFilter) -> Result<ValueFilter, FilterError> {
        let sub = self.sub_attribute()?;
        let condition = self.test(AttributePath::new(sub, None))?;
        Ok(Node::and(filter, condition))
    }

    /// What stands behind an attribute: `pr`, or an operator and a value.
    fn test<N: Node>(&mut self, path: AttributePath) -> Result<N, FilterError> {
        self.gap("an operator")?;
        let word = self.word();
        if word.eq_ignore_ascii_case("pr") {
            self.at += word.len();
            return Ok(N::present(path));
        }
        let Some(op) = CompareOp::of(word) else {
            return Err(self.unknown_operator(&path, word));
        };
        self.at += word.len();
        self.gap("a value")?;
        let value = self.literal()?;
        Ok(N::compare(path, Comparison { op, value }))
    }

    fn unknown_operator(&self, path: &AttributePath, word: &str) -> FilterError {
        if path.urn.is_none() && path.name.eq_ignore_ascii_case("not") {
            return self.error("“not” needs an expression in parentheses");
        }
        if word.is_empty() {
            return self.error("expected an operator");
        }
        self.error(format!("unknown operator “{}”", short(word)))
    }

    /// `[filter]`, the bracket standing next.
    pub(in crate::scim) fn brackets(&mut self) -> Result<ValueFilter, FilterError> {
        self.at += 1;
        self.padding();
        let filter = self.or_chain::<ValueFilter>()?;
        self.padding();
        if self.take(']') {
            Ok(filter)
        } else {
            Err(self.error("expected “and”, “or” or “]”"))
        }
    }

    /// `[urn:]name[.sub]`: the URN ends at the last colon.
    pub(in crate::scim) fn attribute_path(&mut self) -> Result<AttributePath, FilterError> {
        let word = self.word();
        let (urn, local) = match word.rsplit_once(':') {
            Some((urn, local)) => (Some(urn), local),
            None => (None, word),
        };
        if urn.is_some_and(|urn| !is_uri(urn)) {
            return Err(self.error("expected a schema URN before the last colon"));
        }
        let mut at = self.at + urn.map_or(0, |urn| urn.len() + 1);
        let mut names = Vec::new();
        for name in local.split('.') {
            self.check_name(at, name)?;
            names.push(name);
            at += name.len() + 1;
        }
        let (name, sub) = match names.as_slice() {
            [name] => (*name, None),
            [name, sub] => (*name, Some(*sub)),
            _ => {
                let message = "only one level of sub-attribute is possible";
                return Err(self.error_at(self.at, message));
            }
        };
        self.at += word.len();
        Ok(AttributePath {
            urn: urn.map(String::from),
            name: String::from(name),
            sub: sub.map(String::from),
        })
    }

    /// A letter, then letters, digits, `-` and `_`. `$` may stand anywhere: RFC 7643 §2.1 has it, for `$ref`.
    fn check_name(&self, at: usize, name: &str) -> Result<(), FilterError> {
        let Some(first) = name.chars().next() else {
            return Err(self.error_at(at, "expected an attribute name"));
        };
        if !(first.is_ascii_alphabetic() || first == '$' && name.len() > 1) {
            return Err(self.error_at(at, "an attribute name begins with a letter"));
        }
        let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'));
        match name.char_indices().find(|(_, c)| odd(c)) {
            None => Ok(()),
            Some((i, c)) => {
                let message = format!("“{}” in an attribute name", c.escape_debug());
                Err(self.error_at(at + i, message))
            }
        }
    }

    pub(in crate::scim) fn sub_attribute(&mut self) -> Result<String, FilterError> {
        let name = self.word();
        if name.contains('.') {
            return Err(self.error("only one level of sub-attribute is possible"));
        }
        self.check_name(self.at, name)?;
        self.at += name.len();
        Ok(String::from(name))
    }

    fn literal(&mut self) -> Result<Literal, FilterError> {
        if self.rest().starts_with('"') {
            return self.string();
        }
        let word = self.word();
        let literal = if word.is_empty() {
            return Err(self.error("expected a value"));
        } else if word.eq_ignore_ascii_case("null") {
            Literal::Null
        } else if word.eq_ignore_ascii_case("true") {
            Literal::Bool(true)
        } else if word.eq_ignore_ascii_case("false") {
            Literal::Bool(false)
        } else {
            self.number(word)?
        };
        self.at += word.len();
        Ok(literal)
    }

    fn number(&self, word: &str) -> Result<Literal, FilterError> {
        if !is_json_number(word) {
            let quoted = short(word);
            return Err(self.error(format!("“{quoted}” is no value: strings stand in quotes")));
        }
        number(word)
            .map(Literal::Number)
            .ok_or_else(|| self.error("a number out of range"))
    }

    fn string(&mut self) -> Result<Literal, FilterError> {
        let rest = self.rest();
        let mut escaped = false;
        let close = rest.char_indices().skip(1).find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        let Some((close, _)) = close else {
            return Err(self.error("the string does not end"));
        };
        let token = rest.get(..=close).unwrap_or("");
        let text = serde_json::from_str::<String>(token).map_err(|error| {
            let column = error.column().min(close);
            self.error_at(self.at + column, "a string that is no JSON string")
        })?;
        self.at += close + 1;
        Ok(Literal::String(text))
    }
}

fn short(word: &str) -> String {
    word.chars().take(40).flat_map(char::escape_debug).collect()
}
