//! Places whose values are never shown, whoever chose them.

use std::borrow::Cow;
use std::collections::HashSet;

use regex::{Captures, Regex};

use super::vault::{REDACTED, is_label};
use crate::scim::schema::{Attribute, Mutability, Returned, Schema};

/// Names that hold a secret wherever they stand, lower case.
const ANYWHERE: &[&str] = &[
    "password",
    "newpassword",
    "oldpassword",
    "currentpassword",
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "access_token",
    "accesstoken",
    "refresh_token",
    "refreshtoken",
    "id_token",
    "client_secret",
    "clientsecret",
    "client_assertion",
    "private_key",
    "privatekey",
    "api_key",
    "apikey",
    "x-api-key",
];

/// Sensitive places of a target.
#[derive(Debug)]
pub struct Fields {
    /// Attributes of resources, lower case.
    rooted: HashSet<String>,
    /// Sub-attributes with their attribute, lower case.
    nested: HashSet<(String, String)>,
    filter: Option<Regex>,
    member: Option<Regex>,
    form: Option<Regex>,
}

impl Default for Fields {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl Fields {
    /// The places that schemas mark as write-only or never returned, beside the names that are
    /// secret everywhere (`password` of RFC 7643 §4.1.1 is one).
    #[must_use]
    pub fn of(schemas: &[Schema]) -> Self {
        let mut rooted = HashSet::new();
        let mut nested = HashSet::new();
        for attribute in schemas.iter().flat_map(|schema| &schema.attributes) {
            let name = attribute.name.to_ascii_lowercase();
            for sub in attribute.sub_attributes.iter().filter(|sub| hidden(sub)) {
                nested.insert((name.clone(), sub.name.to_ascii_lowercase()));
            }
            if hidden(attribute) {
                rooted.insert(name);
            }
        }
        let names = ANYWHERE
            .iter()
            .map(|name| (*name).to_owned())
            .chain(rooted.iter().cloned())
            .chain(
                nested
                    .iter()
                    .map(|(outer, inner)| format!("{outer}.{inner}")),
            )
            .map(|name| regex::escape(&name))
            .collect::<Vec<_>>()
            .join("|");
        let compile = |pattern: String| Regex::new(&pattern).ok();
        Self {
            filter: compile(format!(
                r#"(?i)(^|[\s(\[:])({names})(\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)("(?:[^"\\]|\\.)*"?|[^\s)\]]+)"#
            )),
            member: compile(format!(
                r#"(?i)("(?:{names})"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*)"#
            )),
            form: compile(format!(r"(?i)(^|[?&;\s])({names})=([^&;\s#]+)")),
            rooted,
            nested,
        }
    }

    /// Whether a member holds a secret. `parent` is the name of the closest member around it, if
    /// there is one.
    #[must_use]
    pub fn is_secret(&self, parent: Option<&str>, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if ANYWHERE.contains(&name.as_str()) {
            return true;
        }
        match parent.map(str::to_ascii_lowercase) {
            Some(parent) if !is_root(&parent) => {
                let outer = parent.rsplit(':').next().unwrap_or(&parent).to_owned();
                self.nested.contains(&(outer, name))
            }
            _ => self.rooted.contains(&name) || self.is_secret_path(&name),
        }
    }

    /// Whether the path of a PATCH operation names a secret.
    #[must_use]
    pub fn is_secret_path(&self, path: &str) -> bool {
        let mut bare = String::with_capacity(path.len());
        let mut depth = 0_u32;
        for c in path.trim().to_ascii_lowercase().chars() {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => bare.push(c),
                _ => {}
            }
        }
        let local = bare.rsplit(':').next().unwrap_or(&bare);
        match local.split_once('.') {
            Some((outer, inner)) => {
                self.rooted.contains(outer)
                    || ANYWHERE.contains(&inner)
                    || self.nested.contains(&(outer.to_owned(), inner.to_owned()))
            }
            None => self.rooted.contains(local) || ANYWHERE.contains(&local),
        }
    }

    /// Masks the operands that a filter compares secrets with.
    #[must_use]
    pub fn mask_filter<'a>(&self, filter: &'a str) -> Cow<'a, str> {
        mask(self.filter.as_ref(), filter, |found| {
            let operand = found.get(4).map_or("", |text| text.as_str());
            (operand, format!("\"{REDACTED}\""))
        })
    }

    /// Masks members, form fields and filters in text that can't be read as JSON.
    pub(super) fn mask_loose<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let members = mask(self.member.as_ref(), text, |found| {
            let value = found.get(2).map_or("", |text| text.as_str());
            let quoted = value.starts_with('"');
            (
                value,
                if quoted {
                    format!("\"{REDACTED}\"")
                } else {
                    "0".to_owned()
                },
            )
        });
        let forms = mask(self.form.as_ref(), &members, form_value);
        match self.mask_filter(&forms) {
            Cow::Borrowed(same) if same == text => Cow::Borrowed(text),
            masked => Cow::Owned(masked.into_owned()),
        }
    }

    /// Masks the sensitive parameters of a query, and filters in it.
    pub(super) fn mask_url(&self, url: &str) -> String {
        let Some((before, query)) = url.split_once('?') else {
            return url.to_owned();
        };
        let (query, fragment) = match query.split_once('#') {
            Some((query, fragment)) => (query, format!("#{fragment}")),
            None => (query, String::new()),
        };
        let pairs: Vec<String> = query.split('&').map(|pair| self.mask_pair(pair)).collect();
        format!("{before}?{}{fragment}", pairs.join("&"))
    }

    fn mask_pair(&self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        if ANYWHERE.contains(&name.to_ascii_lowercase().as_str()) {
            return if value.is_empty() || is_label(value) {
                pair.to_owned()
            } else {
                format!("{name}={REDACTED}")
            };
        }
        if !name.eq_ignore_ascii_case("filter") {
            return pair.to_owned();
        }
        let spaced = value.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
        match self.mask_filter(&decoded) {
            Cow::Borrowed(_) => pair.to_owned(),
            Cow::Owned(masked) => {
                format!("{name}={}", masked.replace(' ', "%20").replace('"', "%22"))
            }
        }
    }
}

/// Keeps the scheme of a credential and masks the rest, unless it is a label already.
pub(super) fn mask_credential(value: &str) -> String {
    match value.split_once(' ') {
        _ if value.is_empty() || is_label(value) => value.to_owned(),
        Some((_, rest)) if is_label(rest) => value.to_owned(),
        Some((scheme, _)) if scheme.len() <= 12 => format!("{scheme} {REDACTED}"),
        _ => REDACTED.to_owned(),
    }
}

/// Keeps names and attributes of cookies and masks their values.
pub(super) fn mask_cookie(value: &str) -> String {
    let shown = ["path", "domain", "max-age", "expires", "samesite"];
    let parts: Vec<String> = value
        .split(';')
        .map(|part| match part.split_once('=') {
            Some((name, _)) if !shown.contains(&name.trim().to_ascii_lowercase().as_str()) => {
                format!("{name}={REDACTED}")
            }
            _ => part.to_owned(),
        })
        .collect();
    parts.join(";")
}

fn hidden(attribute: &Attribute) -> bool {
    attribute.returned == Returned::Never || attribute.mutability == Mutability::WriteOnly
}

/// Whether members below this name are attributes of a resource.
fn is_root(name: &str) -> bool {
    matches!(name, "resources" | "data" | "value" | "response") || name.starts_with("urn:")
}

fn form_value<'t>(found: &Captures<'t>) -> (&'t str, String) {
    (
        found.get(3).map_or("", |text| text.as_str()),
        REDACTED.to_owned(),
    )
}

/// Replaces, in each match, the piece that `cut` points at, unless it is a label or masked already.
fn mask<'a>(
    pattern: Option<&Regex>,
    text: &'a str,
    cut: impl for<'t> Fn(&Captures<'t>) -> (&'t str, String),
) -> Cow<'a, str> {
    let Some(pattern) = pattern else {
        return Cow::Borrowed(text);
    };
    if !pattern.is_match(text) {
        return Cow::Borrowed(text);
    }
    pattern.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |text| text.as_str());
        let (piece, instead) = cut(found);
        let bare = piece.trim_matches('"');
        if bare.is_empty() || bare == REDACTED || is_label(bare) {
            return whole.to_owned();
        }
        let keep = whole.len() - piece.len();
        format!("{}{instead}", whole.get(..keep).unwrap_or_default())
    })
}
