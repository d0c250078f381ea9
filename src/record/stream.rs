//! The two files that grow while a run goes on: `events.ndjson` and `exchanges.ndjson`.
//!
//! A line is whole or absent: each event is written through at once, exchanges with the next event.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::Event;
use super::evidence;
use crate::exchange::Exchange;

/// Name of the file of events.
pub const EVENTS: &str = "events.ndjson";
/// Name of the file of exchanges.
pub const EXCHANGES: &str = "exchanges.ndjson";

/// The two files, open.
#[derive(Debug)]
pub struct Streams {
    events: File,
    exchanges: BufWriter<File>,
    whole: bool,
    trouble: Option<io::Error>,
}

impl Streams {
    /// Creates both in a directory, truncating what is there. `whole` keeps bodies uncut.
    ///
    /// # Errors
    /// Where one can't be created.
    pub fn create(directory: &Path, whole: bool) -> io::Result<Self> {
        Ok(Self {
            events: File::create(directory.join(EVENTS))?,
            exchanges: BufWriter::new(File::create(directory.join(EXCHANGES))?),
            whole,
            trouble: None,
        })
    }

    /// Writes an event that is to be kept.
    pub fn event(&mut self, event: &Event) {
        if !event.is_kept() {
            return;
        }
        let written = line(event).and_then(|line| {
            self.exchanges.flush()?;
            self.events.write_all(&line)
        });
        self.keep(written);
    }

    /// Writes an exchange.
    pub fn exchange(&mut self, exchange: &Exchange) {
        let line = if self.whole {
            line(exchange)
        } else {
            line(&evidence::cut(exchange))
        };
        let written = line.and_then(|line| self.exchanges.write_all(&line));
        self.keep(written);
    }

    /// Ends the files.
    ///
    /// # Errors
    /// The first trouble that writing met.
    pub fn finish(mut self) -> io::Result<()> {
        let flushed = self.exchanges.flush();
        self.keep(flushed);
        self.trouble.map_or(Ok(()), Err)
    }

    fn keep(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.trouble.get_or_insert(error);
        }
    }
}

/// Reads the events of a file, up to a last line that was cut by a crash.
///
/// # Errors
/// The number of the line that is no event, from 1.
pub fn read_events(text: &str) -> Result<Vec<Event>, (usize, serde_json::Error)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut events = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(event) => events.push(event),
            Err(_) if index + 1 == lines.len() && !text.ends_with('\n') => {}
            Err(error) => return Err((index + 1, error)),
        }
    }
    Ok(events)
}

fn line(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_a_crash_cut_is_left_out_and_a_broken_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut streams = Streams::create(folder.path(), false).unwrap();
        for id in ["a", "b"] {
            streams.event(&Event::CaseStarted { id: id.to_owned() });
        }
        streams.event(&Event::CleanupProgress {
            created: 1,
            deleted: 1,
        });
        streams.finish().unwrap();
        let text = std::fs::read_to_string(folder.path().join(EVENTS)).unwrap();
        assert_eq!(read_events(&text).unwrap().len(), 2);
        assert_eq!(read_events(&text[..text.len() - 3]).unwrap().len(), 1);
        assert_eq!(read_events(&format!("nonsense\n{text}")).unwrap_err().0, 1);
    }
}
