//! One pass over the raw text, before the parser: number tokens whose value a common reader would
//! change, and nesting that is too deep. Knows just enough of JSON to skip its strings.

use super::{MAX_DEFECTS, MAX_DEPTH};

/// What the pass saw.
pub(super) struct Scan {
    /// Numbers that do not travel well.
    pub(super) odd: Vec<OddNumber>,
    /// Offset of the first bracket that opens one level too many.
    pub(super) too_deep: Option<usize>,
}

/// A number token whose value a common reader would change.
pub(super) struct OddNumber {
    /// Byte offset.
    pub(super) at: usize,
    /// The token, shortened.
    pub(super) token: String,
    /// What is odd about it.
    pub(super) why: &'static str,
}

/// Looks through a text that may or may not be JSON.
pub(super) fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let mut found = Scan {
        odd: Vec::new(),
        too_deep: None,
    };
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    found.too_deep = Some(at);
                    return found;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(bytes, at);
                if let (Some(token), true) = (text.get(at..end), found.odd.len() < MAX_DEFECTS)
                    && let Some(why) = oddity(token)
                {
                    let token = token.chars().take(40).collect();
                    found.odd.push(OddNumber { at, token, why });
                }
                at = end - 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Offset of the closing quote, or the end of the text.
fn end_of_string(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_number(bytes: &[u8], start: usize) -> usize {
    let belongs = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let tail = bytes.iter().skip(start).take_while(|byte| belongs(byte));
    start + tail.count()
}

fn oddity(token: &str) -> Option<&'static str> {
    const EXACT: u64 = 1 << 53;
    if token.contains(['.', 'e', 'E']) {
        let infinite = token.parse::<f64>().is_ok_and(f64::is_infinite);
        return infinite.then_some("too large for a double");
    }
    if token == "-0" {
        return Some("a negative zero");
    }
    let digits = token.strip_prefix('-').unwrap_or(token);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match digits.parse::<u64>() {
        Ok(magnitude) if magnitude <= EXACT => None,
        Ok(magnitude) if i64::try_from(magnitude).is_ok() => {
            Some("an integer beyond 2^53, which many readers round")
        }
        _ => Some("an integer beyond 64 bits"),
    }
}
