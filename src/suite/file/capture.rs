//! What is kept of an answer.

use http::header::HeaderName;

use super::super::capture::{Capture, Part, Place};
use super::super::tree::{Key, Node};
use super::reader::Reader;

impl Reader<'_> {
    /// The captures of a step; their names are known from here on.
    pub(super) fn captures(&mut self, node: &Node) -> Vec<Capture> {
        let Some(capture) = node.get("capture") else {
            return Vec::new();
        };
        let Some(members) = capture.members() else {
            self.wrong(
                &capture.span,
                format!("`capture` is a map, this is {}", capture.described()),
            );
            return Vec::new();
        };
        let mut captures = Vec::new();
        for (key, value) in members {
            if let Err(problem) = self.names.set(&key.name, key.span.clone(), "the capture") {
                self.wrong(&key.span, problem);
            }
            captures.extend(self.capture(key, value));
        }
        captures
    }

    fn capture(&mut self, key: &Key, node: &Node) -> Option<Capture> {
        let (at, secret, part) = if node.members().is_none() {
            (node, false, None)
        } else {
            self.members(node, "a capture", &["at", "secret", "part"])?;
            let Some(at) = node.get("at") else {
                self.wrong(&node.span, "a capture has an `at`");
                return None;
            };
            let part = node.get("part").and_then(|part| self.part(part));
            (at, self.flag(node, "secret"), part)
        };
        let place = match self.text(at, "a capture")? {
            "body" => Place::Body(String::new()),
            "status" => Place::Status,
            pointer if pointer.starts_with('/') => Place::Body(pointer.to_owned()),
            other => match other.strip_prefix("header.") {
                Some(name) if HeaderName::from_bytes(name.as_bytes()).is_ok() => {
                    Place::Header(name.to_owned())
                }
                _ => {
                    self.wrong_with(
                        &at.span,
                        format!("`{other}` is no place in an answer"),
                        "write a JSON Pointer such as `/id`, `header.NAME`, `body` or `status`",
                    );
                    return None;
                }
            },
        };
        let whole = match &place {
            Place::Status => true,
            Place::Body(pointer) => pointer.is_empty(),
            Place::Header(_) => false,
        };
        if secret && (whole || part.is_some()) {
            self.wrong(
                &node.span,
                "a secret is a member of the body or a header field, and all of it",
            );
        }
        Some(Capture {
            name: key.name.clone(),
            at: place,
            secret,
            part,
        })
    }

    /// A regular expression with one group: the part of a text that is captured.
    fn part(&mut self, node: &Node) -> Option<Part> {
        let pattern = self.text(node, "a part")?;
        match Part::new(pattern) {
            Ok(part) => Some(part),
            Err(problem) => {
                self.wrong(&node.span, problem);
                None
            }
        }
    }
}
