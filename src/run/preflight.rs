//! Before the first case: is there a SCIM service provider, does it let us in, what does it offer,
//! can it delete, and how far do reads lag behind writes.
//!
//! At most one user is created, and deleted again.

use serde_json::Value;

use super::lag::{self, Behind, LITTLE, Looks, PATIENCE, get, later};
use super::outcome::Reason;
use super::rig::Rig;
use crate::exchange::Exchange;
use crate::payload::{Change, Fixture, Rendered, build};
use crate::record::Lag;
use crate::scim::resource::member;
use crate::session::discovery::{self, Discovery, Trouble};
use crate::session::{Call, Content, Intent, Session, segment};

/// Name of the case in exchanges that belong to no case.
pub const CASE: &str = "preflight";

/// What a lag comes after, as its finding says.
const CHANGE: &str = "a change";

/// How often the user is changed.
const TURNS: u32 = 3;

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
    /// Read-after-write lag: the longest of each kind of read.
    pub lag: Lag,
    /// Which reads lagged after what.
    pub(super) behind: Vec<Behind>,
    /// Why write cases must not run, where they must not.
    pub no_delete: Option<String>,
    /// What a reader of the verdict must know.
    pub remarks: Vec<String>,
}

impl Rehearsal {
    fn add(&mut self, after: &'static str, lag: Lag) {
        self.lag = later(self.lag, lag);
        self.behind.extend(lag::behind(after, lag));
    }
}

/// Creates one marked user, changes and deletes it, and looks for it by id, filter and list after each.
pub async fn rehearse(rig: &Rig) -> Rehearsal {
    let mut rehearsal = Rehearsal::default();
    let endpoint = rig.endpoint("User");
    let (created, body) = create(rig, &endpoint, CASE).await;
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
    let name = created.json().and_then(|body| member(body, "userName"));
    let looks = Looks {
        rig,
        endpoint: &endpoint,
        path: &format!("{endpoint}/{}", segment(id)),
        id,
        name: name.and_then(Value::as_str).unwrap_or_default(),
        body: &body,
    };
    rehearsal.add("a create", looks.created().await);
    rehearsal.add(CHANGE, looks.changed(TURNS, PATIENCE).await);
    rehearsal.no_delete = delete(&looks, &mut rehearsal).await;
    rehearsal
}

async fn create(rig: &Rig, endpoint: &str, name: &str) -> (Exchange, Value) {
    let mut scope = rig.scope(name);
    let body = Fixture::find("user/minimal")
        .and_then(|fixture| build(fixture, &Change::default(), &mut scope, rig.adaptation()).ok())
        .unwrap_or_default();
    let bytes = Rendered::Json(body.clone()).into_bytes();
    let method = http::Method::POST;
    let intent = Intent::of(
        &method,
        endpoint,
        &rig.endpoints(),
        Some(&bytes),
        rig.marker.as_str(),
    );
    let call = Call {
        method,
        intent,
        step: "create".to_owned(),
        body: Some(Content {
            media_type: "application/scim+json".to_owned(),
            bytes: bytes.into(),
        }),
        ..get(endpoint)
    };
    (rig.session.send(call).await, body)
}

/// Which reads lag behind changes after all, although none was seen to before: looked for once more where a probe found
/// something wrong, on a user named after it.
pub(super) async fn lags(rig: &Rig, probe: &str) -> Vec<Behind> {
    let endpoint = rig.endpoint("User");
    let (created, body) = create(rig, &endpoint, &format!("{CASE}.{probe}")).await;
    let text = |name| {
        let user = created.json().filter(|_| is_success(&created));
        user.and_then(|user| member(user, name)?.as_str())
    };
    let Some(id) = text("id") else {
        return Vec::new();
    };
    let looks = Looks {
        rig,
        endpoint: &endpoint,
        path: &format!("{endpoint}/{}", segment(id)),
        id,
        name: text("userName").unwrap_or_default(),
        body: &body,
    };
    let lag = looks.changed(2 * TURNS, LITTLE).await;
    rig.session.send(deletion(&looks)).await;
    lag::behind(CHANGE, lag).collect()
}

/// Deletes the user; says why write cases must not run, where the target does not let go of it.
async fn delete(looks: &Looks<'_>, rehearsal: &mut Rehearsal) -> Option<String> {
    let deleted = looks.rig.session.send(deletion(looks)).await;
    if !is_success(&deleted) {
        let said = answer(&deleted);
        return Some(match deleted.status() {
            Some(_) => format!("the target refuses to delete users ({said})"),
            None => format!("whether the target deletes users is not known ({said})"),
        });
    }
    let lag = looks.deleted().await;
    rehearsal.add("a deletion", lag);
    match lag.by_id {
        Some(_) => None,
        None => looks.still_there().await,
    }
}

fn deletion(looks: &Looks<'_>) -> Call {
    Call {
        method: http::Method::DELETE,
        step: "delete".to_owned(),
        intent: Intent::Write {
            endpoint: looks.endpoint.to_owned(),
            id: looks.id.to_owned(),
        },
        ..get(looks.path)
    }
}

pub(super) fn answer(exchange: &Exchange) -> String {
    match (exchange.status(), &exchange.failure) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    }
}

pub(super) fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(200..=299))
}
