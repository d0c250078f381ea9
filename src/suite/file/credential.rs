//! With which credential a step goes where: `to`, `key`, `auth`, and the `form` of a token request.

use std::ops::Range;

use super::super::model::{Action, StepAuth};
use super::super::tree::{Key as Member, Node};
use super::field::list;
use super::reader::Reader;
use crate::payload::{Raw, Template};
use crate::session::{Key, To};

/// Words of `auth` that stand for a token of the user's, and the setting that gives it.
const TOKENS: &[(&str, &str)] = &[
    ("expired", "expired-token"),
    ("rotated", "rotated-token"),
    ("revoked", "revoked-token"),
    ("foreign", "foreign-token"),
];

/// Words of `key`.
const KEYS: &[(&str, Key)] = &[
    ("first", Key::First),
    ("second", Key::Second),
    ("header", Key::Header),
    ("query", Key::Query),
    ("wrong", Key::Wrong),
    ("none", Key::None),
];

/// The `Authorization` field by which a client names itself at a token endpoint.
const CLIENT: &str = "Basic {{setting.client-basic}}";

impl Reader<'_> {
    /// Where the step goes.
    pub(super) fn to(&mut self, node: &Node, action: Option<&Action>) -> To {
        let Some(to) = node.get("to") else {
            return To::Base;
        };
        match to.text() {
            Some("gateway") => {
                self.asks("to: gateway", "gateway", &to.span);
                To::Gateway
            }
            Some("token-endpoint") => {
                self.asks("to: token-endpoint", "oauth", &to.span);
                if matches!(action, Some(Action::Walk(_))) {
                    self.wrong(&to.span, "a token endpoint has no pages");
                }
                To::TokenEndpoint
            }
            _ => {
                self.wrong(&to.span, "`to` is `gateway` or `token-endpoint`");
                To::Base
            }
        }
    }

    /// Reports a path where there can be none.
    pub(super) fn goes(&mut self, to: To, verb: &(Member, Node)) {
        let (key, path) = verb;
        if to == To::TokenEndpoint && path.text().is_some_and(|path| !path.is_empty()) {
            self.wrong_with(
                &path.span,
                "a token endpoint has no path below it",
                format!("write `{}: \"\"`", key.name),
            );
        }
    }

    /// Which key of the gateway the step carries.
    pub(super) fn key(&mut self, node: &Node, to: To) -> Key {
        let Some(key) = node.get("key") else {
            return Key::First;
        };
        if to != To::Gateway {
            self.wrong(&key.span, "`key` belongs to a step with `to: gateway`");
        }
        let word = key.text().unwrap_or_default();
        let Some((_, found)) = KEYS.iter().find(|(known, _)| *known == word) else {
            let known = list(KEYS.iter().map(|(word, _)| *word));
            self.wrong(&key.span, format!("`key` is {known}"));
            return Key::First;
        };
        if *found == Key::Second {
            self.asks("key: second", "gateway-second-key", &key.span);
        }
        *found
    }

    /// Which credential the step sends.
    pub(super) fn auth(&mut self, node: &Node, to: To) -> StepAuth {
        let Some(auth) = node.get("auth") else {
            return match to {
                To::TokenEndpoint => StepAuth::None,
                _ => StepAuth::Main,
            };
        };
        if let Some(word) = auth.text() {
            return self.named(word, auth);
        }
        let known = ["header", "bearer", "client"];
        let one = match auth.members() {
            Some([(key, value)]) if known.contains(&key.name.as_str()) => Some((key, value)),
            _ => None,
        };
        match one.map(|(key, value)| (key.name.as_str(), value)) {
            Some(("header", value)) => self
                .template(value)
                .map(StepAuth::Header)
                .unwrap_or_default(),
            Some(("bearer", value)) => match self.template(value) {
                Some(_) => {
                    let token = value.text().unwrap_or_default();
                    header(&format!("Bearer {token}"))
                }
                None => StepAuth::Main,
            },
            Some((_, value)) => self.client(value, to),
            None => {
                self.refuse(&auth.span);
                StepAuth::Main
            }
        }
    }

    /// A credential by its name.
    fn named(&mut self, word: &str, auth: &Node) -> StepAuth {
        match word {
            "none" => return StepAuth::None,
            "second" => {
                self.asks("auth: second", "second-token", &auth.span);
                return StepAuth::Second;
            }
            _ => {}
        }
        let Some((_, setting)) = TOKENS.iter().find(|(known, _)| *known == word) else {
            self.refuse(&auth.span);
            return StepAuth::Main;
        };
        self.asks(&format!("auth: {word}"), setting, &auth.span);
        header(&format!("Bearer {{{{setting.{setting}}}}}"))
    }

    /// The client's own credential, at a token endpoint only: elsewhere it has no business.
    fn client(&mut self, node: &Node, to: To) -> StepAuth {
        if to != To::TokenEndpoint {
            self.wrong(
                &node.span,
                "`client` belongs to a step with `to: token-endpoint`",
            );
        }
        match node.text() {
            Some("header") => header(CLIENT),
            Some("body") => StepAuth::None,
            _ => {
                self.wrong(&node.span, "`client` is `header` or `body`");
                StepAuth::None
            }
        }
    }

    fn refuse(&mut self, span: &Range<usize>) {
        self.wrong(
            span,
            "`auth` is `none`, `second`, `expired`, `rotated`, `revoked`, `foreign`, `{ header: … }`, `{ bearer: … }` or `{ client: header }`",
        );
    }

    /// A form. What a token request has to hold beside what is written is added: the client where
    /// it names itself in the body, the configured scope where none is asked for.
    pub(super) fn form(&mut self, node: &Node, form: &Node, to: To) -> Option<Raw> {
        let Some(members) = form.members() else {
            self.wrong(
                &form.span,
                format!("`form` is a map, this is {}", form.described()),
            );
            return None;
        };
        let mut pairs: Vec<(String, Template)> = members
            .iter()
            .filter_map(|(key, value)| Some((key.name.clone(), self.template(value)?)))
            .collect();
        let given = |name: &str| members.iter().find(|(key, _)| key.name == name);
        let mut more = |name: &str, setting: &str| {
            if given(name).is_none()
                && let Ok(value) = Template::parse(&format!("{{{{setting.{setting}}}}}"))
            {
                pairs.push((name.to_owned(), value));
            }
        };
        let grant = given("grant_type").and_then(|(_, value)| value.text());
        if to == To::TokenEndpoint && grant == Some("client_credentials") {
            more("scope", "scope");
        }
        let client = node.get("auth").and_then(|auth| auth.get("client"));
        if client.and_then(Node::text) == Some("body") {
            more("client_id", "client-id");
            more("client_secret", "client-secret");
        }
        Some(Raw::Form(pairs))
    }
}

fn header(text: &str) -> StepAuth {
    Template::parse(text)
        .map(StepAuth::Header)
        .unwrap_or_default()
}
