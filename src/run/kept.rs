//! Whether a target kept what a set-up sent, and no more: what it dropped or altered can't be asked for
//! afterwards, what it made up can't be missed.
//!
//! Never judges: RFC 7644 §3.3 lets a provider default, alter or ignore content (A30).

use serde_json::Value;

use crate::check::equality::holds;
use crate::scim::capabilities::Capabilities;
use crate::scim::resource::{is_assigned, member};
use crate::scim::schema::{Mutability, Returned};

/// The first attribute of `sent` that the answer to the create does not show as it was sent.
pub(super) fn dropped<'a>(
    sent: &'a Value,
    shown: &Value,
    resource_type: &str,
    capabilities: &Capabilities,
) -> Option<&'a str> {
    sent.as_object()?
        .iter()
        .filter(|(name, _)| is_shown(name, resource_type, capabilities))
        .find(|(name, value)| !holds(member(shown, name), value))
        .map(|(name, _)| name.as_str())
}

/// The first place (JSON Pointer) that was left out and that the answer to the create shows with a value.
pub(super) fn invented<'a>(without: &'a [String], shown: &Value) -> Option<&'a str> {
    let found = |pointer: &&String| {
        pointer
            .split('/')
            .skip(1)
            .try_fold(shown, |value, name| {
                member(value, &name.replace("~1", "/").replace("~0", "~"))
            })
            .is_some_and(is_assigned)
    };
    without
        .iter()
        .find(found)
        .map(|pointer| pointer.trim_start_matches('/'))
}

/// Whether an answer shows an attribute as the client sends it.
fn is_shown(name: &str, resource_type: &str, capabilities: &Capabilities) -> bool {
    if ["schemas", "id", "meta", "password"]
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
    {
        return false;
    }
    capabilities
        .attribute(resource_type, name)
        .is_none_or(|attribute| {
            // One that is read-only here is shown with the target's value, or with none.
            matches!(attribute.returned, Returned::Always | Returned::Default)
                && attribute.mutability != Mutability::WriteOnly
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_made_up_is_named() {
        let check = |without: &[&str], shown: &Value, expected: Option<&str>| {
            let without: Vec<String> = without.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(invented(&without, shown), expected, "{without:?} {shown}");
        };
        let shown = json!({"Emails": [{"value": "a@x"}], "name": {"familyName": "Doe"}, "title": null, "phoneNumbers": []});
        check(
            &["/title", "/phoneNumbers", "/name/givenName"],
            &shown,
            None,
        );
        check(&["/title", "/emails"], &shown, Some("emails"));
        check(&["/name/familyName"], &shown, Some("name/familyName"));
    }

    #[test]
    fn what_was_dropped_is_named() {
        let capabilities = Capabilities::rfc();
        let check = |sent: &Value, shown: &Value, expected: Option<&str>| {
            assert_eq!(
                dropped(sent, shown, "User", &capabilities),
                expected,
                "{sent} {shown}"
            );
        };
        let sent = json!({"title": "Clerk", "emails": [{"value": "a@x", "type": "work"}]});
        let kept = json!({"Title": "Clerk", "emails": [{"type": "work", "value": "a@x", "primary": true}]});
        check(&sent, &kept, None);
        check(&sent, &json!({"emails": kept["emails"]}), Some("title"));
        check(
            &sent,
            &json!({"title": "Clerk", "emails": [{"value": "a@x"}]}),
            Some("emails"),
        );
        check(&json!({"title": null, "emails": []}), &json!({}), None);
        check(
            &json!({"schemas": ["urn:x"], "password": "p"}),
            &json!({}),
            None,
        );
        check(
            &json!({"groups": [{"value": "1"}]}),
            &json!({}),
            Some("groups"),
        );
        check(
            &json!({"urn:x": {"a": 1}}),
            &json!({"urn:x": {"a": 2}}),
            Some("urn:x"),
        );
    }
}
