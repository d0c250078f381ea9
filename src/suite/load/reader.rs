//! What reading a load profile needs at every place: maps of known keys, words, numbers, times, and the errors.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::super::diagnostic::Diagnostic;
use super::super::near;
use super::super::tree::{Key, Kind, Node};
use super::duration::duration;
use super::read::Known;

/// Reads one file and gathers what is wrong with it.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) source: &'a Arc<str>,
    pub(super) known: &'a Known<'a>,
    pub(super) found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The members of a map whose keys are all known.
    pub(super) fn map<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&str],
    ) -> Option<&'n [(Key, Node)]> {
        let Some(members) = node.members() else {
            let message = format!("{what} is a map, this is {}", node.described());
            self.wrong(&node.span, message, None);
            return None;
        };
        for (key, _) in members {
            if known.contains(&key.name.as_str()) {
                continue;
            }
            let help = near(&key.name, known.iter().copied()).map_or_else(
                || format!("{what} has {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.wrong(&key.span, format!("unknown key `{}`", key.name), Some(help));
        }
        Some(members)
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        match node.text().map(str::trim) {
            Some("") => {
                self.wrong(&node.span, format!("{what} is empty"), None);
                None
            }
            Some(text) => Some(text),
            None => {
                let message = format!("{what} is text, this is {}", node.described());
                self.wrong(&node.span, message, None);
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<'n>(
        &mut self,
        node: &'n Node,
        name: &str,
        words: &[&str],
    ) -> Option<&'n str> {
        let at = node.get(name)?;
        let text = self.text(at, &format!("`{name}`"))?;
        if words.contains(&text) {
            return Some(text);
        }
        let help = near(text, words.iter().copied()).map_or_else(
            || format!("there are {}", words.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        self.wrong(&at.span, format!("unknown `{name}`: `{text}`"), Some(help));
        None
    }

    /// A whole number within bounds.
    pub(super) fn number(
        &mut self,
        node: &Node,
        name: &str,
        within: std::ops::RangeInclusive<usize>,
    ) -> Option<usize> {
        let at = node.get(name)?;
        self.whole(at, &format!("`{name}`"), within)
    }

    pub(super) fn whole(
        &mut self,
        at: &Node,
        what: &str,
        within: std::ops::RangeInclusive<usize>,
    ) -> Option<usize> {
        let value = match &at.kind {
            Kind::Number(number) => number.as_u64().and_then(|it| usize::try_from(it).ok()),
            _ => None,
        };
        let value = value.filter(|value| within.contains(value));
        if value.is_none() {
            let message = format!(
                "{what} is a whole number from {} to {}",
                within.start(),
                within.end()
            );
            self.wrong(&at.span, message, None);
        }
        value
    }

    /// A rate: requests a second, more than none.
    pub(super) fn rate(&mut self, node: &Node, name: &str) -> Option<f64> {
        let Some(at) = node.get(name) else {
            self.wrong(&node.span, format!("`{name}` is missing"), None);
            return None;
        };
        let value = match &at.kind {
            Kind::Number(number) => number.as_f64(),
            _ => None,
        };
        let Some(value) = value else {
            let message = format!(
                "`{name}` is a number of requests a second, this is {}",
                at.described()
            );
            self.wrong(&at.span, message, None);
            return None;
        };
        if value > 0.0 && value <= 1_000_000.0 {
            return Some(value);
        }
        let message = if value < 0.0 {
            format!("`{name}` is negative")
        } else {
            format!("`{name}` is more than 0 and at most 1 000 000 requests a second")
        };
        self.wrong(&at.span, message, None);
        None
    }

    /// A length of time, where the key is there.
    pub(super) fn time(&mut self, node: &Node, name: &str) -> Option<Duration> {
        let at = node.get(name)?;
        let Some(text) = at.text() else {
            let message = format!("`{name}` is a length of time, this is {}", at.described());
            let help = Some("write a whole number and a unit: 500ms, 30s, 5m, 1h".to_owned());
            self.wrong(&at.span, message, help);
            return None;
        };
        match duration(text) {
            Ok(length) => Some(length),
            Err(help) => {
                let message = format!("`{name}` is no length of time");
                self.wrong(&at.span, message, Some(help));
                None
            }
        }
    }

    pub(super) fn wrong(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let found = Diagnostic::new(self.file, self.source, span.clone(), message, help);
        self.found.push(found);
    }

    /// The bytes of a piece of text in the scalar that holds it.
    pub(super) fn within(&self, node: &Node, piece: &str) -> Range<usize> {
        let text = self.source.get(node.span.clone()).unwrap_or_default();
        match text.find(piece) {
            Some(at) if !piece.is_empty() => {
                node.span.start + at..node.span.start + at + piece.len()
            }
            _ => node.span.clone(),
        }
    }
}
