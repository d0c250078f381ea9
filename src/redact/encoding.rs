//! The forms in which a secret may come back: encoded once more, or escaped.
//!
//! Forms that can be listed are [`variants`]; forms that can't (any character may be escaped or
//! not) are found by searching a decoded [`View`] that remembers where each byte came from.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shortest piece of base64 or hex that is worth searching for.
const SHORTEST_ENCODED: usize = 10;

/// Secrets of at least this many bytes are searched for anywhere; shorter ones only where they stand alone.
pub(super) const LONG: usize = 12;

/// Bytes of a text that are resolved at once, and how far two such parts overlap.
const WINDOW: usize = 128 * 1024;
const OVERLAP: usize = 32 * 1024;

/// What to search for: the secret itself, its base64 at each of the three alignments, its hex,
/// and for long secrets their upper- and lower-case spelling.
pub(super) fn variants(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    if secret.len() >= LONG {
        all.push(secret.to_ascii_lowercase());
        all.push(secret.to_ascii_uppercase());
    }
    for lead in 0..3 {
        all.push(aligned(secret, lead, |bytes| STANDARD_NO_PAD.encode(bytes)));
        all.push(aligned(secret, lead, |bytes| URL_SAFE_NO_PAD.encode(bytes)));
    }
    let nibbles = secret.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = nibbles
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect();
    all.push(hex.to_ascii_uppercase());
    all.push(hex);
    let mut kept: Vec<String> = Vec::new();
    for (index, form) in all.into_iter().enumerate() {
        let worth = index == 0 || form.len() >= SHORTEST_ENCODED;
        if worth && !kept.contains(&form) {
            kept.push(form);
        }
    }
    kept
}

/// The characters of an encoding that depend on the secret alone when `lead` bytes stand before it.
fn aligned(secret: &str, lead: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let mut bytes = vec![0; lead];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = encode(&bytes);
    let first = (lead * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

/// A text with some escapes resolved.
pub(super) struct View {
    /// The resolved bytes.
    pub(super) bytes: Vec<u8>,
    /// Where in the original text each byte begins; one more entry for the end.
    pub(super) origin: Vec<usize>,
}

impl View {
    fn part(&self) -> Part<'_> {
        Part {
            bytes: &self.bytes,
            begin: 0,
            origin: Some(&self.origin),
        }
    }

    /// Takes over what stands between two escapes.
    fn keep(&mut self, part: Part<'_>, from: usize, to: usize) {
        let bytes = part.bytes.get(from..to).unwrap_or_default();
        self.bytes.extend_from_slice(bytes);
        self.origin.extend((from..to).map(|at| part.origin(at)));
    }
}

/// What escapes are resolved in: a part of the text as it stands, or a view of one.
#[derive(Clone, Copy)]
struct Part<'a> {
    bytes: &'a [u8],
    /// Where it begins in the text.
    begin: usize,
    /// Where each byte begins; where that is not said, they follow each other.
    origin: Option<&'a [usize]>,
}

impl Part<'_> {
    fn origin(&self, at: usize) -> usize {
        match self.origin {
            Some(origin) => origin.get(at).copied().unwrap_or_default(),
            None => self.begin + at,
        }
    }

    /// Resolves the escapes of a kind, which begin with one byte: `step` says how many bytes an escape takes, and what
    /// it means.
    fn resolve(self, lead: u8, step: impl Fn(&[u8]) -> Option<(usize, Meaning)>) -> Option<View> {
        let mut view: Option<View> = None;
        let (mut kept, mut at) = (0, 0);
        while let Some(rest) = self.bytes.get(at..) {
            let Some(ahead) = rest.iter().position(|byte| *byte == lead) else {
                break;
            };
            at += ahead;
            let Some((taken, meaning)) = step(rest.get(ahead..).unwrap_or_default()) else {
                at += 1;
                continue;
            };
            let view = view.get_or_insert_with(|| View {
                bytes: Vec::with_capacity(self.bytes.len()),
                origin: Vec::with_capacity(self.bytes.len() + 1),
            });
            view.keep(self, kept, at);
            view.bytes.extend_from_slice(meaning.bytes());
            let begin = self.origin(at);
            view.origin.extend(meaning.bytes().iter().map(|_| begin));
            at += taken;
            kept = at;
        }
        let mut view = view?;
        view.keep(self, kept, self.bytes.len());
        view.origin.push(self.origin(self.bytes.len()));
        Some(view)
    }
}

/// What an escape means: a byte, or a character.
struct Meaning {
    buffer: [u8; 4],
    length: usize,
}

impl Meaning {
    fn byte(byte: u8) -> Self {
        Self {
            buffer: [byte, 0, 0, 0],
            length: 1,
        }
    }

    fn character(character: char) -> Self {
        let mut buffer = [0; 4];
        let length = character.encode_utf8(&mut buffer).len();
        Self { buffer, length }
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

/// The text with percent, backslash and entity escapes resolved, each alone and two deep, part by
/// overlapping part, so that memory stays bounded. Nothing where there is nothing to resolve.
pub(super) fn views(text: &str) -> impl Iterator<Item = View> {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .step_by(WINDOW - OVERLAP)
        .take_while(move |begin| *begin == 0 || begin + OVERLAP < bytes.len())
        .flat_map(move |begin| {
            let end = bytes.len().min(begin + WINDOW);
            resolved(bytes.get(begin..end).unwrap_or_default(), begin)
        })
}

fn resolved(part: &[u8], begin: usize) -> Vec<View> {
    let mut found: Vec<View> = once(Part {
        bytes: part,
        begin,
        origin: None,
    })
    .collect();
    let deeper: Vec<View> = found.iter().flat_map(|view| once(view.part())).collect();
    found.extend(deeper);
    found
}

fn once(part: Part<'_>) -> impl Iterator<Item = View> {
    [
        part.resolve(b'%', percent),
        part.resolve(b'\\', backslash),
        part.resolve(b'&', entity),
    ]
    .into_iter()
    .flatten()
}

fn percent(rest: &[u8]) -> Option<(usize, Meaning)> {
    match rest {
        [b'%', high, low, ..] => Some((3, Meaning::byte(hex(*high)? * 16 + hex(*low)?))),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<(usize, Meaning)> {
    let [b'\\', kind, ..] = rest else { return None };
    let byte = match kind {
        b'"' | b'\\' | b'/' | b'\'' => *kind,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some((2, Meaning::byte(byte)))
}

fn unicode(rest: &[u8]) -> Option<(usize, Meaning)> {
    let unit = |at: usize| -> Option<u32> {
        let digits = rest.get(at..at + 6)?;
        digits.starts_with(b"\\u").then_some(())?;
        digits
            .get(2..)?
            .iter()
            .try_fold(0, |sum, digit| Some(sum * 16 + u32::from(hex(*digit)?)))
    };
    let first = unit(0)?;
    let (taken, code) = match first {
        0xd800..=0xdbff => {
            let second = unit(6)?;
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            (12, 0x10000 + ((first - 0xd800) << 10) + low)
        }
        _ => (6, first),
    };
    Some((taken, Meaning::character(char::from_u32(code)?)))
}

fn entity(rest: &[u8]) -> Option<(usize, Meaning)> {
    rest.starts_with(b"&").then_some(())?;
    let end = rest.iter().take(10).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let meaning = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 1, Meaning::character(meaning)))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
