//! What the user says about payloads in `scimitar.toml`: how a userName looks, which mail domain is
//! theirs, which attributes every user or group has to carry.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::draft::Draft;
use super::template::{MissingCapture, Names, Template};

/// The mail domain where the user names none: reserved by RFC 2606.
const DOMAIN: &str = "example.com";

/// The section `[payload]` of `scimitar.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Overlay {
    /// How a userName is made: `{{name}}@{{domain}}`. It has to hold `{{name}}`, which carries the marker.
    pub user_name: Option<UserName>,
    /// Mail domain of generated addresses.
    pub mail_domain: Option<String>,
    /// Merge patches by resource type, without case (`[payload.resource.User]`); templates know
    /// `name`, `login` (the userName), `mail` and the built-in names.
    #[serde(default)]
    pub resource: BTreeMap<String, Patch>,
}

impl Overlay {
    /// Mail domain of generated addresses.
    pub fn domain(&self) -> &str {
        self.mail_domain.as_deref().unwrap_or(DOMAIN)
    }

    /// The merge patch for a resource type.
    pub(super) fn patch(&self, resource_type: &str) -> Option<&Draft> {
        self.resource
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(resource_type))
            .map(|(_, patch)| &patch.0)
    }

    /// The userName of the resource with this name.
    pub(super) fn name_user(&self, name: &str, domain: &str) -> Result<String, MissingCapture> {
        match &self.user_name {
            None => Ok(name.to_owned()),
            Some(pattern) => pattern.0.text(&Pattern { name, domain }),
        }
    }
}

struct Pattern<'a> {
    name: &'a str,
    domain: &'a str,
}

impl Names for Pattern<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(self.name.into()),
            "domain" => Some(self.domain.into()),
            _ => None,
        }
    }
}

/// A pattern of userNames: a template of `name` and `domain`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct UserName(Template);

impl TryFrom<String> for UserName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let template = Template::parse(&text).map_err(|error| error.to_string())?;
        if let Some(other) = template
            .names()
            .find(|name| !["name", "domain"].contains(name))
        {
            return Err(format!(
                "`{{{{{other}}}}}` is neither `{{{{name}}}}` nor `{{{{domain}}}}`"
            ));
        }
        if !template.names().any(|name| name == "name") {
            return Err(format!(
                "`{text}` has no `{{{{name}}}}`, which carries the marker"
            ));
        }
        Ok(Self(template))
    }
}

/// A merge patch with templates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Patch(Draft);

impl TryFrom<Value> for Patch {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let draft = Draft::parse(&value).map_err(|(at, error)| format!("{at}: {error}"))?;
        let known = |name: &str| super::LOCAL.contains(&name) || super::is_built_in(name);
        match draft.names().into_iter().find(|name| !known(name)) {
            Some(name) => Err(format!("`{{{{{name}}}}}` is not known here")),
            None => Ok(Self(draft)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_user_names_holds_the_name() {
        let parse = |text: &str| UserName::try_from(text.to_owned());
        assert!(parse("{{name}}@{{domain}}").is_ok());
        assert!(parse("fixed").unwrap_err().contains("carries the marker"));
        assert!(parse("{{name}}{{uuid}}").unwrap_err().contains("neither"));
        assert!(parse("{{name").unwrap_err().contains("without"));
    }

    #[test]
    fn a_section_with_an_unknown_key_or_name_is_refused() {
        let parse = |text: &str| toml::from_str::<Overlay>(text);
        assert!(parse("user-name = '{{name}}'\nmail-domain = 'corp.example'").is_ok());
        assert!(parse("[resource.User]\ntitle = 'x {{mail}}'").is_ok());
        assert!(parse("[resource.User]\ntitle = '{{u1.id}}'").is_err());
        assert!(parse("username = 'x'").is_err());
    }
}
