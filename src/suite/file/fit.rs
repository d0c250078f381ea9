//! What goes together in a step, and what does not.

use http::Method;

use super::super::model::Action;
use super::super::tree::Node;
use super::reader::Reader;
use crate::payload::{Payload, Template};

/// Members of a created resource that can carry the run's marker.
const MARKED: &[&str] = &["userName", "externalId", "displayName"];

impl Reader<'_> {
    /// What goes together in a step and what does not.
    pub(super) fn fits(
        &mut self,
        node: &Node,
        action: &Action,
        path: &Template,
        body: Option<&Payload>,
        unmarked: bool,
    ) {
        let reads = matches!(action, Action::Walk(_))
            || matches!(action, Action::Send(method) if *method == Method::GET || *method == Method::HEAD);
        if let Some(sent) = node.get("body").or(node.get("raw"))
            && reads
        {
            self.wrong(&sent.span, "this request carries no body");
        }
        if let Some(until) = node.get("until")
            && !matches!(action, Action::Send(method) if *method == Method::GET)
        {
            self.wrong(&until.span, "`until` repeats a `get` only");
        }
        if let Some(until) = node.get("until")
            && node.get("expect").is_none()
        {
            self.wrong(
                &until.span,
                "`until` repeats until expectations hold; there are none",
            );
        }
        let creates = matches!(action, Action::Send(method) if *method == Method::POST)
            && matches!(path.as_literal(), Some("/Users" | "/Groups"));
        if creates
            && !unmarked
            && let (Some(Payload::Literal(_)), Some(literal)) = (body, node.get("body"))
            && literal.members().is_some()
            && !carries_marker(literal)
        {
            self.wrong_with(
                &literal.span,
                "what this may create can't be found again",
                "write `{{run}}` into `userName`, `externalId` or `displayName`, or say `unmarked: true`",
            );
        }
    }
}

/// Whether a literal resource carries the marker: by `{{run}}`, or by the name of a resource that does.
fn carries_marker(literal: &Node) -> bool {
    literal
        .members()
        .into_iter()
        .flatten()
        .filter(|(key, _)| {
            MARKED
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&key.name))
        })
        .filter_map(|(_, value)| Template::parse(value.text()?).ok())
        .any(|template| {
            template.names().any(|name| {
                name == "run"
                    || MARKED
                        .iter()
                        .any(|part| name.ends_with(&format!(".{part}")))
            })
        })
}
