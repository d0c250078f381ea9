//! The proxy: passes a client's requests on to the target, and keeps what was said.
//!
//! What is kept is as it came, secrets and all: in memory alone, never shown and never written.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;

use crate::client::{ForwardError, Forwarder};
use crate::exchange::FailureKind;
use crate::scim::urn;

/// How long a client may take for the head of a request, and again for its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long requests under way may take after the end.
const GRACE: Duration = Duration::from_secs(5);

/// Connections at the same time.
const CONNECTIONS: usize = 128;

/// What a recording may hold.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Requests; the recording ends with the last of them.
    pub requests: usize,
    /// Bytes of all bodies; the recording ends where they are reached.
    pub bytes: usize,
    /// Bytes of one body; a larger one is not passed on.
    pub body: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            requests: 500,
            bytes: 64 * 1024 * 1024,
            body: 16 * 1024 * 1024,
        }
    }
}

/// One request and what became of it, as they came. Full of secrets.
pub struct Turn {
    /// Method.
    pub method: Method,
    /// Path and query, byte for byte.
    pub target: String,
    /// Header fields of the request.
    pub headers: HeaderMap,
    /// Body of the request.
    pub body: Bytes,
    /// The answer, or why there is none.
    pub answer: Result<Answer, ForwardError>,
}

/// An answer as it came.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header fields.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// What was recorded.
#[derive(Default)]
pub struct Recording {
    /// Requests in the order in which they came.
    pub turns: Vec<Turn>,
    /// Requests whose answer had not come at the end.
    pub unanswered: usize,
}

/// Is told of each request once it is answered: its number, the method, the path and the status.
pub type Told = Box<dyn Fn(usize, &Method, &str, Result<u16, &ForwardError>) + Send + Sync>;

/// A proxy in front of one target.
pub struct Proxy {
    forwarder: Forwarder,
    bounds: Bounds,
    tape: Mutex<Tape>,
    full: Notify,
    told: Told,
}

#[derive(Default)]
struct Tape {
    turns: Vec<Option<Turn>>,
    bytes: usize,
}

impl Proxy {
    /// A proxy that has heard nothing yet.
    #[must_use]
    pub fn new(forwarder: Forwarder, bounds: Bounds, told: Told) -> Arc<Self> {
        Arc::new(Self {
            forwarder,
            bounds,
            tape: Mutex::default(),
            full: Notify::new(),
            told,
        })
    }

    /// Serves until `stop` is ready or the bounds are reached; requests under way may end.
    ///
    /// # Errors
    /// Where the listener can't accept any more and nothing was recorded.
    pub async fn run(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send,
    ) -> std::io::Result<Recording> {
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut stop = pin!(stop);
        let mut broken = None;
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                break;
            };
            let stream = tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) if is_passing(&error) => continue,
                    Err(error) => {
                        broken = Some(error);
                        break;
                    }
                },
                () = &mut stop => break,
                () = self.full.notified() => break,
            };
            let serving = graceful.watch(connection(Arc::clone(&self), stream));
            tokio::spawn(async move {
                // A connection that breaks is the client's affair.
                let _ = serving.await;
                drop(place);
            });
        }
        drop(listener);
        let _ = timeout(GRACE, graceful.shutdown()).await;
        let recording = self.taken();
        match broken {
            Some(error) if recording.turns.is_empty() => Err(error),
            _ => Ok(recording),
        }
    }

    fn taken(&self) -> Recording {
        let turns = std::mem::take(&mut self.tape().turns);
        let all = turns.len();
        let turns: Vec<Turn> = turns.into_iter().flatten().collect();
        Recording {
            unanswered: all - turns.len(),
            turns,
        }
    }

    fn tape(&self) -> std::sync::MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() == Method::CONNECT {
            return refusal(StatusCode::NOT_IMPLEMENTED, "CONNECT is not passed on");
        }
        let (mut parts, body) = request.into_parts();
        let body = Limited::new(body, self.bounds.body).collect();
        let body = match timeout(PATIENCE, body).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return refusal(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the body is too long to be recorded",
                );
            }
            Ok(Err(_)) => return refusal(StatusCode::BAD_REQUEST, "the body broke off"),
            Err(_) => return refusal(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"),
        };
        let Some(target) = parts.uri.path_and_query().cloned() else {
            return refusal(StatusCode::BAD_REQUEST, "the request names no path");
        };
        // Whatever origin the request named: it goes to the target.
        parts.uri = Uri::from(target.clone());
        let Some(slot) = self.reserve() else {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "the recording has ended");
        };
        // In a task of its own: a client that hangs up takes nothing back that was sent.
        let passed = tokio::spawn(self.pass(
            slot,
            target.as_str().to_owned(),
            Request::from_parts(parts, body),
        ));
        passed
            .await
            .unwrap_or_else(|_| refusal(StatusCode::BAD_GATEWAY, "the request was lost"))
    }

    async fn pass(
        self: Arc<Self>,
        slot: usize,
        target: String,
        request: Request<Bytes>,
    ) -> Response<Full<Bytes>> {
        let (method, headers, body) = (
            request.method().clone(),
            request.headers().clone(),
            request.body().clone(),
        );
        let passed = self.forwarder.pass(request).await;
        let status = passed.as_ref().map(|answer| answer.status().as_u16());
        (self.told)(slot + 1, &method, &target, status);
        let (reply, answer) = match passed {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let kept = Answer {
                    status: parts.status.as_u16(),
                    headers: parts.headers.clone(),
                    body: body.clone(),
                };
                (Response::from_parts(parts, Full::new(body)), Ok(kept))
            }
            Err(error) => {
                let late = matches!(
                    error.kind,
                    FailureKind::TotalTimeout | FailureKind::ConnectTimeout
                );
                let status = if late {
                    StatusCode::GATEWAY_TIMEOUT
                } else {
                    StatusCode::BAD_GATEWAY
                };
                (refusal(status, &error.detail), Err(error))
            }
        };
        self.keep(
            slot,
            Turn {
                method,
                target,
                headers,
                body,
                answer,
            },
        );
        reply
    }

    /// A place on the tape; none once the recording is full.
    fn reserve(&self) -> Option<usize> {
        let mut tape = self.tape();
        if tape.turns.len() >= self.bounds.requests || tape.bytes >= self.bounds.bytes {
            return None;
        }
        tape.turns.push(None);
        Some(tape.turns.len() - 1)
    }

    fn keep(&self, slot: usize, turn: Turn) {
        let mut tape = self.tape();
        tape.bytes += turn.body.len() + turn.answer.as_ref().map_or(0, |answer| answer.body.len());
        if let Some(place) = tape.turns.get_mut(slot) {
            *place = Some(turn);
        }
        let whole =
            tape.turns.len() >= self.bounds.requests && tape.turns.iter().all(Option::is_some);
        if whole || tape.bytes >= self.bounds.bytes {
            self.full.notify_one();
        }
    }
}

/// A connection of the client, not yet begun.
fn connection(
    proxy: Arc<Proxy>,
    stream: TcpStream,
) -> hyper::server::conn::http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<Full<Bytes>>,
        Error = Infallible,
        Future: Send,
    >,
> {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request| {
        let proxy = Arc::clone(&proxy);
        async move { Ok(proxy.answer(request).await) }
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
}

/// An answer of the proxy itself, in the form of SCIM errors.
fn refusal(status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    let body = serde_json::json!({
        "schemas": [urn::ERROR],
        "status": status.as_u16().to_string(),
        "detail": format!("scimitar record: {why}"),
    });
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let media_type = http::HeaderValue::from_static("application/scim+json");
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}

/// Whether an error of `accept` concerns one connection only.
fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}
