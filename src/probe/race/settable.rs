//! Attributes of users that the target keeps as they are set, found out by setting them once, without rivals.

use http::Method;
use serde_json::{Value, json};

use super::resource::{create, draft, no_set_up};
use super::round::last_look;
use crate::payload::Scope;
use crate::probe::{Arena, Report};
use crate::scim::resource::member;
use crate::scim::schema::Mutability;
use crate::scim::urn;

/// The name of an attribute and a value for it.
pub(super) type Setting = (&'static str, &'static str);

/// Attributes that rivals set, as far as the target has them, each with a value that no server has a reason to
/// refuse.
const ATTRIBUTES: [Setting; 6] = [
    ("displayName", "Rival"),
    ("nickName", "Rival"),
    ("title", "Rival"),
    ("userType", "Rival"),
    ("locale", "de-CH"),
    ("timezone", "Europe/Zurich"),
];

/// Requests that may write, to find that out.
pub(super) const WRITES: usize = 2 + ATTRIBUTES.len();

/// The attributes, with the value that each takes; or the report that nothing can be found out.
pub(super) async fn settable(arena: &Arena, scope: &mut Scope) -> Result<Vec<Setting>, Report> {
    let body = draft(arena, "user/minimal", None, scope);
    let user = create(arena, "User", &body).await.map_err(no_set_up)?;
    let mut kept = Vec::new();
    for (name, value) in ATTRIBUTES {
        let known = arena.capabilities.attribute("User", name);
        if !known.is_some_and(|it| it.mutability == Mutability::ReadWrite && !it.multi_valued) {
            continue;
        }
        let operation = json!({"op": "replace", "path": name, "value": value});
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
        let set = arena.send("learn", Method::PATCH, &user.path, &body).await;
        if matches!(set.status(), Some(200..=299)) {
            kept.push((name, value));
        }
    }
    let mut stays = Vec::new();
    last_look(
        arena,
        || arena.get("learn", &user.path, &[]),
        |shown| {
            let body = shown.json().cloned().unwrap_or_default();
            let shows = |(name, value): &Setting| {
                member(&body, name).and_then(Value::as_str) == Some(*value)
            };
            stays = kept.iter().copied().filter(shows).collect();
            stays.len() < kept.len()
        },
    )
    .await;
    arena.delete("tidy", &user.path).await;
    Ok(stays)
}

/// The first that takes any text; or the report that there is none.
pub(super) async fn text(arena: &Arena, scope: &mut Scope) -> Result<&'static str, Report> {
    let kept = settable(arena, scope).await?;
    let text = kept.into_iter().find(|(_, value)| *value == "Rival");
    let none = || Report::skip("the target keeps no text of a user as it is set");
    text.map(|(name, _)| name).ok_or_else(none)
}
