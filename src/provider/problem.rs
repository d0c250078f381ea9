//! A refusal on its way to an error response (RFC 7644 §3.12).
//!
//! Knows nothing of routes or of HTTP serving.

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::scim::urn;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Keyword of RFC 7644 Table 9.
    pub scim_type: Option<&'static str>,
    /// Text for a reader.
    pub detail: String,
    /// Header fields that belong to the refusal (`WWW-Authenticate`, `Allow`).
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A refusal without a keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
            headers: Vec::new(),
        }
    }

    /// A 400 with a keyword.
    pub fn bad(scim_type: &'static str, detail: impl Into<String>) -> Self {
        Self {
            scim_type: Some(scim_type),
            ..Self::new(400, detail)
        }
    }

    /// 400 `invalidSyntax`: the body's structure is wrong.
    pub fn syntax(detail: impl Into<String>) -> Self {
        Self::bad("invalidSyntax", detail)
    }

    /// 400 `invalidValue`: a value is missing or of the wrong type.
    pub fn value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    /// 400 `mutability`: the attribute can't be changed so.
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::bad("mutability", detail)
    }

    /// 400 `invalidPath`: a PATCH path that is malformed or names nothing of the schema.
    pub fn path(detail: impl Into<String>) -> Self {
        Self::bad("invalidPath", detail)
    }

    /// 400 `noTarget`: a PATCH path that selects nothing.
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self::bad("noTarget", detail)
    }

    /// 400 `invalidFilter`.
    pub fn filter(detail: impl Into<String>) -> Self {
        Self::bad("invalidFilter", detail)
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, detail)
    }

    /// 501: a feature that is left out.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(501, detail)
    }

    /// 409 `uniqueness`.
    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self {
            scim_type: Some("uniqueness"),
            ..Self::new(409, detail)
        }
    }

    /// The same with a header field.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with the entity tag of the resource.
    pub(super) fn with_etag(self, etag: &str) -> Self {
        match HeaderValue::from_str(etag) {
            Ok(value) => self.with_header(http::header::ETAG, value),
            Err(_) => self,
        }
    }

    /// The error resource.
    pub fn body(&self) -> Value {
        let mut body = json!({ "schemas": [urn::ERROR], "status": self.status.to_string() });
        if let (Some(scim_type), Some(map)) = (self.scim_type, body.as_object_mut()) {
            map.insert(String::from("scimType"), Value::from(scim_type));
        }
        if let Some(map) = body.as_object_mut() {
            map.insert(String::from("detail"), Value::from(self.detail.as_str()));
        }
        body
    }
}
