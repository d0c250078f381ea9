//! Resources that are created by number: what a manifest says beyond an ordinary journal.
//!
//! Names of numbered resources follow from their numbers, so that one line announces a block of them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::book::{Book, Fate};
use super::journal::Ledger;
use super::line::{Head, Line};
use super::replay::{LedgerError, read_book};

/// What a manifest is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeding {
    /// Seed of all values.
    pub seed: u64,
    /// Users, numbered from 0.
    pub users: u64,
    /// Groups, numbered from 0.
    pub groups: u64,
    /// Members of each group.
    pub members: u64,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The id that the target gave.
    pub id: String,
    /// Its userName or displayName, as sent.
    pub name: String,
}

/// What is known of one number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Number {
    /// It was not sent, or made nothing.
    #[default]
    Unsent,
    /// It was about to be sent: nobody knows what became of it.
    Sent,
    /// It made this.
    Made(Made),
}

/// The numbers of one endpoint.
pub(super) type Numbers = BTreeMap<String, Vec<Number>>;

/// A manifest as those read it who only look.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Which run wrote it, against what.
    pub head: Head,
    /// What it is of.
    pub seeding: Seeding,
    numbers: Numbers,
}

impl Manifest {
    /// Reads a manifest, be it in use or not.
    ///
    /// # Errors
    /// Where it can't be read, or is a journal that is no manifest.
    pub fn read(path: &Path) -> Result<Self, LedgerError> {
        let (book, _) = read_book(path)?;
        let Some(seeding) = book.seeding else {
            return Err(LedgerError::NoManifest(path.to_owned()));
        };
        let all: Vec<String> = book.numbers.keys().cloned().collect();
        let numbers = all
            .into_iter()
            .map(|endpoint| (endpoint.clone(), book.standing_numbers(&endpoint)));
        Ok(Self {
            seeding,
            numbers: numbers.collect(),
            head: book.head,
        })
    }

    /// What stands, with its endpoint, by number.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Made)> {
        self.numbers.iter().flat_map(|(endpoint, numbers)| {
            numbers.iter().filter_map(move |number| match number {
                Number::Made(made) => Some((endpoint.as_str(), made)),
                Number::Unsent | Number::Sent => None,
            })
        })
    }
}

impl Book {
    /// Takes a line about numbers.
    pub(super) fn sow(&mut self, line: Line) {
        match line {
            Line::Seeding(seeding) => self.seeding = Some(seeding),
            Line::Sending { endpoint, from, to } => {
                self.number(&endpoint, from, (from..to).map(|_| Number::Sent));
            }
            Line::Made {
                endpoint,
                from,
                made,
            } => {
                for one in made.iter().flatten() {
                    self.fate((endpoint.clone(), one.id.clone()), Fate::Live);
                }
                let numbers = made.into_iter();
                let numbers = numbers.map(|one| one.map_or(Number::Unsent, Number::Made));
                self.number(&endpoint, from, numbers);
            }
            _ => {}
        }
    }

    /// Notes what is known of some numbers; what no plan has is left out.
    fn number(&mut self, endpoint: &str, from: u64, all: impl Iterator<Item = Number>) {
        let seeding = self.seeding.unwrap_or_default();
        let most = usize::try_from(seeding.users.max(seeding.groups)).unwrap_or(usize::MAX);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let numbers = self.numbers.entry(endpoint.to_owned()).or_default();
        for (at, number) in (from..most).zip(all) {
            if numbers.len() <= at {
                numbers.resize(at + 1, Number::Unsent);
            }
            if let Some(place) = numbers.get_mut(at) {
                *place = number;
            }
        }
    }

    /// The numbers of an endpoint; what was removed counts as not sent.
    pub(super) fn standing_numbers(&self, endpoint: &str) -> Vec<Number> {
        let standing = |number: &Number| match number {
            Number::Made(made) => match self.find(endpoint, &made.id) {
                Some(Fate::Deleted | Fate::Gone) => Number::Unsent,
                _ => number.clone(),
            },
            other => other.clone(),
        };
        let numbers = self.numbers.get(endpoint);
        numbers.into_iter().flatten().map(standing).collect()
    }
}

impl Ledger {
    /// Says what is to be created by number; a later plan takes the place of an earlier one.
    ///
    /// # Errors
    /// Where it can't be written: create nothing.
    pub async fn plan(&self, seeding: Seeding) -> io::Result<()> {
        self.write(&[Line::Seeding(seeding)])?;
        self.make_durable().await
    }

    /// What is created by number, where this is a manifest.
    #[must_use]
    pub fn seeding(&self) -> Option<Seeding> {
        self.lock().book.seeding
    }

    /// Whether there is nothing but its head: so much is there of a manifest whose writer ended right after it began.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.lock().book.is_blank()
    }

    /// Whether resources at an endpoint are announced.
    #[must_use]
    pub fn is_reserved(&self, endpoint: &str) -> bool {
        self.spaces().iter().any(|space| space.endpoint == endpoint)
    }

    /// Notes that numbers from the first to before the last are about to be sent.
    ///
    /// # Errors
    /// Where it can't be written: do not send.
    pub async fn sending(&self, endpoint: &str, from: u64, to: u64) -> io::Result<()> {
        self.write(&[Line::Sending {
            endpoint: endpoint.to_owned(),
            from,
            to,
        }])?;
        self.make_durable().await
    }

    /// Notes what numbers from the first on have made; none where nothing was made.
    ///
    /// # Errors
    /// Where it can't be written: send no more.
    pub fn made(&self, endpoint: &str, from: u64, made: Vec<Option<Made>>) -> io::Result<()> {
        self.write(&[Line::Made {
            endpoint: endpoint.to_owned(),
            from,
            made,
        }])
    }

    /// What is known of the numbers of an endpoint.
    #[must_use]
    pub fn numbers(&self, endpoint: &str) -> Vec<Number> {
        self.lock().book.standing_numbers(endpoint)
    }

    /// Notes that resources are not there any more, in one write.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn removed(&self, endpoint: &str, ids: &[String]) -> io::Result<()> {
        let lines: Vec<Line> = ids
            .iter()
            .map(|id| Line::Deleted {
                endpoint: endpoint.to_owned(),
                id: id.clone(),
            })
            .collect();
        self.write(&lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(id: &str) -> Made {
        Made {
            id: id.to_owned(),
            name: format!("name-{id}"),
        }
    }

    #[tokio::test]
    async fn a_manifest_that_a_crash_cut_short_says_what_is_there_and_what_is_in_doubt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.ndjson");
        let head = Head {
            run: "r".to_owned(),
            base: "http://127.0.0.1:1/v2".to_owned(),
            ..Head::default()
        };
        let seeding = Seeding {
            seed: 1,
            users: 6,
            groups: 0,
            members: 0,
        };
        let ledger = Ledger::create(&path, head).unwrap();
        ledger.plan(seeding).await.unwrap();
        ledger.reserve("/Users", "scimitar-r", 6).await.unwrap();
        ledger.sending("/Users", 0, 3).await.unwrap();
        ledger
            .made("/Users", 0, vec![Some(made("a")), None, Some(made("c"))])
            .unwrap();
        ledger.removed("/Users", &["c".to_owned()]).unwrap();
        ledger.sending("/Users", 3, 5).await.unwrap();
        drop(ledger);
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, br#"{"kind":"made","endpo"#))
            .unwrap();
        let manifest = Manifest::read(&path).unwrap();
        assert_eq!(manifest.seeding, seeding);
        let ids: Vec<&str> = manifest.all().map(|(_, it)| it.id.as_str()).collect();
        assert_eq!(ids, ["a"]);
        let ledger = Ledger::open(&path).unwrap();
        assert!(ledger.is_reserved("/Users") && !ledger.is_reserved("/Groups"));
        let a = Number::Made(made("a"));
        let rest = [Number::Unsent, Number::Unsent, Number::Sent, Number::Sent];
        assert_eq!(ledger.numbers("/Users"), [&[a][..], &rest].concat());
        assert_eq!(ledger.standing(), [("/Users".to_owned(), "a".to_owned())]);
        // A line that names more than was planned takes no memory.
        ledger.sending("/Users", 5, u64::MAX).await.unwrap();
        assert_eq!(ledger.numbers("/Users").len(), 6);
    }
}
