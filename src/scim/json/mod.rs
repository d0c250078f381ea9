//! Strict reader of JSON as it came over the wire: what a lenient parser would hide is recorded,
//! and what can be repaired is still read (a byte order mark is skipped; of two members of one
//! name the last wins).
//!
//! It never fails: an unreadable body gives no value and at least one defect.

mod number;
mod seed;

use std::cell::RefCell;

use serde::de::DeserializeSeed;
use serde_json::Value;

/// Deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 100;

/// Most defects that are recorded for one body.
pub const MAX_DEFECTS: usize = 50;

/// Something wrong with a body as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Stable code: `bom`, `utf8`, `duplicate-key`, `duplicate-name` (differs in case only),
    /// `depth`, `number`, `syntax`, `trailing`.
    pub code: &'static str,
    /// JSON Pointer, or `byte N`.
    pub at: String,
    /// What was seen, for a reader.
    pub detail: String,
}

impl Defect {
    fn new(code: &'static str, at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            code,
            at: at.into(),
            detail: detail.into(),
        }
    }

    fn at_byte(code: &'static str, byte: usize, detail: impl Into<String>) -> Self {
        Self::new(code, format!("byte {byte}"), detail)
    }
}

/// Where the reader notes what it sees.
type Defects = RefCell<Vec<Defect>>;

/// Reads a body. An empty one is no JSON: it gives a `syntax` defect.
pub fn read(bytes: &[u8]) -> (Option<Value>, Vec<Defect>) {
    let defects = Defects::default();
    let value = read_into(bytes, &defects);
    let mut defects = defects.into_inner();
    if defects.len() > MAX_DEFECTS {
        // What ends the reading is noted last, and a flood of lesser defects must not hide it.
        let last = defects.pop();
        defects.truncate(MAX_DEFECTS - 1);
        defects.extend(last);
    }
    (value, defects)
}

fn read_into(bytes: &[u8], defects: &Defects) -> Option<Value> {
    let note = |defect| defects.borrow_mut().push(defect);
    let (offset, body) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            note(Defect::at_byte("bom", 0, "a byte order mark"));
            (3, rest)
        }
        None => (0, bytes),
    };
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            let byte = body.get(at).copied().unwrap_or_default();
            let detail = format!("byte {byte:#04x} is no UTF-8");
            note(Defect::at_byte("utf8", offset + at, detail));
            return None;
        }
    };
    if text.trim_start_matches(WHITESPACE).is_empty() {
        note(Defect::at_byte(
            "syntax",
            offset + text.len(),
            "nothing to read",
        ));
        return None;
    }
    let scan = number::scan(text);
    defects.borrow_mut().extend(scan.odd.into_iter().map(|odd| {
        let detail = format!("{}: {}", odd.token, odd.why);
        Defect::at_byte("number", offset + odd.at, detail)
    }));
    if let Some(at) = scan.too_deep {
        let detail = format!("more than {MAX_DEPTH} levels");
        note(Defect::at_byte("depth", offset + at, detail));
        return None;
    }
    parse(text, offset, defects)
}

const WHITESPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn parse(text: &str, offset: usize, defects: &Defects) -> Option<Value> {
    let note = |defect| defects.borrow_mut().push(defect);
    let mut parser = serde_json::Deserializer::from_str(text);
    let seed = seed::Seed::root(defects);
    let value = match seed.deserialize(&mut parser) {
        Ok(value) => value,
        Err(error) => {
            let at = byte_of(text, error.line(), error.column());
            let code = if error.to_string().starts_with("number out of range") {
                "number"
            } else {
                "syntax"
            };
            note(Defect::at_byte(code, offset + at, without_place(&error)));
            return None;
        }
    };
    if let Err(error) = parser.end() {
        let at = byte_of(text, error.line(), error.column()).saturating_sub(1);
        let rest = text.get(at..).unwrap_or("").trim_start_matches(WHITESPACE);
        let shown: String = rest.chars().take(20).flat_map(char::escape_debug).collect();
        let detail = format!("text after the document: {shown}");
        note(Defect::at_byte("trailing", offset + at, detail));
    }
    Some(value)
}

/// Byte offset of a line and column as serde_json counts them: both from 1, columns in bytes.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column).min(text.len())
}

fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((message, _)) => String::from(message),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(body: &[u8], value: impl Into<Option<Value>>, expected: &[(&str, &str)]) {
        let (read, defects) = read(body);
        let seen: Vec<_> = defects.iter().map(|it| (it.code, it.at.as_str())).collect();
        let shown = String::from_utf8_lossy(body);
        assert_eq!(seen, expected, "{shown} {defects:?}");
        assert_eq!(read, value.into(), "{shown}");
    }

    #[test]
    fn clean_documents_have_no_defect() {
        check(
            br#"{"a": [1, -2.5e3, true, null, "x\u00e9"]}"#,
            json!({"a": [1, -2500.0, true, null, "xé"]}),
            &[],
        );
        check(b" \n[]\r\n", json!([]), &[]);
        check(b"9007199254740991", json!(9_007_199_254_740_991_u64), &[]);
        check(
            br#"["-0", "1e400", "[[[", "\\\"-0"]"#,
            json!(["-0", "1e400", "[[[", "\\\"-0"]),
            &[],
        );
    }

    #[test]
    fn repairs_what_it_can() {
        check(b"\xEF\xBB\xBF{}", json!({}), &[("bom", "byte 0")]);
        check(
            br#"{"a": {"b/c": 1, "b/c": 2}}"#,
            json!({"a": {"b/c": 2}}),
            &[("duplicate-key", "/a/b~1c")],
        );
        check(
            br#"[{"userName": 1, "USERNAME": 2}]"#,
            json!([{"userName": 1, "USERNAME": 2}]),
            &[("duplicate-name", "/0/USERNAME")],
        );
        check(b"{} {}", json!({}), &[("trailing", "byte 3")]);
        check(b"[]]", json!([]), &[("trailing", "byte 2")]);
        check(
            b"\xEF\xBB\xBF1\n x",
            json!(1),
            &[("bom", "byte 0"), ("trailing", "byte 6")],
        );
    }

    #[test]
    fn flags_numbers_that_do_not_travel() {
        check(
            b"[9007199254740993]",
            json!([9_007_199_254_740_993_u64]),
            &[("number", "byte 1")],
        );
        check(b"[-0]", json!([-0.0]), &[("number", "byte 1")]);
        check(
            b"18446744073709551616",
            json!(18_446_744_073_709_551_616.0),
            &[("number", "byte 0")],
        );
        let (value, defects) = read(b"[1e400]");
        assert_eq!(value, None);
        assert!(defects.iter().all(|it| it.code == "number"), "{defects:?}");
    }

    #[test]
    fn refuses_what_is_no_json() {
        check(b"", None, &[("syntax", "byte 0")]);
        check(b" \n", None, &[("syntax", "byte 2")]);
        check(b"{\"a\": \"\xFF\"}", None, &[("utf8", "byte 7")]);
        check(b"{\"a\": 1", None, &[("syntax", "byte 7")]);
        check(b"[NaN]", None, &[("syntax", "byte 2")]);
        check(b"[01]", None, &[("syntax", "byte 3")]);
        check(b"[1,]", None, &[("syntax", "byte 4")]);
        check(b"\"a\tb\"", None, &[("syntax", "byte 3")]);
        check(br#""\ud800""#, None, &[("syntax", "byte 8")]);
        check(b"<html>", None, &[("syntax", "byte 1")]);
        check(b"[1] -", json!([1]), &[("trailing", "byte 4")]);
        let deep = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
        check(deep.as_bytes(), None, &[("depth", "byte 100")]);
        check(
            "[".repeat(200_000).as_bytes(),
            None,
            &[("depth", "byte 100")],
        );
        let fine = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert!(read(fine.as_bytes()).0.is_some());
    }

    #[test]
    fn a_flood_of_defects_is_cut() {
        let body = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(10_000));
        assert_eq!(read(body.as_bytes()).1.len(), MAX_DEFECTS);
        for (rest, code) in [("] x", "trailing"), ("", "syntax")] {
            let body = format!("[{}0{rest}", "-0,".repeat(100));
            let defects = read(body.as_bytes()).1;
            assert_eq!(defects.len(), MAX_DEFECTS);
            assert_eq!(defects.last().map(|it| it.code), Some(code));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let (value, defects) = read(&bytes);
            prop_assert!(value.is_some() || !defects.is_empty());
        }

        #[test]
        fn agrees_with_serde_json_where_nothing_is_odd(text in "[\\[\\]{}:,\"a1.e -\\\\]{0,24}") {
            let (value, defects) = read(text.as_bytes());
            let plain = serde_json::from_str::<Value>(&text).ok();
            if defects.is_empty() {
                prop_assert_eq!(value, plain);
            } else {
                let repaired = defects.iter().all(|it| it.code.starts_with("duplicate") || it.code == "number");
                prop_assert!(plain.is_none() || repaired, "{:?}", defects);
            }
        }
    }
}
