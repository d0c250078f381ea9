//! HTTP/1.1 over one open connection, with a reader of its own on httparse.
//!
//! Written for load: a request is one write, an answer mostly one read, a body in one piece is not
//! copied, and no other task is woken. Strict about framing: whatever two readers could understand
//! in two ways ends the connection, and so does a byte more than the answer has.

use std::future::{Future as _, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWrite as _};

use super::alarm::Alarm;
use super::cause::{Broken, Cause};
use super::channel::{Lost, Whole};
use super::reading::{Read, Reading};
use super::socket::Socket;
use crate::client::Limits;

/// Bytes that a read has room for.
const ROOM: usize = 8 << 10;

/// A connection that speaks HTTP/1.1.
pub(super) struct Line {
    socket: Socket,
    /// The request under way, head and body.
    pub(super) out: BytesMut,
    /// What came and was not yet taken.
    came: BytesMut,
    /// Whether it can carry another request.
    reusable: bool,
}

impl Line {
    pub(super) fn new(socket: Socket) -> Self {
        Self {
            socket,
            out: BytesMut::with_capacity(1 << 10),
            came: BytesMut::with_capacity(ROOM),
            reusable: true,
        }
    }

    /// Whether it can take a request: the server has not closed it, nor sent what nobody asked for.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.reusable
            && self.came.is_empty()
            && poll_fn(|context| {
                // Whatever is ready between two answers is an end or a surplus.
                Poll::Ready(self.read(context).is_pending())
            })
            .await
    }

    /// Sends what is in `out` and waits for the answer.
    pub(super) async fn exchange(
        &mut self,
        is_head: bool,
        limits: &Limits,
        sent: Instant,
        alarm: &mut Alarm,
    ) -> Result<Whole, Lost> {
        self.reusable = false;
        let mut reading = Reading::new(is_head, limits.body);
        let mut write_error = None;
        let total = self.out.len();
        let done = poll_fn(|context| {
            self.write(context, &mut write_error);
            loop {
                match reading.advance(&mut self.came) {
                    Ok(Some(read)) => return Poll::Ready(Ok(read)),
                    Ok(None) => {}
                    Err(broken) => return Poll::Ready(Err(broken)),
                }
                match self.read(context) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(reading.end(&mut self.came)),
                    Poll::Ready(Ok(_)) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(Broken::of_io(&error))),
                    Poll::Pending => break,
                }
            }
            let (limit, cause) = limit(&reading, limits);
            ready!(alarm.poll(context, sent + limit));
            Poll::Ready(Err(expired(limit, cause)))
        });
        let done = done.await;
        let written = self.out.len() < total;
        let complete = self.out.is_empty();
        self.out.clear();
        let Read { head, body, again } = done.map_err(|broken| Lost {
            broken: first_cause(broken, write_error, reading.began()),
            written,
            began: reading.began(),
        })?;
        self.reusable = again && complete && self.came.is_empty();
        Ok(Whole {
            head,
            body,
            headers: reading.head_at(),
            done: Instant::now(),
        })
    }

    /// Writes as much as goes. Trouble is kept for later: a server may answer before it reads all.
    fn write(&mut self, context: &mut Context<'_>, trouble: &mut Option<io::Error>) {
        while !self.out.is_empty() && trouble.is_none() {
            match Pin::new(&mut self.socket).poll_write(context, &self.out) {
                Poll::Ready(Ok(0)) => *trouble = Some(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(written)) => self.out.advance(written),
                Poll::Ready(Err(error)) => *trouble = Some(error),
                Poll::Pending => return,
            }
        }
        if trouble.is_none()
            && let Poll::Ready(Err(error)) = Pin::new(&mut self.socket).poll_flush(context)
        {
            *trouble = Some(error);
        }
    }

    /// Reads what is there; 0 bytes at the end.
    fn read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.came.reserve(ROOM);
        pin!(self.socket.read_buf(&mut self.came)).poll(context)
    }
}

/// The limit that a request under way has to keep.
fn limit(reading: &Reading, limits: &Limits) -> (Duration, Cause) {
    if reading.has_head() {
        (limits.total, Cause::TotalTimeout)
    } else {
        (limits.headers, Cause::HeaderTimeout)
    }
}

/// The trouble of a time limit.
pub(super) fn expired(limit: Duration, cause: Cause) -> Broken {
    let what = match cause {
        Cause::HeaderTimeout => "no response head",
        _ => "no complete response",
    };
    Broken::new(cause, format!("{what} within {limit:?}"))
}

/// Where nothing came, the trouble of writing says more than the silence after it.
fn first_cause(broken: Broken, write_error: Option<io::Error>, began: bool) -> Broken {
    match write_error {
        Some(error) if !began && !broken.cause.is_timeout() => Broken::of_io(&error),
        _ => broken,
    }
}
