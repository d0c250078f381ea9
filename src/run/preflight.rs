//! Before the first case: is there a SCIM service provider, does it let us in, what does it offer,
//! can it delete, and how far do reads lag behind writes.
//!
//! At most one user is created, and deleted again.

use std::time::Duration;

use serde_json::Value;

use super::outcome::Reason;
use super::rig::Rig;
use crate::exchange::Exchange;
use crate::payload::{Change, Fixture, Rendered, build};
use crate::record::Lag;
use crate::session::discovery::{self, Discovery, Trouble};
use crate::session::{Auth, Call, Content, Intent, Session, Via, segment};

/// Name of the case in exchanges that belong to no case.
pub const CASE: &str = "preflight";

/// How long a read after a write is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a run ends before its first case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// What happened, where, why probably, what next.
    pub message: String,
}

/// Reads the discovery documents, and one page of users to see whether the credential is accepted.
///
/// # Errors
/// Where nothing answers, the credential is refused, or what answers is no SCIM.
pub async fn discover(session: &dyn Session) -> Result<Discovery, Refusal> {
    let found = discovery::discover(session).await;
    if let Some(trouble) = &found.trouble {
        return Err(refusal(
            session.base_url(),
            trouble,
            found.exchanges.first(),
        ));
    }
    let users = session
        .send(Call {
            query: vec![("count".to_owned(), "1".to_owned())],
            ..get("/Users")
        })
        .await;
    if users.status() == Some(401) {
        let detail = "/Users answered 401".to_owned();
        let trouble = Trouble::Unauthorized(detail);
        return Err(refusal(session.base_url(), &trouble, Some(&users)));
    }
    Ok(found)
}

/// What a trouble of discovery means for whoever wanted to use the target.
pub fn refusal(base: &str, trouble: &Trouble, exchange: Option<&Exchange>) -> Refusal {
    let (reason, next) = match trouble {
        Trouble::Unreachable(_) => (
            Reason::Unreachable,
            "check host, port and scheme, and whether the server runs",
        ),
        Trouble::Unusable(_) => (
            Reason::Unreachable,
            "check port and scheme (does it want https?) and --timeout",
        ),
        Trouble::Unauthorized(_) if sent_credential(exchange) => (
            Reason::AuthNeverAccepted,
            "check that the token is for this target, has not expired and may read users",
        ),
        Trouble::Unauthorized(_) => (
            Reason::AuthNeverAccepted,
            "no token was sent: set SCIM_TOKEN, or name a source with --token-env or --token-file",
        ),
        Trouble::NotScim { .. } => (Reason::NotScim, "check the base path of the URL"),
        Trouble::Throttled(_) => (Reason::Throttled, "run it later, or with a lower --max-rps"),
    };
    Refusal {
        reason,
        message: format!("{trouble}\n  target: {base}\n  {next}; nothing was tested"),
    }
}

fn sent_credential(exchange: Option<&Exchange>) -> bool {
    exchange.is_some_and(|exchange| {
        exchange
            .request
            .headers
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case("authorization"))
    })
}

/// What the rehearsal with one user showed.
#[derive(Debug, Default)]
pub struct Rehearsal {
    /// Read-after-write lag.
    pub lag: Lag,
    /// Why write cases must not run, where they must not.
    pub no_delete: Option<String>,
    /// What a reader of the verdict must know.
    pub remarks: Vec<String>,
}

/// Creates one marked user, looks for it by id, filter and list, deletes it and looks again.
pub async fn rehearse(rig: &Rig) -> Rehearsal {
    let mut rehearsal = Rehearsal::default();
    let endpoint = rig.endpoint("User");
    let created = create(rig, &endpoint).await;
    let id = created
        .json()
        .filter(|_| is_success(&created))
        .and_then(|body| member(body, "id"))
        .and_then(Value::as_str);
    let Some(id) = id else {
        rehearsal.remarks.push(format!(
            "preflight could not create a user ({}{}): whether the target deletes is not known",
            answer(&created),
            if is_success(&created) {
                ", without an id"
            } else {
                ""
            }
        ));
        return rehearsal;
    };
    let path = format!("{endpoint}/{}", segment(id));
    let name = created.json().and_then(|body| member(body, "userName"));
    let name = name.and_then(Value::as_str).unwrap_or_default();
    rehearsal.lag.by_id = seen(rig, get(&path), &is_success).await;
    if rig.capabilities.filter.is_some() && !name.is_empty() {
        let mut call = get(&endpoint);
        call.query = vec![(
            "filter".to_owned(),
            format!("userName eq {}", Value::from(name)),
        )];
        rehearsal.lag.by_filter = seen(rig, call, &|exchange| lists(exchange, id)).await;
    }
    let first = rig.session.send(get(&endpoint)).await;
    if fits_a_page(&first) {
        rehearsal.lag.by_list = if lists(&first, id) {
            Some(0)
        } else {
            seen(rig, get(&endpoint), &|exchange| lists(exchange, id)).await
        };
    }
    rehearsal.no_delete = delete(rig, &endpoint, &path, id).await;
    rehearsal
}

async fn create(rig: &Rig, endpoint: &str) -> Exchange {
    let mut scope = rig.scope(CASE);
    let body = Fixture::find("user/minimal")
        .and_then(|fixture| build(fixture, &Change::default(), &mut scope, rig.adaptation()).ok())
        .unwrap_or_default();
    let bytes = Rendered::Json(body).into_bytes();
    let method = http::Method::POST;
    let intent = Intent::of(
        &method,
        endpoint,
        &rig.endpoints(),
        Some(&bytes),
        rig.marker.as_str(),
    );
    rig.session
        .send(Call {
            method,
            intent,
            step: "create".to_owned(),
            body: Some(Content {
                media_type: "application/scim+json".to_owned(),
                bytes: bytes.into(),
            }),
            ..get(endpoint)
        })
        .await
}

/// Deletes the user; says why write cases must not run, where the target does not let go of it.
async fn delete(rig: &Rig, endpoint: &str, path: &str, id: &str) -> Option<String> {
    let deleted = rig
        .session
        .send(Call {
            method: http::Method::DELETE,
            step: "delete".to_owned(),
            intent: Intent::Write {
                endpoint: endpoint.to_owned(),
                id: id.to_owned(),
            },
            ..get(path)
        })
        .await;
    if !is_success(&deleted) {
        let said = answer(&deleted);
        return Some(match deleted.status() {
            Some(_) => format!("the target refuses to delete users ({said})"),
            None => format!("whether the target deletes users is not known ({said})"),
        });
    }
    let gone = |exchange: &Exchange| matches!(exchange.status(), Some(404 | 410));
    if seen(rig, get(path), &gone).await.is_some() {
        return None;
    }
    let last = rig.session.send(get(path)).await;
    Some(match last.status() {
        Some(404 | 410) => return None,
        Some(200..=299) => "a deleted user can still be read".to_owned(),
        _ => format!(
            "whether a deleted user is gone is not known ({})",
            answer(&last)
        ),
    })
}

/// Repeats a read until it shows what it should: after how many milliseconds, if at all.
async fn seen(rig: &Rig, call: Call, shows: &(dyn Fn(&Exchange) -> bool + Sync)) -> Option<u64> {
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_millis(20);
    loop {
        let exchange = rig.session.send(call.clone()).await;
        if shows(&exchange) {
            return u64::try_from(waited.as_millis()).ok();
        }
        let broken =
            exchange.failure.is_some() || matches!(exchange.status(), Some(401 | 403 | 500..));
        if broken || waited >= PATIENCE {
            return None;
        }
        rig.clock.sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

fn get(path: &str) -> Call {
    Call {
        case: CASE.to_owned(),
        step: path.trim_start_matches('/').to_owned(),
        method: http::Method::GET,
        path: path.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        auth: Auth::Main,
        via: Via::default(),
        intent: Intent::Read,
    }
}

fn answer(exchange: &Exchange) -> String {
    match (exchange.status(), &exchange.failure) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    }
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(200..=299))
}

fn lists(exchange: &Exchange, id: &str) -> bool {
    is_success(exchange)
        && exchange
            .json()
            .and_then(|body| member(body, "Resources"))
            .and_then(Value::as_array)
            .is_some_and(|list| {
                list.iter()
                    .any(|one| member(one, "id").and_then(Value::as_str) == Some(id))
            })
}

/// Whether a list shows everything there is on its first page.
fn fits_a_page(exchange: &Exchange) -> bool {
    let number = |name| exchange.json().and_then(|body| member(body, name));
    let total = number("totalResults").and_then(Value::as_u64);
    let here = number("Resources")
        .and_then(Value::as_array)
        .map_or(0, Vec::len) as u64;
    is_success(exchange) && total.is_some_and(|total| total <= here + 1)
}

fn member<'a>(value: &'a Value, wanted: &str) -> Option<&'a Value> {
    value
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
}
