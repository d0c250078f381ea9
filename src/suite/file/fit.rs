//! What goes together in a step, and what does not.

use http::Method;

use super::super::model::Action;
use super::super::tree::{Key, Node};
use super::reader::Reader;
use crate::payload::{Fixture, MARKED, Payload, Template, is_built_in};

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
        let walks = matches!(action, Action::Walk(_));
        let searches = walks
            && path
                .as_literal()
                .is_some_and(|path| path.ends_with("/.search"));
        if let Some(sent) = node.get("body").or(node.get("raw")).or(node.get("form"))
            && reads
            && !(searches && node.get("body").is_some())
        {
            self.wrong(&sent.span, "this request carries no body");
        }
        if searches && node.get("body").is_none() {
            self.wrong_with(
                &node.span,
                "a search has a body",
                "write the SearchRequest under `body`; the walk adds count and cursor",
            );
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
        if let (true, false, Some(sent)) = (creates, unmarked, node.get("body")) {
            match body {
                Some(Payload::Fixture { fixture, .. }) => self.stays_marked(fixture, sent),
                Some(Payload::Literal(_))
                    if sent.members().is_some_and(|all| !carries_marker(all)) =>
                {
                    self.unmarked(sent);
                }
                _ => {}
            }
        }
    }

    /// Reports a change that takes the marker out of a fixture.
    pub(super) fn stays_marked(&mut self, fixture: &Fixture, node: &Node) {
        let with = node.get("with").and_then(Node::members).unwrap_or_default();
        let without: Vec<&str> = match node.get("without") {
            None => Vec::new(),
            Some(without) => without
                .items()
                .unwrap_or(std::slice::from_ref(without))
                .iter()
                .filter_map(Node::text)
                .collect(),
        };
        let gone = |name: &str| {
            without
                .iter()
                .any(|pointer| pointer.trim_start_matches('/').eq_ignore_ascii_case(name))
        };
        let kept = fixture.marked.iter().any(|name| {
            !gone(name)
                && !with
                    .iter()
                    .any(|(key, _)| key.name.eq_ignore_ascii_case(name))
        });
        let with_kept: Vec<(Key, Node)> = with
            .iter()
            .filter(|(key, _)| !gone(&key.name))
            .cloned()
            .collect();
        if !kept && !carries_marker(&with_kept) {
            self.unmarked(node);
        }
    }

    fn unmarked(&mut self, node: &Node) {
        self.wrong_with(
            &node.span,
            "what this may create can't be found again",
            "leave `{{run}}` or a fixture's name in `userName`, `externalId` or `displayName`, or say `unmarked: true`",
        );
    }
}

/// Whether members carry the marker: by a template that may hold it. Only plain text, and built-in
/// names but `run`, surely do not.
fn carries_marker(members: &[(Key, Node)]) -> bool {
    let marked = |name: &str| MARKED.iter().any(|known| known.eq_ignore_ascii_case(name));
    members
        .iter()
        .filter(|(key, _)| marked(&key.name))
        .filter_map(|(_, value)| Template::parse(value.text()?).ok())
        .any(|template| {
            template
                .names()
                .any(|name| name == "run" || !is_built_in(name))
        })
}
