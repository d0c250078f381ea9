//! A spelling that is read otherwise, as a scenario: one user, one write as it is spelled, one look.

use serde_json::json;

use super::example::{Example, Route};
use super::law::Wrong;
use crate::probe::Replay;
use crate::probe::walk::{Ground, given, look, whole};
use crate::scim::urn;
use crate::suite::write::{Source, Step};

/// The scenario; none for what takes more than one attribute of a user.
pub(super) fn replay(ground: &Ground<'_>, example: &Example, wrong: &Wrong) -> Option<Replay> {
    let kind = ground.kinds.get(example.kind)?;
    let (field, value) = example.values().next()?;
    if kind.name != "User" || example.entries.len() != 1 {
        return None;
    }
    let core = kind.schemas.core.id.as_str();
    let body = match example.route {
        Route::Create => {
            let mut body = whole(field, value, core);
            body["userName"] = json!("{{run}}-{{case}}-a");
            body
        }
        Route::Put => whole(field, value, core),
        Route::Patch => {
            let operation = json!({"op": "replace", "path": field.path(), "value": value});
            json!({"schemas": [urn::PATCH_OP], "Operations": [operation]})
        }
        Route::Search => return None,
    };
    let created = example.route == Route::Create;
    let name = if created { "id" } else { "u1.id" };
    let item = format!("{}/{{{{{name}}}}}", kind.endpoint);
    let verb = match example.route {
        Route::Put => "put",
        Route::Patch => "patch",
        _ => "post",
    };
    let captured = ("id".to_owned(), Source::Whole("/id".to_owned()));
    let write = Step {
        name: "write".to_owned(),
        verb: verb.to_owned(),
        path: if created {
            kind.endpoint.clone()
        } else {
            item.clone()
        },
        raw: Some(example.spelling.write(&body)),
        content_type: Some(example.spelling.media_type().to_owned()),
        captures: created.then_some(captured).into_iter().collect(),
        expect: vec![("status", json!("2xx"), wrong.requirement)],
        ..Step::default()
    };
    let read = look(item, field, value, wrong.requirement)?;
    let patched = example.route == Route::Patch;
    let needs = ["rt.User"]
        .into_iter()
        .chain(patched.then_some("spc.patch"));
    Some(Replay {
        requirement: wrong.requirement,
        title: format!("{value} at {} is read however it is spelled", field.path()),
        needs: needs.map(str::to_owned).collect(),
        given: if created {
            Vec::new()
        } else {
            vec![given(field, None, core)]
        },
        steps: vec![write, read],
    })
}
