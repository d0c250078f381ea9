//! Steps: what is sent, and what is kept of the answer.

use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};

use super::super::model::{Action, ContentType, Paging, Step};
use super::super::tree::{Key, Kind, Node};
use super::reader::Reader;
use crate::payload::Template;

/// What a step can do.
const VERBS: &[&str] = &[
    "get", "post", "put", "patch", "delete", "head", "options", "walk",
];

/// Media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Keys of a step.
pub(in crate::suite) const KEYS: &[&str] = &[
    "name",
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "walk",
    "query",
    "body",
    "raw",
    "form",
    "content_type",
    "headers",
    "auth",
    "to",
    "key",
    "expect",
    "capture",
    "wait",
    "until",
    "measures",
    "count",
    "cursor",
    "alone",
    "unmarked",
];

impl Reader<'_> {
    /// The steps of a scenario.
    pub(super) fn steps(&mut self, node: &Node) -> Vec<Step> {
        let items = self.list(node, "`steps`");
        if node.items().is_some_and(<[Node]>::is_empty) {
            self.wrong(&node.span, "`steps` is empty");
        }
        for (index, step) in items.iter().enumerate() {
            let name = label(step, index);
            for (key, _) in step
                .get("capture")
                .and_then(Node::members)
                .into_iter()
                .flatten()
            {
                self.names.expect(&key.name, &name);
            }
        }
        let steps: Vec<Step> = items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.step(index, item))
            .collect();
        self.measure_changes(items);
        if !items.is_empty() && items.iter().all(|step| step.get("expect").is_none()) {
            self.wrong(&node.span, "no step expects anything");
        }
        steps
    }

    fn step(&mut self, index: usize, node: &Node) -> Option<Step> {
        let members = self.members(node, "a step", KEYS)?;
        let verb = self.verb(node, members);
        let path = verb.and_then(|(_, path)| self.path(path));
        let action = verb.and_then(|(key, _)| self.action(key, node));
        let query = self.query(node);
        let headers = self.headers(node);
        let to = self.to(node, action.as_ref());
        if let Some(verb) = verb {
            self.goes(to, verb);
        }
        let key = self.key(node, to);
        let body = self.payload(node, to);
        let content_type = self.content_type(node);
        let auth = self.auth(node, to);
        let wait = self.wait(node);
        let until = self.duration(node, "until");
        let measures = self.measures(node);
        let unmarked = self.flag(node, "unmarked");
        let alone = self.flag(node, "alone") || unmarked;
        let capture = self.captures(node);
        let expect = node
            .get("expect")
            .map(|expect| self.expectations(expect))
            .unwrap_or_default();
        if let Some(name) = node.get("name") {
            self.text(name, "`name`");
        }
        let (action, path) = (action?, path?);
        self.fits(node, &action, &path, body.as_ref(), unmarked);
        Some(Step {
            name: label(node, index),
            action,
            path,
            query,
            headers,
            body,
            content_type,
            auth,
            to,
            key,
            alone,
            unmarked,
            wait,
            until,
            measures,
            expect,
            capture,
            line: self.line(node),
        })
    }

    /// What the step does: one of its members.
    fn verb<'n>(&mut self, node: &Node, members: &'n [(Key, Node)]) -> Option<&'n (Key, Node)> {
        let verbs: Vec<&(Key, Node)> = members
            .iter()
            .filter(|(key, _)| VERBS.contains(&key.name.as_str()))
            .collect();
        match verbs.as_slice() {
            [] => {
                let help = format!(
                    "it has one of {}",
                    super::field::list(VERBS.iter().copied())
                );
                self.wrong_with(&node.span, "a step does nothing", help);
                None
            }
            [one] => Some(*one),
            [_, (second, _), ..] => {
                self.wrong(
                    &second.span,
                    "a step sends one request; begin another with `-`",
                );
                None
            }
        }
    }

    fn action(&mut self, verb: &Key, node: &Node) -> Option<Action> {
        let walk = verb.name == "walk";
        for name in ["count", "cursor"] {
            if let Some(stray) = node.get(name).filter(|_| !walk) {
                self.wrong(&stray.span, format!("`{name}` belongs to a `walk`"));
            }
        }
        if !walk {
            return Method::from_bytes(verb.name.to_ascii_uppercase().as_bytes())
                .ok()
                .map(Action::Send);
        }
        if node.get("count").is_none() && node.get("cursor").is_none() {
            self.wrong(&verb.span, "a `walk` goes by `count` or by `cursor`");
        }
        self.paging(node).map(Action::Walk)
    }

    fn paging(&mut self, node: &Node) -> Option<Paging> {
        let (name, at) = match (node.get("count"), node.get("cursor")) {
            (Some(count), None) => ("count", count),
            (None, Some(cursor)) => ("cursor", cursor),
            (Some(_), Some(cursor)) => {
                self.wrong(
                    &cursor.span,
                    "a `walk` goes by `count` or by `cursor`, not both",
                );
                return None;
            }
            (None, None) => return None,
        };
        let size = match &at.kind {
            Kind::Number(number) => number.as_u64().and_then(|size| u32::try_from(size).ok()),
            _ => None,
        };
        let Some(size) = size.filter(|size| *size > 0) else {
            self.wrong(
                &at.span,
                format!("`{name}` is the number of results a page, from 1"),
            );
            return None;
        };
        Some(if name == "count" {
            Paging::Index(size)
        } else {
            Paging::Cursor(size)
        })
    }

    fn path(&mut self, node: &Node) -> Option<Template> {
        let template = self.template(node)?;
        let text = node.text().unwrap_or_default();
        if !text.is_empty() && !text.starts_with('/') {
            self.wrong_with(
                &node.span,
                "a path begins with `/`",
                "it is relative to the base URL",
            );
        } else if text.contains(['?', '#']) {
            self.wrong_with(&node.span, "a path has no query", "write it under `query`");
        } else if let Some(odd) = text.chars().find(|c| !c.is_ascii_graphic()) {
            self.wrong_with(
                &node.span,
                format!("{odd:?} can't stand in a path"),
                "write it percent-encoded",
            );
        }
        Some(template)
    }

    fn query(&mut self, node: &Node) -> Vec<(String, Template)> {
        let Some(query) = node.get("query") else {
            return Vec::new();
        };
        if let Some(text) = query.text() {
            return self.raw_query(query, text);
        }
        if let Some(pairs) = query.items() {
            return pairs
                .iter()
                .filter_map(|pair| {
                    if let Some([name, value]) = pair.items() {
                        let name = self.text(name, "the name of a parameter")?.to_owned();
                        Some((name, self.template(value)?))
                    } else {
                        self.wrong(&pair.span, "a parameter is `[name, value]`");
                        None
                    }
                })
                .collect();
        }
        let Some(members) = query.members() else {
            self.wrong(
                &query.span,
                format!("`query` is a map or a text, this is {}", query.described()),
            );
            return Vec::new();
        };
        members
            .iter()
            .filter_map(|(key, value)| Some((key.name.clone(), self.template(value)?)))
            .collect()
    }

    /// A query as it stands on the wire, under an empty name.
    fn raw_query(&mut self, node: &Node, text: &str) -> Vec<(String, Template)> {
        if let Some(odd) = text.chars().find(|c| !c.is_ascii_graphic() || *c == '#') {
            self.wrong_with(
                &node.span,
                format!("{odd:?} can't stand in a query"),
                "write it percent-encoded",
            );
        }
        let template = self.template(node);
        template
            .map(|template| (String::new(), template))
            .into_iter()
            .collect()
    }

    fn headers(&mut self, node: &Node) -> Vec<(String, Template)> {
        let Some(headers) = node.get("headers") else {
            return Vec::new();
        };
        let Some(members) = headers.members() else {
            self.wrong(
                &headers.span,
                format!("`headers` is a map, this is {}", headers.described()),
            );
            return Vec::new();
        };
        let mut fields = Vec::new();
        for (key, value) in members {
            match HeaderName::from_bytes(key.name.as_bytes()) {
                Err(_) => self.wrong(
                    &key.span,
                    format!("`{}` is no name of a header field", key.name),
                ),
                Ok(AUTHORIZATION) => {
                    self.wrong_with(
                        &key.span,
                        "credentials are no header here",
                        "write `auth: { header: … }`",
                    );
                }
                Ok(CONTENT_TYPE) => {
                    self.wrong_with(
                        &key.span,
                        "the media type is no header here",
                        "write `content_type: …`",
                    );
                }
                Ok(_) => {}
            }
            if let Some(value) = self.template(value) {
                fields.push((key.name.clone(), value));
            }
        }
        fields
    }

    fn content_type(&mut self, node: &Node) -> ContentType {
        let Some(content_type) = node.get("content_type") else {
            return match node.get("form") {
                Some(_) => ContentType::Other(FORM.to_owned()),
                None => ContentType::Scim,
            };
        };
        if ["body", "raw", "form"]
            .iter()
            .all(|name| node.get(name).is_none())
        {
            self.wrong(&content_type.span, "`content_type` without a body");
        }
        match self.text(content_type, "`content_type`") {
            None => ContentType::Scim,
            Some("none") => ContentType::None,
            Some(other) => ContentType::Other(other.to_owned()),
        }
    }
}

fn label(step: &Node, index: usize) -> String {
    match step.get("name").and_then(Node::text) {
        Some(name) => name.to_owned(),
        None => format!("step {}", index + 1),
    }
}
