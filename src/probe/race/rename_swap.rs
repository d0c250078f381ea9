//! Names that are given up and taken at once: at each moment a name belongs to one user.

use serde_json::{Value, json};

use super::history::{Flaw, Found, Kind, Op, names};
use super::meet::{Act, Meeting};
use super::resource::{Made, create, tidy};
use super::round::{OURS, Said, Series, Verdict, checked, last_look, server_error, writes};
use super::shows::Shows;
use super::unique_create::{bare, look, name, said as said_of_names};
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::session::BoxFuture;

const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";
const LEAVES: &str = "rfc7644-3.3-refused-create-leaves-nothing";
const SELECTS: &str = "rfc7644-3.4.2.2-filter-selects-matching-resources-only";

/// The race.
pub(in crate::probe) struct RenameSwap;

impl Probe for RenameSwap {
    fn id(&self) -> &'static str {
        "probe.race-rename-swap"
    }

    fn title(&self) -> &'static str {
        "A userName that is given up and taken at once belongs to one user whenever one looks"
    }

    fn doc(&self) -> &'static str {
        "Creates two users and, all at once, renames the first, renames the second to the name that the first gives \
         up, creates a third with it, and looks who has it. One of those who want the name may get it; no look shows \
         it with two who stay, and who has seen the first leave does not find it there any more."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[UNIQUE, SELECTS, READABLE, LEAVES, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.patch", "spc.filter"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort.rounds, 11, 0)
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

/// What a round is played with: the user who leaves its name, the one who takes it, and names and bodies.
struct Cast {
    leaver: Made,
    taker: Made,
    /// The name that is given up.
    old: String,
    /// The name that it is given up for.
    new: String,
    /// The name of who takes it, until then.
    other: String,
    /// A third user, with the old name.
    third: Value,
    endpoint: String,
}

fn round<'a>(meeting: Meeting<'a>, scope: &mut Scope) -> impl Future<Output = Verdict> + use<'a> {
    let bodies = [(); 3].map(|()| bare(meeting.arena, scope));
    async move {
        let (arena, meeting) = (meeting.arena, &meeting);
        let [old, other, new] = bodies.each_ref().map(|body| name(body).to_owned());
        let [first, second, mut third] = bodies;
        let leaver = create(arena, "User", &first).await;
        let taker = create(arena, "User", &second).await;
        let (leaver, taker) = match (leaver, taker) {
            (Ok(leaver), Ok(taker)) => (leaver, taker),
            (Err(exchange), _) | (_, Err(exchange)) => return Verdict::unset(exchange),
        };
        third["userName"] = json!(old);
        let cast = Cast {
            leaver,
            taker,
            old,
            new,
            other,
            third,
            endpoint: arena.endpoint("User"),
        };
        play(meeting, &cast).await;
        let initial = [
            (cast.old.as_str(), cast.leaver.id.as_str()),
            (cast.other.as_str(), cast.taker.id.as_str()),
        ];
        let judge = |ops: &[Op]| names(ops, &initial);
        last_look(
            arena,
            || meeting.observer().act(look(&cast.endpoint, &cast.old)),
            |_| judge(&meeting.ops()).has(Flaw::Lost),
        )
        .await;
        tidy(meeting).await;
        arena.delete("tidy", &cast.leaver.path).await;
        arena.delete("tidy", &cast.taker.path).await;
        verdict(meeting, &cast.old, judge)
    }
}

/// Lets the rivals meet.
async fn play(meeting: &Meeting<'_>, cast: &Cast) {
    let rename = |user: &Made, name: &str| {
        let operation = json!({"op": "replace", "path": "userName", "value": name});
        let act = Act::patch(Kind::Write, &user.path, &operation);
        act.of(name).about(&user.id)
    };
    let who = || look(&cast.endpoint, &cast.old);
    let (leaver, taker) = (meeting.client(1), meeting.client(2));
    let (newcomer, looker) = (meeting.client(3), meeting.client(4));
    let clients: Vec<BoxFuture<'_, Option<()>>> = vec![
        Box::pin(async {
            leaver.act(rename(&cast.leaver, &cast.new)).await?;
            leaver.act(who()).await.map(|_| ())
        }),
        // The name may be free at the second try only.
        Box::pin(async {
            taker.act(rename(&cast.taker, &cast.old)).await?;
            taker.act(rename(&cast.taker, &cast.old)).await.map(|_| ())
        }),
        Box::pin(async {
            for _ in 0..2 {
                let act = Act::post(Kind::Create, &cast.endpoint, cast.third.clone());
                let act = act.of(&cast.old).showing(Shows::Presence);
                if matches!(newcomer.act(act).await?.status(), Some(200..=299)) {
                    break;
                }
            }
            Some(())
        }),
        Box::pin(async {
            looker.act(who()).await?;
            looker.act(who()).await.map(|_| ())
        }),
    ];
    meeting.meet(clients).await;
}

fn verdict(meeting: &Meeting<'_>, name: &str, judge: impl Fn(&[Op]) -> Found) -> Verdict {
    match (
        checked(meeting, judge, |flaw, ops| said(name, flaw, ops)),
        server_error(meeting),
    ) {
        (Verdict::Held, Some(wrong)) => Verdict::Failed(vec![wrong]),
        (Verdict::Held, None) => {
            let renamed = |op: &Op| op.kind == Kind::Write && op.is_done();
            if meeting.ops().iter().any(renamed) {
                Verdict::Held
            } else {
                Verdict::Unjudged
            }
        }
        (verdict, _) => verdict,
    }
}

/// What is wrong, for people.
fn said(name: &str, flaw: Flaw, ops: &[Op]) -> Said {
    match flaw {
        Flaw::Unseen | Flaw::Unordered => Said {
            requirement: SELECTS,
            at: "/Resources",
            expected: format!("only who has the userName {name} now"),
            actual: "also who has given it up".to_owned(),
        },
        flaw => said_of_names(name, flaw, ops),
    }
}
