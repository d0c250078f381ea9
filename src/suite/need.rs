//! What a scenario needs from the target or from the user, in a closed vocabulary.
//!
//! Nothing is failed for an optional feature that is not advertised: an unmet need skips the case.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::scim::capabilities::Capabilities;
use crate::scim::schema::{Attribute, Mutability, Schema};

/// Features of `/ServiceProviderConfig` that a scenario may need (`spc.patch`).
pub const FEATURES: &[&str] = &[
    "patch",
    "bulk",
    "bulk.maxOperations",
    "bulk.maxPayloadSize",
    "filter",
    "sort",
    "etag",
    "changePassword",
    "pagination",
    "pagination.cursor",
    "pagination.index",
    "pagination.defaultPaginationMethod",
    "pagination.defaultPageSize",
    "pagination.maxPageSize",
    "pagination.cursorTimeout",
    "securityEvents",
    "securityEvents.asyncRequest",
];

/// What the user may have set (`setting:second-token`), with the flag or key that sets it.
pub const SETTINGS: &[(&str, &str)] = &[
    ("token", "a credential (`--token-env`)"),
    (
        "second-token",
        "a second credential that may read and not write (`second-token-env`)",
    ),
    (
        "expired-token",
        "a credential that has expired (`expired-token-env`)",
    ),
    (
        "rotated-token",
        "the credential before the main one, still taken beside it (`rotated-token-env`)",
    ),
    (
        "revoked-token",
        "a credential that was taken back (`revoked-token-env`)",
    ),
    (
        "foreign-token",
        "a credential that was issued for another audience or tenant (`foreign-token-env`)",
    ),
    (
        "oauth",
        "a client at an OAuth 2.0 token endpoint (`[oauth]` with `token-url`, `client-id` and `client-secret-env`)",
    ),
    (
        "oauth-read-scope",
        "the scope of a token that may read and not write (`read-scope` in `[oauth]`)",
    ),
    (
        "refresh-token",
        "a refresh token (`refresh-token-env` in `[oauth]`)",
    ),
    (
        "gateway",
        "the key of a gateway in front of the target (`[gateway]` with `key-env`)",
    ),
    (
        "gateway-second-key",
        "a second key of that gateway (`second-key-env` in `[gateway]`)",
    ),
    (
        "version",
        "a base URL that ends in a version segment (`/v2`)",
    ),
    ("long-waits", "time to wait (`long-waits = true`)"),
];

/// One thing that a scenario needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A feature of `/ServiceProviderConfig`.
    Feature(String),
    /// A resource type by name.
    ResourceType(String),
    /// A schema extension by the last part of its URN or name, without case (`Enterprise`).
    Extension(String),
    /// An attribute in the schema of some resource type, or of the one named.
    Attribute {
        /// Resource type; `None` for any.
        resource_type: Option<String>,
        /// Attribute.
        name: String,
        /// Sub-attribute.
        sub: Option<String>,
    },
    /// An attribute, as above, for which the schema lists no canonical values.
    Free(Box<Need>),
    /// An attribute, as above, that the schema does not require.
    Optional(Box<Need>),
    /// Something that the user has to set.
    Setting(String),
}

/// A need that is not in the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown need `{need}`")]
pub struct UnknownNeed {
    /// As written.
    pub need: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl Need {
    /// Whether the target and the user's settings offer it.
    ///
    /// # Errors
    /// The reason why not, as a lowercase fragment (`the target does not advertise patch`).
    pub fn met(
        &self,
        capabilities: &Capabilities,
        settings: &BTreeSet<String>,
    ) -> Result<(), String> {
        let (met, reason) = match self {
            Self::Feature(name) if name.starts_with("bulk.") => (
                capabilities.has(&self.to_string()) == Some(true),
                format!("the target states no {name} that a run can exceed"),
            ),
            Self::Feature(name) => (
                capabilities.has(&self.to_string()) == Some(true),
                format!("the target does not advertise {name}"),
            ),
            Self::ResourceType(name) => (
                capabilities
                    .resource_types
                    .iter()
                    .any(|kind| kind.name.eq_ignore_ascii_case(name)),
                format!("the target has no resource type {name}"),
            ),
            Self::Extension(name) => (
                extension(capabilities, name),
                format!("the target has no extension {name}"),
            ),
            Self::Attribute { .. } => {
                if !self.attribute(capabilities, |_| true) {
                    return Err(format!("the target's schemas have no {}", self.subject()));
                }
                (
                    self.is_writable(capabilities),
                    format!("the target lets no client write {}", self.subject()),
                )
            }
            Self::Optional(attribute) => {
                attribute.met(capabilities, settings)?;
                (
                    attribute.attribute(capabilities, |it| !it.required),
                    format!("the target's schemas require {}", self.subject()),
                )
            }
            Self::Free(attribute) => (
                attribute.attribute(capabilities, |it| it.canonical_values.is_empty()),
                format!(
                    "the target's schemas have no {} without canonical values",
                    self.subject()
                ),
            ),
            Self::Setting(name) => (
                settings.contains(name),
                match SETTINGS.iter().find(|(known, _)| known == name) {
                    Some((_, what)) => format!("needs {what}"),
                    None => format!("needs the setting {name}"),
                },
            ),
        };
        if met { Ok(()) } else { Err(reason) }
    }

    /// Whether a client can write the attribute, or could not by RFC 7643 either.
    fn is_writable(&self, capabilities: &Capabilities) -> bool {
        let written = |capabilities: &Capabilities| {
            let writable = |it: &Attribute| it.mutability != Mutability::ReadOnly;
            self.attribute(capabilities, writable)
                && self.parent().attribute(capabilities, writable)
        };
        written(capabilities) || !written(&Capabilities::rfc())
    }

    /// The attribute of a sub-attribute.
    fn parent(&self) -> Self {
        let mut parent = self.clone();
        if let Self::Attribute { sub, .. } = &mut parent {
            *sub = None;
        }
        parent
    }

    /// Whether the attribute is defined and fits.
    fn attribute(&self, capabilities: &Capabilities, fits: impl Fn(&Attribute) -> bool) -> bool {
        let Self::Attribute {
            resource_type,
            name,
            sub,
        } = self
        else {
            return false;
        };
        capabilities
            .resource_types
            .iter()
            .filter(|kind| {
                resource_type
                    .as_ref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(&kind.name))
            })
            .flat_map(|kind| {
                std::iter::once(kind.schema.as_str())
                    .chain(kind.extensions.iter().map(|(urn, _)| urn.as_str()))
            })
            .filter_map(|urn| schema(capabilities, urn))
            .filter_map(|schema| find(&schema.attributes, name))
            .any(|attribute| match sub {
                None => fits(attribute),
                Some(sub) => find(&attribute.sub_attributes, sub).is_some_and(&fits),
            })
    }

    fn subject(&self) -> String {
        self.to_string()
            .split_once(':')
            .map(|(_, subject)| subject.to_owned())
            .unwrap_or_default()
    }
}

fn extension(capabilities: &Capabilities, name: &str) -> bool {
    let wanted = name.to_ascii_lowercase();
    capabilities
        .resource_types
        .iter()
        .flat_map(|kind| &kind.extensions)
        .any(|(urn, _)| {
            urn.to_ascii_lowercase()
                .split(':')
                .any(|part| part == wanted)
        })
}

fn schema<'a>(capabilities: &'a Capabilities, urn: &str) -> Option<&'a Schema> {
    capabilities
        .schemas
        .iter()
        .find(|schema| schema.id.eq_ignore_ascii_case(urn))
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

impl FromStr for Need {
    type Err = UnknownNeed;

    fn from_str(text: &str) -> Result<Self, UnknownNeed> {
        let unknown = |hint: Option<String>| UnknownNeed {
            need: text.to_owned(),
            hint,
        };
        if let Some(name) = text.strip_prefix("spc.") {
            return if FEATURES.contains(&name) {
                Ok(Self::Feature(name.to_owned()))
            } else {
                Err(unknown(
                    super::near(name, FEATURES.iter().copied()).map(|near| format!("spc.{near}")),
                ))
            };
        }
        if let Some(name) = text.strip_prefix("setting:") {
            let known = || SETTINGS.iter().map(|(known, _)| *known);
            return if known().any(|known| known == name) {
                Ok(Self::Setting(name.to_owned()))
            } else {
                Err(unknown(
                    super::near(name, known()).map(|near| format!("setting:{near}")),
                ))
            };
        }
        if let Some(name) = text.strip_prefix("rt.").filter(|name| is_name(name)) {
            return Ok(Self::ResourceType(name.to_owned()));
        }
        if let Some(name) = text.strip_prefix("ext.").filter(|name| is_name(name)) {
            return Ok(Self::Extension(name.to_owned()));
        }
        if let Some(attribute) = text.strip_prefix("attr:").and_then(attribute) {
            return Ok(attribute);
        }
        if let Some(attribute) = text.strip_prefix("free:").and_then(attribute) {
            return Ok(Self::Free(Box::new(attribute)));
        }
        if let Some(attribute) = text.strip_prefix("optional:").and_then(attribute) {
            return Ok(Self::Optional(Box::new(attribute)));
        }
        let prefixes = [
            "spc.patch",
            "rt.User",
            "ext.Enterprise",
            "attr:emails",
            "setting:second-token",
        ];
        Err(unknown(super::near(text, prefixes).map(str::to_owned)))
    }
}

/// `emails`, `emails.type`, `User:emails.type`.
fn attribute(text: &str) -> Option<Need> {
    let (resource_type, path) = match text.split_once(':') {
        Some((kind, path)) => (Some(kind), path),
        None => (None, text),
    };
    let (name, sub) = match path.split_once('.') {
        Some((name, sub)) => (name, Some(sub)),
        None => (path, None),
    };
    let mut parts = [resource_type, Some(name), sub].into_iter().flatten();
    parts.all(is_name).then(|| Need::Attribute {
        resource_type: resource_type.map(str::to_owned),
        name: name.to_owned(),
        sub: sub.map(str::to_owned),
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feature(name) => write!(f, "spc.{name}"),
            Self::ResourceType(name) => write!(f, "rt.{name}"),
            Self::Extension(name) => write!(f, "ext.{name}"),
            Self::Setting(name) => write!(f, "setting:{name}"),
            Self::Free(attribute) => write!(f, "free:{}", attribute.subject()),
            Self::Optional(attribute) => write!(f, "optional:{}", attribute.subject()),
            Self::Attribute {
                resource_type,
                name,
                sub,
            } => {
                f.write_str("attr:")?;
                if let Some(kind) = resource_type {
                    write!(f, "{kind}:")?;
                }
                f.write_str(name)?;
                sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn needs_are_written_as_they_are_read() {
        for text in [
            "spc.patch",
            "rt.User",
            "ext.Enterprise",
            "attr:emails",
            "attr:User:emails.type",
            "free:User:roles.type",
            "optional:User:emails",
            "setting:second-token",
        ] {
            assert_eq!(text.parse::<Need>().unwrap().to_string(), text);
        }
        let check = |text: &str, hint: Option<&str>| {
            let error = text.parse::<Need>().unwrap_err();
            assert_eq!(error.hint.as_deref(), hint, "{text}");
        };
        check("spc.Patch", Some("spc.patch"));
        check("setting:second", None);
        check("attr:", None);
        check("free:", None);
        check("rt.", None);
        check("user", Some("rt.User"));
    }

    #[test]
    fn a_need_is_met_by_what_the_target_says() {
        let capabilities = Capabilities {
            patch: true,
            resource_types: serde_json::from_value(json!([{
                "name": "User", "endpoint": "/Users", "schema": "urn:user",
                "extensions": [["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", false]]
            }]))
            .unwrap(),
            schemas: serde_json::from_value(json!([{
                "id": "urn:user",
                "attributes": [{ "name": "emails", "subAttributes": [
                    { "name": "type", "canonicalValues": ["work"] }, { "name": "display" }
                ] },
                { "name": "title", "mutability": "readOnly" },
                { "name": "badge", "mutability": "readOnly" },
                { "name": "groups", "mutability": "readOnly" },
                { "name": "name", "mutability": "readOnly", "required": true, "subAttributes": [{ "name": "givenName" }] }]
            }]))
            .unwrap(),
            ..Capabilities::default()
        };
        let settings = BTreeSet::new();
        let check = |text: &str, expected: Result<(), &str>| {
            let met = text.parse::<Need>().unwrap().met(&capabilities, &settings);
            assert_eq!(met, expected.map_err(str::to_owned), "{text}");
        };
        check("spc.patch", Ok(()));
        check("spc.bulk", Err("the target does not advertise bulk"));
        check("spc.pagination.index", Ok(()));
        check(
            "spc.pagination.cursor",
            Err("the target does not advertise pagination.cursor"),
        );
        check("rt.user", Ok(()));
        check("rt.Group", Err("the target has no resource type Group"));
        check("ext.Enterprise", Ok(()));
        check("ext.Custom", Err("the target has no extension Custom"));
        check("attr:Emails.TYPE", Ok(()));
        check(
            "attr:emails.primary",
            Err("the target's schemas have no emails.primary"),
        );
        check(
            "attr:Group:emails",
            Err("the target's schemas have no Group:emails"),
        );
        check("attr:User:groups", Ok(()));
        check("attr:User:badge", Ok(()));
        check(
            "attr:User:title",
            Err("the target lets no client write User:title"),
        );
        check(
            "attr:User:name.givenName",
            Err("the target lets no client write User:name.givenName"),
        );
        check("optional:User:emails", Ok(()));
        check(
            "optional:User:nickName",
            Err("the target's schemas have no User:nickName"),
        );
        check("free:User:emails.display", Ok(()));
        check(
            "free:emails.type",
            Err("the target's schemas have no emails.type without canonical values"),
        );
        check(
            "setting:second-token",
            Err("needs a second credential that may read and not write (`second-token-env`)"),
        );
    }
}
