//! Redaction of JSON values: types stay, secrets go.

use serde_json::{Map, Value};

use super::field::Fields;
use super::vault::{REDACTED, Vault};

impl Vault {
    /// Replaces secrets in a JSON value by labels, keeping every type: known secrets wherever they
    /// stand (member names too), and all values in sensitive places. Says whether anything changed.
    pub fn redact_json(&self, value: &mut Value) -> bool {
        let fields = self.fields();
        self.walk(&fields, value, None)
    }

    fn walk(&self, fields: &Fields, value: &mut Value, parent: Option<&str>) -> bool {
        match value {
            Value::String(text) => self.replace(text),
            Value::Number(number) if self.knows(&number.to_string()) => {
                *value = Value::from(0);
                true
            }
            Value::Array(items) => {
                let mut changed = false;
                for item in items {
                    changed |= self.walk(fields, item, parent);
                }
                changed
            }
            Value::Object(members) => self.walk_object(fields, members, parent),
            _ => false,
        }
    }

    fn walk_object(
        &self,
        fields: &Fields,
        members: &mut Map<String, Value>,
        parent: Option<&str>,
    ) -> bool {
        let hides = patches_secret(fields, members);
        let mut changed = false;
        for (name, value) in members.iter_mut() {
            let secret =
                fields.is_secret(parent, name) || (hides && name.eq_ignore_ascii_case("value"));
            changed |= match value {
                _ if secret => self.blank(value),
                Value::String(text)
                    if name.eq_ignore_ascii_case("filter") || name.eq_ignore_ascii_case("path") =>
                {
                    let known = self.replace(text);
                    let masked = fields.mask_filter(text).into_owned();
                    let cut = masked != *text;
                    *text = masked;
                    known || cut
                }
                _ => self.walk(fields, value, Some(name)),
            };
        }
        self.rename(members) || changed
    }

    /// Replaces known secrets in the names of members.
    fn rename(&self, members: &mut Map<String, Value>) -> bool {
        if members.keys().all(|name| self.redact_text(name) == *name) {
            return false;
        }
        *members = std::mem::take(members)
            .into_iter()
            .map(|(name, value)| (self.redact_text(&name).into_owned(), value))
            .collect();
        true
    }

    /// Replaces whatever stands in a sensitive place.
    fn blank(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text)
                if text.is_empty() || text == REDACTED || self.is_own_label(text) =>
            {
                false
            }
            Value::String(text) => {
                let known = self.redact_text(text).into_owned();
                *text = if self.is_own_label(&known) {
                    known
                } else {
                    REDACTED.to_owned()
                };
                true
            }
            Value::Number(_) => {
                *value = Value::from(0);
                true
            }
            Value::Array(items) => self.blank_all(items.iter_mut()),
            Value::Object(members) => {
                let blanked = self.blank_all(members.values_mut());
                self.rename(members) || blanked
            }
            Value::Null | Value::Bool(_) => false,
        }
    }

    fn blank_all<'a>(&self, values: impl Iterator<Item = &'a mut Value>) -> bool {
        let mut changed = false;
        for value in values {
            changed |= self.blank(value);
        }
        changed
    }

    fn replace(&self, text: &mut String) -> bool {
        let known = match self.redact_text(text) {
            std::borrow::Cow::Borrowed(_) => return false,
            std::borrow::Cow::Owned(known) => known,
        };
        *text = known;
        true
    }
}

/// Whether an object is a PATCH operation whose path names a secret.
fn patches_secret(fields: &Fields, members: &Map<String, Value>) -> bool {
    let get = |wanted: &str| {
        members
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .and_then(|(_, value)| value.as_str())
    };
    get("op").is_some() && get("path").is_some_and(|path| fields.is_secret_path(path))
}
