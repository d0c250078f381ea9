//! Where a call goes beside the base URL, and what it carries beside the usual credential.
//!
//! Holds labels of secrets, never secrets.

use std::time::Duration;

use serde_json::Value;

use crate::redact::Vault;
use crate::scim::resource::pointed;

/// How a call differs from one to the base URL with what the user configured.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Via {
    /// Where it goes.
    pub to: To,
    /// Which key of the gateway it carries.
    pub key: Key,
    /// What in its answer is a secret that nobody knows yet.
    pub secrets: Vec<Secret>,
    /// How long its answer is waited for, where that is less than usual; then it is broken off.
    pub patience: Option<Duration>,
}

impl Via {
    /// Learns what in an answer is secret, before anything of it is recorded.
    pub fn learn(
        &self,
        vault: &Vault,
        header: impl Fn(&str) -> Option<String>,
        body: Option<&Value>,
    ) {
        for secret in &self.secrets {
            let found = match &secret.at {
                Spot::Header(name) => header(name),
                Spot::Body(pointer) => match body.and_then(|body| pointed(body, pointer)) {
                    Some(Value::String(text)) => Some(text.clone()),
                    Some(Value::Number(number)) => Some(number.to_string()),
                    _ => None,
                },
            };
            if let Some(found) = found {
                vault.learn(&secret.name, &found);
            }
        }
    }
}

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum To {
    /// The base URL of the service provider.
    #[default]
    Base,
    /// The gateway in front of it, which wants a key.
    Gateway,
    /// The OAuth 2.0 token endpoint; the path of the call is ignored, and no bearer is sent there.
    TokenEndpoint,
}

/// Which key of the gateway a call carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Key {
    /// The first, where the user wants it.
    #[default]
    First,
    /// The second, at the same place.
    Second,
    /// The first, in the header field.
    Header,
    /// The first, in the query.
    Query,
    /// One that nobody gave out.
    Wrong,
    /// None.
    None,
}

/// A value of an answer to be known by its label alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Name of its label, the case included.
    pub name: String,
    /// Where it stands.
    pub at: Spot,
}

/// A place in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// JSON Pointer into the body, names of members compared without case.
    Body(String),
    /// A header field.
    Header(String),
}

/// The keys of a gateway and where they are presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Name of the header field.
    pub header: String,
    /// Name of the query parameter.
    pub query: String,
    /// Whether the query is where the user wants it.
    pub in_query: bool,
    /// Label of the first key.
    pub first: String,
    /// Label of the second.
    pub second: Option<String>,
}

/// A key that no gateway gave out.
const WRONG: &str = "00000000000000000000000000000000";

/// The header field that Azure API Management reads.
pub const KEY_HEADER: &str = "Ocp-Apim-Subscription-Key";
/// The query parameter that Azure API Management reads.
pub const KEY_QUERY: &str = "subscription-key";

impl Keys {
    /// Adds the key of a call to its query parameters or header fields, in the place of one of
    /// the same name. A second key that is not configured is none.
    pub fn present(
        &self,
        key: Key,
        query: &mut Vec<(String, String)>,
        headers: &mut Vec<(String, String)>,
    ) {
        let value = match key {
            Key::First | Key::Header | Key::Query => Some(self.first.as_str()),
            Key::Second => self.second.as_deref(),
            Key::Wrong => Some(WRONG),
            Key::None => None,
        };
        let Some(value) = value else { return };
        let in_query = match key {
            Key::Header => false,
            Key::Query => true,
            _ => self.in_query,
        };
        if in_query {
            query.retain(|(name, _)| *name != self.query);
            query.push((self.query.clone(), value.to_owned()));
        } else {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&self.header));
            headers.push((self.header.clone(), value.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_an_answer_is_known_from_then_on() {
        let vault = Vault::new();
        let secret = |name: &str, at| Secret {
            name: name.to_owned(),
            at,
        };
        let via = Via {
            secrets: vec![
                secret("a", Spot::Body("/ACCESS_token".to_owned())),
                secret("b", Spot::Body("/absent".to_owned())),
                secret("c", Spot::Header("x-token".to_owned())),
            ],
            ..Via::default()
        };
        let body = serde_json::json!({ "access_token": "s3cr3t-s3cr3t" });
        let header = |name: &str| (name == "x-token").then(|| "other-s3cr3t".to_owned());
        via.learn(&vault, header, Some(&body));
        assert_eq!(vault.redact_text("s3cr3t-s3cr3t"), "‹secret:a›");
        assert_eq!(vault.redact_text("other-s3cr3t"), "‹secret:c›");
    }

    #[test]
    fn a_key_stands_where_it_is_wanted() {
        let keys = Keys {
            header: KEY_HEADER.to_owned(),
            query: KEY_QUERY.to_owned(),
            in_query: false,
            first: "1".to_owned(),
            second: None,
        };
        let check = |keys: &Keys, key, in_query: Option<&str>, in_header: Option<&str>| {
            let (mut query, mut headers) = (Vec::new(), Vec::new());
            keys.present(key, &mut query, &mut headers);
            let value = |all: &[(String, String)]| all.first().map(|(_, value)| value.clone());
            assert_eq!(value(&query).as_deref(), in_query, "{key:?}");
            assert_eq!(value(&headers).as_deref(), in_header, "{key:?}");
        };
        check(&keys, Key::First, None, Some("1"));
        check(&keys, Key::Query, Some("1"), None);
        check(&keys, Key::Second, None, None);
        check(&keys, Key::Wrong, None, Some(WRONG));
        check(&keys, Key::None, None, None);
        let keys = Keys {
            in_query: true,
            second: Some("2".to_owned()),
            ..keys
        };
        check(&keys, Key::First, Some("1"), None);
        check(&keys, Key::Second, Some("2"), None);
        check(&keys, Key::Header, None, Some("1"));
    }
}
