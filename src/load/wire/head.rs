//! The head of an answer, and what it says of the body.

use bytes::Bytes;
use http::HeaderMap;

use super::cause::{Broken, Cause};
use super::reading::Framing;

/// Status and fields of an answer, as they came. Fields are looked for when they are asked for:
/// load needs few of them.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    fields: Fields,
}

#[derive(Clone, Debug)]
enum Fields {
    /// A head of HTTP/1.1 that was found to be in order.
    Raw(Bytes),
    Map(HeaderMap),
}

impl Head {
    pub(super) fn raw(status: u16, bytes: Bytes) -> Self {
        Self {
            status,
            fields: Fields::Raw(bytes),
        }
    }

    pub(super) fn map(status: u16, map: HeaderMap) -> Self {
        Self {
            status,
            fields: Fields::Map(map),
        }
    }

    /// First value of a field, name compared without case.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        match &self.fields {
            Fields::Raw(bytes) => lines(bytes)
                .find(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value),
            Fields::Map(map) => map.get(name).map(http::HeaderValue::as_bytes),
        }
    }

    /// All fields.
    pub(super) fn all(&self) -> Vec<(&str, &[u8])> {
        match &self.fields {
            Fields::Raw(bytes) => lines(bytes).collect(),
            Fields::Map(map) => map
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_bytes()))
                .collect(),
        }
    }
}

/// The fields of a head that was found to be in order.
fn lines(head: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    head.split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end)
        .skip_while(|line| line.is_empty())
        .skip(1)
        .filter_map(|line| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let name = std::str::from_utf8(line.get(..at)?).ok()?;
            Some((name, line.get(at + 1..)?.trim_ascii()))
        })
}

/// How the body is framed, and whether the connection stays open after it (RFC 9112 §6, §9.3).
pub(super) fn framing(
    is_one_one: bool,
    fields: &[httparse::Header<'_>],
) -> Result<(Framing, bool), Broken> {
    let bad = |what: &'static str| Broken::new(Cause::Framing, what);
    let (mut length, mut chunked, mut close, mut kept) = (None, false, false, is_one_one);
    for field in fields {
        if field.name.eq_ignore_ascii_case("content-length") {
            let stated = digits(field.value).ok_or_else(|| bad("an invalid Content-Length"))?;
            if length.is_some_and(|other| other != stated) {
                return Err(bad("two Content-Length that differ"));
            }
            length = Some(stated);
        } else if field.name.eq_ignore_ascii_case("transfer-encoding") {
            let known = field.value.trim_ascii().eq_ignore_ascii_case(b"chunked");
            if !known || chunked {
                return Err(bad("a transfer coding other than chunked, once"));
            }
            chunked = true;
        } else if field.name.eq_ignore_ascii_case("connection") {
            let options = field.value.split(|byte| *byte == b',');
            for option in options.map(<[u8]>::trim_ascii) {
                close |= option.eq_ignore_ascii_case(b"close");
                kept |= option.eq_ignore_ascii_case(b"keep-alive");
            }
        }
    }
    // Both a length and chunks smell of smuggling: chunks win, and nothing may follow them.
    close |= chunked && length.is_some();
    let framing = match (chunked, length) {
        (true, _) => Framing::Chunked,
        (false, Some(length)) => Framing::Length(length),
        (false, None) => Framing::Close,
    };
    Ok((framing, kept && !close))
}

/// A length: digits alone, within 64 bits.
fn digits(value: &[u8]) -> Option<u64> {
    let value = value.trim_ascii();
    if !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}
