//! The secrets of a recording: learnt wherever they are known to stand, and looked for everywhere.
//!
//! A password in its place becomes `{{password}}`, a credential becomes that of the replay. A
//! secret anywhere else is a reason to write nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use regex::Regex;
use serde_json::Value;

use super::filter;
use super::leaf::{self, At};
use super::proxy::Turn;
use super::role::{Role, role};
use super::step::{Content, Step};
use crate::client;
use crate::redact::Vault;
use crate::scim::json;
use crate::scim::schema::Schema;

/// Ends of the names of what holds a secret.
const ENDS: [&str; 13] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "subscription-key",
    "privatekey",
    "private_key",
    "passphrase",
    "credential",
];

/// Further names of parameters and header fields that hold one.
const PARAMETERS: [&str; 5] = ["key", "code", "sig", "signature", "cookie"];

/// Shortest secret that is looked for outside its place: a shorter one is met by chance.
const SHORTEST: usize = 6;

/// Most bytes of a decoded body.
const CAP: u64 = 16 * 1024 * 1024;

/// A secret where none can be replaced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{request} holds a secret in {place}, where it can't be replaced")]
pub struct Refusal {
    /// The request, by number, method and endpoint.
    pub request: String,
    /// Where in it.
    pub place: String,
}

/// What is known to be secret.
pub(super) struct Secrets {
    vault: Vault,
    passwords: Vec<String>,
    names: Vec<String>,
    shapes: Option<Regex>,
}

impl Secrets {
    /// The secrets of all turns; `names` are further names of attributes and parameters that hold one.
    pub(super) fn of(turns: &[Turn], names: &[String]) -> Self {
        let shapes = [
            r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
            r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{20,}",
            r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk_live_[A-Za-z0-9]{10,}",
        ];
        let mut secrets = Self {
            vault: Vault::new(),
            passwords: Vec::new(),
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
            shapes: Regex::new(&shapes.join("|")).ok(),
        };
        let answers = |turn: &Turn| {
            let answer = turn.answer.as_ref().ok()?;
            decoded(&answer.headers, &answer.body)
        };
        let schemas: Vec<Schema> = turns
            .iter()
            .filter_map(answers)
            .flat_map(|body| schemas(&body))
            .collect();
        secrets.vault.teach(&schemas);
        for turn in turns {
            secrets.learn_head(turn);
            if let Some(body) = decoded(&turn.headers, &turn.body) {
                secrets.learn_body(&body, true);
            }
            if let Some(body) = answers(turn) {
                secrets.learn_body(&body, false);
            }
        }
        secrets
    }

    /// What stands for a text that is a password.
    pub(super) fn template(&self, text: &str) -> Option<String> {
        let index = self.passwords.iter().position(|known| known == text)?;
        Some(match index {
            0 => "{{password}}".to_owned(),
            index => format!("{{{{password.{}}}}}", index + 1),
        })
    }

    /// Whether a value at this place is one: by its attribute, or by any around it.
    pub(super) fn is_place(&self, at: &At) -> bool {
        let outer = Some(at.outer.as_str()).filter(|outer| !outer.is_empty());
        let fields = self.vault.fields();
        let is_secret = |name: &str| fields.is_secret(None, name) || self.is_name(name);
        fields.is_secret(outer, &at.name)
            || self.is_name(&at.name)
            || at.pointer.split('/').any(is_secret)
    }

    /// Whether a parameter or a header field of this name holds one.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        PARAMETERS.contains(&name.as_str())
            || self.is_name(&name)
            || self.vault.fields().is_secret(None, &name)
    }

    /// Whether a known secret stands in a text, in whatever encoding.
    pub(super) fn leaks(&self, text: &str) -> bool {
        self.vault.redact_text(text) != text
    }

    /// Looks for secrets where none can be replaced.
    ///
    /// # Errors
    /// The first of them.
    pub(super) fn check(&self, steps: &[Step]) -> Result<(), Refusal> {
        for step in steps {
            let refuse = |place: String| Refusal {
                request: step.label(),
                place: self.vault.redact_text(&place).into_owned(),
            };
            let at = |wrong: bool, place: String| if wrong { Err(refuse(place)) } else { Ok(()) };
            at(
                step.segments().iter().any(|segment| self.is_bad(segment)),
                "its path".to_owned(),
            )?;
            for (name, value) in &step.query {
                let kept = !self.is_parameter(name);
                let value = self.without_placed(value);
                at(kept && self.is_bad(&value), format!("the parameter {name}"))?;
                at(self.is_bad(name), "the name of a parameter".to_owned())?;
            }
            for (name, value) in &step.headers {
                at(self.is_bad(value), format!("the header field {name}"))?;
            }
            match &step.content {
                Content::None => {}
                Content::Closed(why) => {
                    at(true, format!("its body, for all that can be told: {why}"))?;
                }
                Content::Text(text) => {
                    let bad = self.is_bad(text) || self.vault.redact_loose(text) != *text;
                    at(bad, "its body, which is no clean JSON".to_owned())?;
                }
                Content::Json(body) => {
                    if let Some(pointer) = self.unplaceable(body) {
                        return Err(refuse(format!("its body at {pointer}")));
                    }
                }
            }
        }
        Ok(())
    }

    /// The place in a body of a secret that no template can stand for.
    fn unplaceable(&self, body: &Value) -> Option<String> {
        let mut found = None;
        leaf::visit(body, &mut |at, value| {
            let hidden = at.pointer.split('/').any(|key| self.leaks(key));
            let bad = match value {
                Value::String(text) if self.is_place(at) => {
                    self.template(text).is_none() && !text.is_empty()
                }
                Value::String(text) if self.template(text).is_some() => false,
                Value::String(text) => self.is_bad(&self.without_placed(text)),
                Value::Number(number) => self.is_place(at) || self.leaks(&number.to_string()),
                _ => false,
            };
            if (bad || hidden) && found.is_none() {
                found = Some(at.pointer.clone());
            }
        });
        found
    }

    fn is_bad(&self, text: &str) -> bool {
        self.leaks(text)
            || self
                .shapes
                .as_ref()
                .is_some_and(|shapes| shapes.is_match(text))
    }

    /// A filter without the values that templates will stand for.
    fn without_placed(&self, text: &str) -> String {
        if !text.contains('"') {
            return text.to_owned();
        }
        filter::rewrite(text, |literal| {
            let placed = self.template(&literal.text).is_some();
            if placed {
                String::new()
            } else {
                literal.text.clone()
            }
        })
    }

    fn is_name(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        ENDS.iter().any(|end| name.ends_with(end)) || self.names.contains(&name)
    }

    fn learn_head(&mut self, turn: &Turn) {
        for (name, value) in &turn.headers {
            let (name, value) = (name.as_str(), String::from_utf8_lossy(value.as_bytes()));
            match name {
                "authorization" | "proxy-authorization" => self.learn_credential(&value),
                "cookie" => {
                    for (_, value) in value.split(';').filter_map(|pair| pair.split_once('=')) {
                        self.learn(value.trim());
                    }
                }
                name if self.is_parameter(name) => self.learn(value.trim()),
                _ => {}
            }
        }
        let query = turn.target.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if self.is_parameter(&name) {
                self.learn(&value);
            }
            if name.eq_ignore_ascii_case("filter") {
                self.learn_filter(&value);
            }
        }
    }

    fn learn_credential(&self, value: &str) {
        let Some((scheme, rest)) = value.split_once(' ') else {
            return self.learn(value);
        };
        let rest = rest.trim();
        self.learn(rest);
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(pair) = STANDARD.decode(rest)
            && let Some((_, password)) = String::from_utf8_lossy(&pair).split_once(':')
        {
            self.learn(password);
        }
    }

    fn learn_body(&mut self, body: &Value, sent: bool) {
        let mut found = Vec::new();
        leaf::visit(body, &mut |at, value| {
            if let Value::String(text) = value {
                if self.is_place(at) && !text.is_empty() {
                    found.push(text.clone());
                } else if role(at) == Role::Filter && sent {
                    found.extend(self.secret_literals(text));
                }
            }
        });
        for text in found {
            self.learn(&text);
            if sent && !self.passwords.contains(&text) {
                self.passwords.push(text);
            }
        }
    }

    fn learn_filter(&mut self, filter: &str) {
        for text in self.secret_literals(filter) {
            self.learn(&text);
            if !self.passwords.contains(&text) {
                self.passwords.push(text);
            }
        }
    }

    fn secret_literals(&self, filter: &str) -> Vec<String> {
        filter::literals(filter)
            .into_iter()
            .filter(|literal| self.is_place(&literal.at) && !literal.text.is_empty())
            .map(|literal| literal.text)
            .collect()
    }

    fn learn(&self, secret: &str) {
        let plain = ENDS.contains(&secret.to_ascii_lowercase().as_str());
        if secret.len() >= SHORTEST && !plain {
            self.vault.learn("recorded", secret);
        }
    }
}

fn decoded(headers: &HeaderMap, body: &[u8]) -> Option<Value> {
    let bytes = client::plain(headers, body, CAP).ok()?;
    json::read(&bytes).0
}

/// The schemas that an answer holds.
fn schemas(body: &Value) -> Vec<Schema> {
    let one = std::slice::from_ref(body);
    let items = body.get("Resources").and_then(Value::as_array);
    items
        .map_or(one, Vec::as_slice)
        .iter()
        .filter(|item| item.get("attributes").is_some_and(Value::is_array))
        .filter_map(|item| Schema::read(item).0)
        .collect()
}
