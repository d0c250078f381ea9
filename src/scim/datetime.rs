//! DateTime values: `xsd:dateTime` (RFC 7643 §2.3.5).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The instant of a dateTime; without a zone it counts as UTC. Absent where the text is no `xsd:dateTime`.
pub fn parse(text: &str) -> Option<Timestamp> {
    if !is_shaped(text) {
        return None;
    }
    if has_zone(text) {
        return text.parse().ok();
    }
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Whether a dateTime says its zone, as it should.
pub fn has_zone(text: &str) -> bool {
    let clock = text.get(19..).unwrap_or("");
    clock.contains(['Z', '+', '-'])
}

/// `dddd-dd-ddTdd:dd:dd[.d+][Z|±dd:dd]`: the parser behind it reads more spellings than SCIM has.
fn is_shaped(text: &str) -> bool {
    let fits = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(b, s)| match s {
                b'd' => b.is_ascii_digit(),
                _ => b == s,
            })
    };
    let Some((head, tail)) = text.split_at_checked(19) else {
        return false;
    };
    let tail = match tail.strip_prefix('.') {
        None => tail,
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() == fraction.len() {
                return false;
            }
            rest
        }
    };
    fits(head, "dddd-dd-ddTdd:dd:dd")
        && (tail.is_empty() || tail == "Z" || fits(tail, "+dd:dd") || fits(tail, "-dd:dd"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_xsd_has() {
        let check = |text: &str, expected: Option<&str>| {
            let instant = parse(text).map(|it| it.to_string());
            assert_eq!(instant.as_deref(), expected, "{text}");
        };
        check("2011-05-13T04:42:34Z", Some("2011-05-13T04:42:34Z"));
        check(
            "2011-05-13T04:42:34.5+02:00",
            Some("2011-05-13T02:42:34.5Z"),
        );
        check("2011-05-13T04:42:34", Some("2011-05-13T04:42:34Z"));
        check("1970-01-01T00:00:00+05:00", Some("1969-12-31T19:00:00Z"));
        for odd in [
            "",
            "yesterday",
            "2011-05-13",
            "2011-05-13 04:42:34Z",
            "2011-05-13t04:42:34z",
            "2011-13-13T04:42:34Z",
            "2011-05-13T04:42:34.Z",
            "2011-05-13T04:42Z",
            "2011-05-13T04:42:34+0200",
            "2011-05-13T04:42:34Z[UTC]",
            "２011-05-13T04:42:34Z",
        ] {
            check(odd, None);
        }
    }
}
