//! What reading a file needs at every place: the source, the vocabulary, the names so far, and the errors.

use std::ops::Range;
use std::sync::Arc;

use super::super::diagnostic::{Diagnostic, position};
use super::super::tree::Node;
use super::super::vocabulary::Vocabulary;
use super::Place;
use super::name::Names;
use crate::payload::{Draft, Template, TemplateError, is_setting};

/// Reads one file and gathers what is wrong with it.
pub(super) struct Reader<'a> {
    pub(super) place: &'a Place,
    pub(super) vocabulary: &'a Vocabulary<'a>,
    pub(super) names: Names,
    /// What steps ask of the user's settings: how it is written, the setting, where it stands.
    pub(super) asked: Vec<(String, String, Range<usize>)>,
    source: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        place: &'a Place,
        source: &'a Arc<str>,
        vocabulary: &'a Vocabulary<'a>,
    ) -> Self {
        Self {
            place,
            vocabulary,
            names: Names::of(&place.pack),
            asked: Vec::new(),
            source,
            found: Vec::new(),
        }
    }

    /// Everything found, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|found| found.span.start);
        self.found.dedup();
        self.found
    }

    /// Reports an error.
    pub(super) fn wrong(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.report(span, message, None);
    }

    /// Reports an error and what would be right.
    pub(super) fn wrong_with(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(span, message, Some(help.into()));
    }

    /// Reports an error, with a suggestion where there is one.
    pub(super) fn report(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let found = Diagnostic::new(&self.place.file, self.source, span.clone(), message, help);
        self.found.push(found);
    }

    /// Line of a node, from 1.
    pub(super) fn line(&self, node: &Node) -> usize {
        position(self.source, node.span.start).0
    }

    /// Compiles a text and checks that its names are known.
    pub(super) fn template(&mut self, node: &Node) -> Option<Template> {
        let Some(text) = scalar(node) else {
            self.wrong(
                &node.span,
                format!("text is expected, this is {}", node.described()),
            );
            return None;
        };
        match Template::parse(&text) {
            Ok(template) => {
                self.used(node, template.names());
                Some(template)
            }
            Err(error) => {
                self.bad_template(node, &text, &error);
                None
            }
        }
    }

    /// Compiles a value and checks that its names are known.
    pub(super) fn draft(&mut self, node: &Node) -> Option<Draft> {
        self.keys_are_no_templates(node);
        self.strings(node);
        let draft = Draft::parse(&node.value()).ok()?;
        Some(draft)
    }

    fn keys_are_no_templates(&mut self, node: &Node) {
        for item in node.items().into_iter().flatten() {
            self.keys_are_no_templates(item);
        }
        for (key, value) in node.members().into_iter().flatten() {
            if key.name.contains("{{") {
                self.wrong(&key.span.clone(), "a key can't be a template");
            }
            self.keys_are_no_templates(value);
        }
    }

    fn strings(&mut self, node: &Node) {
        for item in node.items().into_iter().flatten() {
            self.strings(item);
        }
        for (_, value) in node.members().into_iter().flatten() {
            self.strings(value);
        }
        let Some(text) = node.text() else {
            return;
        };
        match Template::parse(text) {
            Ok(template) => self.used(node, template.names()),
            Err(error) => self.bad_template(node, text, &error),
        }
    }

    fn bad_template(&mut self, node: &Node, text: &str, error: &TemplateError) {
        let piece = text.get(error.at.clone()).unwrap_or_default();
        let span = self.within(node, piece);
        self.wrong(&span, error.problem.clone());
    }

    /// Remembers that a step needs a setting.
    pub(super) fn asks(&mut self, written: &str, setting: &str, span: &Range<usize>) {
        self.asked
            .push((written.to_owned(), setting.to_owned(), span.clone()));
    }

    /// Checks that names are known here, and remembers that they were used.
    pub(super) fn used<'n>(&mut self, node: &Node, names: impl Iterator<Item = &'n str>) {
        for name in names {
            if is_setting(name) {
                let setting = match name.trim_start_matches("setting.") {
                    "client-id" | "client-secret" | "client-basic" | "scope" => "oauth",
                    "read-scope" => "oauth-read-scope",
                    other => other,
                };
                self.asks(&format!("{{{{{name}}}}}"), setting, &node.span);
            }
            if let Err((message, help)) = self.names.used(name) {
                let span = self.within(node, &format!("{{{{{name}}}}}"));
                self.report(&span, message, help);
            }
        }
    }

    /// The bytes of a piece of text in the scalar that holds it; all of it where it was written with escapes.
    fn within(&self, node: &Node, piece: &str) -> Range<usize> {
        let start = node.span.start.min(self.source.len());
        let end = node.span.end.clamp(start, self.source.len());
        match self
            .source
            .get(start..end)
            .and_then(|text| text.find(piece))
        {
            Some(at) if !piece.is_empty() => start + at..start + at + piece.len(),
            _ => node.span.clone(),
        }
    }
}

/// The text of a scalar: numbers and booleans as they are printed.
fn scalar(node: &Node) -> Option<String> {
    match node.value() {
        serde_json::Value::String(text) => Some(text),
        value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => {
            Some(value.to_string())
        }
        _ => None,
    }
}
