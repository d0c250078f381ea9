//! A version is changed once: of those who name it, one wins.

use serde_json::json;

use super::history::{Flaw, Kind, Op, version};
use super::meet::{Act, Client, Meeting};
use super::resource::{create, draft};
use super::round::{OURS, Said, Series, Verdict, checked, server_error, writes};
use super::settable;
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::session::BoxFuture;

const GUARDS: &str = "rfc7644-3.14-if-match-guards-changes";
const FOLLOWS: &str = "rfc7644-3.14-version-follows-changes";

/// Rivals in a round.
const RIVALS: u32 = 4;

/// Changes that each tries.
const TURNS: u32 = 2;

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
        "Creates a user and lets four clients change it at once by PATCH with its ETag in If-Match, then read it and \
         change it again with the tag that they saw. One may succeed for each version; two that do have both changed \
         the same one, and one of the changes is lost unseen. A tag that stands for two states is a finding, too."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[GUARDS, FOLLOWS, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch", "spc.etag"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(
            effort.rounds,
            2 + (RIVALS * TURNS) as usize,
            settable::WRITES,
        )
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let mut scope = arena.scope.clone();
            let name = match settable::text(arena, &mut scope).await {
                Ok(name) => name,
                Err(report) => return report,
            };
            let series = Series::new(arena, scope, GUARDS, "User");
            series
                .run(|meeting, scope| round(meeting, name, scope))
                .await
        })
    }
}

fn round<'a>(
    meeting: Meeting<'a>,
    name: &'static str,
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = draft(meeting.arena, "user/minimal", None, scope);
    async move {
        let user = match create(meeting.arena, "User", &body).await {
            Ok(user) => user,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, user.path.as_str());
        let shown = meeting
            .observer()
            .act(Act::read(path, Shows::Attribute(name)))
            .await;
        let tag = shown.and_then(|it| it.response?.header("etag").map(str::to_owned));
        let Some(tag) = tag.as_deref() else {
            meeting.arena.delete("tidy", path).await;
            return Verdict::Unjudged;
        };
        let clients = (1..=RIVALS).map(|number| {
            let client = meeting.client(number);
            Box::pin(swaps(client, number, path, name, tag)) as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        meeting
            .observer()
            .act(Act::read(path, Shows::Attribute(name)))
            .await;
        meeting.arena.delete("tidy", path).await;
        let done = meeting.ops();
        if !done.iter().any(|op| op.kind == Kind::Swap && op.is_done()) {
            return Verdict::Unjudged;
        }
        match (checked(meeting, version, said), server_error(meeting)) {
            (Verdict::Held, Some(wrong)) => Verdict::Failed(vec![wrong]),
            (verdict, _) => verdict,
        }
    }
}

/// A client that changes a version, reads what is there now, and changes that.
async fn swaps(
    client: Client<'_>,
    number: u32,
    path: &str,
    name: &'static str,
    tag: &str,
) -> Option<()> {
    let mut tag = tag.to_owned();
    for turn in 1..=TURNS {
        let value = format!("rival {number} turn {turn}");
        let operation = json!({"op": "replace", "path": name, "value": value});
        let act = Act::patch(Kind::Swap, path, &operation).of(&value).at(&tag);
        client.act(act.showing(Shows::Attribute(name))).await?;
        if turn < TURNS {
            let shown = client.act(Act::read(path, Shows::Attribute(name))).await?;
            shown.response?.header("etag")?.clone_into(&mut tag);
        }
    }
    Some(())
}

/// What is wrong, for people.
fn said(flaw: Flaw, ops: &[Op]) -> Said {
    let expects = ops.iter().find_map(|op| op.expects.as_deref());
    let tag = ops.iter().find_map(|op| op.tag.as_deref());
    match flaw {
        Flaw::Twice => Said {
            requirement: GUARDS,
            at: "response.status",
            expected: format!("one change of version {}", expects.unwrap_or_default()),
            actual: "two that were answered with success".to_owned(),
        },
        _ => Said {
            requirement: FOLLOWS,
            at: "response.header.etag",
            expected: "another tag after each change".to_owned(),
            actual: format!("{} for two states", tag.unwrap_or_default()),
        },
    }
}
