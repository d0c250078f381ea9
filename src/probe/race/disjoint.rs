//! Changes of different attributes at once are all there afterwards.

use serde_json::{Value, json};

use super::history::{Flaw, Kind, OBSERVER, Op, Output, register};
use super::meet::{Act, Meeting};
use super::resource::{create, draft};
use super::round::{RIVALS, Said, Series, Verdict, Wrong, last_look, writes};
use super::settable::{self, Setting, settable};
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::resource::member;
use crate::session::BoxFuture;

const SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";

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
        "Learns which attributes of a user the target keeps as they are set, creates a user and sets up to four of \
         them by as many PATCH requests at once. Each that was acknowledged is there in the end: nobody else wrote \
         to that attribute."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[SETS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 2 + RIVALS, settable::WRITES)
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
    let mut settings = match settable(arena, &mut scope).await {
        Ok(settings) => settings,
        Err(report) => return report,
    };
    settings.truncate(RIVALS);
    if settings.len() < 2 {
        return Report::skip("the target's users have no two attributes that rivals could set");
    }
    let settings = settings.as_slice();
    let series = Series::new(arena, scope, SETS, "User");
    series
        .run(|meeting, scope| round(meeting, settings, scope))
        .await
}

fn round<'a>(
    meeting: Meeting<'a>,
    settings: &'a [Setting],
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = draft(meeting.arena, "user/minimal", None, scope);
    async move {
        let user = match create(meeting.arena, "User", &body).await {
            Ok(user) => user,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, user.path.as_str());
        let clients = (1..).zip(settings).map(|(number, (name, value))| {
            let operation = json!({"op": "replace", "path": name, "value": value});
            let act = Act::patch(Kind::Write, path, &operation)
                .of(value)
                .about(name);
            let client = meeting.client(number);
            Box::pin(async move { client.act(act).await.map(|_| ()) }) as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        let before = user.exchange.json().cloned().unwrap_or_default();
        last_look(
            meeting.arena,
            || meeting.observer().act(Act::read(path, Shows::Presence)),
            |_| !lost(meeting, settings, &before).is_empty(),
        )
        .await;
        meeting.arena.delete("tidy", path).await;
        verdict(meeting, settings, &before)
    }
}

fn verdict(meeting: &Meeting<'_>, settings: &[Setting], before: &Value) -> Verdict {
    let ops = meeting.ops();
    let looked = ops.iter().rfind(|op| op.client == OBSERVER && op.is_done());
    if looked.is_none() || ops.iter().filter(|op| is_set(op)).count() < 2 {
        return Verdict::Unjudged;
    }
    let lost = lost(meeting, settings, before);
    if lost.is_empty() {
        return Verdict::Held;
    }
    let names: Vec<&str> = ops
        .iter()
        .filter(|op| is_set(op))
        .map(|op| op.key.as_str())
        .collect();
    let shown: Vec<Op> = ops
        .iter()
        .filter(|op| is_set(op) || Some(*op) == looked)
        .map(|op| match op.kind {
            Kind::Write => named(op),
            _ => op.clone(),
        })
        .collect();
    let said = Said {
        requirement: SETS,
        at: "",
        expected: format!("{} as they were set", names.join(", ")),
        actual: format!("without {}", lost.join(", ")),
    };
    Verdict::Failed(Wrong::shown(meeting, &shown, said).into_iter().collect())
}

/// A write that says which attribute it is of.
fn named(op: &Op) -> Op {
    Op {
        input: op
            .input
            .as_ref()
            .map(|value| format!("{} = {value}", op.key)),
        ..op.clone()
    }
}

fn is_set(op: &Op) -> bool {
    op.kind == Kind::Write && op.is_done()
}

/// The attributes that were set, and that the last look does not show so.
fn lost<'s>(meeting: &Meeting<'_>, settings: &'s [Setting], before: &Value) -> Vec<&'s str> {
    let ops = meeting.ops();
    let last = ops.iter().rfind(|op| op.client == OBSERVER && op.is_done());
    let Some((last, shown)) = last.and_then(|op| Some((op, meeting.exchange(op)?))) else {
        return Vec::new();
    };
    let body = shown.json().cloned().unwrap_or_default();
    let text = |body: &Value, name: &str| {
        member(body, name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let is_lost = |name: &str| {
        let mut own: Vec<Op> = ops.iter().filter(|op| op.key == name).cloned().collect();
        own.push(Op {
            kind: Kind::Read,
            output: Output::Value(text(&body, name)),
            ..last.clone()
        });
        register(&own, text(before, name).as_deref()).has(Flaw::Lost)
    };
    let names = settings.iter().map(|(name, _)| *name);
    names.filter(|name| is_lost(name)).collect()
}
