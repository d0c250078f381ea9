//! How a load run goes, on standard error: a line that changes at a terminal, lines now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use crate::cli::console::{Console, say};
use crate::load::attack::{Glimpse, Progress};

/// Seconds between two lines where there is no terminal.
const APART: u64 = 10;

/// What shows the progress of a run.
pub(super) fn of(console: Console) -> Arc<dyn Progress> {
    if console.quiet {
        Arc::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Arc::new(Line)
    } else {
        Arc::new(Lines)
    }
}

struct Silent;

impl Progress for Silent {
    fn phase(&self, _: &str) {}

    fn second(&self, _: &Glimpse) {}
}

struct Lines;

impl Progress for Lines {
    fn phase(&self, what: &str) {
        say(what);
    }

    fn second(&self, glimpse: &Glimpse) {
        if glimpse.second.at.is_multiple_of(APART) {
            say(&shown(glimpse));
        }
    }
}

/// One line, written again and again.
struct Line;

impl Line {
    fn write(text: &str) {
        // Trouble with the terminal is no trouble of the run.
        let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
    }
}

impl Progress for Line {
    fn phase(&self, what: &str) {
        Self::write(&format!("{what}\n"));
    }

    fn second(&self, glimpse: &Glimpse) {
        let columns = std::env::var("COLUMNS").ok();
        let columns: Option<usize> = columns.and_then(|text| text.parse().ok());
        // A line that is folded could not be written over.
        Self::write(cut(&shown(glimpse), columns.unwrap_or(80).max(20) - 1));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        Self::write("");
    }
}

/// The first characters of a text.
fn cut(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters);
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// What matters most stands first: a narrow terminal cuts the end off.
fn shown(glimpse: &Glimpse) -> String {
    let second = &glimpse.second;
    let warm_up = if second.warm_up { ", warming up" } else { "" };
    format!(
        "{:>5} s{warm_up}  {:.1}/s  p50 {}  p99 {}  {} of {} failed  {} left  {} users, {} under way",
        second.at + 1,
        second.rate,
        millis(second.p50),
        millis(second.p99),
        glimpse.errors,
        glimpse.requests,
        left(glimpse.left.as_secs()),
        second.users,
        second.in_flight,
    )
}

fn left(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{}:{:02} min", seconds / 60, seconds % 60),
    }
}

fn millis(micros: u64) -> String {
    format!("{}.{} ms", micros / 1000, micros % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::Second;
    use std::time::Duration;

    #[test]
    fn a_line_tells_rate_times_errors_and_what_is_left() {
        let glimpse = Glimpse {
            second: Second {
                at: 11,
                rate: 24.96,
                p50: 6_230,
                p99: 44_100,
                users: 16,
                in_flight: 2,
                ..Second::default()
            },
            requests: 300,
            errors: 3,
            left: Duration::from_secs(68),
        };
        assert_eq!(
            shown(&glimpse),
            "   12 s  25.0/s  p50 6.2 ms  p99 44.1 ms  3 of 300 failed  1:08 min left  16 users, 2 under way"
        );
        assert_eq!(cut("äbc", 2), "äb");
    }
}
