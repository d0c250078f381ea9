//! How long a step waits: as its file says, or as the target does.

use std::time::Duration;

use crate::payload::{MissingCapture, Names, Template};

/// How long a step waits.
#[derive(Clone, Debug)]
pub enum Wait {
    /// As written.
    Fixed(Duration),
    /// As a capture says: `{{seconds}}s`.
    Captured(Template),
}

impl Wait {
    /// The time to wait; absent where the captures make none.
    ///
    /// # Errors
    /// Where a capture is missing.
    pub fn time(&self, names: &impl Names) -> Result<Option<Duration>, MissingCapture> {
        match self {
            Self::Fixed(time) => Ok(Some(*time)),
            Self::Captured(template) => Ok(parse_duration(&template.text(names)?)),
        }
    }
}

/// A duration such as `1100ms`, `2s` or `1m`.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        let check = |text: &str, millis: Option<u64>| {
            assert_eq!(
                parse_duration(text),
                millis.map(Duration::from_millis),
                "{text}"
            );
        };
        check("1100ms", Some(1100));
        check("2s", Some(2000));
        check("1m", Some(60_000));
        for bad in [
            "",
            "2",
            "s",
            "-1s",
            "1.5s",
            "2 s",
            "99999999999999999999s",
            "1h",
        ] {
            check(bad, None);
        }
    }
}
