//! A value that several clients set and read at once.

use serde_json::{Value, json};

use super::history::{Flaw, Kind, Op, Output, register};
use super::meet::{Act, Client, Meeting};
use super::resource::{before, create, draft};
use super::round::{Said, Series, Verdict, checked, last_look, writes};
use super::settable;
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::session::BoxFuture;

const SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";

/// Clients that set and read.
const WRITERS: u32 = 2;

/// Clients that read.
const READERS: u32 = 2;

/// How often each does.
const TURNS: u32 = 2;

/// The race.
pub(in crate::probe) struct Register;

impl Probe for Register {
    fn id(&self) -> &'static str {
        "probe.race-register"
    }

    fn title(&self) -> &'static str {
        "A value that several clients set and read at once is one that was set, and each sees its own"
    }

    fn doc(&self) -> &'static str {
        "Creates a user, lets two clients set one of its attributes in turns, each time reading it back, while two \
         others read it, and looks at the end. A value that nobody set or that was refused, an acknowledged change \
         that is gone, a client that does not see its own change or sees an older value than before: each is a \
         finding. Then an order of all requests is searched that explains the answers (Wing, Gong and Lowe); SCIM \
         does not promise that there is one, so that its absence is noted, and fails where the grading is strict."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[SETS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        let each = 2 + (WRITERS * TURNS) as usize;
        writes(effort.rounds, each, settable::WRITES)
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let mut scope = arena.scope.clone();
    let name = match settable::text(arena, &mut scope).await {
        Ok(name) => name,
        Err(report) => return report,
    };
    let series = Series::new(arena, scope, SETS, "User");
    series
        .run(|meeting, scope| round(meeting, name, scope))
        .await
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
        let before = before(meeting.arena, &user.path, Shows::Attribute(name)).await;
        let Output::Value(before) = before else {
            return Verdict::Unjudged;
        };
        let (path, meeting) = (user.path.as_str(), &meeting);
        let look = Act::read;
        let mut clients: Vec<BoxFuture<'_, Option<()>>> = Vec::new();
        for number in 1..=WRITERS {
            clients.push(Box::pin(sets(meeting.client(number), number, path, name)));
        }
        for number in WRITERS + 1..=WRITERS + READERS {
            let reader = meeting.client(number);
            clients.push(Box::pin(async move {
                for _ in 0..TURNS {
                    reader.act(look(path, Shows::Attribute(name))).await?;
                }
                Some(())
            }));
        }
        meeting.meet(clients).await;
        let judge = |ops: &[Op]| register(ops, before.as_deref());
        last_look(
            meeting.arena,
            || meeting.observer().act(look(path, Shows::Attribute(name))),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        meeting.arena.delete("tidy", path).await;
        let done = meeting.ops();
        if !done.iter().any(|op| op.kind == Kind::Write && op.is_done()) {
            return Verdict::Unjudged;
        }
        checked(meeting, judge, |flaw, ops| said(name, flaw, ops))
    }
}

/// A client that sets the value and reads it back, in turns.
async fn sets(client: Client<'_>, number: u32, path: &str, name: &'static str) -> Option<()> {
    for turn in 1..=TURNS {
        // It names its writer, so that a reader knows whose it is.
        let value = format!("rival {number} turn {turn}");
        let operation: Value = json!({"op": "replace", "path": name, "value": value});
        let act = Act::patch(Kind::Write, path, &operation).of(&value);
        client.act(act).await?;
        client.act(Act::read(path, Shows::Attribute(name))).await?;
    }
    Some(())
}

/// What is wrong, for people.
fn said(name: &str, flaw: Flaw, ops: &[Op]) -> Said {
    let shown = ops.iter().rev().find_map(|op| match &op.output {
        Output::Value(value) if op.kind == Kind::Read => value.clone(),
        _ => None,
    });
    let shown = shown.unwrap_or_else(|| "no value".to_owned());
    let (expected, actual) = match flaw {
        Flaw::Invented => (
            format!("a {name} that somebody has set, and that was not refused"),
            format!("'{shown}'"),
        ),
        Flaw::Lost => (
            format!("a {name} that no acknowledged change came after"),
            format!("'{shown}', which was changed since"),
        ),
        Flaw::Unseen => (
            format!("{name} as the same client was told that it had set it, or newer"),
            format!("'{shown}', which is older"),
        ),
        Flaw::Backwards => (
            format!("{name} as the same client saw it before, or newer"),
            format!("'{shown}', which is older"),
        ),
        _ => (
            "an order of the requests that explains the answers".to_owned(),
            format!("none: '{shown}' was read too late or too early"),
        ),
    };
    Said {
        requirement: SETS,
        at: "",
        expected,
        actual,
    }
}
