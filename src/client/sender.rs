//! The client: one call in, one exchange out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::bearer::Bearer;
use super::connect::{Phase, Progress};
use super::pace::{Bucket, Gate, REMOTE_RPS, retry_after};
use super::settings::Settings;
use super::stack::{self, ClientError};
use super::{address, record};
use crate::exchange::{Exchange, Failure, FailureKind, Request, Response, Timing};
use crate::redact::Vault;
use crate::session::{Auth, Call, To};

/// How long a throttling answer without `Retry-After` is waited for, doubled each time.
const UNSTATED_WAIT: Duration = Duration::from_secs(1);

/// Most times that a throttled call is sent again.
const MOST_RETRIES: u32 = 20;

/// Carries calls to one target over the network.
#[derive(Debug)]
pub struct Client {
    pub(super) settings: Settings,
    pub(super) vault: Arc<Vault>,
    pub(super) stack: reqwest::Client,
    bucket: Option<Bucket>,
    gate: Gate,
    started: Instant,
    sent: AtomicU64,
    /// The token endpoint; nothing else is sent there.
    pub(super) endpoint: Option<Arc<Client>>,
    /// The gateway, where it has a URL of its own.
    pub(super) gateway: Option<Arc<Client>>,
    /// Where the main credential comes from, unless it is configured.
    pub(super) bearer: Option<Arc<Bearer>>,
}

/// What is about to go out.
pub(super) struct Outgoing {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    pub(super) gzip: bool,
}

/// Trouble with an exchange.
pub(super) struct Trouble(
    pub(super) FailureKind,
    pub(super) String,
    pub(super) Option<u16>,
);

/// A response and when its head and its last byte came.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) retry_after: Option<String>,
    pub(super) headers_us: u64,
}

impl Client {
    /// A client that knows its target alone.
    pub(super) fn alone(
        settings: Settings,
        vault: Arc<Vault>,
        bearer: Option<Arc<Bearer>>,
    ) -> Result<Self, ClientError> {
        let remote = if settings.target.is_loopback() {
            0
        } else {
            REMOTE_RPS
        };
        Ok(Self {
            stack: stack::build(&settings)?,
            bucket: Bucket::of(settings.max_rps.unwrap_or(remote)),
            gate: Gate::new(settings.clock.clone(), settings.throttle_budget),
            started: Instant::now(),
            sent: AtomicU64::new(0),
            endpoint: None,
            gateway: None,
            bearer,
            settings,
            vault,
        })
    }

    /// The vault that holds this client's secrets.
    #[must_use]
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// How long requests were held because the server asked for patience.
    #[must_use]
    pub fn throttled(&self) -> Duration {
        self.gate.spent()
    }

    /// Requests sent so far, repeated ones included.
    #[must_use]
    pub fn sent(&self) -> u64 {
        let beside = [&self.endpoint, &self.gateway];
        let beside: u64 = beside.into_iter().flatten().map(|one| one.sent()).sum();
        self.sent.load(Ordering::Relaxed) + beside
    }

    /// Waits until so many calls can leave at once.
    pub(super) async fn ready(&self, calls: u32) {
        self.gate.pass().await;
        if let Some(bucket) = &self.bucket {
            bucket.gather(calls).await;
        }
    }

    pub(super) async fn exchange(&self, call: Call) -> Exchange {
        let mut throttled = 0;
        let (mut renewed, mut again) = (None, false);
        loop {
            self.gate.pass().await;
            if let Some(bucket) = &self.bucket {
                bucket.take().await;
            }
            let n = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
            let main = match renewed.take() {
                Some(label) => Ok(Some(label)),
                None => self.main(&call).await,
            };
            let label = main.as_ref().ok().cloned().flatten();
            let labelled = self.headers(&call, n, label.as_deref());
            let mut begun = Instant::now();
            let outgoing = main.and_then(|_| self.outgoing(&call, &labelled));
            let (request, mut result) = match outgoing {
                Ok(outgoing) => {
                    let request = self.request(&call, &labelled, &outgoing);
                    let mut progress = Arc::new(Progress::default());
                    let mut result = self.once(&call, &outgoing, &progress).await;
                    if stale(&call, &progress, &result) {
                        begun = Instant::now();
                        progress = Arc::new(Progress::default());
                        result = self.once(&call, &outgoing, &progress).await;
                    }
                    (request, result)
                }
                Err(why) => {
                    let url = format!("{}{}", self.settings.target.base(), call.path);
                    let limit = self.settings.limits.evidence;
                    let request = record::request(&self.vault, &call, &url, &labelled, None, limit);
                    (request, Err(Trouble(FailureKind::Other, why, None)))
                }
            };
            if let Ok(answer) = &result
                && let Some(delay) = self.patience(answer, throttled)
            {
                if throttled < MOST_RETRIES && self.gate.close(delay) {
                    throttled += 1;
                    continue;
                }
                result = Err(out_of_patience(answer, delay));
            }
            if let (Ok(answer), Some(label)) = (&result, &label)
                && !again
                && let Some(other) = self.renewed(label, answer.response.status).await
            {
                again = true;
                renewed = Some(other);
                continue;
            }
            return self.finish(call, request, result, begun);
        }
    }

    /// Label of the main credential, where the call carries it.
    async fn main(&self, call: &Call) -> Result<Option<String>, String> {
        match (&call.auth, &self.bearer) {
            (Auth::Main, Some(bearer)) => bearer.label().await.map(Some),
            (Auth::Main, None) => Ok(self.settings.token.clone()),
            _ => Ok(None),
        }
    }

    /// Label of another token, where the one that a call was sent with is over.
    async fn renewed(&self, label: &str, status: u16) -> Option<String> {
        self.bearer.as_ref()?.answered(label, status).await
    }

    pub(super) fn finish(
        &self,
        call: Call,
        request: Request,
        result: Result<Answer, Trouble>,
        begun: Instant,
    ) -> Exchange {
        let total_us = micros(begun.elapsed());
        let (response, failure, headers_us) = match result {
            Ok(answer) => (Some(answer.response), None, answer.headers_us),
            Err(Trouble(kind, detail, status)) => {
                let detail = self.vault.redact_text(&detail).into_owned();
                let failure = Failure {
                    kind,
                    detail,
                    status,
                };
                (None, Some(failure), 0)
            }
        };
        Exchange {
            n: 0,
            case: call.case,
            step: call.step,
            request,
            response,
            failure,
            timing: Timing {
                started_us: micros(begun.saturating_duration_since(self.started)),
                headers_us,
                total_us,
            },
        }
    }

    /// How long to wait before the call may be sent again; none where the answer counts.
    fn patience(&self, answer: &Answer, before: u32) -> Option<Duration> {
        let asked = retry_after(answer.retry_after.as_deref(), self.settings.clock.now());
        match answer.response.status {
            429 => Some(asked.unwrap_or(UNSTATED_WAIT * 2_u32.saturating_pow(before.min(6)))),
            503 => asked,
            _ => None,
        }
    }

    fn request(&self, call: &Call, labelled: &[(String, String)], outgoing: &Outgoing) -> Request {
        record::request(
            &self.vault,
            call,
            outgoing.url.as_str(),
            labelled,
            outgoing.body.as_ref(),
            self.settings.limits.evidence,
        )
    }

    /// Header fields with labels in them, in the order of sending.
    fn headers(&self, call: &Call, n: u64, main: Option<&str>) -> Vec<(String, String)> {
        let run = &self.settings.run_id;
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let accept = match call.via.to {
            To::TokenEndpoint => "application/json",
            _ => "application/scim+json",
        };
        let mut all = vec![own("Accept", accept), own("Accept-Encoding", "gzip")];
        let bearer = |label: &str| format!("Bearer {label}");
        let credential = match &call.auth {
            Auth::Main => main.map(bearer),
            Auth::Second => self.settings.second.as_deref().map(bearer),
            Auth::None => None,
            Auth::Header(value) => Some(value.clone()),
        };
        all.extend(credential.map(|value| ("Authorization".to_owned(), value)));
        let version = env!("CARGO_PKG_VERSION");
        all.push(own(
            "User-Agent",
            &format!("scimitar/{version} (run {run})"),
        ));
        all.push(own("X-Request-Id", &format!("{run}-{n}")));
        if let Some(content) = call
            .body
            .as_ref()
            .filter(|body| !body.media_type.is_empty())
        {
            all.push(own("Content-Type", &content.media_type));
        }
        for more in [&self.settings.headers, &call.headers] {
            all.retain(|(name, _)| !more.iter().any(|(new, _)| new.eq_ignore_ascii_case(name)));
            all.extend(more.iter().cloned());
        }
        all
    }

    /// Puts secrets in the place of their labels. From here on nothing may be recorded.
    fn outgoing(&self, call: &Call, labelled: &[(String, String)]) -> Result<Outgoing, String> {
        let url = address::build(&self.settings.target, &self.vault, &call.path, &call.query)?;
        let mut headers = HeaderMap::new();
        for (name, value) in labelled {
            let field = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("'{name}' is no name of a header field"))?;
            let revealed = self.vault.reveal(value);
            let mut sent = HeaderValue::from_bytes(revealed.as_bytes())
                .map_err(|_| format!("the header field {name} can't hold this value"))?;
            sent.set_sensitive(field == http::header::AUTHORIZATION || *revealed != **value);
            headers.append(field, sent);
        }
        let gzip = labelled.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("accept-encoding")
                && (value.contains("gzip") || value.contains('*'))
        });
        Ok(Outgoing {
            url,
            headers,
            body: call
                .body
                .as_ref()
                .map(|content| self.vault.reveal_body(&content.media_type, &content.bytes)),
            gzip,
        })
    }
}

/// Whether a pooled connection was closed under a request that changes nothing: the server never
/// saw it, or it does not matter that it did.
fn stale(call: &Call, progress: &Progress, result: &Result<Answer, Trouble>) -> bool {
    let safe = call.method.is_safe();
    let reused = matches!(progress.phase(), Phase::Reused);
    let closed = matches!(
        result,
        Err(Trouble(
            FailureKind::Reset | FailureKind::Truncated,
            _,
            None
        ))
    );
    safe && reused && closed
}

fn out_of_patience(answer: &Answer, delay: Duration) -> Trouble {
    let status = answer.response.status;
    let detail = format!(
        "the server answers {status} and asks to wait {} s, beyond what the run may wait",
        delay.as_secs()
    );
    Trouble(FailureKind::Throttled, detail, Some(status))
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
