//! The terminal: what may be coloured, how wide it is, how much is said.
//!
//! Results go to standard output, everything else to standard error.

use std::io::Write as _;

use super::config::Config;
use super::option::{Color, CommonFlags};
use crate::report::Options;

/// Narrowest and widest lines of a report.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=120;

/// How to speak to the user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console {
    /// No progress, only verdicts and failures.
    pub(super) quiet: bool,
    /// Also what passed.
    pub(super) verbose: bool,
    color: Color,
}

impl Console {
    /// As flags and file say.
    pub(super) fn of(flags: &CommonFlags, config: &Config) -> Self {
        Self {
            quiet: flags.quiet,
            verbose: flags.verbose > 0,
            color: flags.color.or(config.color).unwrap_or_default(),
        }
    }

    /// How a report is laid out on standard output.
    pub(super) fn options(self) -> Options {
        let color = self.colors(&std::io::stdout());
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok());
        Options {
            color,
            width: columns
                .unwrap_or(100_usize)
                .clamp(*WIDTHS.start(), *WIDTHS.end()),
            verbose: self.verbose,
            quiet: self.quiet,
        }
    }
}

impl Console {
    /// Whether standard error may be coloured.
    pub(super) fn stderr_color(self) -> bool {
        self.colors(&std::io::stderr())
    }

    fn colors(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
        }
    }
}

/// Says something on standard error. Trouble with it is no trouble of the command.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
