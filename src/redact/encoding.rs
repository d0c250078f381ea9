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
    /// A part of the text as it stands, and where it begins.
    fn plain(part: &[u8], begin: usize) -> Self {
        Self {
            bytes: part.to_vec(),
            origin: (begin..=begin + part.len()).collect(),
        }
    }

    /// Resolves what `step` recognises at a place: how many bytes it takes, and what they mean.
    fn resolve(&self, step: impl Fn(&[u8]) -> Option<(usize, Vec<u8>)>) -> Option<Self> {
        let mut next = Self {
            bytes: Vec::with_capacity(self.bytes.len()),
            origin: Vec::with_capacity(self.origin.len()),
        };
        let mut at = 0;
        let mut changed = false;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let begin = self.origin.get(at).copied().unwrap_or_default();
            if let Some((taken, meaning)) = step(rest) {
                changed = true;
                next.origin.extend(meaning.iter().map(|_| begin));
                next.bytes.extend(meaning);
                at += taken;
            } else {
                next.origin.push(begin);
                next.bytes.extend(rest.first());
                at += 1;
            }
        }
        next.origin.extend(self.origin.last());
        changed.then_some(next)
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
    if !part.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
        return Vec::new();
    }
    let mut found = once(&View::plain(part, begin));
    let deeper: Vec<View> = found.iter().flat_map(once).collect();
    found.extend(deeper);
    found
}

fn once(view: &View) -> Vec<View> {
    [
        view.resolve(percent),
        view.resolve(backslash),
        view.resolve(entity),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn percent(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    match rest {
        [b'%', high, low, ..] => Some((3, vec![hex(*high)? * 16 + hex(*low)?])),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
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
    Some((2, vec![byte]))
}

fn unicode(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
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
    Some((taken, char::from_u32(code)?.to_string().into_bytes()))
}

fn entity(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
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
    Some((end + 1, meaning.to_string().into_bytes()))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
