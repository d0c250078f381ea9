//! How far a run is, on stderr while it goes on: a bar at a terminal, counter lines elsewhere.
//!
//! Never shows text that a server sent, and never writes to stdout.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::record::event::Event;
use crate::record::{Outcome, Summary};

/// How often a bar is drawn again while nothing happens.
const TICK: Duration = Duration::from_millis(250);
/// What a bar shows.
const BAR: &str = "  {bar:32} {pos}/{len} cases  {msg}  {elapsed}";

/// Shows how many cases have finished and how they ended.
pub struct Progress {
    show: Show,
    total: u64,
    done: u64,
    counts: Summary,
}

enum Show {
    Nothing,
    Bar(ProgressBar),
    Lines(Box<dyn Write + Send>),
}

impl Progress {
    /// Shows nothing.
    pub fn silent() -> Self {
        Self::new(Show::Nothing)
    }

    /// A bar on stderr, for a terminal.
    pub fn bar() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_message("discovery");
        bar.enable_steady_tick(TICK);
        Self::new(Show::Bar(bar))
    }

    /// A counter line each tenth of the way, for a log. Trouble with the writer is no trouble of the run.
    pub fn lines(writer: impl Write + Send + 'static) -> Self {
        Self::new(Show::Lines(Box::new(writer)))
    }

    /// Something happened in the run.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Planned(planned) => self.planned(planned.cases),
            Event::CaseFinished(finished) => self.case(finished.case.outcome),
            Event::CleanupProgress { created, deleted } => self.cleanup(*created, *deleted),
            Event::RunStarted(_)
            | Event::CaseStarted { .. }
            | Event::Exchanged { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// Takes the bar away, so that the report stands alone.
    pub fn finish(self) {
        if let Show::Bar(bar) = self.show {
            bar.finish_and_clear();
        }
    }

    fn planned(&mut self, cases: u64) {
        self.total = cases;
        if let Show::Bar(bar) = &self.show {
            if let Ok(style) = ProgressStyle::with_template(BAR) {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar.set_length(cases);
            bar.set_message("");
        }
    }

    fn case(&mut self, outcome: Outcome) {
        self.done += 1;
        *count_of(&mut self.counts, outcome) += 1;
        let step = (self.total / 10).max(1);
        match &mut self.show {
            Show::Nothing => {}
            Show::Bar(bar) => {
                bar.set_message(counts(&self.counts));
                bar.set_position(self.done);
            }
            Show::Lines(writer) => {
                if self.done.is_multiple_of(step) || self.done == self.total {
                    let text = counts(&self.counts);
                    // A closed stderr must not end the run.
                    let _ = writeln!(writer, "  {}/{} cases  {text}", self.done, self.total);
                }
            }
        }
    }

    fn cleanup(&self, created: u64, deleted: u64) {
        if let Show::Bar(bar) = &self.show {
            bar.set_message(format!("clean-up {deleted}/{created}"));
        }
    }

    fn new(show: Show) -> Self {
        Self {
            show,
            total: 0,
            done: 0,
            counts: Summary::default(),
        }
    }
}

fn count_of(summary: &mut Summary, outcome: Outcome) -> &mut u64 {
    match outcome {
        Outcome::Pass => &mut summary.pass,
        Outcome::Fail => &mut summary.fail,
        Outcome::Warn => &mut summary.warn,
        Outcome::Note => &mut summary.note,
        Outcome::Skip => &mut summary.skip,
        Outcome::Error => &mut summary.error,
    }
}

fn counts(summary: &Summary) -> String {
    let parts = [
        (summary.pass, "passed"),
        (summary.fail, "failed"),
        (summary.error, "errors"),
        (summary.warn, "warnings"),
        (summary.note, "notes"),
        (summary.skip, "skipped"),
    ];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn check(total: u64, outcomes: &[Outcome], expected: &str) {
        let sink = Sink::default();
        let mut progress = Progress::lines(sink.clone());
        progress.planned(total);
        for outcome in outcomes {
            progress.case(*outcome);
        }
        progress.finish();
        let bytes = sink.0.lock().unwrap().clone();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_log_gets_a_line_each_tenth_and_the_last() {
        check(0, &[], "");
        check(
            2,
            &[Outcome::Pass, Outcome::Fail],
            "  1/2 cases  1 passed\n  2/2 cases  1 passed, 1 failed\n",
        );
        check(
            25,
            &[Outcome::Skip; 5],
            "  2/25 cases  2 skipped\n  4/25 cases  4 skipped\n",
        );
    }
}
