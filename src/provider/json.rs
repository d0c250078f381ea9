//! Strict reading of JSON request bodies: duplicates refused, depth bounded.
//!
//! Knows nothing of SCIM.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a body is not usable.
pub(super) type Defect = serde_json::Error;

/// Parses a body. Names of members must differ in more than case, since SCIM compares them without.
///
/// # Errors
/// Where the text is no JSON, repeats a member or is nested deeper than `depth`.
pub(super) fn parse(bytes: &[u8], depth: usize) -> Result<Value, Defect> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth }),
            None => Err(E::custom("nested too deeply")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !seen.insert(name.to_ascii_lowercase()) {
                return Err(A::Error::custom(format!("the member '{name}' is repeated")));
            }
            let value = members.next_value_seed(inner)?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        Value::deserialize(reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let parsed = parse(text.as_bytes(), 4);
        match expected {
            Ok(json) => assert_eq!(parsed.unwrap().to_string(), json, "{text}"),
            Err(part) => {
                let message = parsed.unwrap_err().to_string();
                assert!(message.contains(part), "{text}: {message}");
            }
        }
    }

    #[test]
    fn bodies_are_read_strictly() {
        check(
            r#"{"a":[1,-2,2.5,true,null,"x"]}"#,
            Ok(r#"{"a":[1,-2,2.5,true,null,"x"]}"#),
        );
        check(r#"{"a":1,"a":2}"#, Err("repeated"));
        check(r#"{"userName":1,"USERNAME":2}"#, Err("repeated"));
        check("[[[[1]]]]", Ok("[[[[1]]]]"));
        check("[[[[[1]]]]]", Err("too deeply"));
        check("{} x", Err("trailing"));
        check("{", Err("EOF"));
        check("", Err("EOF"));
        check("\"\u{1}\"", Err("control"));
        check("1e999", Err("range"));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        assert!(parse(b"\"\xff\"", 4).is_err());
    }
}
