//! Looks for secrets in whatever form an output may hold them. Shares no code with the redaction.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// How deep a text is decoded before it is searched.
const DEPTH: usize = 2;

/// What of these secrets stands in a text: kinds of encoding, never the secret itself.
pub(super) fn found(text: &str, secrets: &[String]) -> Vec<String> {
    let mut texts = vec![("as it stands".to_owned(), text.to_owned())];
    let mut begin = 0;
    for _ in 0..DEPTH {
        let end = texts.len();
        for at in begin..end {
            for (name, sign, decode) in DECODERS {
                if !texts[at].1.as_bytes().contains(&sign) {
                    continue;
                }
                let decoded = decode(&texts[at].1);
                if texts.iter().all(|(_, seen)| *seen != decoded) {
                    texts.push((format!("{}, {name} decoded", texts[at].0), decoded));
                }
            }
        }
        begin = end;
    }
    let (names, needles): (Vec<String>, Vec<String>) = secrets
        .iter()
        .enumerate()
        .flat_map(|(number, secret)| {
            let named = move |(form, needle)| (format!("secret {number} as {form}"), needle);
            forms(secret).into_iter().map(named)
        })
        .unzip();
    let all = AhoCorasick::new(&needles).unwrap();
    let hits: BTreeSet<String> = texts
        .iter()
        .flat_map(|(view, text)| {
            let name = |hit: aho_corasick::Match| format!("{} ({view})", names[hit.pattern()]);
            all.find_iter(text).map(name).collect::<Vec<_>>()
        })
        .collect();
    hits.into_iter().collect()
}

/// A secret in every encoding that is searched for.
pub(super) fn forms(secret: &str) -> Vec<(String, String)> {
    let bytes = secret.as_bytes();
    let each = |write: fn(u8) -> String| bytes.iter().map(|byte| write(*byte)).collect::<String>();
    let mut forms = vec![
        ("raw".to_owned(), secret.to_owned()),
        ("base64".to_owned(), STANDARD.encode(bytes)),
        ("URL-safe base64".to_owned(), URL_SAFE.encode(bytes)),
        ("hex".to_owned(), each(|byte| format!("{byte:02x}"))),
        ("HEX".to_owned(), each(|byte| format!("{byte:02X}"))),
        ("%xx".to_owned(), each(|byte| format!("%{byte:02x}"))),
        ("%XX".to_owned(), each(|byte| format!("%{byte:02X}"))),
        (
            "\\u00xx".to_owned(),
            each(|byte| format!("\\u00{byte:02x}")),
        ),
        (
            "\\u00XX".to_owned(),
            each(|byte| format!("\\u00{byte:02X}")),
        ),
        ("&#x".to_owned(), each(|byte| format!("&#x{byte:x};"))),
        ("&#".to_owned(), each(|byte| format!("&#{byte};"))),
        (
            "percent-encoded where it must be".to_owned(),
            url::form_urlencoded::byte_serialize(bytes).collect(),
        ),
        (
            "JSON".to_owned(),
            serde_json::to_string(secret)
                .unwrap()
                .trim_matches('"')
                .to_owned(),
        ),
    ];
    for lead in 0..3 {
        let mut padded = vec![b'x'; lead];
        padded.extend_from_slice(bytes);
        // The characters that the bytes before and after have no part in.
        let own = (lead * 8).div_ceil(6)..padded.len() * 8 / 6;
        let safe = URL_SAFE_NO_PAD.encode(&padded)[own.clone()].to_owned();
        forms.push((
            format!("base64 at {lead}"),
            STANDARD_NO_PAD.encode(&padded)[own].to_owned(),
        ));
        forms.push((format!("URL-safe base64 at {lead}"), safe));
    }
    forms
}

type Decoder = fn(&str) -> String;
const DECODERS: [(&str, u8, Decoder); 3] = [
    ("percent", b'%', percent),
    ("backslash", b'\\', backslash),
    ("entity", b'&', entity),
];

fn percent(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

fn backslash(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\\');
    out.push_str(pieces.next().unwrap_or_default());
    while let Some(piece) = pieces.next() {
        let code = piece
            .strip_prefix('u')
            .and_then(|rest| rest.get(..4))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        match (code, piece.chars().next()) {
            (Some(c), _) => {
                out.push(c);
                out.push_str(&piece[5..]);
            }
            (None, Some('n' | 'r' | 't')) => {
                out.push('\n');
                out.push_str(&piece[1..]);
            }
            (None, Some(_)) => out.push_str(piece),
            // Two backslashes: the second stands for itself.
            (None, None) => {
                out.push('\\');
                out.push_str(pieces.next().unwrap_or_default());
            }
        }
    }
    out
}

fn entity(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or((piece, ""));
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)
            }),
        };
        if let Some(c) = c {
            out.push(c);
            out.push_str(rest);
        } else {
            out.push('&');
            out.push_str(piece);
        }
    }
    out
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = "Tk9/f+X\"q<r~7&Lm=2vB\\c8".to_owned();
    let twice = |text: &str| serde_json::to_string(text).unwrap();
    for (form, text) in forms(&secret) {
        for text in [format!("x {text} y"), twice(&text), twice(&twice(&text))] {
            assert!(
                !found(&text, std::slice::from_ref(&secret)).is_empty(),
                "{form}"
            );
        }
    }
    assert!(found("nothing %20 \\n &amp; here", &[secret]).is_empty());
}
