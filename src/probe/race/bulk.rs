//! A bulk request beside single ones: what each was told is what is there.

use serde_json::{Value, json};

use super::history::{Flaw, Kind, Op, Output, set};
use super::meet::{Act, Meeting};
use super::member_set::{said, users};
use super::resource::{Made, before, create, draft};
use super::round::{RIVALS, Series, Verdict, checked, last_look, writes};
use super::shows::Shows;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::schema::Returned;
use crate::scim::urn;
use crate::session::BoxFuture;

const APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";

/// Users who are added by the bulk request.
const IN_BULK: usize = 2;

/// The race.
pub(in crate::probe) struct Bulk;

impl Probe for Bulk {
    fn id(&self) -> &'static str {
        "probe.race-bulk"
    }

    fn title(&self) -> &'static str {
        "Members who are added by a bulk request and by single ones at once are all in the group"
    }

    fn doc(&self) -> &'static str {
        "Creates a group, adds two users by one bulk request and two more by a PATCH each, all at once, and reads the \
         group: whoever was acknowledged, in the bulk response or on its own, is a member. A server that holds what \
         it read at the beginning of a bulk request overwrites what others did meanwhile."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[APPENDS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "rt.Group", "spc.patch", "spc.bulk"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 3 + RIVALS - IN_BULK, RIVALS)
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
    let users = match users(arena, &mut scope, RIVALS).await {
        Ok(users) => users,
        Err(report) => return report,
    };
    let users = &users;
    let series = Series::new(arena, scope, APPENDS, "Group");
    series
        .run(|meeting, scope| round(meeting, users, scope))
        .await
}

fn round<'a>(
    meeting: Meeting<'a>,
    users: &'a [Made],
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let body = draft(meeting.arena, "group/minimal", None, scope);
    async move {
        let arena = meeting.arena;
        let group = match create(arena, "Group", &body).await {
            Ok(group) => group,
            Err(exchange) => return Verdict::unset(exchange),
        };
        let (meeting, path) = (&meeting, group.path.as_str());
        let Output::Set(before) = before(arena, path, Shows::Members).await else {
            return Verdict::Unjudged;
        };
        let (in_bulk, alone) = users.split_at(IN_BULK.min(users.len()));
        let mut clients: Vec<BoxFuture<'_, Option<()>>> = Vec::new();
        let batch = bulk(path, in_bulk);
        let inputs: Vec<&str> = in_bulk.iter().map(|user| user.id.as_str()).collect();
        clients.push(Box::pin(async move {
            meeting.client(1).act_in_bulk(batch, &inputs).await
        }));
        for (number, user) in (2..).zip(alone) {
            let act = Act::patch(Kind::Add, path, &add(user)).of(&user.id);
            let client = meeting.client(number);
            clients.push(Box::pin(async move { client.act(act).await.map(|_| ()) }));
        }
        meeting.meet(clients).await;
        let judge = |ops: &[Op]| set(ops, &before);
        last_look(
            arena,
            || meeting.observer().act(Act::read(path, Shows::Members)),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        arena.delete("tidy", path).await;
        let added = |client: &dyn Fn(u32) -> bool| {
            let ops = meeting.ops();
            ops.iter()
                .any(|op| op.kind == Kind::Add && op.is_done() && client(op.client))
        };
        if !added(&|client| client == 1) || !added(&|client| client > 1) {
            return Verdict::Unjudged;
        }
        checked(meeting, judge, |flaw, ops| said(flaw, ops, &before))
    }
}

fn add(user: &Made) -> Value {
    json!({"op": "add", "path": "members", "value": [{"value": user.id}]})
}

/// A bulk request that adds each of the users by an operation of its own.
fn bulk(path: &str, users: &[Made]) -> Act {
    let operations: Vec<Value> = users
        .iter()
        .map(|user| {
            let data = json!({"schemas": [urn::PATCH_OP], "Operations": [add(user)]});
            json!({"method": "PATCH", "path": path, "data": data})
        })
        .collect();
    let body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations});
    Act::post(Kind::Add, "/Bulk", body)
}
