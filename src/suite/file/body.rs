//! Bodies: literals, fixtures, captured values, raw text and bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::near;
use super::super::tree::Node;
use super::reader::Reader;
use crate::payload::{Change, Fixture, Limit, Payload, Raw, Template};
use crate::session::To;

impl Reader<'_> {
    /// The body of a step, from `body`, `raw` or `form`.
    pub(super) fn payload(&mut self, step: &Node, to: To) -> Option<Payload> {
        if let Some(form) = step.get("form") {
            if let Some(other) = step.get("body").or(step.get("raw")) {
                self.wrong(&other.span, "a step has one of `body`, `raw` and `form`");
            }
            return self.form(step, form, to).map(Payload::Raw);
        }
        match (step.get("body"), step.get("raw")) {
            (None, None) => None,
            (Some(body), None) => self.body(body),
            (None, Some(raw)) => self.raw(raw).map(Payload::Raw),
            (Some(_), Some(raw)) => {
                self.wrong(&raw.span, "a step has a `body` or is `raw`, not both");
                None
            }
        }
    }

    fn body(&mut self, node: &Node) -> Option<Payload> {
        if let Some(fixture) = node.get("fixture") {
            self.members(
                node,
                "a body from a fixture",
                &["fixture", "with", "without"],
            )?;
            self.names.local(true);
            let change = self.change(node);
            self.names.local(false);
            let fixture = self.fixture(fixture)?;
            return Some(Payload::Fixture { fixture, change });
        }
        if let Some(from) = node.get("from") {
            self.members(node, "a body from a capture", &["from", "with", "without"])?;
            let change = self.change(node);
            let name = self.text(from, "`from`")?.to_owned();
            match Template::parse(&format!("{{{{{name}}}}}")) {
                Ok(_) => {
                    if let Err((message, help)) = self.names.used(&name) {
                        self.report(&from.span, message, help);
                    }
                }
                Err(_) => self.wrong_with(
                    &from.span,
                    "`from` names a capture",
                    "write it without braces: `from: u1.body`",
                ),
            }
            return Some(Payload::From { name, change });
        }
        self.draft(node).map(Payload::Literal)
    }

    fn raw(&mut self, node: &Node) -> Option<Raw> {
        if node.text().is_some() {
            return self.template(node).map(Raw::Text);
        }
        self.members(node, "`raw`", &["base64", "over"])?;
        if let Some(over) = node.get("over") {
            return match self.text(over, "`over`")? {
                "maxOperations" => Some(Raw::Over(Limit::Operations)),
                "maxPayloadSize" => Some(Raw::Over(Limit::Payload)),
                _ => {
                    self.wrong(&over.span, "`over` is `maxOperations` or `maxPayloadSize`");
                    None
                }
            };
        }
        let Some(base64) = node.get("base64") else {
            self.wrong(&node.span, "`raw` is text or `{ base64: … }`");
            return None;
        };
        let text = self.text(base64, "`base64`")?;
        let packed: String = text.split_whitespace().collect();
        match STANDARD.decode(packed) {
            Ok(bytes) => Some(Raw::Bytes(bytes)),
            Err(error) => {
                self.wrong(&base64.span, format!("this is no base64: {error}"));
                None
            }
        }
    }

    /// The fixture of this name.
    pub(super) fn fixture(&mut self, node: &Node) -> Option<&'static Fixture> {
        let name = self.text(node, "`fixture`")?;
        let fixture = Fixture::find(name);
        if fixture.is_none() {
            let help = match near(name, Fixture::names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", super::field::list(Fixture::names())),
            };
            self.wrong_with(&node.span, format!("unknown fixture `{name}`"), help);
        }
        fixture
    }

    /// `with` and `without` of a fixture or a captured value.
    pub(super) fn change(&mut self, node: &Node) -> Change {
        let with = node.get("with").and_then(|with| {
            let template = with.text().is_some_and(|text| text.starts_with("{{"));
            if with.members().is_none() && !template {
                self.wrong(
                    &with.span,
                    format!("`with` is a map, this is {}", with.described()),
                );
                return None;
            }
            self.draft(with)
        });
        let mut without = Vec::new();
        if let Some(node) = node.get("without") {
            for (item, pointer) in self.texts(node, "`without`") {
                if pointer.starts_with('/') {
                    without.push(pointer.to_owned());
                } else {
                    let help = format!("write `/{pointer}`");
                    self.wrong_with(&item.span, "a JSON Pointer begins with `/`", help);
                }
            }
        }
        Change { with, without }
    }
}
