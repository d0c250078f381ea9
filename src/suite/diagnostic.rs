//! What is wrong with a suite file, where, and what would be right.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One thing wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// File, as the user would name it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Bytes of the file that are meant.
    pub span: Range<usize>,
    /// Lowercase fragment: what is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    source: Arc<str>,
}

impl Diagnostic {
    /// Something wrong at these bytes of a file.
    pub(super) fn new(
        file: &str,
        source: &Arc<str>,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Self {
        let span = settle(source, &span);
        let (line, column) = position(source, span.start);
        Self {
            file: file.to_owned(),
            line,
            column,
            span,
            message: one_line(&message.into()),
            help: help.map(|help| one_line(&help)),
            source: Arc::clone(source),
        }
    }

    /// File, line, column and caret; with colours where the terminal shows them.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let snippet = Snippet::source(self.source.as_ref())
            .path(self.file.as_str())
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let mut report = Level::ERROR
            .primary_title(self.message.as_str())
            .element(snippet);
        if let Some(help) = &self.help {
            report = report.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[report])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Words of others may come in several lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A range that lies in the source, on one line, on character boundaries, and is not empty unless the source ends.
fn settle(source: &str, span: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    let line_end = source[start..]
        .find(['\n', '\r'])
        .map_or(source.len(), |length| start + length);
    let end = floor(span.end).min(line_end).max(start);
    if end == start {
        let width = source[start..line_end]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        return start..start + width;
    }
    start..end
}

/// Line and column of a byte, from 1, the column in characters.
pub(super) fn position(source: &str, at: usize) -> (usize, usize) {
    let before = &source[..at.min(source.len())];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_range_can_be_shown(source in "[a-zä\\n\\r{}: \\t]{0,40}", start in 0usize..60, length in 0usize..60) {
            let source: Arc<str> = source.into();
            let shown = Diagnostic::new("a.yaml", &source, start..start + length, "wrong", None);
            prop_assert!(source.get(shown.span.clone()).is_some());
            prop_assert!(shown.line >= 1 && shown.column >= 1);
            prop_assert!(shown.to_string().contains("a.yaml"));
        }
    }
}
