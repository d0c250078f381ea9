//! Lines of text with colour and folding: the paper that the terminal report is written on.
//!
//! All text passes [`escape`] on its way in; only styles write escape sequences.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::record::Outcome;
use crate::report::escape;
use crate::report::word::State;

/// Column at which the text of a labelled line starts, from its indent.
const LABEL: usize = 10;
/// Bytes of one value that are shown.
const VALUE: usize = 600;
/// Columns below which lines are not folded.
const NARROWEST: usize = 40;

/// Text under construction.
pub(super) struct Page {
    out: String,
    color: bool,
    width: usize,
}

/// Styles by what they mean.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    /// As it is.
    Plain,
    /// Titles.
    Strong,
    /// What may be overlooked.
    Faint,
    /// The colour of a state.
    State(State),
}

impl Page {
    pub(super) fn new(color: bool, width: usize) -> Self {
        Self {
            out: String::new(),
            color,
            width: width.max(NARROWEST),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless the page is empty or has one already.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// One title, not folded.
    pub(super) fn title(&mut self, text: &str) {
        self.gap();
        self.put(Tone::Strong, text);
        self.out.push('\n');
    }

    /// Parts side by side on one line behind an indent, not folded.
    pub(super) fn parts(&mut self, indent: usize, parts: &[(Tone, &str)]) {
        self.pad(indent);
        for (at, (tone, text)) in parts.iter().enumerate() {
            if at > 0 {
                self.out.push(' ');
            }
            self.put(*tone, &escape::line(text));
        }
        self.out.push('\n');
    }

    /// A label and its text, folded below its start.
    pub(super) fn field(&mut self, indent: usize, label: &str, text: &str) {
        let escaped = escape::line(text);
        let text = escape::clipped(&escaped, VALUE);
        let start = indent + LABEL;
        for (at, line) in fold(&text, self.width.saturating_sub(start))
            .iter()
            .enumerate()
        {
            self.pad(indent);
            let label = if at == 0 { label } else { "" };
            self.put(Tone::Faint, label);
            self.pad(LABEL.saturating_sub(label.width()).max(1));
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// A hint: what it says folded, what it draws or lets run below it as it is.
    pub(super) fn hint(&mut self, indent: usize, (said, drawn): (Option<&str>, Option<&str>)) {
        if let Some(said) = said {
            self.field(indent, "hint", said);
        }
        if let Some(drawn) = drawn {
            self.out.push_str(&escape::block(drawn));
            self.out.push('\n');
        }
    }

    /// A label and text that must stay copyable: never folded, several lines at the left edge.
    pub(super) fn verbatim(&mut self, indent: usize, label: &str, text: &str) {
        let text = escape::block(text);
        self.pad(indent);
        self.put(Tone::Faint, label);
        if text.contains('\n') {
            self.out.push('\n');
        } else {
            self.pad(LABEL.saturating_sub(label.width()).max(1));
        }
        self.out.push_str(&text);
        self.out.push('\n');
    }

    /// Text folded behind an indent.
    pub(super) fn text(&mut self, indent: usize, tone: Tone, text: &str) {
        let escaped = escape::line(text);
        let text = escape::clipped(&escaped, VALUE);
        for line in fold(&text, self.width.saturating_sub(indent)) {
            self.pad(indent);
            self.put(tone, &line);
            self.out.push('\n');
        }
    }

    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn put(&mut self, tone: Tone, text: &str) {
        let style = style(tone);
        if self.color && !style.is_plain() && !text.is_empty() {
            self.out.extend([
                &style.render().to_string(),
                text,
                &style.render_reset().to_string(),
            ]);
        } else {
            self.out.push_str(text);
        }
    }
}

fn style(tone: Tone) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::State(State::Outcome(outcome)) => match outcome {
            Outcome::Pass => color(AnsiColor::Green),
            Outcome::Fail => color(AnsiColor::Red).bold(),
            Outcome::Error => color(AnsiColor::Magenta).bold(),
            Outcome::Warn => color(AnsiColor::Yellow),
            Outcome::Note => color(AnsiColor::Cyan),
            Outcome::Skip => Style::new().dimmed(),
        },
        Tone::State(State::Expected) => color(AnsiColor::Blue),
    }
}

/// Lines of at most `width` columns, broken at spaces. A longer word stands alone on its line.
fn fold(text: &str, width: usize) -> Vec<String> {
    let width = width.max(NARROWEST / 2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let columns = word.width();
        if used > 0 && used + 1 + columns > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += columns;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, width: usize, expected: &[&str]) {
        assert_eq!(fold(text, width), expected);
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_stay_whole() {
        check("", 20, &[""]);
        check(
            "one two three four five six",
            20,
            &["one two three four", "five six"],
        );
        check(
            "see https://www.rfc-editor.org/rfc/rfc7644 there",
            20,
            &["see", "https://www.rfc-editor.org/rfc/rfc7644", "there"],
        );
        check(
            "日本語 日本語 日本語 日本語",
            20,
            &["日本語 日本語 日本語", "日本語"],
        );
    }

    #[test]
    fn without_colour_no_escape_sequence_is_written() {
        for (color, expected) in [(false, "x\n"), (true, "\u{1b}[1mx\u{1b}[0m\n")] {
            let mut page = Page::new(color, 80);
            page.title("x");
            assert_eq!(page.finish(), expected);
        }
    }
}
