//! The Error message (RFC 7644 §3.12): its keywords, building it, reading what a server sends.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::resource::member;
use super::urn;

/// Keywords of `scimType`: RFC 7644 Table 9, RFC 9865 §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScimType {
    /// The filter is not understood, or asks what its attribute cannot answer.
    InvalidFilter,
    /// More results than the provider is willing to compute.
    TooMany,
    /// A value that has to be unique is in use.
    Uniqueness,
    /// The attribute may not be changed that way.
    Mutability,
    /// The body is not what the operation needs.
    InvalidSyntax,
    /// The path of a PATCH operation is malformed.
    InvalidPath,
    /// The path of a PATCH operation selects nothing.
    NoTarget,
    /// A required value is missing, or does not fit.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// The request carries what must not stand in a URI.
    Sensitive,
    /// The cursor is not one of the provider's.
    InvalidCursor,
    /// The cursor is no longer usable.
    ExpiredCursor,
    /// `count` does not fit cursor paging.
    InvalidCount,
}

impl ScimType {
    /// All keywords, in the order of their tables.
    pub const ALL: [Self; 13] = [
        Self::InvalidFilter,
        Self::TooMany,
        Self::Uniqueness,
        Self::Mutability,
        Self::InvalidSyntax,
        Self::InvalidPath,
        Self::NoTarget,
        Self::InvalidValue,
        Self::InvalidVers,
        Self::Sensitive,
        Self::InvalidCursor,
        Self::ExpiredCursor,
        Self::InvalidCount,
    ];

    /// The keyword as it stands in a message.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }

    /// The type of a keyword, spelled exactly.
    pub fn of(keyword: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.keyword() == keyword)
    }

    /// The status that its table gives it: 409 for uniqueness, 403 for sensitive, else 400.
    pub fn status(self) -> u16 {
        match self {
            Self::Uniqueness => 409,
            Self::Sensitive => 403,
            _ => 400,
        }
    }
}

impl Display for ScimType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())
    }
}

/// An Error message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    /// HTTP status.
    pub status: u16,
    /// Keyword.
    pub scim_type: Option<ScimType>,
    /// A sentence for a reader.
    pub detail: Option<String>,
}

impl ErrorMessage {
    /// A message without keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: Some(detail.into()),
        }
    }

    /// A message with a keyword and the status that belongs to it.
    pub fn of(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self {
            status: scim_type.status(),
            scim_type: Some(scim_type),
            detail: Some(detail.into()),
        }
    }

    /// The message as JSON; the status is a string there.
    pub fn to_json(&self) -> Value {
        let mut message = json!({
            "schemas": [urn::ERROR],
            "status": self.status.to_string(),
        });
        if let Some(scim_type) = self.scim_type {
            message["scimType"] = scim_type.keyword().into();
        }
        if let Some(detail) = &self.detail {
            message["detail"] = detail.as_str().into();
        }
        message
    }
}

/// What a server sent as Error, as far as it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorView {
    /// `schemas` lists the Error message.
    pub has_schema: bool,
    /// `status`, read from a string or a number.
    pub status: Option<u16>,
    /// `status` is a string, as it has to be.
    pub status_is_string: bool,
    /// `scimType` as sent, known or not.
    pub scim_type: Option<String>,
    /// `detail`.
    pub detail: Option<String>,
}

impl ErrorView {
    /// Reads a body; absent where it is no JSON object. Member names compare without case.
    pub fn read(body: &Value) -> Option<Self> {
        body.as_object()?;
        let text = |name| member(body, name).and_then(Value::as_str);
        let status = member(body, "status");
        Some(Self {
            has_schema: urn::listed(body, urn::ERROR),
            status: status.and_then(|status| match status {
                Value::String(text) => text.trim().parse().ok(),
                other => other.as_u64().and_then(|n| u16::try_from(n).ok()),
            }),
            status_is_string: status.is_some_and(Value::is_string),
            scim_type: text("scimType").map(String::from),
            detail: text("detail").map(String::from),
        })
    }

    /// The keyword, where it is a known one.
    pub fn keyword(&self) -> Option<ScimType> {
        ScimType::of(self.scim_type.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_reads_back() {
        for scim_type in ScimType::ALL {
            let message = ErrorMessage::of(scim_type, "why").to_json();
            let view = ErrorView::read(&message).unwrap();
            assert!(view.has_schema && view.status_is_string);
            assert_eq!(view.status, Some(scim_type.status()));
            assert_eq!(view.keyword(), Some(scim_type));
            assert_eq!(view.detail.as_deref(), Some("why"));
            assert_eq!(
                serde_json::to_value(scim_type).unwrap(),
                scim_type.keyword()
            );
        }
    }

    #[test]
    fn reads_what_servers_send() {
        let view =
            ErrorView::read(&json!({"Status": 404, "SCIMTYPE": "gone", "detail": 5})).unwrap();
        assert_eq!(view.status, Some(404));
        assert!(!view.status_is_string && !view.has_schema);
        assert_eq!(view.scim_type.as_deref(), Some("gone"));
        assert_eq!((view.keyword(), view.detail), (None, None));
        assert_eq!(ErrorView::read(&json!([])), None);
        assert_eq!(
            ErrorView::read(&json!({"status": "x"})).unwrap().status,
            None
        );
    }
}
