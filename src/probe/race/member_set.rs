//! Members that are added and removed at once: whoever was acknowledged is in, or out.

use std::collections::BTreeSet;

use serde_json::json;

use super::history::{Flaw, Kind, Op, Output, set};
use super::meet::{Act, Client, Meeting};
use super::resource::{Made, before, create, draft, no_set_up};
use super::round::{RIVALS, Said, Series, Verdict, checked, last_look, writes};
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::schema::Returned;
use crate::session::BoxFuture;

const APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";
const REMOVES: &str = "rfc7644-3.5.2.2-remove-takes-matching-values";

/// The race.
pub(in crate::probe) struct MemberSet;

impl Probe for MemberSet {
    fn id(&self) -> &'static str {
        "probe.race-member-set"
    }

    fn title(&self) -> &'static str {
        "Members who are added and removed at once are all in the group, and all out of it"
    }

    fn doc(&self) -> &'static str {
        "Creates a group with one member. Four clients each add a user of their own by PATCH at once, read the \
         group, and every second one removes its user again. In the end the group is read: whoever was added is a \
         member, whoever was removed is none, and who was there before still is. Identity providers push \
         memberships in parallel; a server that reads, changes and writes back without a lock loses some of them."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[APPENDS, REMOVES]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "rt.Group", "spc.patch"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 2 + RIVALS + RIVALS / 2, RIVALS + 1)
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(run(arena))
    }
}

async fn run(arena: &Arena) -> Report {
    let members = arena.capabilities.attribute("Group", "members");
    if members.is_some_and(|it| !matches!(it.returned, Returned::Always | Returned::Default)) {
        return Report::skip("the target shows the members of a group on request only");
    }
    let mut scope = arena.scope.clone();
    let users = match users(arena, &mut scope, RIVALS + 1).await {
        Ok(users) => users,
        Err(report) => return report,
    };
    let users = &users;
    let series = Series::new(arena, scope, APPENDS, "Group");
    series
        .run(|meeting, scope| round(meeting, users, scope))
        .await
}

/// Users who can be members; or the report that there are none.
pub(super) async fn users(
    arena: &Arena,
    scope: &mut Scope,
    count: usize,
) -> Result<Vec<Made>, Report> {
    let mut users = Vec::new();
    for _ in 0..count {
        let body = draft(arena, "user/minimal", None, scope);
        users.push(create(arena, "User", &body).await.map_err(no_set_up)?);
    }
    Ok(users)
}

fn round<'a>(
    meeting: Meeting<'a>,
    users: &'a [Made],
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let (first, rivals) = users
        .split_first()
        .map_or((None, users), |(a, b)| (Some(a), b));
    let with = first.map(|first| json!({"members": [{"value": first.id}]}));
    let body = draft(meeting.arena, "group/minimal", with.as_ref(), scope);
    async move {
        let group = match create(meeting.arena, "Group", &body).await {
            Ok(group) => group,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, group.path.as_str());
        let Output::Set(before) = before(meeting.arena, path, Shows::Members).await else {
            return Verdict::Unjudged;
        };
        let clients = (1..).zip(rivals).map(|(number, user)| {
            let leaves = number % 2 == 0;
            let client = meeting.client(number);
            Box::pin(joins(client, path, &user.id, leaves)) as BoxFuture<'_, Option<()>>
        });
        meeting.meet(clients.collect()).await;
        let judge = |ops: &[Op]| set(ops, &before);
        last_look(
            meeting.arena,
            || meeting.observer().act(Act::read(path, Shows::Members)),
            |_| {
                let found = judge(&meeting.ops());
                found.has(Flaw::Lost) || found.has(Flaw::Resurrected)
            },
        )
        .await;
        meeting.arena.delete("tidy", path).await;
        let done = meeting.ops();
        if done
            .iter()
            .filter(|op| op.kind == Kind::Add && op.is_done())
            .count()
            < 2
        {
            return Verdict::Unjudged;
        }
        checked(meeting, judge, |flaw, ops| said(flaw, ops, &before))
    }
}

/// A client that adds its user, looks, and may remove it again.
async fn joins(client: Client<'_>, path: &str, user: &str, leaves: bool) -> Option<()> {
    let operation = json!({"op": "add", "path": "members", "value": [{"value": user}]});
    let added = client
        .act(Act::patch(Kind::Add, path, &operation).of(user))
        .await?;
    client.act(Act::read(path, Shows::Members)).await?;
    if leaves && matches!(added.status(), Some(200..=299)) {
        let filter = format!("members[value eq {}]", serde_json::Value::from(user));
        let operation = json!({"op": "remove", "path": filter});
        client
            .act(Act::patch(Kind::Remove, path, &operation).of(user))
            .await?;
    }
    Some(())
}

/// What is wrong, for people.
pub(super) fn said(flaw: Flaw, ops: &[Op], before: &BTreeSet<String>) -> Said {
    let of = |kind| -> BTreeSet<&str> {
        let done = ops.iter().filter(|op| op.kind == kind && op.is_done());
        done.filter_map(|op| op.input.as_deref()).collect()
    };
    let (added, removed) = (of(Kind::Add), of(Kind::Remove));
    let last = ops.iter().rfind(|op| matches!(op.output, Output::Set(_)));
    let shown: BTreeSet<&str> = match last.map(|op| &op.output) {
        Some(Output::Set(shown)) => shown.iter().map(String::as_str).collect(),
        _ => BTreeSet::new(),
    };
    let wanted = added
        .iter()
        .copied()
        .chain(before.iter().map(String::as_str));
    let wanted: BTreeSet<&str> = wanted.filter(|user| !removed.contains(user)).collect();
    let users: Vec<&str> = match flaw {
        Flaw::Lost => wanted.difference(&shown).copied().collect(),
        Flaw::Resurrected => removed.intersection(&shown).copied().collect(),
        Flaw::Invented => shown.difference(&wanted).copied().collect(),
        _ => added.union(&removed).copied().collect(),
    };
    let users = match users.as_slice() {
        [] => "who was there before".to_owned(),
        users => users.join(", "),
    };
    let (requirement, expected, actual) = match flaw {
        Flaw::Lost => (
            APPENDS,
            "every member who was added, or there before",
            "without ",
        ),
        Flaw::Resurrected => (REMOVES, "no member who was removed", "with "),
        Flaw::Invented => (APPENDS, "no member whom nobody added", "with "),
        _ => (
            APPENDS,
            "members as the change left them that was acknowledged before",
            "the members as they were before it: ",
        ),
    };
    Said {
        requirement,
        at: "/members",
        expected: expected.to_owned(),
        actual: format!("{actual}{users}"),
    }
}
