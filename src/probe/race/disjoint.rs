//! Changes of different attributes at once are all there afterwards.

use http::Method;
use serde_json::{Value, json};

use super::round::{RIVALS, Rival, Verdict, Wrong, create, race, rounds, timeline, writes};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::resource::member;
use crate::scim::schema::Mutability;
use crate::scim::urn;
use crate::session::BoxFuture;

const SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";

/// Attributes that rivals set, as far as the target has them.
const ATTRIBUTES: [&str; 6] = [
    "displayName",
    "nickName",
    "title",
    "userType",
    "locale",
    "timezone",
];

/// The race.
pub(in crate::probe) struct Disjoint;

impl Probe for Disjoint {
    fn id(&self) -> &'static str {
        "probe.race-disjoint"
    }

    fn title(&self) -> &'static str {
        "Changes of different attributes of a user at once are all kept"
    }

    fn doc(&self) -> &'static str {
        "Creates a user and sets up to four of its attributes by as many PATCH requests at once. Each that was \
         acknowledged is there in the end: nobody else wrote to that attribute."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[SETS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort)
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let names: Vec<&str> = ATTRIBUTES
        .into_iter()
        .filter(|name| {
            let found = arena.capabilities.attribute("User", name);
            found.is_some_and(|it| it.mutability == Mutability::ReadWrite && !it.multi_valued)
        })
        .take(RIVALS)
        .collect();
    if names.len() < 2 {
        return Report::skip("the target's users have no two attributes that rivals could set");
    }
    let names = &names;
    rounds(arena, SETS, &arena.endpoint("User"), |scope| {
        round(arena, names, scope)
    })
    .await
}

/// A value that no server has a reason to refuse.
fn value(name: &str) -> &'static str {
    match name {
        "locale" => "de-CH",
        "timezone" => "Europe/Zurich",
        _ => "Rival",
    }
}

async fn round(arena: &Arena, names: &[&str], mut scope: Scope) -> (Scope, Verdict) {
    let user = match create(arena, "user/minimal", None, &mut scope).await {
        Ok(user) => user,
        Err(exchange) => return (scope, Verdict::SetUp(exchange)),
    };
    let rivals = names.iter().map(|name| {
        let operation = json!({"op": "replace", "path": name, "value": value(name)});
        Rival {
            method: Method::PATCH,
            path: user.path.clone(),
            headers: Vec::new(),
            body: json!({"schemas": [urn::PATCH_OP], "Operations": [operation]}),
            word: format!("set {name}"),
        }
    });
    let ran = race(arena, rivals.collect()).await;
    if let Some(window) = arena.window {
        arena.clock.sleep(window).await;
    }
    let seen = arena.get("look", &user.path, &[]).await;
    arena.delete("tidy", &user.path).await;
    let done: Vec<&str> = names
        .iter()
        .zip(&ran)
        .filter(|(_, one)| one.is_done() && !one.is_open())
        .map(|(name, _)| *name)
        .collect();
    let body = seen.json().cloned().unwrap_or_default();
    let before = user.exchange.json().cloned().unwrap_or_default();
    // What is as it was before was overwritten; another value is the target's own spelling.
    let lost: Vec<&str> = done
        .iter()
        .copied()
        .filter(|name| {
            let there = member(&body, name).filter(|it| !it.is_null());
            there == member(&before, name).filter(|it| !it.is_null())
                && there.and_then(Value::as_str) != Some(value(name))
        })
        .collect();
    let verdict = if seen.status() != Some(200) || done.len() < 2 {
        Verdict::Unjudged
    } else if lost.is_empty() {
        Verdict::Held
    } else {
        Verdict::Failed(Wrong {
            requirement: SETS,
            at: "",
            expected: format!("{} as they were set", done.join(", ")),
            actual: format!("without {}", lost.join(", ")),
            exchange: seen,
            timeline: timeline(&ran),
        })
    };
    (scope, verdict)
}
