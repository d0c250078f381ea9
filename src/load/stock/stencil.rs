//! The resource of a plan as text with holes: adapted to the target once, then filled in by number.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::person::{Detail, Person};
use crate::clock::Clock;
use crate::load::program::Kit;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::scim::capabilities::Capabilities;
use crate::scim::resource::member;
use crate::scim::schema::Mutability;
use crate::scim::urn;
use crate::seed::Seed;

const BEGIN: &str = "zqseed";
const END: &str = "qz";
const DIGITS: usize = 2;

/// What stands for a detail until it is known: lower-case letters and digits.
fn stand_in(detail: Detail) -> String {
    let at = Detail::ALL.iter().position(|one| *one == detail);
    format!("{BEGIN}{:0DIGITS$}{END}", at.unwrap_or(0))
}

/// Why resources of a kind can't be made up. Fragments that follow "cannot seed: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The payload.
    #[error("{0}")]
    Payload(String),
    /// Every resource would have the same name.
    #[error(
        "every {0} would have the same {1}: leave it out of [payload.resource.{0}] in scimitar.toml, or use {{{{name}}}} in it"
    )]
    SameName(&'static str, &'static str),
}

/// Users and groups of a plan.
#[derive(Clone, Debug)]
pub struct Stencils {
    pub(super) user: Stencil,
    pub(super) group: Stencil,
}

impl Stencils {
    /// Made for a target.
    ///
    /// # Errors
    /// Where what the user says about payloads leaves no room for names.
    pub fn of(kit: &Kit<'_>) -> Result<Self, Unfit> {
        Ok(Self {
            user: Stencil::user(kit)?,
            group: Stencil::group(kit)?,
        })
    }
}

/// A resource as text with holes.
#[derive(Clone, Debug)]
pub(super) struct Stencil {
    seed: Seed,
    team: bool,
    body: Vec<Piece>,
    name: Vec<Piece>,
    /// The attribute that holds the name.
    pub(super) naming: &'static str,
    /// Path of the endpoint below the base URL.
    pub(super) endpoint: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Box<str>),
    Hole(Detail),
}

impl Stencil {
    fn user(kit: &Kit<'_>) -> Result<Self, Unfit> {
        Self::compile(kit, "User", "userName", &user_draft(kit.capabilities))
    }

    fn group(kit: &Kit<'_>) -> Result<Self, Unfit> {
        let draft = json!({
            "schemas": [urn::GROUP],
            "displayName": "{{name}}",
            "members": stand_in(Detail::Members),
        });
        Self::compile(kit, "Group", "displayName", &draft)
    }

    fn compile(
        kit: &Kit<'_>,
        kind: &'static str,
        naming: &'static str,
        draft: &Value,
    ) -> Result<Self, Unfit> {
        let odd = |why: &dyn std::fmt::Display| Unfit::Payload(why.to_string());
        let fixture = Fixture {
            name: "seed".to_owned(),
            resource_type: kind.to_owned(),
            draft: Draft::parse(draft).map_err(|(_, error)| odd(&error))?,
            marked: vec![naming.to_owned()],
        };
        let mut scope = Scope::new(
            kit.marker,
            &stand_in(Detail::Slug),
            kit.overlay.domain(),
            kit.seed,
            Clock::System,
            Arc::clone(kit.vault),
        );
        let made = build(&fixture, &Change::default(), &mut scope, kit.adaptation())
            .map_err(|missing| odd(&missing))?;
        let name = member(&made, naming).and_then(Value::as_str);
        let name = cut(name.unwrap_or_default());
        if !name.contains(&Piece::Hole(Detail::Slug)) {
            return Err(Unfit::SameName(kind, naming));
        }
        let bytes = Bytes::from(made.to_string());
        let bytes = kit.vault.reveal_body("application/scim+json", &bytes);
        let known = kit.capabilities.resource_type(kind);
        Ok(Self {
            seed: kit.seed,
            team: kind == "Group",
            body: cut(&String::from_utf8_lossy(&bytes)),
            name,
            naming,
            endpoint: known.map_or_else(|| format!("/{kind}s"), |known| known.endpoint.clone()),
        })
    }

    /// The name of the resource with a number.
    pub(super) fn name(&self, number: u64) -> String {
        let person = Person::nth(self.seed, number, self.team);
        let mut out = String::new();
        for piece in &self.name {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(detail) => person.write(*detail, &mut out),
            }
        }
        out
    }

    /// Writes the resource with a number. Members are ids.
    pub(super) fn write(&self, number: u64, members: &[&str], out: &mut String) {
        let person = Person::nth(self.seed, number, self.team);
        for piece in &self.body {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(Detail::Members) => write_members(members, out),
                Piece::Hole(detail) => person.write(*detail, out),
            }
        }
    }
}

fn write_members(members: &[&str], out: &mut String) {
    out.push('[');
    for (at, id) in members.iter().enumerate() {
        out.push_str(if at > 0 {
            r#",{"value":"#
        } else {
            r#"{"value":"#
        });
        out.push_str(&Value::from(*id).to_string());
        out.push('}');
    }
    out.push(']');
}

/// Cuts a text at its stand-ins. Members take the place of the whole string that holds them, and a
/// slug that of the counter behind it.
fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, detail)) = find(rest) {
        let width = BEGIN.len() + DIGITS + END.len();
        let mut before = rest.get(..at).unwrap_or_default();
        let mut after = rest.get(at + width..).unwrap_or_default();
        if detail == Detail::Members {
            before = before.strip_suffix('"').unwrap_or(before);
            after = after.strip_prefix('"').unwrap_or(after);
        }
        if detail == Detail::Slug {
            after = after.strip_prefix("-1").unwrap_or(after);
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.into()));
        }
        pieces.push(Piece::Hole(detail));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.into()));
    }
    pieces
}

fn find(text: &str) -> Option<(usize, Detail)> {
    let at = text.find(BEGIN)?;
    let number = text.get(at + BEGIN.len()..at + BEGIN.len() + DIGITS)?;
    let detail = Detail::ALL.get(number.parse::<usize>().ok()?)?;
    Some((at, *detail))
}

/// A user with what its schemas have room for.
fn user_draft(capabilities: &Capabilities) -> Value {
    let room = Room(capabilities);
    let of = |detail| Value::from(stand_in(detail));
    let full = format!("{} {}", stand_in(Detail::Given), stand_in(Detail::Family));
    let mut user = Map::from_iter([
        ("schemas".to_owned(), json!([urn::USER])),
        ("userName".to_owned(), json!("{{login}}")),
    ]);
    let name = room.some(
        "name",
        [
            ("givenName", of(Detail::Given)),
            ("familyName", of(Detail::Family)),
            ("formatted", json!(full)),
        ],
    );
    let plain = [
        ("externalId", Some(json!("{{name}}"))),
        ("name", name),
        ("displayName", room.one("displayName", json!(full))),
        ("title", room.one("title", of(Detail::Title))),
        ("locale", room.one("locale", of(Detail::Locale))),
        (
            "preferredLanguage",
            room.one("preferredLanguage", of(Detail::Locale)),
        ),
        ("timezone", room.one("timezone", of(Detail::Zone))),
        ("active", room.one("active", json!(true))),
        ("emails", room.typed("emails", json!("{{mail}}"))),
        (
            "phoneNumbers",
            room.typed("phoneNumbers", of(Detail::Phone)),
        ),
        ("addresses", room.address()),
    ];
    user.extend(
        plain
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    let enterprise = room.some(
        urn::ENTERPRISE_USER,
        [
            ("employeeNumber", of(Detail::Employee)),
            ("costCenter", of(Detail::CostCentre)),
            ("department", of(Detail::Department)),
        ],
    );
    if let Some(enterprise) =
        enterprise.filter(|_| capabilities.has("ext.Enterprise") == Some(true))
    {
        user.insert(
            "schemas".to_owned(),
            json!([urn::USER, urn::ENTERPRISE_USER]),
        );
        user.insert(urn::ENTERPRISE_USER.to_owned(), enterprise);
    }
    user.into()
}

/// What the users of a target have room for.
struct Room<'a>(&'a Capabilities);

impl Room<'_> {
    /// A value, where its attribute can be written.
    fn one(&self, path: &str, value: Value) -> Option<Value> {
        let attribute = self.0.attribute("User", path)?;
        (attribute.mutability != Mutability::ReadOnly).then_some(value)
    }

    /// A complex value, or the part of an extension, with those of its parts that can be written.
    fn some<const N: usize>(&self, parent: &str, parts: [(&str, Value); N]) -> Option<Value> {
        let sign = if parent.starts_with("urn:") { ':' } else { '.' };
        let parts = parts.into_iter().filter_map(|(name, value)| {
            let value = self.one(&format!("{parent}{sign}{name}"), value)?;
            Some((name.to_owned(), value))
        });
        let parts: Map<String, Value> = parts.collect();
        (!parts.is_empty()).then(|| parts.into())
    }

    /// A value at work, one of several that a user may have.
    fn typed(&self, path: &str, value: Value) -> Option<Value> {
        let word = self.word(path);
        let parts = [
            ("value", value),
            ("type", json!(word)),
            ("primary", json!(true)),
        ];
        self.some(path, parts).map(|one| json!([one]))
    }

    fn address(&self) -> Option<Value> {
        let of = |detail| json!(stand_in(detail));
        let parts = [
            ("type", json!(self.word("addresses"))),
            ("locality", of(Detail::City)),
            ("country", of(Detail::Country)),
        ];
        self.some("addresses", parts).map(|one| json!([one]))
    }

    /// The type of a value: `work`, or the first that the target knows.
    fn word(&self, path: &str) -> String {
        let attribute = self.0.attribute("User", &format!("{path}.type"));
        let known = attribute.map(|it| it.canonical_values).unwrap_or_default();
        match known.first() {
            Some(first) if !known.iter().any(|it| it == "work") => first.clone(),
            _ => "work".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::payload::{Marker, Overlay};
    use crate::redact::Vault;

    fn stencils(capabilities: &Capabilities, overlay: &str) -> Result<Stencils, Unfit> {
        Stencils::of(&Kit {
            capabilities,
            overlay: &toml::from_str::<Overlay>(overlay).unwrap(),
            marker: &Marker::new("k3f9"),
            seed: Seed(1),
            vault: &Arc::new(Vault::new()),
            settings: &BTreeSet::new(),
            base_path: "/scim",
        })
    }

    fn resource(stencil: &Stencil, number: u64, members: &[&str]) -> Value {
        let mut out = String::new();
        stencil.write(number, members, &mut out);
        assert!(!out.contains(BEGIN), "{out}");
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn resources_differ_by_number_and_carry_the_marker() {
        let all = stencils(&Capabilities::rfc(), "").unwrap();
        let (first, second) = (resource(&all.user, 0, &[]), resource(&all.user, 1, &[]));
        assert_ne!(first["userName"], second["userName"]);
        assert_eq!(first["userName"], all.user.name(0));
        assert!(all.user.name(0).starts_with("scimitar-k3f9-") && all.user.name(0).ends_with(".1"));
        assert_eq!(first[urn::ENTERPRISE_USER]["employeeNumber"], "000001");
        assert_eq!(first["emails"][0]["primary"], true);
        let group = resource(&all.group, 3, &["a\"b", "c"]);
        assert_eq!(
            group["members"],
            json!([{ "value": "a\"b" }, { "value": "c" }])
        );
        assert_eq!(group["displayName"], all.group.name(3));
    }

    #[test]
    fn the_target_and_the_user_have_the_last_word() {
        let mut narrow = Capabilities::rfc();
        let keep = ["userName", "emails", "nickName"];
        for schema in &mut narrow.schemas {
            schema
                .attributes
                .retain(|it| keep.contains(&it.name.as_str()));
            for attribute in &mut schema.attributes {
                attribute.required |= attribute.name == "nickName";
            }
        }
        let overlay = "user-name = '{{name}}@{{domain}}'\nmail-domain = 'corp.example'\n[resource.User]\nemails = []";
        let made = resource(&stencils(&narrow, overlay).unwrap().user, 5, &[]);
        assert_eq!(made.get("name"), None);
        assert_eq!(made.get("title"), None);
        assert_eq!(made["emails"], json!([]));
        assert!(made["nickName"].as_str().unwrap().ends_with(".6"));
        assert!(
            made["userName"]
                .as_str()
                .unwrap()
                .ends_with(".6@corp.example")
        );
        let same = stencils(&narrow, "[resource.User]\nuserName = 'all'").unwrap_err();
        assert_eq!(same, Unfit::SameName("User", "userName"));
    }
}
