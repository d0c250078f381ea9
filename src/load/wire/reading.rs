//! An answer of HTTP/1.1 as it comes, piece by piece.
//!
//! Knows no socket: bytes go in, at last an answer comes out. Bounded in each of its parts.

use std::mem::MaybeUninit;
use std::time::Instant;

use bytes::{Buf as _, Bytes, BytesMut};

use super::cause::{Broken, Cause};
use super::head::{Head, framing};

/// Most fields of a head.
const FIELDS: usize = 100;

/// Longest head, and longest trailer section.
const HEAD: usize = 256 << 10;

/// Longest line that begins a chunk, extensions included.
const CHUNK_LINE: usize = 8 << 10;

/// Most interim answers (1xx) before the final one.
const INTERIM: u32 = 1_000;

/// Bytes from which on it shows whether this is HTTP at all.
const TELLING: usize = 16;

/// A complete answer.
pub(super) struct Read {
    pub(super) head: Head,
    pub(super) body: Bytes,
    /// Whether another request may follow on the connection.
    pub(super) again: bool,
}

/// Reads one answer.
pub(super) struct Reading {
    is_head: bool,
    cap: u64,
    stage: Stage,
    began: bool,
    interim: u32,
    head: Option<Head>,
    head_at: Instant,
    again: bool,
}

enum Stage {
    /// The head; so many bytes were searched for its end.
    Head(usize),
    /// A body of this length.
    Length(usize),
    /// A body in chunks: what was put together, and where it stands.
    Chunks(BytesMut, Chunk),
    /// A body that ends with the connection.
    Close,
}

#[derive(Clone, Copy)]
enum Chunk {
    /// The line with the size comes next.
    Size,
    /// So many bytes of data, then a line break.
    Data(usize),
    /// Trailer fields up to an empty line; so many bytes were seen.
    Trailer(usize),
}

/// How the body of an answer is framed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    Close,
}

impl Reading {
    pub(super) fn new(is_head: bool, cap: u64) -> Self {
        Self {
            is_head,
            cap,
            stage: Stage::Head(0),
            began: false,
            interim: 0,
            head: None,
            head_at: Instant::now(),
            again: false,
        }
    }

    /// Whether any byte of an answer came.
    pub(super) fn began(&self) -> bool {
        self.began
    }

    /// Whether the head is whole.
    pub(super) fn has_head(&self) -> bool {
        self.head.is_some()
    }

    /// When it was.
    pub(super) fn head_at(&self) -> Instant {
        self.head_at
    }

    /// Takes what it can of the bytes that came; the answer, once it is whole.
    pub(super) fn advance(&mut self, came: &mut BytesMut) -> Result<Option<Read>, Broken> {
        self.began |= !came.is_empty();
        loop {
            let body = match &mut self.stage {
                Stage::Head(searched) => {
                    let Some(end) = head_end(came, searched)? else {
                        return Ok(None);
                    };
                    self.take_head(came.split_to(end).freeze())?;
                    continue;
                }
                Stage::Length(length) if came.len() < *length => return Ok(None),
                Stage::Length(length) => came.split_to(*length).freeze(),
                Stage::Chunks(body, chunk) => {
                    if !chunks(came, body, chunk, self.cap)? {
                        return Ok(None);
                    }
                    std::mem::take(body).freeze()
                }
                Stage::Close if came.len() as u64 > self.cap => return Err(too_large(self.cap)),
                Stage::Close => return Ok(None),
            };
            return Ok(self.whole(body));
        }
    }

    /// The connection ended: a body that ends with it is whole, any other is not.
    pub(super) fn end(&mut self, came: &mut BytesMut) -> Result<Read, Broken> {
        let body = match self.stage {
            Stage::Close => came.split().freeze(),
            _ => Bytes::new(),
        };
        let closed = matches!(self.stage, Stage::Close);
        let read = closed.then(|| self.whole(body)).flatten();
        read.ok_or_else(|| {
            let detail = if self.began {
                "the connection was closed before the response was whole"
            } else {
                "the connection was closed before any response"
            };
            Broken::new(Cause::Closed, detail)
        })
    }

    fn whole(&mut self, body: Bytes) -> Option<Read> {
        Some(Read {
            head: self.head.take()?,
            body,
            again: self.again,
        })
    }

    /// Reads a head, and what it says of the body.
    fn take_head(&mut self, bytes: Bytes) -> Result<(), Broken> {
        let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
        let mut parsed = httparse::Response::new(&mut []);
        httparse::ParserConfig::default()
            .parse_response_with_uninit_headers(&mut parsed, &bytes, &mut fields)
            .map_err(|error| bad_head(error, &bytes))?;
        let status = parsed.code.unwrap_or(0);
        if status < 100 {
            let detail = format!("the status {status:03} is none of HTTP");
            return Err(Broken::new(Cause::Framing, detail));
        }
        if status < 200 && status != 101 {
            self.interim += 1;
            self.stage = Stage::Head(0);
            if self.interim > INTERIM {
                let detail = format!("more than {INTERIM} interim responses (1xx)");
                return Err(Broken::new(Cause::Framing, detail));
            }
            return Ok(());
        }
        let (framed, again) = framing(parsed.version == Some(1), parsed.headers)?;
        let none = self.is_head || matches!(status, 101 | 204 | 304);
        self.again = again && status != 101;
        self.stage = match framed {
            _ if none => Stage::Length(0),
            Framing::Length(length) if length > self.cap => return Err(too_large(self.cap)),
            Framing::Length(length) => Stage::Length(usize::try_from(length).unwrap_or(usize::MAX)),
            Framing::Chunked => Stage::Chunks(BytesMut::new(), Chunk::Size),
            Framing::Close => Stage::Close,
        };
        self.again &= none || !matches!(self.stage, Stage::Close);
        self.head_at = Instant::now();
        self.head = Some(Head::raw(status, bytes));
        Ok(())
    }
}

/// Where a head ends, once it is there whole.
fn head_end(came: &BytesMut, searched: &mut usize) -> Result<Option<usize>, Broken> {
    let from = searched.saturating_sub(2);
    // Empty lines before the status line are let pass, as RFC 9112 §2.2 has servers do.
    let text = came.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    let begin = text.unwrap_or(came.len()).max(from);
    let rest = came.get(begin..).unwrap_or_default();
    let ends = |at: &usize| {
        let after = rest.get(at + 1..).unwrap_or_default();
        after.starts_with(b"\r\n") || after.starts_with(b"\n")
    };
    let breaks = rest.iter().enumerate();
    let breaks = breaks.filter_map(|(at, byte)| (*byte == b'\n').then_some(at));
    if let Some(at) = breaks.clone().find(ends) {
        let after = rest
            .get(at + 1)
            .map_or(0, |byte| usize::from(*byte == b'\r'));
        return Ok(Some(begin + at + 2 + after));
    }
    if came.len() > HEAD {
        return Err(head_too_large());
    }
    if *searched < TELLING && came.len() >= TELLING {
        let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
        let mut parsed = httparse::Response::new(&mut []);
        httparse::ParserConfig::default()
            .parse_response_with_uninit_headers(&mut parsed, came, &mut fields)
            .map_err(|error| bad_head(error, came))?;
    }
    *searched = came.len();
    Ok(None)
}

/// Takes chunks; true once the last one and its trailer are there.
fn chunks(
    came: &mut BytesMut,
    body: &mut BytesMut,
    chunk: &mut Chunk,
    cap: u64,
) -> Result<bool, Broken> {
    let bad = |what: &'static str| Broken::new(Cause::Framing, what);
    loop {
        match *chunk {
            Chunk::Size => {
                let Some(line) = line(came, CHUNK_LINE, "a chunk's first line without end")? else {
                    return Ok(false);
                };
                let size = match httparse::parse_chunk_size(&line) {
                    Ok(httparse::Status::Complete((_, size)))
                        if line.first().is_some_and(u8::is_ascii_hexdigit) =>
                    {
                        size
                    }
                    _ => return Err(bad("a chunk whose size is none")),
                };
                if size > cap.saturating_sub(body.len() as u64) {
                    return Err(too_large(cap));
                }
                *chunk = match usize::try_from(size) {
                    Ok(0) => Chunk::Trailer(0),
                    Ok(size) => Chunk::Data(size),
                    Err(_) => return Err(too_large(cap)),
                };
            }
            Chunk::Data(left) => {
                let piece = came.len().min(left);
                body.extend_from_slice(&came.split_to(piece));
                *chunk = Chunk::Data(left - piece);
                if piece < left || came.len() < 2 {
                    return Ok(false);
                }
                if !came.starts_with(b"\r\n") {
                    return Err(bad("a chunk that is longer than its size"));
                }
                came.advance(2);
                *chunk = Chunk::Size;
            }
            Chunk::Trailer(seen) => {
                let left = HEAD.saturating_sub(seen);
                let Some(line) = line(came, left, "a trailer section without end")? else {
                    return Ok(false);
                };
                if matches!(&line[..], b"\r\n" | b"\n") {
                    return Ok(true);
                }
                *chunk = Chunk::Trailer(seen + line.len());
            }
        }
    }
}

/// A line with its break, once it is there; never empty.
fn line(came: &mut BytesMut, most: usize, what: &'static str) -> Result<Option<BytesMut>, Broken> {
    match came.iter().take(most).position(|byte| *byte == b'\n') {
        Some(at) => Ok(Some(came.split_to(at + 1))),
        None if came.len() >= most => Err(Broken::new(Cause::Framing, what)),
        None => Ok(None),
    }
}

fn too_large(cap: u64) -> Broken {
    let detail = format!("the body is over the cap of {cap} bytes");
    Broken::new(Cause::BodyTooLarge, detail)
}

fn head_too_large() -> Broken {
    let detail = "the response head is over the client's limits (100 fields, 256 kB)";
    Broken::new(Cause::HeadTooLarge, detail)
}

fn bad_head(error: httparse::Error, bytes: &[u8]) -> Broken {
    match error {
        httparse::Error::TooManyHeaders => head_too_large(),
        httparse::Error::Version => Broken::new(Cause::NotHttp, "the answer is not HTTP"),
        _ if !bytes.trim_ascii_start().starts_with(b"HTTP/1.") => {
            Broken::new(Cause::NotHttp, "the answer is not HTTP")
        }
        other => Broken::new(Cause::Framing, format!("a bad response head: {other}")),
    }
}
