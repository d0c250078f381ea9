//! Members of a map: known keys, and values of the kind that is wanted.

use std::time::Duration;

use super::super::near;
use super::super::tree::{Key, Kind, Node};
use super::super::wait::{Wait, parse_duration};
use super::reader::Reader;

impl Reader<'_> {
    /// The members of a map whose keys are all known; unknown ones are reported and left to the caller.
    pub(super) fn members<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&str],
    ) -> Option<&'n [(Key, Node)]> {
        let Some(members) = node.members() else {
            self.wrong(
                &node.span,
                format!("{what} is a map, this is {}", node.described()),
            );
            return None;
        };
        for (key, _) in members {
            if !known.contains(&key.name.as_str()) {
                self.unknown_key(key, what, known.iter().copied());
            }
        }
        Some(members)
    }

    /// Reports a key that is not known here.
    pub(super) fn unknown_key<'k>(
        &mut self,
        key: &Key,
        what: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        let help = match near(&key.name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{what} takes {}", list(known)),
        };
        self.wrong_with(&key.span, format!("unknown key `{}`", key.name), help);
    }

    /// The items of a list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        if let Some(items) = node.items() {
            items
        } else {
            self.wrong(
                &node.span,
                format!("{what} is a list, this is {}", node.described()),
            );
            &[]
        }
    }

    /// Plain text: a string that is not empty.
    pub(super) fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        match &node.kind {
            Kind::Text(text) if text.trim().is_empty() => {
                self.wrong(&node.span, format!("{what} is empty"));
                None
            }
            Kind::Text(text) => Some(text),
            _ => {
                self.wrong(
                    &node.span,
                    format!("{what} is text, this is {}", node.described()),
                );
                None
            }
        }
    }

    /// A list of plain texts, or one of them by itself.
    pub(super) fn texts<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(&'n Node, &'n str)> {
        let items = match &node.kind {
            Kind::Text(_) => std::slice::from_ref(node),
            _ => self.list(node, what),
        };
        items
            .iter()
            .filter_map(|item| Some((item, self.text(item, what)?)))
            .collect()
    }

    /// `true` or `false`; false where the key is absent.
    pub(super) fn flag(&mut self, step: &Node, name: &str) -> bool {
        match step.get(name) {
            None => false,
            Some(Node {
                kind: Kind::Bool(value),
                ..
            }) => *value,
            Some(node) => {
                let message = format!("`{name}` is true or false, this is {}", node.described());
                self.wrong(&node.span, message);
                false
            }
        }
    }

    /// A duration such as `1100ms` or `2s`.
    pub(super) fn duration(&mut self, step: &Node, name: &str) -> Option<Duration> {
        let node = step.get(name)?;
        let parsed = node.text().and_then(parse_duration);
        if parsed.is_none() {
            let message = format!("`{name}` is a duration such as `1100ms` or `2s`");
            self.wrong(&node.span, message);
        }
        parsed
    }

    /// How long a step waits: a duration, or one with a capture in it.
    pub(super) fn wait(&mut self, step: &Node) -> Option<Wait> {
        let node = step.get("wait")?;
        if node.text().is_some_and(|text| text.contains("{{")) {
            return self.template(node).map(Wait::Captured);
        }
        self.duration(step, "wait").map(Wait::Fixed)
    }
}

/// Names for a sentence: `a`, `b` or `c`.
pub(super) fn list<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        None => String::new(),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} or {last}", names.join(", ")),
    }
}
