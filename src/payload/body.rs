//! From a payload and a scope to what is sent.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::adapt::{Material, fill_required};
use super::change::{merge, remove};
use super::draft::Draft;
use super::fixture::Fixture;
use super::overlay::Overlay;
use super::scope::{Scope, is_setting};
use super::template::{MissingCapture, Names, Template};
use crate::scim::capabilities::Capabilities;
use crate::scim::urn;

/// Where a body comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An embedded fixture, adapted to the target, marked, then changed.
    Fixture {
        /// The fixture.
        fixture: &'static Fixture,
        /// What the scenario changes.
        change: Change,
    },
    /// A captured value (`u1.body`), changed.
    From {
        /// Name of the capture.
        name: String,
        /// What the scenario changes.
        change: Change,
    },
    /// A value as written, templates filled in.
    Literal(Draft),
    /// Text or bytes as written, templates filled in text.
    Raw(Raw),
}

/// Changes to a fixture or a captured value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// JSON Merge Patch (RFC 7396), names compared without case.
    pub with: Option<Draft>,
    /// JSON Pointers of what is taken away afterwards.
    pub without: Vec<String>,
}

/// A body that is no clean JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// Text with templates.
    Text(Template),
    /// Bytes as they stand.
    Bytes(Vec<u8>),
    /// Parameters of a form (`application/x-www-form-urlencoded`).
    Form(Vec<(String, Template)>),
    /// A bulk request just over a limit of the target; it deletes nothing that exists.
    Over(Limit),
}

/// A limit of bulk requests (RFC 7644 §3.7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `maxOperations`
    Operations,
    /// `maxPayloadSize`
    Payload,
}

/// What fixtures are adapted to.
#[derive(Clone, Copy, Debug)]
pub struct Adaptation<'a> {
    /// What the target requires.
    pub capabilities: &'a Capabilities,
    /// What the user says about payloads.
    pub overlay: &'a Overlay,
}

/// A body ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// JSON.
    Json(Value),
    /// Anything else, byte for byte.
    Bytes(Vec<u8>),
}

impl Rendered {
    /// The bytes that are sent.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl Payload {
    /// Fills in what the scope knows. A fixture takes the next name of the case.
    ///
    /// # Errors
    /// Where a name has no value.
    pub fn render(
        &self,
        scope: &mut Scope,
        adaptation: Adaptation<'_>,
    ) -> Result<Rendered, MissingCapture> {
        let value = match self {
            Self::Fixture { fixture, change } => build(fixture, change, scope, adaptation)?,
            Self::From { name, change } => {
                let value = scope
                    .value(name)
                    .ok_or_else(|| MissingCapture::absent(name))?;
                change.apply(value, scope)?
            }
            Self::Literal(draft) => draft.render(scope)?,
            Self::Raw(Raw::Text(template)) => {
                return Ok(Rendered::Bytes(template.text(scope)?.into_bytes()));
            }
            Self::Raw(Raw::Bytes(bytes)) => return Ok(Rendered::Bytes(bytes.clone())),
            Self::Raw(Raw::Form(pairs)) => {
                return Ok(Rendered::Bytes(form(pairs, scope)?.into_bytes()));
            }
            Self::Raw(Raw::Over(limit)) => {
                return Ok(Rendered::Bytes(over(*limit, scope, adaptation)?));
            }
        };
        Ok(Rendered::Json(value))
    }
}

/// A form. A parameter that is a setting without a value is left out; labels of secrets stay as they
/// are, since the client encodes what they stand for.
fn form(pairs: &[(String, Template)], scope: &Scope) -> Result<String, MissingCapture> {
    let mut text = String::new();
    for (name, value) in pairs {
        let optional = value.names().any(is_setting);
        let value = value.text(scope)?;
        if optional && value.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        text.push('=');
        text.push_str(&labelled(&value));
    }
    Ok(text)
}

/// The value of a form's parameter, encoded but for the labels in it.
fn labelled(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some(start) = rest.find('‹') {
        let end = rest
            .find('›')
            .map_or(rest.len(), |end| end + '›'.len_utf8());
        let (before, label) = (rest.get(..start), rest.get(start..end));
        text.extend(form_urlencoded::byte_serialize(
            before.unwrap_or_default().as_bytes(),
        ));
        text.push_str(label.unwrap_or_default());
        rest = rest.get(end.max(start)..).unwrap_or_default();
    }
    text.extend(form_urlencoded::byte_serialize(rest.as_bytes()));
    text
}

/// A bulk request with one operation, or one byte, more than the target allows. Each operation
/// deletes the user whose id the case drew at random.
fn over(
    limit: Limit,
    scope: &Scope,
    adaptation: Adaptation<'_>,
) -> Result<Vec<u8>, MissingCapture> {
    let missing = || MissingCapture::absent("bulk limit");
    let limits = adaptation.capabilities.bulk.ok_or_else(missing)?;
    let id = scope
        .value("uuid")
        .ok_or_else(|| MissingCapture::absent("uuid"))?;
    let id = id.as_str().unwrap_or_default();
    let operation = json!({ "method": "DELETE", "path": format!("/Users/{id}") });
    let count = match limit {
        Limit::Operations => usize::try_from(limits.max_operations).map_err(|_| missing())? + 1,
        Limit::Payload => 1,
    };
    let body = json!({ "schemas": [urn::BULK_REQUEST], "Operations": vec![operation; count] });
    let mut bytes = body.to_string().into_bytes();
    if limit == Limit::Payload {
        // White space counts as bytes and changes nothing else.
        let size = usize::try_from(limits.max_payload_size).map_err(|_| missing())?;
        bytes.resize(bytes.len().max(size + 1), b' ');
    }
    Ok(bytes)
}

impl Change {
    fn apply(&self, mut value: Value, names: &impl Names) -> Result<Value, MissingCapture> {
        if let Some(with) = &self.with {
            merge(&mut value, with.render(names)?);
        }
        for pointer in &self.without {
            remove(&mut value, pointer);
        }
        Ok(value)
    }
}

/// A resource made of a fixture: its templates, the user's overlay, what the target requires, and
/// last the change that the scenario asks for, so that it can take away what is required.
///
/// # Errors
/// Where a name has no value.
pub fn build(
    fixture: &Fixture,
    change: &Change,
    scope: &mut Scope,
    adaptation: Adaptation<'_>,
) -> Result<Value, MissingCapture> {
    let name = scope.next_name();
    let number = scope.named();
    let scope = &*scope;
    let user_name = adaptation.overlay.name_user(&name, scope.domain())?;
    let mail = if user_name.contains('@') {
        user_name.clone()
    } else {
        format!("{name}@{}", scope.domain())
    };
    let local = Local {
        scope,
        name: &name,
        user_name: &user_name,
        mail: &mail,
    };
    let mut resource = fixture.draft.render(&local)?;
    if let Some(patch) = adaptation.overlay.patch(&fixture.resource_type) {
        merge(&mut resource, patch.render(&local)?);
    }
    fill_required(
        &mut resource,
        &fixture.resource_type,
        adaptation.capabilities,
        &Material {
            name: &name,
            user_name: &user_name,
            mail: &mail,
            password: &|| scope.password(1_000 + u64::from(number)),
            now: &scope.now(),
        },
    );
    change.apply(resource, &local)
}

/// A scope with the names of one resource over it.
struct Local<'a> {
    scope: &'a Scope,
    name: &'a str,
    user_name: &'a str,
    mail: &'a str,
}

impl Names for Local<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(self.name.into()),
            "login" => Some(self.user_name.into()),
            "mail" => Some(self.mail.into()),
            other => self.scope.value(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use crate::payload::Marker;
    use crate::redact::Vault;
    use crate::seed::Seed;
    use serde_json::json;

    fn scope() -> Scope {
        let vault = Arc::new(Vault::new());
        Scope::new(
            &Marker::new("k3f9"),
            "users.x",
            "corp.example",
            Seed(1),
            Clock::System,
            vault,
        )
    }

    fn capabilities(attributes: &Value) -> Capabilities {
        let types = json!([{
            "name": "User", "endpoint": "/Users", "schema": "urn:core",
            "extensions": [["urn:must", true], ["urn:may", false]]
        }]);
        let schemas = json!([
            {"id": "urn:core", "attributes": attributes},
            {"id": "urn:must", "attributes": [{"name": "badge", "required": true}]},
            {"id": "urn:may", "attributes": [{"name": "floor", "required": true}]},
        ]);
        Capabilities {
            resource_types: serde_json::from_value(types).unwrap(),
            schemas: serde_json::from_value(schemas).unwrap(),
            ..Capabilities::default()
        }
    }

    fn make(name: &str, change: &Change, capabilities: &Capabilities, overlay: &str) -> Value {
        let overlay: Overlay = toml::from_str(overlay).unwrap();
        let adaptation = Adaptation {
            capabilities,
            overlay: &overlay,
        };
        build(
            Fixture::find(name).unwrap(),
            change,
            &mut scope(),
            adaptation,
        )
        .unwrap()
    }

    fn with(patch: &Value, without: &[&str]) -> Change {
        Change {
            with: Some(Draft::parse(patch).unwrap()),
            without: without.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_fixture_is_marked_and_changed() {
        let made = make(
            "user/minimal",
            &with(
                &json!({"title": "x {{name}}", "externalId": null}),
                &["/schemas"],
            ),
            &Capabilities::default(),
            "",
        );
        let name = "scimitar-k3f9-users-x-1";
        assert_eq!(
            made,
            json!({"userName": name, "title": format!("x {name}")})
        );
    }

    #[test]
    fn what_the_target_requires_is_filled_in_before_the_change() {
        let target = capabilities(&json!([
            {"name": "userName", "required": true},
            {"name": "id", "required": true},
            {"name": "score", "type": "integer", "required": true, "mutability": "readOnly"},
            {"name": "emails", "type": "complex", "multiValued": true, "required": true,
             "subAttributes": [{"name": "value", "required": true}, {"name": "type"}]},
            {"name": "name", "type": "complex", "required": true,
             "subAttributes": [{"name": "familyName", "required": true}, {"name": "givenName"}]},
            {"name": "kind", "required": true, "canonicalValues": ["a", "b"]},
            {"name": "active", "type": "boolean", "required": true},
        ]));
        let made = make(
            "user/bare",
            &with(&json!({}), &["/kind"]),
            &target,
            "user-name = '{{name}}@{{domain}}'",
        );
        let name = "scimitar-k3f9-users-x-1";
        let mail = format!("{name}@corp.example");
        assert_eq!(
            made,
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:must"],
                "userName": mail, "emails": [{"value": mail}], "name": {"familyName": "Jensen"},
                "active": true, "urn:must": {"badge": name},
            })
        );
    }

    #[test]
    fn the_users_overlay_touches_its_resource_type_alone() {
        let overlay = "[resource.user]\ntitle = 'of {{mail}}'";
        let user = make(
            "user/bare",
            &Change::default(),
            &Capabilities::default(),
            overlay,
        );
        assert_eq!(user["title"], "of scimitar-k3f9-users-x-1@corp.example");
        let group = make(
            "group/minimal",
            &Change::default(),
            &Capabilities::default(),
            overlay,
        );
        assert_eq!(group.get("title"), None);
    }

    #[test]
    fn a_required_password_is_known_by_its_label_alone() {
        let target = capabilities(
            &json!([{"name": "password", "required": true, "mutability": "writeOnly"}]),
        );
        let made = make("user/bare", &Change::default(), &target, "");
        assert!(
            made["password"].as_str().unwrap().starts_with('‹'),
            "{made}"
        );
    }

    #[test]
    fn bodies_come_from_captures_literals_and_raw_text() {
        let mut scope = scope();
        scope.set("u1.body", json!({"UserName": "a", "meta": {}}));
        let overlay = Overlay::default();
        let capabilities = Capabilities::default();
        let adaptation = Adaptation {
            capabilities: &capabilities,
            overlay: &overlay,
        };
        let from = Payload::From {
            name: "u1.body".to_owned(),
            change: with(&json!({"userName": "{{run}}"}), &["/meta"]),
        };
        let mut render = |payload: &Payload| payload.render(&mut scope, adaptation);
        assert_eq!(
            render(&from).unwrap(),
            Rendered::Json(json!({"userName": "scimitar-k3f9"}))
        );
        let literal = Payload::Literal(Draft::parse(&json!(["{{case}}"])).unwrap());
        assert_eq!(render(&literal).unwrap().into_bytes(), b"[\"users-x\"]");
        let raw = Payload::Raw(Raw::Text(Template::parse("{\"a\": {{run}}").unwrap()));
        assert_eq!(render(&raw).unwrap().into_bytes(), b"{\"a\": scimitar-k3f9");
        assert_eq!(
            render(&Payload::Raw(Raw::Bytes(vec![0xff])))
                .unwrap()
                .into_bytes(),
            [0xff]
        );
        let gone = Payload::From {
            name: "u2.body".to_owned(),
            change: Change::default(),
        };
        assert_eq!(render(&gone).unwrap_err().name, "u2.body");
    }
}
