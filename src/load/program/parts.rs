//! Text with holes, compiled from templates so that filling it in costs little.
//!
//! Templates are rendered once with stand-ins for what is not known yet; the text is then cut where
//! they stand. So load sends what a conformance run would send, adaptation included.

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::Value;

use super::memory::{Memory, Source};
use crate::payload::{PARAMETER, SEGMENT};

/// What begins a stand-in; the number of its name follows, and [`END`].
const BEGIN: &str = "zqhole";

/// What ends a stand-in.
const END: &str = "qz";

/// Digits of the number of a name.
const DIGITS: usize = 3;

/// The text that stands in for the name with this number: lower-case letters and digits, so that
/// nothing on the way changes it.
pub(super) fn stand_in(number: usize) -> String {
    format!("{BEGIN}{number:0DIGITS$}{END}")
}

/// How a value is written into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One path segment, percent-encoded.
    Segment,
    /// Part of a query, percent-encoded.
    Parameter,
    /// Within a string of JSON.
    JsonText,
    /// A value of JSON, with the type that it has.
    JsonValue,
    /// As it is.
    Plain,
}

/// Text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Box<str>),
    Hole(Source, Form),
}

impl Parts {
    /// Cuts a text at its stand-ins. In JSON, a string that is one stand-in becomes a value.
    pub(super) fn cut(text: &str, sources: &[Source], form: Form) -> Self {
        let mut parts = Self::default();
        let mut rest = text;
        while let Some((at, source)) = find(rest, sources) {
            let width = BEGIN.len() + DIGITS + END.len();
            let (mut before, mut after) = (
                rest.get(..at).unwrap_or_default(),
                rest.get(at + width..).unwrap_or_default(),
            );
            let mut form = form;
            if form == Form::JsonText
                && let (Some(head), Some(tail)) =
                    (before.strip_suffix('"'), after.strip_prefix('"'))
                && !head.ends_with('\\')
            {
                (before, after) = (head, tail);
                form = Form::JsonValue;
            }
            parts.text(before);
            parts.0.push(Piece::Hole(source, form));
            rest = after;
        }
        parts.text(rest);
        parts
    }

    /// Adds text, or what another text is made of.
    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Piece::Text(last)) => {
                let mut joined = String::from(std::mem::take(last));
                joined.push_str(text);
                *last = joined.into();
            }
            _ => self.0.push(Piece::Text(text.into())),
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Text(text) => self.text(&text),
                hole @ Piece::Hole(..) => self.0.push(hole),
            }
        }
    }

    /// The text, where it has no holes.
    pub(super) fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// What is filled in.
    pub(super) fn sources(&self) -> impl Iterator<Item = Source> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Hole(source, _) => Some(*source),
            Piece::Text(_) => None,
        })
    }

    /// Writes the text.
    ///
    /// # Errors
    /// What has no value, or one that can't stand in its place.
    pub(super) fn write(&self, out: &mut Vec<u8>, memory: &Memory) -> Result<(), Source> {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Hole(source, form) => fill(out, *source, *form, memory)?,
            }
        }
        Ok(())
    }
}

fn fill(out: &mut Vec<u8>, source: Source, form: Form, memory: &Memory) -> Result<(), Source> {
    let value = memory.get(source).ok_or(source)?;
    if form == Form::JsonValue {
        return serde_json::to_writer(out, value.as_ref()).map_err(|_| source);
    }
    let printed;
    let text = match value.as_ref() {
        Value::Null => return Err(source),
        Value::String(text) => text.as_str(),
        other => {
            printed = other.to_string();
            &printed
        }
    };
    match form {
        Form::Segment if matches!(text, "" | "." | "..") => return Err(source),
        Form::Segment => encode(out, text, SEGMENT),
        Form::Parameter => encode(out, text, PARAMETER),
        Form::JsonText => escape(out, text),
        Form::JsonValue | Form::Plain => out.extend_from_slice(text.as_bytes()),
    }
    Ok(())
}

fn encode(out: &mut Vec<u8>, text: &str, set: &'static AsciiSet) {
    for piece in utf8_percent_encode(text, set) {
        out.extend_from_slice(piece.as_bytes());
    }
}

/// Percent-encodes a parameter that may hold stand-ins, which stay as they are.
pub(super) fn parameter(text: &str) -> String {
    utf8_percent_encode(text, PARAMETER).to_string()
}

fn escape(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        return out.extend_from_slice(text.as_bytes());
    }
    let quoted = Value::from(text).to_string();
    let inner = quoted.get(1..quoted.len().saturating_sub(1));
    out.extend_from_slice(inner.unwrap_or_default().as_bytes());
}

/// The first stand-in of a text: where it begins, and what it stands for.
fn find(text: &str, sources: &[Source]) -> Option<(usize, Source)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(BEGIN)?;
        let rest = text.get(at + BEGIN.len()..)?;
        let number = rest.get(..DIGITS).and_then(|digits| digits.parse().ok());
        let ends = rest.get(DIGITS..).is_some_and(|rest| rest.starts_with(END));
        if let Some(source) = number
            .and_then(|number: usize| sources.get(number))
            .filter(|_| ends)
        {
            return Some((at, *source));
        }
        from = at + BEGIN.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const SOURCES: &[Source] = &[Source::Slot(0), Source::Slot(1)];

    fn written(template: &str, form: Form, values: &[Value]) -> Result<String, Source> {
        let parts = Parts::cut(template, SOURCES, form);
        let mut memory = Memory::new(crate::seed::Seed(1), 0);
        memory.begin("c", 1, values.len());
        for (slot, value) in values.iter().enumerate() {
            memory.set(slot, value.clone());
        }
        let mut out = Vec::new();
        parts.write(&mut out, &memory)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn holes_are_filled_as_their_place_asks() {
        let check = |template: &str, form, value: Value, expected: &str| {
            assert_eq!(
                written(template, form, &[value]).unwrap(),
                expected,
                "{template}"
            );
        };
        let x = stand_in(0);
        check(
            &format!("/Users/{x}/y"),
            Form::Segment,
            json!("a/b?"),
            "/Users/a%2Fb%3F/y",
        );
        check(
            &format!("f=eq+{x}"),
            Form::Parameter,
            json!("a@b"),
            "f=eq+a%40b",
        );
        check(
            &format!(r#"{{"a":"{x}"}}"#),
            Form::JsonText,
            json!("q\"\n"),
            r#"{"a":"q\"\n"}"#,
        );
        check(
            &format!(r#"{{"a":"{x}"}}"#),
            Form::JsonText,
            json!([1]),
            r#"{"a":[1]}"#,
        );
        check(
            &format!(r#"{{"a":"-{x}"}}"#),
            Form::JsonText,
            json!("q\"\n"),
            r#"{"a":"-q\"\n"}"#,
        );
        check(
            &format!(r#"["m eq \"{x}\""]"#),
            Form::JsonText,
            json!("7"),
            r#"["m eq \"7\""]"#,
        );
        check(&format!("{x}{x}"), Form::Plain, json!(7), "77");
        check("zqhole9", Form::Plain, json!(7), "zqhole9");
        for bad in [json!(""), json!(".."), json!(null)] {
            assert_eq!(written(&x, Form::Segment, &[bad]), Err(Source::Slot(0)));
        }
        assert_eq!(
            written(&stand_in(1), Form::Plain, &[json!(1)]),
            Err(Source::Slot(1))
        );
        assert_eq!(Parts::cut("a", SOURCES, Form::Plain).fixed(), Some("a"));
    }

    proptest! {
        #[test]
        fn a_body_with_any_text_in_it_stays_json(text in "\\PC{0,20}", around in "[a-z]{0,4}") {
            let template = json!({ "a": format!("{around}{}", stand_in(0)) }).to_string();
            let filled = written(&template, Form::JsonText, &[json!(text)]).unwrap();
            let back: Value = serde_json::from_str(&filled).unwrap();
            prop_assert_eq!(back, json!({ "a": format!("{around}{text}") }));
        }
    }
}
