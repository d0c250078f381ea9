//! One name for one user, however many ask for it at once.

use serde_json::{Value, json};

use super::history::{Flaw, Found, Kind, Op, Output, names};
use super::meet::{Act, Meeting};
use super::resource::{create, draft, no_set_up, tidy};
use super::round::{OURS, RIVALS, Said, Series, Verdict, checked, last_look, server_error, writes};
use super::shows::Shows;
use crate::exchange::Exchange;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::resource::member;
use crate::session::BoxFuture;

const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const LEAVES: &str = "rfc7644-3.3-refused-create-leaves-nothing";
const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";

/// The race.
pub(in crate::probe) struct UniqueCreate;

impl Probe for UniqueCreate {
    fn id(&self) -> &'static str {
        "probe.race-unique-create"
    }

    fn title(&self) -> &'static str {
        "Of users who are created at once with one userName, one is"
    }

    fn doc(&self) -> &'static str {
        "Sends four creates with one fresh userName at once, one of them in other letters, round after round. One \
         may succeed; the others are conflicts, and no server error. In the end the user is looked up by its name."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[UNIQUE, READABLE, LEAVES, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 2 * RIVALS, 4)
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
    let folds = match folds(arena, &mut scope).await {
        Ok(folds) => folds,
        Err(exchange) => return no_set_up(exchange),
    };
    let series = Series::new(arena, scope, UNIQUE, "User");
    series
        .run(|meeting, scope| round(meeting, folds, scope))
        .await
}

/// Whether the target refuses a userName in other letters when nobody is in a hurry. Where it doesn't that is no
/// matter of rivals.
async fn folds(arena: &Arena, scope: &mut Scope) -> Result<bool, Exchange> {
    let body = bare(arena, scope);
    let made = create(arena, "User", &body).await?;
    let other = create(arena, "User", &in_capitals(&body)).await;
    arena.delete("tidy", &made.path).await;
    if let Ok(other) = &other {
        arena.delete("tidy", &other.path).await;
    }
    Ok(other.is_err_and(|exchange| matches!(exchange.status(), Some(400..=499))))
}

/// The same user, the userName in capitals.
fn in_capitals(body: &Value) -> Value {
    let mut body = body.clone();
    body["userName"] = json!(name(&body).to_ascii_uppercase());
    body
}

fn round<'a>(
    meeting: Meeting<'a>,
    folds: bool,
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = bare(meeting.arena, scope);
    async move {
        let meeting = &meeting;
        let endpoint = meeting.arena.endpoint("User");
        let capitals = in_capitals(&body);
        let in_capitals = |number| folds && number == 2;
        let (plain, loud) = (name(&body), name(&capitals));
        let clients = (1_u32..).take(RIVALS).map(|number| {
            let body = if in_capitals(number) {
                &capitals
            } else {
                &body
            };
            let act = Act::post(Kind::Create, &endpoint, body.clone()).of(plain);
            let client = meeting.client(number);
            Box::pin(async move { client.act(act.showing(Shows::Presence)).await.map(|_| ()) })
                as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        // How a filter compares letters is no matter of rivals either.
        let winner = meeting.ops().into_iter().find(is_made);
        let is_loud = winner.is_some_and(|op| in_capitals(op.client));
        let spelt = if is_loud { loud } else { plain };
        let judge = |ops: &[Op]| names(ops, &[]);
        last_look(
            meeting.arena,
            || meeting.observer().act(look(&endpoint, spelt).about(plain)),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        tidy(meeting).await;
        verdict(meeting, judge, |flaw, ops| said(plain, flaw, ops))
    }
}

/// What the checker says, else a conflict that was answered with a server error, else whether anybody was made.
pub(super) fn verdict(
    meeting: &Meeting<'_>,
    judge: impl Fn(&[Op]) -> Found,
    say: impl Fn(Flaw, &[Op]) -> Said,
) -> Verdict {
    match (checked(meeting, judge, say), server_error(meeting)) {
        (Verdict::Held, Some(wrong)) => Verdict::Failed(vec![wrong]),
        (Verdict::Held, None) if !meeting.ops().iter().any(is_there) => Verdict::Unjudged,
        (verdict, _) => verdict,
    }
}

/// Whether somebody was made, or found.
fn is_there(op: &Op) -> bool {
    let found = matches!(&op.output, Output::Set(ids) if !ids.is_empty());
    is_made(op) || op.kind == Kind::Look && found
}

/// A user without externalId, which may be unique as well: these races are about the userName.
pub(super) fn bare(arena: &Arena, scope: &mut Scope) -> Value {
    let mut body = draft(arena, "user/minimal", None, scope);
    if let Some(members) = body.as_object_mut() {
        members.shift_remove("externalId");
    }
    body
}

/// The userName of a draft.
pub(super) fn name(body: &Value) -> &str {
    member(body, "userName")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A look at who has a userName.
pub(super) fn look(endpoint: &str, name: &str) -> Act {
    let filter = format!("userName eq {}", Value::from(name));
    Act::find(endpoint, &filter, Shows::Found).about(name)
}

/// Whether it is a create that succeeded.
pub(super) fn is_made(op: &Op) -> bool {
    op.kind == Kind::Create && op.is_done()
}

/// What is wrong, for people.
pub(super) fn said(name: &str, flaw: Flaw, _ops: &[Op]) -> Said {
    match flaw {
        Flaw::Lost => Said {
            requirement: READABLE,
            at: "/Resources",
            expected: format!("the user who was told to be {name}"),
            actual: "nobody of this userName".to_owned(),
        },
        Flaw::Invented => Said {
            requirement: LEAVES,
            at: "/Resources",
            expected: format!("nobody with the userName {name}: each create of it was refused"),
            actual: "a user".to_owned(),
        },
        _ => Said {
            requirement: UNIQUE,
            at: "response.status",
            expected: format!("one user with the userName {name}"),
            actual: "two".to_owned(),
        },
    }
}
