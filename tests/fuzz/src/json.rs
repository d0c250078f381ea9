//! Laws of the strict JSON reader, beside serde_json.

use scimitar::scim::json::{Defect, MAX_DEFECTS, read};
use serde::Deserialize as _;
use serde_json::Value;

use crate::{mark, skeleton};

/// Words of JSON.
pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\\"",
    "\\\\",
    "\\u0000",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\u00FC",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-",
    "1e400",
    "1E-400",
    "01",
    "1.",
    ".5",
    "9007199254740993",
    "18446744073709551616",
    "-9223372036854775809",
    "{\"a\":1,\"a\":2}",
    "\"userName\":",
    "\"USERNAME\":",
    "\"a\":",
    "\u{feff}",
    "\n",
    "\t",
    "\u{0}",
    "\u{fc}",
    "NaN",
    "[[[[[[[[[[",
    "]]]]]]]]]]",
    "//",
    "\u{2028}",
];

/// Marks of what can be repaired.
const REPAIRED: [&str; 5] = [
    "bom",
    "duplicate-key",
    "duplicate-name",
    "number",
    "trailing",
];

/// Reads what serde_json reads, and never takes more in silence; says where each defect is.
pub fn json(data: &[u8]) -> u64 {
    let (value, defects) = read(data);
    assert!(
        value.is_some() || !defects.is_empty(),
        "nothing read, and nothing wrong"
    );
    assert!(defects.len() <= MAX_DEFECTS);
    for defect in &defects {
        placed(data, defect);
    }
    let (_, again) = read(data);
    assert_eq!(again, defects, "two readings differ");
    let plain =
        serde_json::from_slice::<Value>(data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data)).ok();
    let has = |code: &str| defects.iter().any(|it| it.code == code);
    match &value {
        Some(value) => {
            let others = defects.iter().find(|it| !REPAIRED.contains(&it.code));
            assert_eq!(others, None, "read in spite of it");
            if has("trailing") {
                assert_eq!(plain, None, "nothing trails");
                assert_eq!(first(data).as_ref(), Some(value));
            } else {
                assert_eq!(
                    plain.as_ref(),
                    Some(value),
                    "read another value than serde_json: {defects:?}"
                );
            }
            rewritten(value);
        }
        None => {
            // Deeper nesting than ours is let through by serde_json.
            assert!(
                plain.is_none() || has("depth"),
                "{defects:?}: serde_json reads it"
            );
        }
    }
    let seen: Vec<_> = defects
        .iter()
        .map(|it| (it.code, skeleton(&it.detail)))
        .take(4)
        .collect();
    mark((seen, value.as_ref().map(|it| shape(it, 4))))
}

fn placed(data: &[u8], defect: &Defect) {
    match defect.at.strip_prefix("byte ") {
        Some(byte) => {
            let byte: usize = byte.parse().expect("a place is a number");
            assert!(byte <= data.len(), "{defect:?}: outside");
        }
        None => assert!(defect.at.starts_with('/'), "{defect:?}: no pointer"),
    }
}

/// The first document, as serde_json reads it.
fn first(data: &[u8]) -> Option<Value> {
    let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    Value::deserialize(&mut serde_json::Deserializer::from_slice(data)).ok()
}

/// What was read and is written again has no defect but what its values and names bring along.
fn rewritten(value: &Value) {
    let bytes = serde_json::to_vec(value).expect("a value can be written");
    let (again, defects) = read(&bytes);
    assert_eq!(
        again.as_ref(),
        Some(value),
        "written and read: another value"
    );
    let inherent = |it: &Defect| ["duplicate-name", "number"].contains(&it.code);
    assert!(defects.iter().all(inherent), "{defects:?}");
}

fn shape(value: &Value, depth: usize) -> String {
    match value {
        _ if depth == 0 => String::from("…"),
        Value::Null => String::from("n"),
        Value::Bool(_) => String::from("b"),
        Value::Number(it) => String::from(if it.is_f64() { "d" } else { "i" }),
        Value::String(it) => String::from(if it.is_ascii() { "s" } else { "u" }),
        Value::Array(items) => {
            let inner: String = items
                .iter()
                .take(3)
                .map(|it| shape(it, depth - 1))
                .collect();
            format!("[{inner}]")
        }
        Value::Object(members) => {
            let inner: String = members
                .values()
                .take(3)
                .map(|it| shape(it, depth - 1))
                .collect();
            format!("{{{inner}}}")
        }
    }
}
