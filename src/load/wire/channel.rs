//! HTTP over one open connection: a request out, an answer in, under a deadline and a cap.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::{TrySendError, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;

use super::Endpoint;
use super::alarm::Alarm;
use super::cause::{Broken, Cause};
use super::head::Head;
use super::one::{Line, expired};
use super::socket::Socket;
use crate::client::{Http, Limits};

type Outgoing = http::Request<Full<Bytes>>;

/// A connection that speaks HTTP.
pub(super) enum Channel {
    /// HTTP/1.1.
    One(Box<Line>),
    /// HTTP/2.
    Two(Two),
    /// Whatever the general client makes of it.
    Proxied(reqwest::Client),
}

/// HTTP/2, driven by a task of its own, since a server may want something between two requests.
pub(super) struct Two {
    sender: http2::SendRequest<Full<Bytes>>,
    _driver: Task,
}

/// A task that ends with what it is for.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A complete answer as it came.
pub(super) struct Whole {
    pub(super) head: Head,
    pub(super) body: Bytes,
    pub(super) headers: Instant,
    pub(super) done: Instant,
}

/// No complete answer.
pub(super) struct Lost {
    pub(super) broken: Broken,
    /// Whether any of the request may have gone out.
    pub(super) written: bool,
    /// Whether anything of an answer came.
    pub(super) began: bool,
}

impl Channel {
    /// Opens a connection to an endpoint.
    pub(super) async fn open(endpoint: &Endpoint) -> Result<Self, Broken> {
        if let Some(client) = &endpoint.proxied {
            return Ok(Self::Proxied(client.clone()));
        }
        let socket: Socket = endpoint.open().await?;
        let two = match endpoint.http {
            Http::One => false,
            Http::Two => true,
            Http::Auto => socket.speaks_two(),
        };
        if !two {
            return Ok(Self::One(Box::new(Line::new(socket))));
        }
        let builder = http2::Builder::new(TokioExecutor::new());
        let (sender, driver) = builder
            .handshake(TokioIo::new(socket))
            .await
            .map_err(|error| Broken::of_http(&error))?;
        let driver = tokio::spawn(async move {
            let _ = driver.await;
        });
        Ok(Self::Two(Two {
            sender,
            _driver: Task(driver),
        }))
    }

    /// Whether it can take a request: the server has not closed it, nor sent what nobody asked for.
    pub(super) async fn is_alive(&mut self) -> bool {
        match self {
            Self::One(line) => line.is_alive().await,
            Self::Two(two) => !two.sender.is_closed(),
            Self::Proxied(_) => true,
        }
    }
}

impl Two {
    /// Sends a request and waits for its answer.
    pub(super) async fn exchange(
        &mut self,
        request: http::Request<Bytes>,
        limits: &Limits,
        sent: Instant,
        alarm: &mut Alarm,
    ) -> Result<Whole, Lost> {
        let reply = self.sender.try_send_request(request.map(Full::new));
        let by_headers = (limits.headers, Cause::HeaderTimeout);
        let reply = within(alarm, sent, by_headers, reply).await;
        let lost = |began| {
            move |broken| Lost {
                broken,
                written: true,
                began,
            }
        };
        let answer = reply
            .map_err(lost(false))?
            .map_err(|error| of_send(&error))?;
        let headers = Instant::now();
        let (parts, mut body) = answer.into_parts();
        let collected = collect(&mut body, limits.body);
        let by_total = (limits.total, Cause::TotalTimeout);
        let body = within(alarm, sent, by_total, collected).await;
        Ok(Whole {
            head: Head::map(parts.status.as_u16(), parts.headers),
            body: body.map_err(lost(true))?.map_err(lost(true))?,
            headers,
            done: Instant::now(),
        })
    }
}

/// Waits for a part of an answer, but not beyond the deadline.
pub(super) async fn within<T>(
    alarm: &mut Alarm,
    sent: Instant,
    (limit, cause): (Duration, Cause),
    work: impl Future<Output = T>,
) -> Result<T, Broken> {
    let mut work = std::pin::pin!(work);
    poll_fn(|context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(value));
        }
        let late = alarm.poll(context, sent + limit);
        late.map(|()| Err(expired(limit, cause)))
    })
    .await
}

/// The body, as long as it is not over the cap. A body in one piece is not copied.
async fn collect(body: &mut Incoming, cap: u64) -> Result<Bytes, Broken> {
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        let frame = frame.map_err(|error| Broken::of_http(&error))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if (first.len() + rest.len() + piece.len()) as u64 > cap {
            let detail = format!("the body is over the cap of {cap} bytes");
            return Err(Broken::new(Cause::BodyTooLarge, detail));
        }
        if first.is_empty() {
            first = piece;
        } else {
            rest.extend_from_slice(&piece);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

fn of_send(error: &TrySendError<Outgoing>) -> Lost {
    Lost {
        broken: Broken::of_http(error.error()),
        written: error.message().is_none(),
        began: false,
    }
}
