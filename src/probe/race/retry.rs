//! A create that is sent again because nobody waited for the answer to the first: one user, never two, never none.

use std::time::Duration;

use serde_json::Value;

use super::history::{Flaw, Kind, Op, Outcome, Output, names};
use super::meet::{Act, Meeting};
use super::resource::tidy;
use super::round::{OURS, Said, Series, Verdict, Wrong, last_look, writes};
use super::shows::Shows;
use super::unique_create::{bare, is_made, look, name, said, verdict};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::session::BoxFuture;

const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";
const LEAVES: &str = "rfc7644-3.3-refused-create-leaves-nothing";
const CREATES: &str = "rfc7644-3.3-create-answers-201";

/// The shortest time after which a connection is given up.
const SHORTEST: Duration = Duration::from_millis(1);

/// The race.
pub(in crate::probe) struct Retry;

impl Probe for Retry {
    fn id(&self) -> &'static str {
        "probe.race-retry"
    }

    fn title(&self) -> &'static str {
        "A create that is sent again before it was answered makes one user"
    }

    fn doc(&self) -> &'static str {
        "Sends a create and gives the connection up before the answer, or not; sends the same create again, in every \
         second round at once. The second is made, or a conflict with the first; there is one user of the name in \
         the end. Where the second was a conflict and nobody has the name, a third create shows whether the name is \
         taken by nobody. Identity providers send again what they got no answer to."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[UNIQUE, READABLE, LEAVES, CREATES, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.filter"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 6, 0)
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let series = Series::new(arena, arena.scope.clone(), UNIQUE, "User");
            series.run(round).await
        })
    }
}

fn round<'a>(meeting: Meeting<'a>, scope: &mut Scope) -> impl Future<Output = Verdict> + use<'a> {
    let body = bare(meeting.arena, scope);
    async move {
        let meeting = &meeting;
        let endpoint = meeting.arena.endpoint("User");
        let name = name(&body);
        // Also shows how long a request takes here.
        meeting.observer().act(look(&endpoint, name)).await;
        let patience = meeting.usual().mul_f64(meeting.share()).max(SHORTEST);
        send_twice(meeting, &endpoint, &body, patience).await;
        let judge = |ops: &[Op]| names(ops, &[]);
        last_look(
            meeting.arena,
            || meeting.observer().act(look(&endpoint, name)),
            |_| judge(&meeting.ops()).has(Flaw::Lost) || is_taken_by_nobody(&meeting.ops()),
        )
        .await;
        let mut ghost = None;
        if is_taken_by_nobody(&meeting.ops()) {
            let act = Act::post(Kind::Create, &endpoint, body.clone()).of(name);
            meeting.observer().act(act.showing(Shows::Presence)).await;
            ghost = taken(meeting, name);
        }
        tidy(meeting).await;
        let verdict = verdict(meeting, judge, |flaw, ops| said(name, flaw, ops));
        match ghost {
            Some(ghost) if !matches!(verdict, Verdict::Failed(_)) => Verdict::Failed(vec![ghost]),
            _ => verdict,
        }
    }
}

/// Sends the create, gives it up, and sends it again; in every second round without waiting.
async fn send_twice(meeting: &Meeting<'_>, endpoint: &str, body: &Value, patience: Duration) {
    let create = || {
        let act = Act::post(Kind::Create, endpoint, body.clone()).of(name(body));
        act.showing(Shows::Presence)
    };
    let (first, second) = (meeting.client(1), meeting.client(2));
    let clients: Vec<BoxFuture<'_, Option<()>>> = if meeting.round.is_multiple_of(2) {
        vec![Box::pin(async move {
            first.act(create().within(patience)).await;
            second.act(create()).await?;
            Some(())
        })]
    } else {
        vec![
            Box::pin(async move { first.act(create()).await.map(|_| ()) }),
            Box::pin(async move { second.act(create()).await.map(|_| ()) }),
        ]
    };
    meeting.meet(clients).await;
}

/// Whether a create was a conflict, and the last look finds nobody who has the name.
fn is_taken_by_nobody(ops: &[Op]) -> bool {
    let refused = ops.iter().any(|op| {
        op.kind == Kind::Create && op.outcome == Outcome::Refused && op.status == Some(409)
    });
    let last = ops.iter().rfind(|op| op.kind == Kind::Look);
    let nobody = matches!(last.map(|op| &op.output), Some(Output::Set(ids)) if ids.is_empty());
    refused && nobody && !ops.iter().any(is_made)
}

/// The deviation where the last create was a conflict again.
fn taken(meeting: &Meeting<'_>, name: &str) -> Option<Wrong> {
    let ops = meeting.ops();
    let last = ops.last().filter(|op| op.status == Some(409))?;
    let said = Said {
        requirement: CREATES,
        at: "response.status",
        expected: format!("201: a filter finds nobody with the userName {name}"),
        actual: meeting.exchange(last)?.said(),
    };
    Wrong::shown(meeting, &ops, said)
}
