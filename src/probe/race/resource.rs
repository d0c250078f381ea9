//! Resources of a race: drafted from the seed, made for a round, looked at before the rivals come, removed after.

use http::Method;
use serde_json::Value;

use super::history::{Kind, Outcome, Output};
use super::meet::Meeting;
use super::shows::Shows;
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::probe::{Arena, Report};
use crate::scim::resource::member;
use crate::session::segment;

/// The body of a new resource; the same for one seed.
pub(super) fn draft(
    arena: &Arena,
    fixture: &str,
    with: Option<&Value>,
    scope: &mut Scope,
) -> Value {
    let change = Change {
        with: with.and_then(|with| Draft::parse(with).ok()),
        without: Vec::new(),
    };
    Fixture::find(fixture)
        .and_then(|fixture| build(fixture, &change, scope, arena.adaptation()).ok())
        .unwrap_or_default()
}

/// Creates a resource; or the exchange that shows why not.
pub(super) async fn create(arena: &Arena, kind: &str, body: &Value) -> Result<Made, Exchange> {
    let endpoint = arena.endpoint(kind);
    let exchange = arena.send("set-up", Method::POST, &endpoint, body).await;
    let id = exchange
        .json()
        .filter(|_| matches!(exchange.status(), Some(200..=299)))
        .and_then(|body| member(body, "id")?.as_str())
        .map(str::to_owned);
    match id {
        Some(id) => Ok(Made {
            path: format!("{endpoint}/{}", segment(&id)),
            id,
            exchange,
        }),
        None => Err(exchange),
    }
}

/// The report where a resource can't be made.
pub(super) fn no_set_up(exchange: Exchange) -> Report {
    Report::broken(format!("set-up: {}", exchange.said()), Some(exchange))
}

/// What the resource shows before rivals come.
pub(super) async fn before(arena: &Arena, path: &str, shows: Shows) -> Output {
    if let Some(window) = arena.window {
        arena.clock.sleep(window).await;
    }
    let seen = arena.get("set-up", path, &[]).await;
    match seen.status() {
        Some(200) => shows.read(&seen),
        // An answer that is none shows no empty set.
        _ => Output::Nothing,
    }
}

/// Deletes the users that the rivals made.
pub(super) async fn tidy(meeting: &Meeting<'_>) {
    let arena = meeting.arena;
    let endpoint = arena.endpoint("User");
    for op in meeting.ops() {
        if let (Kind::Create, Outcome::Done, Output::Value(Some(id))) =
            (op.kind, op.outcome, &op.output)
        {
            let path = format!("{endpoint}/{}", segment(id));
            arena.delete("tidy", &path).await;
        }
    }
}

/// A resource that was made for a round.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) exchange: Exchange,
}
