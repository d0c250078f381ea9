//! A walk over pages while others come and go: who stands still is met once.

use serde_json::Value;
use tokio::sync::Notify;

use super::history::{Flaw, Found, Kind, Op, pages};
use super::meet::{Act, Client, Meeting};
use super::resource::{Made, create};
use super::round::{Said, Series, Verdict, Wrong, writes};
use super::shows::Shows;
use super::unique_create::{bare, name};
use crate::exchange::Exchange;
use crate::payload::Scope;
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::list::ListView;
use crate::session::BoxFuture;

const BY_CURSOR: &str = "rfc9865-2-cursors-cover-the-result-once";
const DOUBLED: &str = "rfc9865-2-cursor-pages-do-not-overlap";
const BY_INDEX: &str = "rfc7644-3.4.2.4-pages-cover-the-result-once";

/// The tolerance of pages by index, which keep no state.
const MOVING: &str = "D23-moving";

/// Users who go while the walk goes on, and after them users who stand still.
const GOING: usize = 2;
const STANDING: usize = 4;

/// Users on a page.
const COUNT: &str = "2";

/// Most pages of a walk.
const PAGES: usize = 8;

/// Rounds of other races for which there is one here: it takes many requests.
const SHARE: u32 = 10;

/// The race.
pub(in crate::probe) struct Pages;

impl Probe for Pages {
    fn id(&self) -> &'static str {
        "probe.race-pages"
    }

    fn title(&self) -> &'static str {
        "A walk over pages while users come and go meets once whoever stays"
    }

    fn doc(&self) -> &'static str {
        "Creates six users and walks over them by a filter, two on a page, by cursor where the target offers that. \
         After the first page two users that it may have shown are deleted. Whoever was there all the time is met \
         once. A walk by cursor has to; pages by index keep no state, so that what they miss or double is noted, and \
         a warning where the grading is strict. Identity providers take for removed whom a full synchronisation \
         misses."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[BY_INDEX, BY_CURSOR, DOUBLED]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User", "spc.filter"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(rounds(effort), 2 * (GOING + STANDING), 0)
    }

    fn stands_others(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let by_cursor = arena.capabilities.has("spc.pagination.cursor") == Some(true);
            let held = if by_cursor { BY_CURSOR } else { BY_INDEX };
            let series = Series {
                rounds: rounds(arena.effort),
                // The filter finds the users of all rounds.
                abreast: false,
                unjudged: "the target refuses pages of what a filter finds, or shows all on one",
                ..Series::new(arena, arena.scope.clone(), held, "User")
            };
            series
                .run(|meeting, scope| round(meeting, by_cursor, scope))
                .await
        })
    }
}

fn rounds(effort: Effort) -> u32 {
    (effort.rounds / SHARE).max(2)
}

fn round<'a>(
    meeting: Meeting<'a>,
    by_cursor: bool,
    scope: &mut Scope,
) -> impl Future<Output = Verdict> + use<'a> {
    let bodies = [(); GOING + STANDING].map(|()| bare(meeting.arena, scope));
    async move {
        let (arena, meeting) = (meeting.arena, &meeting);
        let mut made: Vec<Made> = Vec::new();
        for body in &bodies {
            match create(arena, "User", body).await {
                Ok(user) => made.push(user),
                Err(exchange) => return Verdict::unset(exchange),
            }
        }
        if let Some(window) = arena.window {
            arena.clock.sleep(window).await;
        }
        let (going, standing) = made.split_at(GOING);
        let filter = format!("userName sw {}", Value::from(beginning(&bodies)));
        let (begun, left) = (Notify::new(), Notify::new());
        let (walker, deleter) = (meeting.client(1), meeting.client(2));
        let endpoint = arena.endpoint("User");
        let walk = async {
            let pause = || async {
                begun.notify_one();
                // In every second round they go for sure before the next page is asked for.
                if meeting.round.is_multiple_of(2) {
                    left.notified().await;
                    left.notify_one();
                }
            };
            let ended = walk(walker, &endpoint, &filter, by_cursor, pause).await;
            begun.notify_one();
            ended
        };
        let leave = async {
            begun.notified().await;
            for user in going {
                deleter.act(Act::delete(&user.path).of(&user.id)).await;
            }
            left.notify_one();
        };
        arena.session.gather(2).await;
        let (ended, ()) = futures_util::future::join(walk, leave).await;
        for user in &made {
            arena.delete("tidy", &user.path).await;
        }
        let standing: Vec<&str> = standing.iter().map(|user| user.id.as_str()).collect();
        if ended.is_none() || is_one_page(&meeting.ops()) {
            return Verdict::Unjudged;
        }
        let Found::Flaws(flaws) = pages(&meeting.ops(), &standing) else {
            return Verdict::Unknown;
        };
        verdict(meeting, &flaws, by_cursor)
    }
}

/// Whether the walk was over before anybody left.
fn is_one_page(ops: &[Op]) -> bool {
    ops.iter().filter(|op| op.kind == Kind::Look).count() < 2
}

/// The whole walk shows what it misses: no page of it can be left out.
fn verdict(meeting: &Meeting<'_>, flaws: &[Flaw], by_cursor: bool) -> Verdict {
    let wrong = flaws.iter().filter_map(|flaw| {
        let wrong = Wrong::shown(meeting, &meeting.ops(), said(*flaw, by_cursor))?;
        Some(if by_cursor {
            wrong
        } else {
            wrong.tolerated(MOVING)
        })
    });
    let wrong: Vec<Wrong> = wrong.collect();
    if wrong.is_empty() {
        Verdict::Held
    } else {
        Verdict::Failed(wrong)
    }
}

/// What all userNames begin with.
fn beginning(bodies: &[Value]) -> String {
    let mut names = bodies.iter().map(name);
    let first = names.next().unwrap_or_default().to_owned();
    names.fold(first, |common, name| {
        let same = common.chars().zip(name.chars()).take_while(|(a, b)| a == b);
        same.map(|(a, _)| a).collect()
    })
}

/// Walks to the end; `None` where a page is refused or the end does not come.
async fn walk<F: Future<Output = ()>>(
    walker: Client<'_>,
    endpoint: &str,
    filter: &str,
    by_cursor: bool,
    pause: impl Fn() -> F,
) -> Option<()> {
    let mut place = if by_cursor {
        String::new()
    } else {
        "1".to_owned()
    };
    for _ in 0..PAGES {
        let name = if by_cursor { "cursor" } else { "startIndex" };
        let act = Act::find(endpoint, filter, Shows::Found);
        let page = walker
            .act(act.with(&[("count", COUNT), (name, &place)]))
            .await?;
        match next(&page, &place, by_cursor) {
            Next::At(following) => place = following,
            Next::End => return Some(()),
            Next::Unreadable => return None,
        }
        pause().await;
    }
    None
}

/// What a page says of the next one.
enum Next {
    At(String),
    /// It was the last one.
    End,
    /// It is no page.
    Unreadable,
}

/// Where the next page begins.
fn next(page: &Exchange, place: &str, by_cursor: bool) -> Next {
    let list = page.json().filter(|_| page.status() == Some(200));
    let Some(list) = list.and_then(ListView::read) else {
        return Next::Unreadable;
    };
    if by_cursor {
        let cursor = list.next_cursor.map(str::to_owned);
        return cursor.map_or(Next::End, Next::At);
    }
    let (Ok(start), Some(total)) = (place.parse::<u64>(), list.total_results) else {
        return Next::Unreadable;
    };
    let following = start + list.resources.len() as u64;
    if following > start && following <= total {
        Next::At(following.to_string())
    } else {
        Next::End
    }
}

/// What is wrong, for people.
fn said(flaw: Flaw, by_cursor: bool) -> Said {
    let requirement = match (by_cursor, flaw) {
        (false, _) => BY_INDEX,
        (true, Flaw::Lost) => BY_CURSOR,
        (true, _) => DOUBLED,
    };
    let actual = match flaw {
        Flaw::Lost => "a walk that misses some of them",
        _ => "a walk that shows some of them twice",
    };
    Said {
        requirement,
        at: "/Resources",
        expected: format!("each of {STANDING} users who stayed, once"),
        actual: actual.to_owned(),
    }
}
