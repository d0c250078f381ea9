//! Before the first case: is there a SCIM service provider, does it let us in, what does it offer,
//! can it delete, and how far do reads lag behind writes.
//!
//! At most one user is created, and deleted again.

use std::time::Duration;

use serde_json::Value;

use super::outcome::Reason;
use super::rig::Rig;
use crate::exchange::{Exchange, FailureKind};
use crate::payload::{Change, Fixture, Rendered, build};
use crate::record::Lag;
use crate::scim::capabilities::Capabilities;
use crate::session::{Auth, Call, Content, Intent, Session};

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

/// What discovery found.
#[derive(Debug)]
pub struct Discovered {
    /// What the target says it can do.
    pub capabilities: Capabilities,
    /// What a reader of the verdict must know.
    pub remarks: Vec<String>,
}

/// Reads the discovery documents and one page of users.
///
/// # Errors
/// Where nothing answers, the credential is refused, or what answers is no SCIM.
pub async fn discover(session: &dyn Session) -> Result<Discovered, Refusal> {
    let base = session.base_url();
    let config = session.send(get("/ServiceProviderConfig")).await;
    let mut remarks = Vec::new();
    reached(base, &config)?;
    let users = session.send(page("/Users")).await;
    reached(base, &users)?;
    if is_refused(&users) || (is_refused(&config) && !is_success(&users)) {
        return Err(refused(base, &users));
    }
    if !is_scim(&config) && !is_scim(&users) {
        return Err(no_scim(base, &config));
    }
    let types = session.send(get("/ResourceTypes")).await;
    let schemas = session.send(get("/Schemas")).await;
    for (name, exchange) in [
        ("/ServiceProviderConfig", &config),
        ("/ResourceTypes", &types),
        ("/Schemas", &schemas),
    ] {
        if !is_scim(exchange) {
            remarks.push(format!(
                "{name} gave no SCIM document ({}): what RFC 7643 says stands in for it",
                answer(exchange)
            ));
        }
    }
    let body = |exchange: &Exchange| -> Option<Value> {
        is_success(exchange).then(|| exchange.json().cloned())?
    };
    let (config, types, schemas) = (body(&config), body(&types), body(&schemas));
    let (capabilities, _) = Capabilities::read(config.as_ref(), types.as_ref(), schemas.as_ref());
    Ok(Discovered {
        capabilities,
        remarks,
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
            "preflight could not create a user ({}): whether the target deletes is not known",
            answer(&created)
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
        return Some(format!(
            "the target refuses to delete users ({})",
            answer(&deleted)
        ));
    }
    let gone = |exchange: &Exchange| matches!(exchange.status(), Some(404 | 410));
    match seen(rig, get(path), &gone).await {
        Some(_) => None,
        None => Some("a deleted user can still be read".to_owned()),
    }
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
        intent: Intent::Read,
    }
}

fn page(path: &str) -> Call {
    Call {
        query: vec![("count".to_owned(), "1".to_owned())],
        ..get(path)
    }
}

fn reached(base: &str, exchange: &Exchange) -> Result<(), Refusal> {
    let Some(failure) = &exchange.failure else {
        return Ok(());
    };
    let next = match failure.kind {
        FailureKind::Dns => "check the host name",
        FailureKind::Refused => "check the port and whether the server runs",
        FailureKind::TlsCertificate => {
            "give the authority with --cacert, or --insecure if you know what you do"
        }
        FailureKind::Tls => "check whether the port speaks TLS",
        FailureKind::NotHttp => "check the port and the scheme: does it want https?",
        FailureKind::Interrupted => "run it again",
        _ => "check the address, the network and --timeout",
    };
    Err(Refusal {
        reason: Reason::Unreachable,
        message: format!(
            "cannot reach {base}\n  {}\n  {next}; nothing was tested",
            failure.detail
        ),
    })
}

fn refused(base: &str, exchange: &Exchange) -> Refusal {
    let status = exchange.status().unwrap_or_default();
    let asked = exchange
        .response
        .as_ref()
        .and_then(|response| response.header("www-authenticate"))
        .map_or_else(String::new, |value| format!("; it asks for {value}"));
    let sent = exchange
        .request
        .headers
        .iter()
        .any(|header| header.name.eq_ignore_ascii_case("authorization"));
    let next = if sent {
        "check that the token is for this target, has not expired and may read users"
    } else {
        "no token was sent: set SCIM_TOKEN, or name a source with --token-env or --token-file"
    };
    Refusal {
        reason: Reason::AuthNeverAccepted,
        message: format!(
            "the token was never accepted\n  {base}/Users answered {status}{asked}\n  {next}; nothing was tested"
        ),
    }
}

fn no_scim(base: &str, exchange: &Exchange) -> Refusal {
    let response = exchange.response.as_ref();
    let location = response.and_then(|response| response.header("location"));
    let kind = response.and_then(|response| response.header("content-type"));
    let saw = match (exchange.status(), location, kind) {
        (Some(status @ 300..=399), Some(location), _) => {
            format!("answered {status} and points to {location}; redirects are not followed")
        }
        (Some(status), _, Some(kind)) if kind.contains("html") => {
            format!("answered {status} with an HTML page instead of SCIM")
        }
        (Some(status), _, _) => format!("answered {status} without a SCIM document"),
        (None, _, _) => "gave no answer".to_owned(),
    };
    let last = base.rsplit('/').next().unwrap_or_default();
    let next = if last.eq_ignore_ascii_case("v2") {
        "check the base path"
    } else {
        "the base path is probably missing: many servers have it at /scim/v2, /scim or /v2"
    };
    Refusal {
        reason: Reason::NotScim,
        message: format!(
            "found no SCIM service provider at {base}\n  {base}/ServiceProviderConfig {saw}\n  {next}; nothing was tested"
        ),
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

fn is_refused(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(401 | 403))
}

/// A success with a JSON object, or an Error message of SCIM.
fn is_scim(exchange: &Exchange) -> bool {
    exchange.json().is_some_and(|body| {
        body.is_object() && (is_success(exchange) || member(body, "schemas").is_some())
    })
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

/// A decoded id as one path segment.
fn segment(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
        .replace("%2E", ".")
        .replace("%5F", "_")
        .replace("%7E", "~")
}
