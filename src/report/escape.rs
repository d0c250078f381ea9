//! Makes text that a server sent harmless before a person sees it.
//!
//! Whatever a terminal would obey, or what would make text read differently from what it holds,
//! becomes visible as `\u{..}`, and so does the first character of what a CI system would obey as a
//! command (`::error::` at the start of a word, `##[`, `##vso[`). Nothing is dropped, so two different
//! texts stay different.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal, or a reader's eye, would be misled by this character.
pub fn is_hostile(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t' || is_invisible(c)
}

/// Text for one line: hostile characters, line breaks and tabs become visible.
pub fn line(text: &str) -> Cow<'_, str> {
    replace(text, |c| is_hostile(c) || c == '\n' || c == '\t')
}

/// Text of several lines: line breaks and tabs stay, other hostile characters become visible.
pub fn block(text: &str) -> Cow<'_, str> {
    replace(text, is_hostile)
}

/// The first `limit` bytes or fewer of a text, at a character's edge, with the number of bytes left out.
pub fn clip(text: &str, limit: usize) -> (&str, usize) {
    let end = text.floor_char_boundary(limit.min(text.len()));
    (&text[..end], text.len() - end)
}

/// A text of at most about `limit` bytes; what was left out is said.
pub fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    match clip(text, limit) {
        (_, 0) => Cow::Borrowed(text),
        (head, left) => Cow::Owned(format!("{head}… ({left} bytes more)")),
    }
}

fn replace(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&bad) && !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut at_word = true;
    for (at, c) in text.char_indices() {
        match c {
            '\n' if bad(c) => out.push_str("\\n"),
            '\t' if bad(c) => out.push_str("\\t"),
            '\r' if bad(c) => out.push_str("\\r"),
            c if bad(c) || is_command(&text[at..], at_word) => {
                // A String never refuses to be written to.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
        at_word = c.is_whitespace();
    }
    Cow::Owned(out)
}

/// Whether a CI system that reads the output would take what begins here as a command.
fn is_command(rest: &str, at_word: bool) -> bool {
    at_word && rest.starts_with("::") || rest.starts_with("##[") || rest.starts_with("##vso[")
}

/// Bidirectional controls, zero-width characters, line separators, tags, and other characters without a shape.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected_line: &str, expected_block: &str) {
        assert_eq!(line(text), expected_line);
        assert_eq!(block(text), expected_block);
    }

    #[test]
    fn hostile_characters_become_visible() {
        check("plain ü ✓ 日本", "plain ü ✓ 日本", "plain ü ✓ 日本");
        check("\u{1b}[2J", "\\u{1b}[2J", "\\u{1b}[2J");
        check("\u{9b}31m", "\\u{9b}31m", "\\u{9b}31m");
        check("a\nb\tc", "a\\nb\\tc", "a\nb\tc");
        check("a\r", "a\\r", "a\\r");
        check("\0\u{7f}", "\\u{0}\\u{7f}", "\\u{0}\\u{7f}");
        check("x\u{202e}gpj", "x\\u{202e}gpj", "x\\u{202e}gpj");
        check(
            "a\u{200b}b\u{feff}",
            "a\\u{200b}b\\u{feff}",
            "a\\u{200b}b\\u{feff}",
        );
        check("\u{e0041}", "\\u{e0041}", "\\u{e0041}");
        check("http://[::1]/v2", "http://[::1]/v2", "http://[::1]/v2");
        check("::error::x", "\\u{3a}:error::x", "\\u{3a}:error::x");
        check("a ##[error]b", "a \\u{23}#[error]b", "a \\u{23}#[error]b");
    }

    #[test]
    fn clipping_ends_at_a_character_and_says_what_is_left() {
        assert_eq!(clip("aü", 2), ("a", 2));
        assert_eq!(clip("aü", 3), ("aü", 0));
        assert_eq!(clipped("abcdef", 3), "abc… (3 bytes more)");
        assert_eq!(clipped("abc", 3), "abc");
    }
}
