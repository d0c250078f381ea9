//! The connection of one user.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri, Version};

use super::alarm::Alarm;
use super::answer::{Answer, Moments, RequestId};
use super::cause::{Broken, Cause, Trouble};
use super::channel::{Channel, Lost, Whole};
use super::{Endpoint, Request, proxied};

/// Names each request, for the logs of both sides.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A connection that one user has to itself. It opens with the first request, and anew where it was
/// closed; a request that was not sent is then sent on the new one, and so is a GET or HEAD that
/// went out on a connection that the server was closing. Any other request is sent once.
pub struct Connection {
    endpoint: Arc<Endpoint>,
    channel: Option<Channel>,
    alarm: Option<Alarm>,
    id: RequestId,
    fields: Fields,
}

/// The fields of the endpoint as this connection sends them.
#[derive(Default)]
struct Fields {
    /// The version that they are of.
    version: Option<u64>,
    /// By credential, where several take turns.
    turns: Vec<Turn>,
}

/// The fields with one credential.
#[derive(Default)]
struct Turn {
    map: Arc<HeaderMap>,
    /// As they stand in a head of HTTP/1.1, `Host` first.
    lines: Vec<u8>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connection({})", self.id.connection)
    }
}

impl Connection {
    pub(super) fn new(endpoint: Arc<Endpoint>, number: u64) -> Self {
        Self {
            endpoint,
            channel: None,
            alarm: None,
            id: RequestId {
                connection: number,
                n: 0,
            },
            fields: Fields::default(),
        }
    }

    /// The endpoint that it belongs to.
    #[must_use]
    pub fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    /// Sends a request and waits for its answer, body included. Where the future is dropped before
    /// that, the connection is closed and the next request opens another.
    ///
    /// # Errors
    /// Where there is no complete answer within the limits of time and size.
    pub async fn send(&mut self, request: &Request) -> Result<Answer, Trouble> {
        self.id.n += 1;
        let sent = Instant::now();
        let trouble = |broken: Broken, reached| Trouble {
            cause: broken.cause,
            detail: broken.detail,
            sent,
            done: Instant::now(),
            reached,
        };
        // Taken out, so that a request that is given up on leaves no half-used connection behind.
        let mut open = self.channel.take();
        let mut resent = false;
        loop {
            if let Some(channel) = &mut open
                && !channel.is_alive().await
            {
                open = None;
            }
            let fresh = open.is_none();
            let mut channel = match open.take() {
                Some(channel) => channel,
                None => self
                    .open()
                    .await
                    .map_err(|broken| trouble(broken, resent))?,
            };
            match self.exchange(&mut channel, request, sent).await {
                Ok(whole) => {
                    let answer = self.answer(whole, channel, sent);
                    return answer.map_err(|broken| trouble(broken, true));
                }
                Err(lost) => {
                    let may = !lost.written || request.method.is_safe();
                    if resent || fresh || !may || lost.began || !lost.broken.is_gone() {
                        return Err(trouble(lost.broken, lost.written || resent));
                    }
                    resent = true;
                    self.endpoint.resent.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// Whether it is open and can take another request.
    pub async fn is_kept(&mut self) -> bool {
        match &mut self.channel {
            Some(channel) => channel.is_alive().await,
            None => false,
        }
    }

    async fn open(&mut self) -> Result<Channel, Broken> {
        let opened = Channel::open(&self.endpoint).await?;
        self.endpoint.opened.fetch_add(1, Ordering::Relaxed);
        Ok(opened)
    }

    async fn exchange(
        &mut self,
        channel: &mut Channel,
        request: &Request,
        sent: Instant,
    ) -> Result<Whole, Lost> {
        self.refresh();
        let limits = self.endpoint.limits;
        let alarm = self.alarm.take();
        let mut alarm = alarm.unwrap_or_else(|| Alarm::new(sent + limits.headers));
        let done = match channel {
            Channel::One(line) => {
                line.out.clear();
                self.write(request, &mut line.out);
                let is_head = request.method == Method::HEAD;
                line.exchange(is_head, &limits, sent, &mut alarm).await
            }
            Channel::Two(two) => {
                let outgoing = self.outgoing(request).ok_or_else(unwritten)?;
                two.exchange(outgoing, &limits, sent, &mut alarm).await
            }
            Channel::Proxied(client) => {
                let mut outgoing = self.outgoing(request).ok_or_else(unwritten)?;
                *outgoing.version_mut() = Version::HTTP_11;
                proxied::exchange(client, outgoing, &limits, sent, &mut alarm).await
            }
        };
        self.alarm = Some(alarm);
        done
    }

    /// Takes over the fields of the endpoint, where they changed.
    fn refresh(&mut self) {
        let version = self.endpoint.version();
        if self.fields.version == Some(version) {
            return;
        }
        let map = self.endpoint.fields();
        let turns = &self.endpoint.turns;
        let all: Vec<Arc<HeaderMap>> = if turns.is_empty() {
            vec![map]
        } else {
            let with = |value: &HeaderValue| {
                let mut map = HeaderMap::clone(&map);
                map.insert(header::AUTHORIZATION, value.clone());
                Arc::new(map)
            };
            turns.iter().map(with).collect()
        };
        self.fields = Fields {
            version: Some(version),
            turns: all.into_iter().map(|map| self.turn(map)).collect(),
        };
    }

    fn turn(&self, map: Arc<HeaderMap>) -> Turn {
        let mut lines = Vec::new();
        line(
            &mut lines,
            b"host",
            self.endpoint.authority.as_str().as_bytes(),
        );
        for (name, value) in map.iter() {
            line(&mut lines, name.as_str().as_bytes(), value.as_bytes());
        }
        Turn { map, lines }
    }

    /// The fields of the request under way: credentials take turns by its number.
    fn now(&self) -> Option<&Turn> {
        let turns = &self.fields.turns;
        let number = self.id.connection.wrapping_add(self.id.n);
        let at = number % (turns.len().max(1) as u64);
        turns.get(usize::try_from(at).unwrap_or(0))
    }

    /// Writes a request as HTTP/1.1 has it.
    fn write(&self, request: &Request, out: &mut BytesMut) {
        let Some(fields) = self.now() else {
            return;
        };
        let parts = [
            request.method.as_str().as_bytes(),
            b" ",
            request.target.as_str().as_bytes(),
            b" HTTP/1.1\r\n",
        ];
        for part in parts {
            out.extend_from_slice(part);
        }
        let given = &request.headers;
        if given
            .keys()
            .any(|name| *name == header::HOST || fields.map.contains_key(name))
        {
            // What the request says itself goes before what the endpoint says.
            if !given.contains_key(header::HOST) {
                line(out, b"host", self.endpoint.authority.as_str().as_bytes());
            }
            let others = fields.map.iter();
            for (name, value) in others.filter(|(name, _)| !given.contains_key(*name)) {
                line(out, name.as_str().as_bytes(), value.as_bytes());
            }
        } else {
            out.extend_from_slice(&fields.lines);
        }
        for (name, value) in given {
            line(out, name.as_str().as_bytes(), value.as_bytes());
        }
        let RequestId { connection, n } = self.id;
        let mut writer = out.writer();
        let body = request.body.len();
        let wants_length =
            body > 0 || !request.method.is_safe() && request.method != Method::DELETE;
        // Writing to memory does not fail.
        if !given.contains_key(REQUEST_ID) {
            let _ = writer.write_all(b"x-request-id: ");
            let _ = writer.write_all(&self.endpoint.run);
            let _ = write!(writer, "-{connection}-{n}\r\n");
        }
        if wants_length {
            let _ = write!(writer, "content-length: {body}\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&request.body);
    }

    /// A request as HTTP/2 has it, with its whole URL.
    fn outgoing(&self, request: &Request) -> Option<http::Request<Bytes>> {
        let mut headers = HeaderMap::clone(&self.now()?.map);
        let mut id = self.endpoint.run.to_vec();
        let RequestId { connection, n } = self.id;
        write!(id, "-{connection}-{n}").ok()?;
        headers.insert(
            REQUEST_ID,
            HeaderValue::from_maybe_shared(Bytes::from(id)).ok()?,
        );
        for (name, value) in &request.headers {
            headers.insert(name, value.clone());
        }
        let uri = Uri::builder()
            .scheme(self.endpoint.scheme.clone())
            .authority(self.endpoint.authority.clone())
            .path_and_query(request.target.clone());
        let mut made = http::Request::new(request.body.clone());
        *made.method_mut() = request.method.clone();
        *made.uri_mut() = uri.build().ok()?;
        *made.version_mut() = Version::HTTP_2;
        *made.headers_mut() = headers;
        Some(made)
    }

    /// Takes the answer apart, and keeps the connection for the next request where it may be used again.
    fn answer(&mut self, whole: Whole, channel: Channel, sent: Instant) -> Result<Answer, Broken> {
        self.channel = Some(channel);
        let received = whole.body.len() as u64;
        let body = match whole.head.get("content-encoding") {
            Some(_) if received > 0 => {
                let cap = self.endpoint.limits.body;
                let plain = crate::client::plain(&codings(&whole), &whole.body, cap);
                Bytes::from(plain.map_err(|why| Broken::new(Cause::ContentCoding, why))?)
            }
            _ => whole.body,
        };
        Ok(Answer {
            status: whole.head.status,
            body,
            received,
            at: Moments {
                sent,
                headers: whole.headers,
                done: whole.done,
            },
            id: self.id,
            head: whole.head,
        })
    }
}

fn unwritten() -> Lost {
    Lost {
        broken: Broken::new(Cause::Other, "the request can't be written"),
        written: false,
        began: false,
    }
}

/// The content codings that a head names.
fn codings(whole: &Whole) -> HeaderMap {
    let all = whole.head.all().into_iter();
    all.filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .filter_map(|(_, value)| HeaderValue::from_bytes(value).ok())
        .map(|value| (header::CONTENT_ENCODING, value))
        .collect()
}

/// A header field as HTTP/1.1 has it.
fn line(out: &mut impl BufMut, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        out.put_slice(part);
    }
}
