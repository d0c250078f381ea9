//! No planted secret survives in any encoding; what is no secret stays as it is.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{REDACTED, Vault};
use crate::scim::schema::{Attribute, Mutability, Returned, Schema};

/// The encodings in which a server may give a secret back.
fn encodings(secret: &str) -> Vec<String> {
    let every = |form: &dyn Fn(char) -> String| secret.chars().map(form).collect::<String>();
    let hex = every(&|c| format!("{:02x}", c as u32));
    vec![
        secret.to_owned(),
        secret.to_ascii_lowercase(),
        STANDARD.encode(secret),
        URL_SAFE.encode(secret),
        STANDARD.encode(format!("user:{secret}")),
        URL_SAFE.encode(format!("a{secret}bc")),
        hex.to_ascii_uppercase(),
        hex,
        crate::session::segment(secret),
        crate::session::segment(&crate::session::segment(secret)),
        every(&|c| format!("%{:02x}", c as u32)),
        Value::from(secret).to_string(),
        Value::from(Value::from(secret).to_string()).to_string(),
        every(&|c| format!("\\u{:04X}", c as u32)),
        every(&|c| format!("&#{};", c as u32)),
        every(&|c| format!("&#x{:x};", c as u32)),
        secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;"),
    ]
}

/// Every way in which a text could still tell the secret.
fn tells(text: &str, secret: &str) -> bool {
    encodings(secret)
        .iter()
        .any(|form| text.contains(form.as_str()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_secret_survives_in_a_text(
        secret in "[!-~]{12,60}",
        others in prop::collection::vec("[!-~]{12,40}", 0..20),
        before in "[ -~]{0,20}",
        after in "[ -~]{0,20}",
    ) {
        let vault = Vault::new();
        for other in &others {
            vault.learn("password", other);
        }
        vault.learn("token", &secret);
        for form in encodings(&secret) {
            let kept = vault.redact_text(&format!("{before} {form} {after}")).into_owned();
            prop_assert!(!kept.contains(&form), "{form} in {kept}");
            prop_assert!(!tells(&kept, &secret), "{kept}");
            let again = vault.redact_text(&kept).into_owned();
            prop_assert_eq!(&again, &kept);
        }
    }

    #[test]
    fn no_secret_survives_in_json_and_types_stay(
        secret in "[!-~]{12,40}",
        password in "[ -~]{1,30}",
    ) {
        let vault = Vault::new();
        vault.learn("token", &secret);
        for form in encodings(&secret) {
            let mut value = json!({
                "detail": format!("x {form} y"), "list": [form.clone(), 1, null, true],
                "password": password.clone(),
                "Operations": [{"op": "replace", "path": "password", "value": password.clone()}],
            });
            value[form.as_str()] = Value::from(1);
            let before = value.clone();
            vault.redact_json(&mut value);
            let printed = value.to_string();
            prop_assert!(!tells(&printed, &secret), "{printed}");
            prop_assert!(value["password"].as_str().is_some_and(|text| text == REDACTED || text.starts_with('‹')));
            prop_assert!(value["Operations"][0]["value"].is_string());
            prop_assert_ne!(&value["Operations"][0]["value"], &Value::from(password.clone()));
            prop_assert_eq!(&value["list"][1], &before["list"][1]);
            prop_assert_eq!(value["list"].as_array().map(Vec::len), Some(4));
        }
    }

    #[test]
    fn what_is_no_secret_stays(text in "[ -~]{0,80}") {
        let vault = Vault::new();
        vault.learn("token", "s3cr3t-t0ken-0f-the-run");
        prop_assert_eq!(vault.redact_text(&text), text.as_str());
    }

    #[test]
    fn a_label_leads_back_to_its_secret(secret in "[ -~]{1,40}", around in "[a-z ]{0,9}") {
        let vault = Vault::new();
        let label = vault.learn("token", &secret);
        let text = format!("{around}{label}{around}");
        prop_assert_eq!(vault.reveal(&text), format!("{around}{secret}{around}"));
    }
}

#[test]
fn labels_are_named_by_the_caller_and_numbered_within_a_name() {
    let vault = Vault::new();
    assert_eq!(vault.learn("token", "secret-number-one"), "‹secret:token›");
    assert_eq!(
        vault.learn("password@b", "secret-number-two"),
        "‹secret:password@b›"
    );
    assert_eq!(
        vault.learn("password@b", "secret-number-three"),
        "‹secret:password@b#2›"
    );
    assert_eq!(vault.learn("other", "secret-number-one"), "‹secret:token›");
    assert_eq!(vault.learn("token", "‹secret:token›"), "‹secret:token›");
    assert_eq!(vault.learn("token", ""), "");
    assert_eq!(vault.reveal("‹secret:unknown›"), "‹secret:unknown›");
}

#[test]
fn a_secret_in_a_long_escaped_text_is_found_wherever_it_stands() {
    let vault = Vault::new();
    vault.learn("token", "s3cr3t-t0ken-0f-the-run");
    let escaped = "s3cr3t-t0ken-0f-the-run"
        .bytes()
        .fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
    for before in [0, 98_300, 131_060, 400_000] {
        let text = format!("{}{escaped}{}", "x".repeat(before), "%20y".repeat(50_000));
        let kept = vault.redact_text(&text);
        assert!(
            !kept.contains(&escaped) && kept.contains("‹secret:token›"),
            "{before}"
        );
        assert_eq!(kept.matches("%20y").count(), 50_000);
    }
}

#[test]
fn a_short_secret_is_replaced_only_where_it_stands_alone() {
    let vault = Vault::new();
    vault.learn("token", "scimitar");
    assert_eq!(
        vault.redact_text("scimitar-1a2b@example.com"),
        "scimitar-1a2b@example.com"
    );
    assert_eq!(
        vault.redact_text("bad token \"scimitar\"!"),
        "bad token \"‹secret:token›\"!"
    );
}

#[test]
fn many_secrets_are_found_by_either_matcher() {
    let vault = Vault::new();
    let secrets: Vec<String> = (0..100)
        .map(|n| format!("a-long-secret-{n:04}-x"))
        .collect();
    let labels: Vec<String> = secrets
        .iter()
        .map(|secret| vault.learn("p", secret))
        .collect();
    for (secret, label) in secrets.iter().zip(&labels) {
        assert_eq!(vault.redact_text(secret), label.as_str());
    }
    assert_eq!(labels[99], "‹secret:p#100›");
}

fn json_case(vault: &Vault, before: Value, after: &Value) {
    let mut value = before;
    vault.redact_json(&mut value);
    assert_eq!(value, *after);
}

#[test]
fn sensitive_places_are_blanked_and_others_are_not() {
    let vault = Vault::new();
    let same = json!({"name": "password", "changePassword": {"supported": true}, "path": "emails",
        "detail": "password too short", "passwordExpired": true, "schemas": ["a"]});
    json_case(&vault, same.clone(), &same);
    json_case(
        &vault,
        json!({"Password": "a", "access_token": "b", "cookie": ["c", 1, true, null, ""], "clientSecret": 5}),
        &json!({"Password": REDACTED, "access_token": REDACTED,
            "cookie": [REDACTED, 0, true, null, ""], "clientSecret": 0}),
    );
    json_case(
        &vault,
        json!({"Operations": [
            {"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": "a"},
            {"op": "add", "value": {"password": "b", "title": "c"}},
            {"op": "add", "path": "title", "value": "d"},
            {"method": "POST", "data": {"password": "e"}}]}),
        &json!({"Operations": [
            {"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": REDACTED},
            {"op": "add", "value": {"password": REDACTED, "title": "c"}},
            {"op": "add", "path": "title", "value": "d"},
            {"method": "POST", "data": {"password": REDACTED}}]}),
    );
    json_case(
        &vault,
        json!({"filter": "userName eq \"a\" and password eq \"b\\\"c\" or x:password sw \"d\""}),
        &json!({"filter": "userName eq \"a\" and password eq \"‹redacted›\" or x:password sw \"‹redacted›\""}),
    );
}

#[test]
fn the_targets_schemas_add_places_at_their_depth_only() {
    let attribute = |name: &str, sub: Vec<Attribute>| Attribute {
        sub_attributes: sub,
        unclear: false,
        ..serde_json::from_value(json!({"name": name})).unwrap()
    };
    let hidden = Attribute {
        returned: Returned::Never,
        ..attribute("pin", Vec::new())
    };
    let write_only = Attribute {
        mutability: Mutability::WriteOnly,
        ..attribute("code", Vec::new())
    };
    let vault = Vault::new();
    vault.teach(&[Schema {
        id: "urn:x:Device".into(),
        attributes: vec![hidden, attribute("lock", vec![write_only])],
        ..Schema::default()
    }]);
    json_case(
        &vault,
        json!({"pin": "1", "lock": {"code": "2", "kind": "3"}, "door": {"code": "4", "pin": "5"},
            "Resources": [{"pin": "6", "urn:x:Device": {"pin": "7"}}],
            "Operations": [{"op": "replace", "path": "lock[kind eq \"3\"].code", "value": "8"}]}),
        &json!({"pin": REDACTED, "lock": {"code": REDACTED, "kind": "3"}, "door": {"code": "4", "pin": "5"},
            "Resources": [{"pin": REDACTED, "urn:x:Device": {"pin": REDACTED}}],
            "Operations": [{"op": "replace", "path": "lock[kind eq \"3\"].code", "value": REDACTED}]}),
    );
}

#[test]
fn headers_urls_and_broken_text_lose_their_secrets() {
    let vault = Vault::new();
    let label = vault.learn("token", "s3cr3t-t0ken-0f-the-run");
    let header = |name: &str, value: &str| vault.redact_header(name, value);
    assert_eq!(header("Authorization", "Bearer other"), "Bearer ‹redacted›");
    assert_eq!(
        header("Authorization", "Bearer s3cr3t-t0ken-0f-the-run"),
        format!("Bearer {label}")
    );
    assert_eq!(
        header("Set-Cookie", "sid=1; Path=/; Secure"),
        "sid=‹redacted›; Path=/; Secure"
    );
    assert_eq!(header("ETag", "W/\"1\""), "W/\"1\"");
    assert_eq!(
        header("Location", "https://x/y?access_token=abc&z=1"),
        "https://x/y?access_token=‹redacted›&z=1"
    );
    assert_eq!(
        vault.redact_url("/Users?filter=password%20eq%20%22abc%22&count=1"),
        "/Users?filter=password%20eq%20%22‹redacted›%22&count=1"
    );
    assert_eq!(
        vault.redact_url("/Users?filter=a%20eq%20%22b%22"),
        "/Users?filter=a%20eq%20%22b%22"
    );
    assert_eq!(
        vault.redact_loose("{\"password\": \"a\\\"b\", \"x\": 1, oops"),
        "{\"password\": \"‹redacted›\", \"x\": 1, oops"
    );
    assert_eq!(
        vault.redact_loose("grant_type=x&client_secret=abc&scope=y"),
        "grant_type=x&client_secret=‹redacted›&scope=y"
    );
}
