//! Defects of HTTP that the recorded header fields show by themselves.

use super::{Header, WireDefect};

/// Fields that may stand once only and decide what a client does next.
const SINGLE: [&str; 3] = ["location", "etag", "content-type"];

/// Fields that stand more than once and may not (RFC 9110 §5.3).
pub fn repeated(headers: &[Header]) -> Vec<WireDefect> {
    SINGLE
        .into_iter()
        .filter_map(|name| {
            let values: Vec<&str> = headers
                .iter()
                .filter(|header| header.name.eq_ignore_ascii_case(name))
                .map(|header| header.value.as_str())
                .collect();
            (values.len() > 1).then(|| WireDefect {
                code: String::from("duplicate-header"),
                detail: format!("{name}: {}", values.join(" | ")),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_single_fields_are_counted() {
        let field = |name: &str, value: &str| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let headers = [
            field("Location", "/a"),
            field("location", "/b"),
            field("Vary", "x"),
            field("Vary", "y"),
            field("ETag", "1"),
        ];
        let found = repeated(&headers);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.first().map(|one| one.detail.as_str()),
            Some("location: /a | /b")
        );
    }
}
