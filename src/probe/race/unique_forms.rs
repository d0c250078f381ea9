//! One name in several forms for one user, however many ask for it at once.

use serde_json::{Value, json};

use super::history::{Flaw, Kind, Op, names};
use super::meet::{Act, Meeting};
use super::resource::{create, no_set_up, tidy};
use super::round::{OURS, RIVALS, Series, Verdict, last_look, writes};
use super::shows::Shows;
use super::unique_create::{bare, is_made, look, name, said, verdict};
use crate::exchange::Exchange;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::session::BoxFuture;

const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const LEAVES: &str = "rfc7644-3.3-refused-create-leaves-nothing";
const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";

/// The end of the name, spelled so that letters, composed and decomposed, are not the same bytes.
const COMPOSED: &str = "-zo\u{eb}";
const FORMS: [&str; 3] = ["-zoe\u{308}", "-ZO\u{cb}", "-Zoe\u{308}"];

/// The end where a target takes no such letters.
const PLAIN: &str = "-zoe";
const LETTERS: [&str; 2] = ["-ZOE", "-Zoe"];

/// The race.
pub(in crate::probe) struct UniqueForms;

impl Probe for UniqueForms {
    fn id(&self) -> &'static str {
        "probe.race-unique-forms"
    }

    fn title(&self) -> &'static str {
        "Of users who are created at once with one userName in several forms, one is"
    }

    fn doc(&self) -> &'static str {
        "Learns in which forms (other letters, composed and decomposed ones) the target takes a userName for the \
         same as another one, when nobody is in a hurry: which those are is left to it here. Then creates of one \
         fresh userName, each in another of these forms, are sent at once, round after round. One may succeed; the \
         others are conflicts, and no server error. A lock by the name as it is spelled lets two through."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[UNIQUE, READABLE, LEAVES, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User"]
    }

    fn writes(&self, effort: Effort) -> usize {
        let learned = 2 * (2 + FORMS.len() + LETTERS.len());
        writes(effort.rounds, 2 * RIVALS, learned)
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let mut scope = arena.scope.clone();
    let accented = forms(arena, &mut scope, COMPOSED, &FORMS).await;
    let found = match accented {
        Ok(found) if !found.is_empty() => Ok((COMPOSED, found)),
        _ => {
            let plain = forms(arena, &mut scope, PLAIN, &LETTERS).await;
            plain.map(|found| (PLAIN, found))
        }
    };
    let (first, others) = match found {
        Ok(found) => found,
        Err(exchange) => return no_set_up(exchange),
    };
    if others.is_empty() {
        return Report::skip("the target takes each form of a userName for another name");
    }
    let ends: Vec<&'static str> = std::iter::once(first).chain(others).collect();
    let ends = ends.as_slice();
    let series = Series::new(arena, scope, UNIQUE, "User");
    series
        .run(|meeting, scope| round(meeting, ends, scope))
        .await
}

/// The forms that the target refuses as a conflict when somebody has the first one.
async fn forms(
    arena: &Arena,
    scope: &mut Scope,
    first: &str,
    others: &[&'static str],
) -> Result<Vec<&'static str>, Exchange> {
    let body = bare(arena, scope);
    let made = create(arena, "User", &ending(&body, first)).await?;
    let mut same = Vec::new();
    for end in others {
        match create(arena, "User", &ending(&body, end)).await {
            Ok(other) => {
                arena.delete("tidy", &other.path).await;
            }
            Err(exchange) if exchange.status() == Some(409) => same.push(*end),
            Err(_) => {}
        }
    }
    arena.delete("tidy", &made.path).await;
    Ok(same)
}

/// The same user, whose userName ends so; before the domain, where it has one.
fn ending(body: &Value, end: &str) -> Value {
    let whole = name(body);
    let (local, domain) = whole.split_at(whole.find('@').unwrap_or(whole.len()));
    let mut body = body.clone();
    body["userName"] = json!(format!("{local}{end}{domain}"));
    body
}

fn round<'a>(
    meeting: Meeting<'a>,
    ends: &'a [&'static str],
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = bare(meeting.arena, scope);
    async move {
        let meeting = &meeting;
        let endpoint = meeting.arena.endpoint("User");
        let bodies: Vec<Value> = ends.iter().map(|end| ending(&body, end)).collect();
        let first = bodies.first().map(name).unwrap_or_default();
        let spelt = |client: u32| {
            let at = (client as usize).saturating_sub(1) % bodies.len().max(1);
            bodies.get(at)
        };
        let clients = (1_u32..).take(RIVALS).map(|number| {
            let body = spelt(number).cloned().unwrap_or_default();
            let act = Act::post(Kind::Create, &endpoint, body).of(first);
            let client = meeting.client(number);
            Box::pin(async move { client.act(act.showing(Shows::Presence)).await.map(|_| ()) })
                as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        // How a filter compares forms is no matter of rivals.
        let winner = meeting.ops().into_iter().find(is_made);
        let won = winner.and_then(|op| spelt(op.client)).map_or(first, name);
        let judge = |ops: &[Op]| names(ops, &[]);
        last_look(
            meeting.arena,
            || meeting.observer().act(look(&endpoint, won).about(first)),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        tidy(meeting).await;
        verdict(meeting, judge, |flaw, ops| said(first, flaw, ops))
    }
}
