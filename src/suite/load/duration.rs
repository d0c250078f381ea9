//! Lengths of time as profiles write them.

use std::time::Duration;

/// Reads `500ms`, `30s`, `5m` or `1h`; `0s` is no time at all.
///
/// # Errors
/// Where it is none of them: what would be right.
pub fn duration(text: &str) -> Result<Duration, String> {
    const SHAPE: &str = "write a whole number and a unit: 500ms, 30s, 5m, 1h";
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or_else(|| SHAPE.to_owned())?;
    let (digits, unit) = text.split_at(split);
    let number: u64 = digits.parse().map_err(|_| SHAPE.to_owned())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(SHAPE.to_owned()),
    };
    number
        .checked_mul(millis)
        .filter(|millis| *millis <= 31 * 24 * 3_600_000)
        .map(Duration::from_millis)
        .ok_or_else(|| "it is longer than a month".to_owned())
}
