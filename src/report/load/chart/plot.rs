//! Draws a plot: axes, grid, bands, rules, lines and bars.

use std::fmt::Write as _;

use super::axis::Axis;

/// How large a chart is drawn, in units that are about the page's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// For half of a wide page, or the whole of a middling one.
    Wide,
    /// For a telephone.
    Slim,
}

impl Size {
    fn frame(self) -> Frame {
        let (width, height) = match self {
            Self::Wide => (600.0, 250.0),
            Self::Slim => (360.0, 230.0),
        };
        Frame {
            width,
            height,
            left: 62.0,
            right: width - 14.0,
            top: 12.0,
            bottom: height - 28.0,
        }
    }

    /// How many ticks a time axis of this size has room for.
    pub(super) fn ticks(self) -> usize {
        match self {
            Self::Wide => 8,
            Self::Slim => 4,
        }
    }

    /// How many points a line of this size has room for.
    pub(super) fn points(self) -> usize {
        match self {
            Self::Wide => 240,
            Self::Slim => 120,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Wide => "chart at-large",
            Self::Slim => "chart at-small",
        }
    }
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Class: its colour and its dashes.
    pub(super) class: &'static str,
    /// Points from left to right; where there is none, the line is broken.
    pub(super) points: Vec<Option<(f64, f64)>>,
    /// Whether each point has a dot.
    pub(super) dots: bool,
    /// Whether what is under the line is filled.
    pub(super) filled: bool,
}

impl Line {
    /// A plain line.
    pub(super) fn new(class: &'static str, points: Vec<Option<(f64, f64)>>) -> Self {
        Self {
            class,
            points,
            dots: false,
            filled: false,
        }
    }
}

/// All that is drawn.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    /// The chart in a sentence, for who can't see it.
    pub(super) said: String,
    /// Values from left to right.
    pub(super) x: Axis,
    /// Values from the bottom to the top.
    pub(super) y: Axis,
    /// Parts of the x axis that are shaded, with a word.
    pub(super) bands: Vec<(f64, f64, &'static str)>,
    /// Values of the y axis that are marked, with a word.
    pub(super) rules: Vec<(f64, String)>,
    /// Lines, the last one on top.
    pub(super) lines: Vec<Line>,
    /// Bars: from, to, height.
    pub(super) bars: Vec<(f64, f64, f64)>,
    /// What is told of a part of the x axis under a pointer.
    pub(super) tips: Vec<(f64, f64, String)>,
}

#[derive(Clone, Copy)]
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn x(self, axis: &Axis, value: f64) -> f64 {
        self.left + axis.place(value) * (self.right - self.left)
    }

    fn y(self, axis: &Axis, value: f64) -> f64 {
        self.bottom - axis.place(value) * (self.bottom - self.top)
    }
}

/// The plot as markup that stands in a page.
pub(super) fn svg(plot: &Plot, size: Size) -> String {
    let frame = size.frame();
    let mut out = format!(
        "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        size.class(),
        frame.width,
        frame.height,
        text(&plot.said)
    );
    bands(&mut out, plot, frame);
    grid(&mut out, plot, frame);
    bars(&mut out, plot, frame);
    for line in &plot.lines {
        draw(&mut out, plot, line, frame);
    }
    rules(&mut out, plot, frame);
    if size == Size::Wide {
        tips(&mut out, plot, frame);
    }
    out += "</svg>";
    out
}

fn bands(out: &mut String, plot: &Plot, frame: Frame) {
    for (from, to, word) in &plot.bands {
        let (from, to) = (frame.x(&plot.x, *from), frame.x(&plot.x, *to));
        let _ = write!(
            out,
            "<rect class=\"band\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            frame.top,
            (to - from).max(0.0),
            frame.bottom - frame.top
        );
        if to - from > 56.0 {
            let _ = write!(
                out,
                "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                from + 4.0,
                frame.top + 12.0,
                text(word)
            );
        }
    }
}

fn grid(out: &mut String, plot: &Plot, frame: Frame) {
    for (value, word) in &plot.y.ticks {
        let y = frame.y(&plot.y, *value);
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{:.1} {y:.1}H{:.1}\"/><text class=\"tick end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            frame.left,
            frame.right,
            frame.left - 6.0,
            y + 4.0,
            text(word)
        );
    }
    for (value, word) in &plot.x.ticks {
        let x = frame.x(&plot.x, *value);
        let anchor = if x > frame.right - 12.0 {
            "tick end"
        } else {
            "tick mid"
        };
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{x:.1} {:.1}V{:.1}\"/><text class=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            frame.top,
            frame.bottom,
            if anchor == "tick end" {
                frame.right + 12.0
            } else {
                x
            },
            frame.bottom + 17.0,
            text(word)
        );
    }
}

fn bars(out: &mut String, plot: &Plot, frame: Frame) {
    for (from, to, value) in plot.bars.iter().filter(|(_, _, value)| *value > 0.0) {
        let (from, to) = (frame.x(&plot.x, *from), frame.x(&plot.x, *to));
        // What happened once is still seen.
        let top = frame.y(&plot.y, *value).min(frame.bottom - 2.0);
        let _ = write!(
            out,
            "<rect class=\"bar\" x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            (to - from).max(1.5),
            frame.bottom - top
        );
    }
}

fn draw(out: &mut String, plot: &Plot, line: &Line, frame: Frame) {
    let mut path = String::new();
    let mut area = String::new();
    let mut last: Option<(f64, bool)> = None;
    for (at, point) in line.points.iter().enumerate() {
        let Some((x, y)) = *point else {
            close(&mut area, last.take(), frame);
            continue;
        };
        let (x, y) = (frame.x(&plot.x, x), frame.y(&plot.y, y));
        let begins = last.is_none();
        let alone = begins && line.points.get(at + 1).is_none_or(Option::is_none);
        let _ = write!(path, "{}{x:.1} {y:.1}", if begins { 'M' } else { 'L' });
        if alone {
            // A point between two gaps has no line: a stroke of no length is drawn as its round end.
            let _ = write!(path, "h0");
        }
        if line.filled {
            if begins {
                let _ = write!(area, "M{x:.1} {:.1}", frame.bottom);
            }
            let _ = write!(area, "L{x:.1} {y:.1}");
        }
        if line.dots {
            let _ = write!(
                out,
                "<circle class=\"dot {}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>",
                line.class
            );
        }
        last = Some((x, line.filled));
    }
    close(&mut area, last, frame);
    if !area.is_empty() {
        let _ = write!(out, "<path class=\"area {}\" d=\"{area}\"/>", line.class);
    }
    if !path.is_empty() {
        let _ = write!(out, "<path class=\"line {}\" d=\"{path}\"/>", line.class);
    }
}

fn close(area: &mut String, last: Option<(f64, bool)>, frame: Frame) {
    if let Some((x, true)) = last {
        let _ = write!(area, "L{x:.1} {:.1}Z", frame.bottom);
    }
}

fn rules(out: &mut String, plot: &Plot, frame: Frame) {
    for (value, word) in &plot.rules {
        let y = frame.y(&plot.y, *value);
        // Above its line where there is room.
        let words = if y - frame.top > 14.0 {
            y - 4.0
        } else {
            y + 12.0
        };
        let _ = write!(
            out,
            "<path class=\"rule\" d=\"M{:.1} {y:.1}H{:.1}\"/><text class=\"tick end rule-word\" x=\"{:.1}\" y=\"{words:.1}\">{}</text>",
            frame.left,
            frame.right,
            frame.right - 4.0,
            text(word)
        );
    }
}

fn tips(out: &mut String, plot: &Plot, frame: Frame) {
    for (from, to, word) in &plot.tips {
        let (from, to) = (frame.x(&plot.x, *from), frame.x(&plot.x, *to));
        let _ = write!(
            out,
            "<rect class=\"tip\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
            frame.top,
            (to - from).max(0.5),
            frame.bottom - frame.top,
            text(word)
        );
    }
}

/// Text as markup.
fn text(text: &str) -> String {
    crate::report::html::text(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::load::chart::axis::plain;

    fn plot(points: Vec<Option<(f64, f64)>>) -> Plot {
        Plot {
            said: "a < b".to_owned(),
            x: Axis::from_zero(10.0, 5, plain),
            y: Axis::from_zero(10.0, 5, plain),
            bands: vec![(0.0, 5.0, "warm-up")],
            rules: vec![(8.0, "p99<8ms".to_owned())],
            lines: vec![Line {
                filled: true,
                ..Line::new("one", points)
            }],
            bars: vec![(0.0, 1.0, 3.0), (1.0, 2.0, 0.0)],
            tips: vec![(0.0, 1.0, "<tip>".to_owned())],
        }
    }

    #[test]
    fn a_gap_breaks_the_line_and_words_are_no_markup() {
        let point = |x: f64| Some((x, 5.0));
        let drawn = svg(
            &plot(vec![point(0.0), point(1.0), None, point(3.0)]),
            Size::Wide,
        );
        let line = drawn.split("class=\"line one\" d=\"").nth(1).unwrap();
        let line = line.split('"').next().unwrap();
        assert_eq!(line.matches('M').count(), 2, "{line}");
        assert!(line.ends_with("h0"), "{line}");
        assert_eq!(drawn.matches("class=\"bar\"").count(), 1);
        assert!(
            drawn.contains("a &lt; b")
                && drawn.contains("p99&lt;8ms")
                && drawn.contains("&lt;tip&gt;")
        );
        assert!(!svg(&plot(Vec::new()), Size::Slim).contains("tip"));
    }
}
