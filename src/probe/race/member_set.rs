//! Members that are added at once are all there afterwards.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;

use super::round::{Made, RIVALS, Rival, Verdict, Wrong, create, race, rounds, timeline, writes};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::resource::member;
use crate::scim::urn;
use crate::session::BoxFuture;

const APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";

/// The race.
pub(in crate::probe) struct MemberSet;

impl Probe for MemberSet {
    fn id(&self) -> &'static str {
        "probe.race-member-set"
    }

    fn title(&self) -> &'static str {
        "Members who are added to a group at once are all in it"
    }

    fn doc(&self) -> &'static str {
        "Creates a group, adds four users by four PATCH requests at once, and reads the group: whoever was \
         acknowledged is a member. Identity providers push memberships in parallel; a server that reads, changes \
         and writes back without a lock loses some of them."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[APPENDS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "rt.Group", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort) + RIVALS
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let mut scope = arena.scope.clone();
    let mut users = Vec::new();
    for _ in 0..RIVALS {
        match create(arena, "user/minimal", None, &mut scope).await {
            Ok(user) => users.push(user),
            Err(exchange) => {
                let why = exchange.said();
                return Report::broken(format!("set-up: {why}"), Some(exchange));
            }
        }
    }
    let users = &users;
    rounds(arena, APPENDS, &arena.endpoint("Group"), |scope| {
        round(arena, users, scope)
    })
    .await
}

async fn round(arena: &Arena, users: &[Made], mut scope: Scope) -> (Scope, Verdict) {
    let group = match create(arena, "group/minimal", None, &mut scope).await {
        Ok(group) => group,
        Err(exchange) => return (scope, Verdict::SetUp(exchange)),
    };
    let rivals = users.iter().map(|user| {
        let operation = json!({"op": "add", "path": "members", "value": [{"value": user.id}]});
        Rival {
            method: Method::PATCH,
            path: group.path.clone(),
            headers: Vec::new(),
            body: json!({"schemas": [urn::PATCH_OP], "Operations": [operation]}),
            word: format!("add {}", user.id),
        }
    });
    let ran = race(arena, rivals.collect()).await;
    if let Some(window) = arena.window {
        arena.clock.sleep(window).await;
    }
    let seen = arena.get("look", &group.path, &[]).await;
    arena.delete("tidy", &group.path).await;
    let members: BTreeSet<&str> = seen
        .json()
        .and_then(|body| member(body, "members")?.as_array())
        .into_iter()
        .flatten()
        .filter_map(|one| member(one, "value")?.as_str())
        .collect();
    let acknowledged: Vec<&str> = users
        .iter()
        .zip(&ran)
        .filter(|(_, one)| one.is_done())
        .map(|(user, _)| user.id.as_str())
        .collect();
    let lost: Vec<&str> = acknowledged
        .iter()
        .copied()
        .filter(|id| !members.contains(id))
        .collect();
    let verdict = if seen.status() != Some(200) || acknowledged.len() < 2 {
        Verdict::Unjudged
    } else if lost.is_empty() {
        Verdict::Held
    } else {
        Verdict::Failed(Wrong {
            requirement: APPENDS,
            at: "/members",
            expected: format!("all {} members that were acknowledged", acknowledged.len()),
            actual: format!("without {}", lost.join(", ")),
            exchange: seen,
            timeline: timeline(&ran),
        })
    };
    (scope, verdict)
}
