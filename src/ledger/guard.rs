//! The write guard: a session that lets pass what can only touch our own resources.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use percent_encoding::percent_decode_str;

use super::adopt::{self, Reading};
use super::book::Fate;
use super::find;
use super::journal::Ledger;
use crate::exchange::{Body, Exchange, Failure, FailureKind, Header, Request, Timing};
use crate::session::{Auth, BoxFuture, Call, Intent, Session, To, segment};

/// What the user allows beyond writes to our own resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The target is the embedded provider: nothing in it is anybody's.
    pub embedded: bool,
    /// Only reads pass.
    pub read_only: bool,
    /// From 2 on, writes to discovery endpoints pass.
    pub probe_level: u8,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            embedded: false,
            read_only: false,
            probe_level: 1,
        }
    }
}

/// A session over a session. Creates are journalled before they are sent, their ids adopted from
/// the answers; writes pass only for ids that are ours, that we deleted, or that were minted at
/// random. A refused call becomes an exchange that failed as [`FailureKind::Guarded`].
pub struct Guard {
    pub(super) inner: Arc<dyn Session>,
    pub(super) ledger: Arc<Ledger>,
    policy: Policy,
    minted: Mutex<HashSet<String>>,
}

/// A create that was journalled.
pub(super) struct Pending {
    pub(super) n: u64,
    pub(super) endpoint: String,
    pub(super) marker: String,
}

impl Guard {
    /// A guard over a session.
    #[must_use]
    pub fn new(inner: Arc<dyn Session>, ledger: Arc<Ledger>, policy: Policy) -> Self {
        Self {
            inner,
            ledger,
            policy,
            minted: Mutex::default(),
        }
    }

    /// Lets writes pass to an id (or to an endpoint's name) that the run made up at random, so
    /// that nothing of this name can be anybody's. Gives it back.
    pub fn mint(&self, id: &str) -> String {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        minted.insert(id.to_owned());
        id.to_owned()
    }

    /// Takes a resource as ours whose create carried no marker: for a case that compared the list
    /// before and after.
    pub fn adopt(&self, endpoint: &str, id: &str) {
        let open = self.ledger.unresolved().into_iter().find(|open| {
            open.endpoint == endpoint && open.claimed.as_deref().is_none_or(|claimed| claimed == id)
        });
        match open {
            Some(open) => self.ledger.created(open.n, id),
            None => self.ledger.own(endpoint, vec![id.to_owned()]),
        }
    }

    /// The ledger that it writes to.
    #[must_use]
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    async fn carry(&self, call: Call) -> Exchange {
        if let Err(why) = self.admit(&call) {
            return refused(self.inner.base_url(), call, why);
        }
        match call.intent.clone() {
            Intent::Read | Intent::Method => self.inner.send(call).await,
            Intent::Create { endpoint, marker } => self.create(call, endpoint, marker).await,
            Intent::Write { endpoint, id } => self.write(call, &endpoint, &id).await,
            Intent::Bulk(operations) => self.bulk(call, operations).await,
        }
    }

    /// Whether a call may be sent; why not.
    fn admit(&self, call: &Call) -> Result<(), String> {
        if call.via.to == To::TokenEndpoint {
            // A token is no resource: nothing of it is left behind.
            return match call.intent {
                Intent::Read => Ok(()),
                _ => Err("a token endpoint holds no resources".to_owned()),
            };
        }
        if call.intent == Intent::Read {
            let search = call.method == Method::POST && call.path.ends_with("/.search");
            return if call.method.is_safe() || search {
                Ok(())
            } else {
                Err(format!("{} is no read", call.method))
            };
        }
        if self.policy.read_only {
            return Err("the run is read-only".to_owned());
        }
        match &call.intent {
            Intent::Create { endpoint, .. } => {
                let path = call.path.trim_end_matches('/');
                if call.method == Method::POST && path.eq_ignore_ascii_case(endpoint) {
                    Ok(())
                } else {
                    Err(format!(
                        "{} {} is no create at {endpoint}",
                        call.method, call.path
                    ))
                }
            }
            Intent::Write { endpoint, id } => {
                if ends_with_id(&call.path, id) {
                    self.may_write(endpoint, id)
                } else {
                    Err(format!("{} does not address the id {id}", call.path))
                }
            }
            Intent::Bulk(operations) => operations.iter().try_for_each(|one| match one {
                Intent::Write { id, .. } if id.starts_with("bulkId:") => Ok(()),
                Intent::Write { endpoint, id } => self.may_write(endpoint, id),
                Intent::Create { .. } | Intent::Read => Ok(()),
                _ if self.policy.embedded => Ok(()),
                _ => Err("an operation of the bulk request may touch what is not ours".to_owned()),
            }),
            _ => self.may_try_method(&call.path),
        }
    }

    fn may_write(&self, endpoint: &str, id: &str) -> Result<(), String> {
        if self.ledger.fate(endpoint, id).is_some() || self.is_minted(id) {
            return Ok(());
        }
        Err(format!("{endpoint}/{id} was not created by this run"))
    }

    fn may_try_method(&self, path: &str) -> Result<(), String> {
        if self.policy.embedded {
            return Ok(());
        }
        let segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let [first, rest @ ..] = segments.as_slice() else {
            return Err("a write at the base URL may touch everything".to_owned());
        };
        let discovery = ["serviceproviderconfig", "resourcetypes", "schemas"];
        if discovery.contains(&first.to_ascii_lowercase().as_str()) {
            return if self.policy.probe_level >= 2 {
                Ok(())
            } else {
                Err("writes to discovery endpoints need --probe-level 2".to_owned())
            };
        }
        let ours = |id: &String| {
            self.is_minted(id) || self.ledger.fate(&format!("/{first}"), id).is_some()
        };
        match rest {
            [id, ..] if ours(id) => Ok(()),
            _ if self.is_minted(first) => Ok(()),
            _ => Err(format!("a write at {path} may touch what is not ours")),
        }
    }

    fn is_minted(&self, id: &str) -> bool {
        let minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        minted.contains(id)
    }

    async fn create(&self, call: Call, endpoint: String, marker: String) -> Exchange {
        // Without a marker, only what was not there before can be ours.
        let before = if marker.is_empty() && !self.policy.embedded {
            find::ids(&*self.inner, &endpoint).await
        } else {
            None
        };
        let n = match self.ledger.intend(&[(&endpoint, &marker)]).await {
            Ok(numbers) => numbers.first().copied().unwrap_or_default(),
            Err(error) => return self.unwritten(call, &error),
        };
        let (case, auth) = (call.case.clone(), call.auth.clone());
        let exchange = self.inner.send(call).await;
        let pending = Pending {
            n,
            endpoint,
            marker,
        };
        let reading = match adopt::read(&exchange, &pending.endpoint, &pending.marker) {
            Reading::Claimed(id) if before.is_some_and(|before| !before.contains(&id)) => {
                Reading::Ours(id)
            }
            reading => reading,
        };
        self.settle(&pending, reading, &case, &auth).await;
        exchange
    }

    async fn write(&self, call: Call, endpoint: &str, id: &str) -> Exchange {
        let method = call.method.clone();
        let standing = self.ledger.fate(endpoint, id) == Some(Fate::Live);
        if !standing && method == Method::PUT {
            // A lenient server may create what it does not find.
            self.ledger.own(endpoint, vec![id.to_owned()]);
        }
        let exchange = self.inner.send(call).await;
        let status = exchange.status().unwrap_or_default();
        match status {
            200..=299 if method == Method::DELETE => self.ledger.deleted(endpoint, id),
            200..=299 if !standing && method != Method::PUT => {
                self.ledger.own(endpoint, vec![id.to_owned()]);
            }
            400..=499 if !standing && method == Method::PUT => self.ledger.gone(endpoint, id),
            _ => {}
        }
        exchange
    }

    /// Enters what a create did. An id without our marker on it is looked at before it counts as
    /// ours: a server may answer with somebody else's.
    pub(super) async fn settle(
        &self,
        pending: &Pending,
        reading: Reading,
        case: &str,
        auth: &Auth,
    ) {
        let n = pending.n;
        match reading {
            Reading::Ours(id) => self.ledger.created(n, &id),
            Reading::Claimed(id) if self.policy.embedded => self.ledger.created(n, &id),
            Reading::Claimed(id) => {
                if self.shows_marker(pending, &id, case, auth).await {
                    self.ledger.created(n, &id);
                } else {
                    let why = "the answer names an id that does not carry our marker";
                    self.ledger.unknown(n, why, Some(&id));
                }
            }
            Reading::Failed(why) => self.ledger.failed(n, &why),
            Reading::Unknown(why) => self.ledger.unknown(n, &why, None),
        }
    }

    async fn shows_marker(&self, pending: &Pending, id: &str, case: &str, auth: &Auth) -> bool {
        if pending.marker.is_empty() {
            return false;
        }
        let read = read_call(case, &pending.endpoint, id, auth);
        let exchange = self.inner.send(read).await;
        exchange.status() == Some(200) && adopt::carries(exchange.json(), &pending.marker)
    }

    pub(super) fn unwritten(&self, call: Call, error: &std::io::Error) -> Exchange {
        let why = format!("the journal can't be written: {error}");
        refused(self.inner.base_url(), call, why)
    }
}

impl Session for Guard {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(self.carry(call))
    }

    fn base_url(&self) -> &str {
        self.inner.base_url()
    }

    fn gather(&self, calls: u32) -> BoxFuture<'_, ()> {
        self.inner.gather(calls)
    }
}

/// A read of one resource.
pub(super) fn read_call(case: &str, endpoint: &str, id: &str, auth: &Auth) -> Call {
    let path = format!("{endpoint}/{}", segment(id));
    Call {
        auth: auth.clone(),
        ..Call::read(case, "look before taking it as ours", &path)
    }
}

fn ends_with_id(path: &str, id: &str) -> bool {
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy() == id
}

/// The exchange of a call that was not sent. It carries no body: that may hold what only the
/// client may redact.
fn refused(base: &str, call: Call, why: String) -> Exchange {
    let header = |(name, value): (String, String)| Header { name, value };
    Exchange {
        n: 0,
        case: call.case,
        step: call.step,
        request: Request {
            method: call.method.as_str().to_owned(),
            url: format!("{base}{}", call.path),
            path: call.path,
            query: call.query,
            headers: call.headers.into_iter().map(header).collect(),
            body: call.body.map(|content| Body {
                length: content.bytes.len() as u64,
                truncated: true,
                ..Body::default()
            }),
        },
        response: None,
        failure: Some(Failure {
            kind: FailureKind::Guarded,
            detail: why,
            status: None,
        }),
        timing: Timing::default(),
    }
}
