//! Numbers as operands: which tokens are one, and what they are worth.

/// Whether a token is a number as JSON writes it (RFC 8259 §6).
pub(super) fn is_json_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let token = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match token.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (token, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// A JSON number as an integer where it fits 64 bits, else as the nearest double; absent beyond its range.
pub(super) fn number(token: &str) -> Option<serde_json::Number> {
    if token != "-0" {
        if let Ok(integer) = token.parse::<i64>() {
            return Some(integer.into());
        }
        if let Ok(integer) = token.parse::<u64>() {
            return Some(integer.into());
        }
    }
    serde_json::Number::from_f64(token.parse::<f64>().ok()?)
}
