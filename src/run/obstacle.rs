//! What keeps a case from going on with a target that is right: limits that it states, answers that it puts off.
//!
//! Never judges; says why a case ends.

use serde_json::Value;

use crate::exchange::Exchange;
use crate::scim::capabilities::Capabilities;
use crate::scim::resource::member;
use crate::session::Call;

/// Why a resource can't be set up without the places (JSON Pointers) that are to be left out of it.
pub(super) fn demanded(
    without: &[String],
    resource_type: &str,
    capabilities: &Capabilities,
) -> Option<String> {
    let required = |place: &&str| {
        capabilities
            .attribute(resource_type, &place.replace('/', "."))
            .is_some_and(|attribute| attribute.required)
    };
    let mut places = without.iter().map(|it| it.trim_start_matches('/'));
    let place = places.find(required)?;
    Some(format!(
        "the target requires the {place} of a {resource_type}"
    ))
}

/// Why a bulk request is more than the target says it takes (RFC 7644 §3.7.4).
pub(super) fn too_much(call: &Call, capabilities: &Capabilities) -> Option<String> {
    let limits = capabilities.bulk?;
    let body = call.body.as_ref()?;
    if call.method != http::Method::POST || call.path.trim_end_matches('/') != "/Bulk" {
        return None;
    }
    let message: Option<Value> = serde_json::from_slice(&body.bytes).ok();
    let operations = message
        .as_ref()
        .and_then(|message| member(message, "Operations"))
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let over = |limit: u64, number: usize| limit > 0 && number as u64 > limit;
    if over(limits.max_operations, operations) {
        return Some(format!(
            "the target takes {} operations in a bulk request at most",
            limits.max_operations
        ));
    }
    over(limits.max_payload_size, body.bytes.len()).then(|| {
        format!(
            "the target takes {} bytes in a bulk request at most",
            limits.max_payload_size
        )
    })
}

/// Why a change can't be judged that was accepted for later by a provider whose configuration says that it may do so
/// unasked (RFC 9967 §4).
pub(super) fn put_off(exchange: &Exchange, capabilities: &Capabilities) -> Option<String> {
    let unasked = capabilities.security_events.is_some_and(|it| it.unasked);
    let asked = exchange
        .request
        .headers
        .iter()
        .any(|header| header.name.eq_ignore_ascii_case("prefer"));
    (exchange.status() == Some(202) && unasked && !asked)
        .then(|| "the target carries the request out later, as its configuration says".to_owned())
}

/// Why a resource of the set-up is not there: the target has its type for reading only. Users are what every run is
/// about, so that their absence is never passed over.
pub(super) fn read_only(exchange: &Exchange, resource_type: &str) -> Option<String> {
    let status = exchange.status()?;
    let refused = matches!(status, 403 | 405 | 501) && !resource_type.eq_ignore_ascii_case("User");
    refused.then(|| format!("the target lets no client create a {resource_type} ({status})"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample::Sample;
    use crate::scim::capabilities::{Bulk, SecurityEvents};
    use crate::session::{Auth, Content, Intent, Via};

    fn call(path: &str, body: &Value) -> Call {
        Call {
            case: String::new(),
            step: String::new(),
            method: http::Method::POST,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(Content {
                media_type: String::new(),
                bytes: body.to_string().into_bytes().into(),
            }),
            auth: Auth::Main,
            intent: Intent::Read,
            via: Via::default(),
        }
    }

    #[test]
    fn what_is_required_is_named() {
        let mut capabilities = Capabilities::rfc();
        for attribute in &mut capabilities
            .schemas
            .iter_mut()
            .flat_map(|it| &mut it.attributes)
        {
            attribute.required |= attribute.name == "emails";
            for sub in &mut attribute.sub_attributes {
                sub.required |= sub.name == "familyName";
            }
        }
        let check = |without: &[&str], expected: Option<&str>| {
            let without: Vec<String> = without.iter().map(|one| (*one).to_owned()).collect();
            let found = demanded(&without, "User", &capabilities);
            let expected = expected.map(|it| format!("the target requires the {it} of a User"));
            assert_eq!(found, expected, "{without:?}");
        };
        check(&["/title", "/name", "/name/givenName"], None);
        check(&["/title", "/emails"], Some("emails"));
        check(&["/name/familyName"], Some("name/familyName"));
    }

    #[test]
    fn a_bulk_request_keeps_to_the_limits() {
        let check = |path: &str, limits: (u64, u64), expected: Option<&str>| {
            let capabilities = Capabilities {
                bulk: Some(Bulk {
                    max_operations: limits.0,
                    max_payload_size: limits.1,
                }),
                ..Capabilities::default()
            };
            let found = too_much(&call(path, &json!({"operations": [1, 2]})), &capabilities);
            assert_eq!(found.as_deref(), expected, "{path} {limits:?}");
        };
        check("/Bulk", (2, 100), None);
        check("/Bulk", (0, 0), None);
        check("/Users", (1, 1), None);
        check(
            "/Bulk",
            (1, 100),
            Some("the target takes 1 operations in a bulk request at most"),
        );
        check(
            "/Bulk",
            (2, 10),
            Some("the target takes 10 bytes in a bulk request at most"),
        );
    }

    #[test]
    fn only_users_have_to_be_created() {
        let check = |status: u16, resource_type: &str, expected: Option<&str>| {
            let exchange = Sample::new("POST", "/x").status(status).build();
            assert_eq!(read_only(&exchange, resource_type).as_deref(), expected);
        };
        let why = "the target lets no client create a Group (403)";
        check(403, "Group", Some(why));
        check(400, "Group", None);
        check(201, "Group", None);
        check(501, "User", None);
    }

    #[test]
    fn later_is_not_never() {
        let check = |status: u16, unasked: bool, expected: bool| {
            let capabilities = Capabilities {
                security_events: Some(SecurityEvents {
                    async_request: true,
                    unasked,
                }),
                ..Capabilities::default()
            };
            let exchange = Sample::new("PUT", "/Users/1").status(status).build();
            assert_eq!(put_off(&exchange, &capabilities).is_some(), expected);
        };
        check(202, true, true);
        check(202, false, false);
        check(200, true, false);
    }
}
