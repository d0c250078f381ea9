//! A version is changed once: of those who name it, one wins.

use http::Method;
use serde_json::json;

use super::round::{RIVALS, Rival, Verdict, Wrong, create, race, rounds, timeline, writes};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::urn;
use crate::session::BoxFuture;

const GUARDS: &str = "rfc7644-3.14-if-match-guards-changes";

/// The race.
pub(in crate::probe) struct TagSwap;

impl Probe for TagSwap {
    fn id(&self) -> &'static str {
        "probe.race-tag-swap"
    }

    fn title(&self) -> &'static str {
        "Of changes that name one version in If-Match at once, one goes through"
    }

    fn doc(&self) -> &'static str {
        "Creates a user, reads its ETag, and sends four PATCH requests with that tag in If-Match at once, each with \
         another displayName. One may succeed; two that do have both changed the same version."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[GUARDS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch", "spc.etag", "attr:User:displayName"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort)
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let endpoint = arena.endpoint("User");
            rounds(arena, GUARDS, &endpoint, |scope| round(arena, scope)).await
        })
    }
}

async fn round(arena: &Arena, mut scope: Scope) -> (Scope, Verdict) {
    let user = match create(arena, "user/minimal", None, &mut scope).await {
        Ok(user) => user,
        Err(exchange) => return (scope, Verdict::SetUp(exchange)),
    };
    let shown = arena.get("read", &user.path, &[]).await;
    let tag = shown.response.as_ref().and_then(|it| it.header("etag"));
    let Some(tag) = tag.map(str::to_owned) else {
        arena.delete("tidy", &user.path).await;
        return (scope, Verdict::Unjudged);
    };
    let rivals = (0..RIVALS).map(|number| {
        let name = format!("Rival {}", number + 1);
        let operation = json!({"op": "replace", "path": "displayName", "value": name});
        Rival {
            method: Method::PATCH,
            path: user.path.clone(),
            headers: vec![("If-Match".to_owned(), tag.clone())],
            body: json!({"schemas": [urn::PATCH_OP], "Operations": [operation]}),
            word: format!("displayName {name}"),
        }
    });
    let ran = race(arena, rivals.collect()).await;
    arena.delete("tidy", &user.path).await;
    let done: Vec<_> = ran.iter().filter(|one| one.is_done()).collect();
    let verdict = match done.as_slice() {
        [_, .., last] => Verdict::Failed(Wrong {
            requirement: GUARDS,
            at: "response.status",
            expected: format!("one of {RIVALS} changes of version {tag} answered 200 or 204"),
            actual: format!("{} of them", done.len()),
            exchange: last.exchange.clone(),
            timeline: timeline(&ran),
        }),
        [_] => Verdict::Held,
        [] => Verdict::Unjudged,
    };
    (scope, verdict)
}
