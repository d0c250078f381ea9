//! Values on the command line and in `scimitar.toml` that are more than a string or a number.

use std::time::Duration;

/// Reads `500ms`, `30s`, `5m` or `1h`.
///
/// # Errors
/// Where it is none of them, or zero.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const SHAPE: &str = "write a whole number and a unit: 500ms, 30s, 5m, 1h";
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or_else(|| format!("it has no unit; {SHAPE}"))?;
    let (digits, unit) = text.split_at(split);
    let number: u64 = digits.parse().map_err(|_| SHAPE.to_owned())?;
    let millis = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(SHAPE.to_owned()),
    };
    match number.checked_mul(millis) {
        None | Some(0) => Err("it must be more than nothing and less than forever".to_owned()),
        Some(millis) => Ok(Duration::from_millis(millis)),
    }
}

/// `1 case`, `2 cases`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{end}")
}

/// The name in `known` nearest to a misspelt one, if one is near.
pub(super) fn nearest<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        for (text, millis) in [
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("5m", Some(300_000)),
            ("1h", Some(3_600_000)),
            ("30", None),
            ("0s", None),
            ("-1s", None),
            ("1.5s", None),
            ("1 parsec", None),
            ("", None),
            ("99999999999999999999s", None),
            ("9999999999999999999h", None),
        ] {
            let read = duration(text).ok().map(|d| d.as_millis());
            assert_eq!(read, millis, "{text}");
        }
    }

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let known = ["max-rps", "timeout", "profile"];
        assert_eq!(nearest("max-rsp", known), Some("max-rps"));
        assert_eq!(nearest("timout", known), Some("timeout"));
        assert_eq!(nearest("zebra", known), None);
    }
}
