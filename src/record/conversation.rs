//! What a client and its target said to each other, in the order in which the client sent it, case by case.
//!
//! Holds the place of each exchange and one exchange at a time, never the bodies of all of them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::Deserialize;

use super::RunRecord;
use super::event::{Event, RunStarted};
use super::stream::{EVENTS, EXCHANGES};
use crate::exchange::{Exchange, Timing};

/// The exchanges of a run, in order.
#[derive(Debug)]
pub struct Conversation<'a> {
    source: Source<'a>,
    talks: Vec<Talk>,
}

/// What one case said, or the run itself.
#[derive(Debug)]
pub struct Talk {
    /// Id of the case; empty for discovery and preflight.
    pub case: String,
    /// From the start of the run to its first request, microseconds.
    pub started_us: u64,
    /// From the start of the run to its last answer, microseconds.
    pub ended_us: u64,
    places: Vec<Place>,
}

/// Where an exchange stands, and when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    started_us: u64,
    n: u64,
    at: u64,
    length: usize,
}

#[derive(Debug)]
enum Source<'a> {
    File(File),
    Kept(&'a [Exchange]),
}

/// What is needed of an exchange to put it in order.
#[derive(Deserialize)]
struct Head {
    n: u64,
    case: String,
    timing: Timing,
}

impl<'a> Conversation<'a> {
    /// The exchanges that a record kept.
    #[must_use]
    pub fn of(record: &'a RunRecord) -> Self {
        let mut order = Order::default();
        for (at, exchange) in record.exchanges.iter().enumerate() {
            let head = Head {
                n: exchange.n,
                case: exchange.case.clone(),
                timing: exchange.timing,
            };
            order.add(head, at as u64, 0);
        }
        Self {
            source: Source::Kept(&record.exchanges),
            talks: order.talks(),
        }
    }

    /// All exchanges of a run, from the stream in its directory. A last line that a crash cut is left out.
    ///
    /// # Errors
    /// Where there is no stream, or it is of another run, or can't be read.
    pub fn read(directory: &Path, record: &RunRecord) -> Result<Self, Unreadable> {
        let path = directory.join(EXCHANGES);
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unreadable::Absent,
            _ => Unreadable::Io(error),
        })?;
        if started(directory)?.is_none_or(|run| run.started != record.started) {
            return Err(Unreadable::OfAnother);
        }
        let mut lines = BufReader::new(&file);
        let mut order = Order::default();
        let (mut at, mut number, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            number += 1;
            let length = lines.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            match serde_json::from_slice::<Head>(&line) {
                Ok(head) => order.add(head, at, length),
                Err(_) if !line.ends_with(b"\n") => break,
                Err(error) => return Err(Unreadable::Line(number, error)),
            }
            at += length as u64;
        }
        Ok(Self {
            source: Source::File(file),
            talks: order.talks(),
        })
    }

    /// Who spoke, by the time of the first request.
    #[must_use]
    pub fn talks(&self) -> &[Talk] {
        &self.talks
    }

    /// How many exchanges there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.talks.iter().map(|talk| talk.places.len()).sum()
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.talks.is_empty()
    }

    /// Gives the exchanges one after the other.
    ///
    /// # Errors
    /// Where one can't be read again, or as the taker says.
    pub fn each(
        &mut self,
        mut take: impl FnMut(&Exchange) -> io::Result<()>,
    ) -> Result<(), Unreadable> {
        let mut line = Vec::new();
        for place in self.talks.iter().flat_map(|talk| &talk.places) {
            match &mut self.source {
                Source::Kept(exchanges) => {
                    let at = usize::try_from(place.at).unwrap_or(usize::MAX);
                    exchanges.get(at).map_or(Ok(()), &mut take)?;
                }
                Source::File(file) => {
                    line.resize(place.length, 0);
                    file.seek(SeekFrom::Start(place.at))?;
                    file.read_exact(&mut line)?;
                    let exchange: Exchange = serde_json::from_slice(&line)
                        .map_err(|error| Unreadable::Io(error.into()))?;
                    take(&exchange)?;
                }
            }
        }
        Ok(())
    }
}

/// Why the exchanges of a run can't be had.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The stream is not there.
    #[error("{EXCHANGES} is not there")]
    Absent,
    /// The streams in the directory belong to a run that began at another time.
    #[error("{EXCHANGES} is not known to be of this run")]
    OfAnother,
    /// A line is no exchange.
    #[error("line {0} of {EXCHANGES} is no exchange: {1}")]
    Line(usize, serde_json::Error),
    /// Reading failed, or writing what was read.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Gathers places.
#[derive(Default)]
struct Order {
    by_case: HashMap<String, Talk>,
}

impl Order {
    fn add(&mut self, head: Head, at: u64, length: usize) {
        let Timing {
            started_us,
            total_us,
            ..
        } = head.timing;
        let talk = self
            .by_case
            .entry(head.case)
            .or_insert_with_key(|case| Talk {
                case: case.clone(),
                started_us,
                ended_us: 0,
                places: Vec::new(),
            });
        talk.started_us = talk.started_us.min(started_us);
        talk.ended_us = talk.ended_us.max(started_us.saturating_add(total_us));
        talk.places.push(Place {
            started_us,
            n: head.n,
            at,
            length,
        });
    }

    fn talks(self) -> Vec<Talk> {
        let mut talks: Vec<Talk> = self.by_case.into_values().collect();
        for talk in &mut talks {
            talk.places.sort_unstable();
        }
        talks.sort_by(|a, b| (a.started_us, &a.case).cmp(&(b.started_us, &b.case)));
        talks
    }
}

/// The start of the run whose streams stand in a directory.
fn started(directory: &Path) -> Result<Option<RunStarted>, Unreadable> {
    let file = match File::open(directory.join(EVENTS)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut line = String::new();
    BufReader::new(file).read_line(&mut line)?;
    match serde_json::from_str(&line) {
        Ok(Event::RunStarted(started)) => Ok(Some(started)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Request;
    use crate::record::stream::Streams;
    use crate::record::{Cleanup, Lag, RunOutcome, Summary, Target, Tool};
    use crate::scim::capabilities::Capabilities;

    fn exchange(n: u64, case: &str, started_us: u64) -> Exchange {
        Exchange {
            n,
            case: case.to_owned(),
            step: String::new(),
            request: Request::default(),
            response: None,
            failure: None,
            timing: Timing {
                started_us,
                headers_us: 5,
                total_us: 10,
            },
        }
    }

    fn record(started: &str) -> RunRecord {
        RunRecord {
            format: "scimitar.run".to_owned(),
            version: 1,
            tool: Tool {
                version: String::new(),
                suite_digest: String::new(),
            },
            seed: 1,
            label: String::new(),
            started: started.to_owned(),
            duration_ms: 0,
            interrupted: false,
            grading: String::new(),
            profile: String::new(),
            target: Target {
                base_url: String::new(),
                embedded: false,
                capabilities: Capabilities::default(),
                lag_ms: Lag::default(),
                remarks: Vec::new(),
            },
            summary: Summary::default(),
            verdicts: Vec::new(),
            outcome: RunOutcome::default(),
            requirements: Vec::new(),
            cases: Vec::new(),
            revocation: None,
            exchanges: Vec::new(),
            cleanup: Cleanup::default(),
        }
    }

    fn streams(directory: &Path, started: &str) -> Streams {
        let mut streams = Streams::create(directory, false).unwrap();
        streams.event(&Event::RunStarted(RunStarted {
            part: false,
            tool: record("").tool,
            seed: 1,
            label: String::new(),
            started: started.to_owned(),
            grading: String::new(),
            profile: String::new(),
            base_url: String::new(),
            embedded: false,
            revoke_within_ms: 0,
        }));
        streams
    }

    #[track_caller]
    fn check(conversation: &mut Conversation<'_>, expected: &[u64], talks: &[(&str, u64, u64)]) {
        let mut numbers = Vec::new();
        conversation
            .each(|exchange| {
                numbers.push(exchange.n);
                Ok(())
            })
            .unwrap();
        assert_eq!(numbers, expected);
        assert_eq!(conversation.len(), expected.len());
        let seen: Vec<(&str, u64, u64)> = conversation
            .talks()
            .iter()
            .map(|talk| (talk.case.as_str(), talk.started_us, talk.ended_us))
            .collect();
        assert_eq!(seen, talks);
    }

    #[test]
    fn cases_speak_one_after_the_other_in_the_order_of_sending() {
        let said = [
            exchange(1, "", 3),
            exchange(2, "b", 20),
            exchange(3, "a", 40),
            exchange(4, "b", 10),
            exchange(5, "a", 30),
        ];
        let talks = [("", 3, 13), ("b", 10, 30), ("a", 30, 50)];
        let mut kept = record("now");
        kept.exchanges = said.to_vec();
        check(&mut Conversation::of(&kept), &[1, 4, 2, 5, 3], &talks);

        let folder = tempfile::tempdir().unwrap();
        let mut streams = streams(folder.path(), "now");
        for one in &said {
            streams.exchange(one);
        }
        streams.finish().unwrap();
        let path = folder.path().join(EXCHANGES);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text + "{\"n\": 6, \"case").unwrap();
        let mut read = Conversation::read(folder.path(), &record("now")).unwrap();
        check(&mut read, &[1, 4, 2, 5, 3], &talks);
    }

    #[test]
    fn what_is_not_of_the_run_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let read = |started| Conversation::read(folder.path(), &record(started)).map(|_| ());
        assert!(matches!(read("now"), Err(Unreadable::Absent)));
        streams(folder.path(), "now").finish().unwrap();
        assert!(read("now").is_ok());
        assert!(matches!(read("then"), Err(Unreadable::OfAnother)));
        std::fs::write(folder.path().join(EXCHANGES), "nonsense\n").unwrap();
        assert!(matches!(read("now"), Err(Unreadable::Line(1, _))));
        std::fs::remove_file(folder.path().join(EVENTS)).unwrap();
        assert!(matches!(read("now"), Err(Unreadable::OfAnother)));
    }
}
