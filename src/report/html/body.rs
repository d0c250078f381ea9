//! Bodies as a reader wants to see them: JSON indented, keys and literals marked, nothing lost.
//!
//! JSON is laid out from its own text, not from a parsed value, so that duplicate keys, number forms
//! and escapes stay as they came. Everything else is shown as it is.

use serde::de::IgnoredAny;

use crate::report::escape;

/// Markup for a body that is shown in a `<pre>`.
pub(super) fn markup(text: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        json(text)
    } else {
        html(&escape::block(text))
    }
}

/// Text as HTML.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&#34;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}

/// Valid JSON, indented.
fn json(text: &str) -> String {
    let mut layout = Layout {
        out: String::with_capacity(text.len() * 2),
        depth: 0,
    };
    let mut rest = text.trim_ascii();
    while let Some(first) = rest.chars().next() {
        let end = token_end(rest, first);
        let (token, tail) = rest.split_at(end);
        rest = tail.trim_ascii_start();
        layout.token(token, first, rest);
    }
    layout.out
}

struct Layout {
    out: String,
    depth: usize,
}

impl Layout {
    fn token(&mut self, token: &str, first: char, rest: &str) {
        match first {
            '{' | '[' => {
                self.out.push(first);
                self.depth += 1;
                if !rest.starts_with(['}', ']']) {
                    self.line();
                }
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if !self.out.ends_with(['{', '[']) {
                    self.line();
                }
                self.out.push(first);
            }
            ',' => {
                self.out.push(',');
                self.line();
            }
            ':' => self.out += ": ",
            '"' if rest.starts_with(':') => self.mark("b", token),
            '"' => self.out += &html(&escape::block(token)),
            _ => self.mark("i", token),
        }
    }

    fn mark(&mut self, tag: &str, token: &str) {
        let token = html(&escape::block(token));
        self.out += &["<", tag, ">", &token, "</", tag, ">"].concat();
    }

    fn line(&mut self) {
        /// Levels beyond which the indent grows no more.
        const DEEPEST: usize = 20;
        self.out.push('\n');
        let columns = 2 * self.depth.min(DEEPEST);
        self.out.extend(std::iter::repeat_n(' ', columns));
    }
}

/// Where the first token of valid JSON ends.
fn token_end(text: &str, first: char) -> usize {
    match first {
        '"' => {
            let mut escaped = false;
            let end = text[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(text.len(), |at| at + 2)
        }
        '{' | '}' | '[' | ']' | ',' | ':' => 1,
        _ => text
            .find(|c: char| matches!(c, ',' | ']' | '}' | ':') || c.is_ascii_whitespace())
            .unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(markup(text), expected);
    }

    #[test]
    fn json_is_laid_out_and_nothing_is_lost() {
        check("{}", "{}");
        check("[ ]", "[]");
        check("1.0", "<i>1.0</i>");
        check(
            r#"{"a":1.0,"a":[true,"x\"y"]}"#,
            "{\n  <b>&#34;a&#34;</b>: <i>1.0</i>,\n  <b>&#34;a&#34;</b>: [\n    <i>true</i>,\n    &#34;x\\&#34;y&#34;\n  ]\n}",
        );
        check(r#""a\\""#, "&#34;a\\\\&#34;");
    }

    #[test]
    fn other_bodies_are_shown_as_they_are() {
        check("<html>\u{1b}", "&lt;html&gt;\\u{1b}");
        check("{\"a\":", "{&#34;a&#34;:");
        check("</script>", "&lt;/script&gt;");
    }
}
