//! A user that is deleted while others change and read it.

use serde_json::{Value, json};

use super::history::{Flaw, Kind, Op, gone};
use super::meet::{Act, Client, Meeting};
use super::resource::{create, draft};
use super::round::{Said, Series, Verdict, checked, last_look, writes};
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::resource::member;
use crate::session::BoxFuture;

const ANSWERS: &str = "rfc7644-3.6-deleted-answers-404";
const LISTED: &str = "rfc7644-3.6-deleted-is-not-listed";

/// Clients that change the user.
const WRITERS: u32 = 2;

/// The race.
pub(in crate::probe) struct DeletePatch;

impl Probe for DeletePatch {
    fn id(&self) -> &'static str {
        "probe.race-delete-patch"
    }

    fn title(&self) -> &'static str {
        "A user who is deleted while others change it is gone, and stays so"
    }

    fn doc(&self) -> &'static str {
        "Creates a user, lets two clients change it by PATCH, one read it and one delete it, all at once. What begins \
         after the DELETE was acknowledged is answered 404; in the end the user is there neither by its id nor by its \
         userName. A server that writes back what it read before the DELETE brings the user back to life."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[ANSWERS, LISTED]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch", "attr:User:displayName"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 3 + 2 * WRITERS as usize, 0)
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let series = Series::new(arena, arena.scope.clone(), ANSWERS, "User");
            series.run(round).await
        })
    }
}

fn round<'a>(meeting: Meeting<'a>, scope: &mut Scope) -> impl Future<Output = Verdict> + use<'a> {
    let body = draft(meeting.arena, "user/minimal", None, scope);
    async move {
        let arena = meeting.arena;
        let user = match create(arena, "User", &body).await {
            Ok(user) => user,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, user.path.as_str());
        let deleter = meeting.client(WRITERS + 1);
        let reader = meeting.client(WRITERS + 2);
        let mut clients: Vec<BoxFuture<'_, Option<()>>> = Vec::new();
        for number in 1..=WRITERS {
            clients.push(Box::pin(changes(meeting.client(number), number, path)));
        }
        clients.push(Box::pin(async move {
            deleter.act(Act::delete(path)).await?;
            deleter
                .act(Act::read(path, Shows::Presence))
                .await
                .map(|_| ())
        }));
        clients.push(Box::pin(async move {
            reader.act(Act::read(path, Shows::Presence)).await?;
            reader
                .act(Act::read(path, Shows::Presence))
                .await
                .map(|_| ())
        }));
        meeting.meet(clients).await;
        let judge = |ops: &[Op]| gone(ops, &user.id);
        last_look(
            arena,
            || look(meeting, &user.path, &body),
            |()| {
                let found = judge(&meeting.ops());
                found.has(Flaw::Resurrected) || found.has(Flaw::Listed)
            },
        )
        .await;
        let done = meeting.ops();
        if !done
            .iter()
            .any(|op| op.kind == Kind::Delete && op.is_done())
        {
            arena.delete("tidy", path).await;
            return Verdict::Unjudged;
        }
        let verdict = checked(meeting, judge, said);
        if !matches!(verdict, Verdict::Held) {
            arena.delete("tidy", path).await;
        }
        verdict
    }
}

/// A client that changes the user twice.
async fn changes(client: Client<'_>, number: u32, path: &str) -> Option<()> {
    for turn in 1..=2 {
        let value = format!("rival {number} turn {turn}");
        let operation = json!({"op": "replace", "path": "displayName", "value": value});
        let act = Act::patch(Kind::Write, path, &operation).of(&value);
        client.act(act).await?;
    }
    Some(())
}

/// Looks for the user by its id, and by its name where filters are understood.
async fn look(meeting: &Meeting<'_>, path: &str, body: &Value) {
    let observer = meeting.observer();
    observer.act(Act::read(path, Shows::Presence)).await;
    if meeting.arena.capabilities.has("spc.filter") == Some(true) {
        let name = member(body, "userName").unwrap_or(&Value::Null);
        let (filter, endpoint) = (
            format!("userName eq {name}"),
            meeting.arena.endpoint("User"),
        );
        observer
            .act(Act::find(&endpoint, &filter, Shows::Found))
            .await;
    }
}

/// What is wrong, for people.
fn said(flaw: Flaw, ops: &[Op]) -> Said {
    let last = ops.iter().max_by_key(|op| op.to);
    let status = last.and_then(|op| op.status).unwrap_or_default();
    match flaw {
        Flaw::Listed => Said {
            requirement: LISTED,
            at: "/Resources",
            expected: "nobody: the user was deleted, and that was acknowledged".to_owned(),
            actual: "the deleted user".to_owned(),
        },
        _ => Said {
            requirement: ANSWERS,
            at: "response.status",
            expected: "404 to what began after the DELETE was acknowledged".to_owned(),
            actual: status.to_string(),
        },
    }
}
