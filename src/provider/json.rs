//! Strict reading of JSON request bodies: nothing repaired, duplicates refused, depth bounded.
//!
//! Knows nothing of SCIM.

use serde_json::Value;

use crate::scim::json;

/// Parses a body. Names of members must differ in more than case, since SCIM compares them without.
///
/// # Errors
/// Where the text is no JSON, repeats a member or is nested deeper than `depth`.
pub(super) fn parse(bytes: &[u8], depth: usize) -> Result<Value, String> {
    let (value, defects) = json::read(bytes);
    // Numbers that not every reader keeps are judged by the type of their attribute.
    if let Some(defect) = defects.iter().find(|defect| defect.code != "number") {
        return Err(format!("{} at {}", defect.detail, defect.at));
    }
    match value {
        None => Err(String::from("a number is out of range")),
        Some(value) if is_deeper(&value, depth) => Err(format!("more than {depth} levels")),
        Some(value) => Ok(value),
    }
}

/// Whether arrays and objects are nested deeper than this.
fn is_deeper(value: &Value, depth: usize) -> bool {
    let mut inner: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Array(values) => Box::new(values.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => return false,
    };
    depth == 0 || inner.any(|value| is_deeper(value, depth - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let parsed = parse(text.as_bytes(), 4);
        match expected {
            Ok(json) => assert_eq!(parsed.unwrap().to_string(), json, "{text}"),
            Err(part) => {
                let message = parsed.unwrap_err();
                assert!(message.contains(part), "{text}: {message}");
            }
        }
    }

    #[test]
    fn bodies_are_read_strictly() {
        let plain = r#"{"a":[1,-2,2.5,true,null,"x"]}"#;
        check(plain, Ok(plain));
        check("9007199254740993", Ok("9007199254740993"));
        check(r#"{"a":1,"a":2}"#, Err("a"));
        check(r#"{"userName":1,"USERNAME":2}"#, Err("USERNAME"));
        check("[[[[1]]]]", Ok("[[[[1]]]]"));
        check("[[[[[1]]]]]", Err("4 levels"));
        check("\u{feff}{}", Err("byte order mark"));
        check("{} x", Err("at byte"));
        check("{", Err("at byte"));
        check("\"\u{1}\"", Err("at byte"));
        check("1e999", Err("range"));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        assert!(parse(b"\"\xff\"", 4).is_err());
    }
}
