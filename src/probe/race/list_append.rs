//! Values that are appended to one list at once: each is in it, and each once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::history::{Flaw, Kind, Op, Output, set};
use super::meet::{Act, Client, Meeting};
use super::resource::{before, create, draft, no_set_up};
use super::round::{RIVALS, Said, Series, Verdict, checked, last_look, writes};
use super::shows::{AGAIN, Shows};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::schema::{DataType, Mutability};
use crate::scim::urn;
use crate::session::BoxFuture;

const APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";
const ONCE: &str = "rfc7643-2.4-no-duplicate-type-and-value";

/// Lists to which no server has a reason to refuse another value.
const LISTS: [&str; 3] = ["emails", "entitlements", "roles"];

/// Values that each client appends, one after the other.
const EACH: usize = 2;

/// The race.
pub(in crate::probe) struct ListAppend;

impl Probe for ListAppend {
    fn id(&self) -> &'static str {
        "probe.race-list-append"
    }

    fn title(&self) -> &'static str {
        "Values that are appended to one list at once are all in it, each once"
    }

    fn doc(&self) -> &'static str {
        "Learns which list of a user (emails, entitlements or roles) keeps the values that are added to it, creates a \
         user with one value, and lets four clients append two values each by PATCH, one after the other, and read \
         between. In the end every value that was acknowledged is there, the one of before, too, and none stands \
         there twice. A server that tries a change again which a rival has overtaken must not apply it twice."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[APPENDS, ONCE]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 2 + EACH * RIVALS, 4 * LISTS.len())
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let mut scope = arena.scope.clone();
    let mut kept = None;
    for list in LISTS.into_iter().filter(|list| is_list(arena, list)) {
        match keeps(arena, list, &mut scope).await {
            Ok(true) => {
                kept = Some(list);
                break;
            }
            Ok(false) => {}
            Err(report) => return report,
        }
    }
    let Some(list) = kept else {
        return Report::skip("the target keeps no list of a user to which values can be added");
    };
    let series = Series::new(arena, scope, APPENDS, "User");
    series
        .run(|meeting, scope| round(meeting, list, scope))
        .await
}

/// Whether users have such a list.
fn is_list(arena: &Arena, list: &str) -> bool {
    let known = arena.capabilities.attribute("User", list);
    known.is_some_and(|it| {
        let value = it.sub("value");
        it.multi_valued
            && it.mutability == Mutability::ReadWrite
            && value.is_some_and(|it| it.data_type == DataType::String)
    })
}

/// Whether two values that are added one after the other are both kept, when nobody is in a hurry.
async fn keeps(arena: &Arena, list: &'static str, scope: &mut Scope) -> Result<bool, Report> {
    let body = with_one(arena, list, scope);
    let user = create(arena, "User", &body).await.map_err(no_set_up)?;
    let mut wanted = BTreeSet::from([value(arena, 0, 0, 0)]);
    for number in 1..3 {
        let one = value(arena, 0, 0, number);
        let message = json!({"schemas": [urn::PATCH_OP], "Operations": [appended(list, &one)]});
        arena
            .send("learn", http::Method::PATCH, &user.path, &message)
            .await;
        wanted.insert(one);
    }
    let shown = before(arena, &user.path, Shows::Values(list)).await;
    arena.delete("tidy", &user.path).await;
    Ok(shown == Output::Set(wanted))
}

/// A user with one value in the list.
fn with_one(arena: &Arena, list: &str, scope: &mut Scope) -> Value {
    let one = json!({list: [{"value": value(arena, 0, 0, 0)}]});
    draft(arena, "user/minimal", Some(&one), scope)
}

/// A value that names the round and the client, and that nobody else has.
fn value(arena: &Arena, round: u32, client: u32, number: usize) -> String {
    format!("{}-{round}-{client}-{number}@rivals.example", arena.marker)
}

fn appended(list: &str, value: &str) -> Value {
    json!({"op": "add", "path": list, "value": [{"value": value}]})
}

fn round<'a>(
    meeting: Meeting<'a>,
    list: &'static str,
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = with_one(meeting.arena, list, scope);
    async move {
        let user = match create(meeting.arena, "User", &body).await {
            Ok(user) => user,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, user.path.as_str());
        let Output::Set(before) = before(meeting.arena, path, Shows::Values(list)).await else {
            return Verdict::Unjudged;
        };
        let clients = (1_u32..).take(RIVALS).map(|number| {
            let client = meeting.client(number);
            let round = meeting.round;
            let own = (1..=EACH).map(|it| value(meeting.arena, round, number, it));
            Box::pin(appends(client, path, list, own.collect())) as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        let judge = |ops: &[Op]| set(ops, &before);
        last_look(
            meeting.arena,
            || meeting.observer().act(Act::read(path, Shows::Values(list))),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        meeting.arena.delete("tidy", path).await;
        let done = meeting.ops();
        let done = done
            .iter()
            .filter(|op| op.kind == Kind::Add && op.is_done());
        if done.count() < 2 {
            return Verdict::Unjudged;
        }
        checked(meeting, judge, |flaw, ops| said(list, flaw, ops))
    }
}

/// A client that appends its values and looks after each.
async fn appends(
    client: Client<'_>,
    path: &str,
    list: &'static str,
    values: Vec<String>,
) -> Option<()> {
    for value in values {
        let act = Act::patch(Kind::Add, path, &appended(list, &value));
        client.act(act.of(&value)).await?;
        client.act(Act::read(path, Shows::Values(list))).await?;
    }
    Some(())
}

/// What is wrong, for people.
fn said(list: &'static str, flaw: Flaw, ops: &[Op]) -> Said {
    let mut shown = ops.iter().filter_map(|op| match &op.output {
        Output::Set(values) => values.iter().find_map(|it| it.strip_suffix(AGAIN)),
        _ => None,
    });
    let added = ops.iter().filter(|op| op.kind == Kind::Add);
    let added: Vec<&str> = added.filter_map(|op| op.input.as_deref()).collect();
    let added = match added.as_slice() {
        [] => "what was there before".to_owned(),
        added => added.join(", "),
    };
    let doubled: Option<&str> = shown.next_back();
    let (requirement, expected, actual) = match (flaw, doubled) {
        (Flaw::Invented, Some(value)) => (
            ONCE,
            "each value once, as it was added",
            format!("{value} twice"),
        ),
        (Flaw::Invented, None) => (
            APPENDS,
            "no value that nobody added",
            format!("another; added was {added}"),
        ),
        (Flaw::Lost, _) => (
            APPENDS,
            "every value that was added, or there before",
            format!("without {added}"),
        ),
        _ => (
            APPENDS,
            "values as the change left them that was acknowledged before",
            format!("the values as they were before it: without {added}"),
        ),
    };
    Said {
        requirement,
        at: match list {
            "emails" => "/emails",
            "roles" => "/roles",
            _ => "/entitlements",
        },
        expected: expected.to_owned(),
        actual,
    }
}
