//! One name for one user, however many ask for it at once.

use http::Method;
use serde_json::{Value, json};

use super::round::{RIVALS, Ran, Rival, Verdict, Wrong, race, rounds, timeline, writes};
use crate::exchange::Exchange;
use crate::payload::{Change, Fixture, Scope, build};
use crate::probe::{Arena, Effort, Probe, Report};
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::session::{BoxFuture, segment};

const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const OURS: &str = "rfc7644-3.12-client-faults-are-no-server-errors";

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
         may succeed; the others are conflicts, and no server error. Where two succeed, both are looked up."
    }

    fn covers(&self) -> &'static [&'static str] {
        &[UNIQUE, OURS]
    }

    fn needs(&self) -> &'static [&'static str] {
        &["rt.User"]
    }

    fn writes(&self, effort: Effort) -> usize {
        writes(effort)
    }

    fn run<'a>(&'a self, arena: &'a Arena) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let endpoint = arena.endpoint("User");
            rounds(arena, UNIQUE, &endpoint, |scope| round(arena, scope)).await
        })
    }
}

async fn round(arena: &Arena, mut scope: Scope) -> (Scope, Verdict) {
    let endpoint = arena.endpoint("User");
    let built = Fixture::find("user/minimal").and_then(|fixture| {
        build(fixture, &Change::default(), &mut scope, arena.adaptation()).ok()
    });
    let body = built.unwrap_or_default();
    let name = member(&body, "userName").and_then(Value::as_str);
    let name = name.unwrap_or_default().to_owned();
    let rivals = (0..RIVALS).map(|number| {
        let mut body = body.clone();
        // An externalId may be unique, too; this race is about the userName.
        if let Some(members) = body.as_object_mut() {
            members.shift_remove("externalId");
            if number == 1 {
                members.insert("userName".to_owned(), json!(name.to_ascii_uppercase()));
            }
        }
        Rival {
            method: Method::POST,
            path: endpoint.clone(),
            headers: Vec::new(),
            word: format!(
                "create {}",
                member(&body, "userName").unwrap_or(&Value::Null)
            ),
            body,
        }
    });
    let ran = race(arena, rivals.collect()).await;
    let made: Vec<String> = ran
        .iter()
        .filter(|one| one.is_done())
        .filter_map(|one| Some(member(one.exchange.json()?, "id")?.as_str()?.to_owned()))
        .collect();
    let verdict = judged(arena, &name, &made, &ran).await;
    for id in made {
        let path = format!("{endpoint}/{}", segment(&id));
        arena.delete("tidy", &path).await;
    }
    (scope, verdict)
}

/// What the rivals were told, and what a filter shows of those who were told 201.
async fn judged(arena: &Arena, name: &str, made: &[String], ran: &[Ran]) -> Verdict {
    let wrong = |requirement, expected: String, actual: String, exchange: Exchange| {
        Verdict::Failed(Wrong {
            requirement,
            at: "response.status",
            expected,
            actual,
            exchange,
            timeline: timeline(ran),
        })
    };
    if made.len() > 1 {
        let filter = format!("userName eq {}", Value::from(name));
        let endpoint = arena.endpoint("User");
        let seen = arena.get("look", &endpoint, &[("filter", &filter)]).await;
        let list = seen.json().and_then(ListView::read);
        let ids = list.iter().flat_map(ListView::ids);
        let found = ids.filter(|id| made.iter().any(|it| it == id)).count();
        let winner = ran.iter().rfind(|one| one.is_done());
        let expected = format!("one of {RIVALS} creates of {name} answered 201");
        let actual = format!("{} of them; a filter finds {found} of these", made.len());
        return wrong(
            UNIQUE,
            expected,
            actual,
            winner.map_or(seen, |one| one.exchange.clone()),
        );
    }
    let broke = |one: &&Ran| matches!(one.exchange.status(), Some(500 | 502..=599));
    match (made.len(), ran.iter().find(broke)) {
        (_, Some(one)) => {
            let expected = "409 to the rivals of a create".to_owned();
            wrong(OURS, expected, one.exchange.said(), one.exchange.clone())
        }
        (1, None) => Verdict::Held,
        _ => Verdict::Unjudged,
    }
}
