//! The record itself as JSON, and its cases as one JSON object a line.
//!
//! Control, bidirectional and zero-width characters leave as `\u` escapes, so that the text is also
//! harmless on a terminal; the values stay the same.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::ReportError;
use super::escape::is_hostile;
use crate::record::RunRecord;

/// The whole record, indented.
pub(super) fn pretty(record: &RunRecord) -> Result<String, ReportError> {
    let mut text = write(record, Harmless(PrettyFormatter::new()))?;
    text.push('\n');
    Ok(text)
}

/// One case a line, in the order of the plan.
pub(super) fn lines(record: &RunRecord) -> Result<String, ReportError> {
    let mut text = String::new();
    for case in &record.cases {
        text.push_str(&write(case, Harmless(CompactFormatter))?);
        text.push('\n');
    }
    Ok(text)
}

/// Writes a value on one line.
pub(super) fn harmless(
    value: &(impl Serialize + ?Sized),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Harmless(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

fn write<T: Serialize, F: Formatter>(value: &T, formatter: F) -> Result<String, ReportError> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A formatter that also escapes what JSON would allow raw but a terminal would obey.
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hostile) {
            let (clean, tail) = rest.split_at(at);
            self.0.write_string_fragment(writer, clean)?;
            let mut chars = tail.chars();
            if let Some(hostile) = chars.next() {
                let mut units = [0; 2];
                for unit in hostile.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }

    fn begin_array<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.begin_array(writer)
    }

    fn end_array<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.end_array(writer)
    }

    fn begin_array_value<W>(&mut self, writer: &mut W, first: bool) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.end_array_value(writer)
    }

    fn begin_object<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.begin_object(writer)
    }

    fn end_object<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.end_object(writer)
    }

    fn begin_object_key<W>(&mut self, writer: &mut W, first: bool) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W>(&mut self, writer: &mut W) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let json = write(&text, Harmless(CompactFormatter)).unwrap();
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn hostile_characters_leave_as_escapes_and_keep_their_value() {
        check("plain ü ✓", "\"plain ü ✓\"");
        check("\u{1b}[31m", "\"\\u001b[31m\"");
        check("a\u{202e}b\u{200b}", "\"a\\u202eb\\u200b\"");
        check("\u{9b}31m", "\"\\u009b31m\"");
        check("\u{e0041}", "\"\\udb40\\udc41\"");
        check("\"\\\n", "\"\\\"\\\\\\n\"");
    }
}
