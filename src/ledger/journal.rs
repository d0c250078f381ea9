//! The journal on the disk: append-only, one JSON object a line, one write a line.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::book::{Book, Fate, Key, Space, Unresolved};
use super::line::{Head, Line, VERSION};
use super::replay::{LedgerError, read_book};

/// The journal of one run and what it adds up to. Shared by the guard and the clean-up.
#[derive(Debug)]
pub struct Ledger {
    path: Option<PathBuf>,
    file: Option<Arc<File>>,
    state: Mutex<State>,
    flush: tokio::sync::Mutex<()>,
    written: AtomicU64,
    flushed: AtomicU64,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) book: Book,
    trouble: Option<String>,
}

impl Ledger {
    /// Begins a journal; its folder is made where it is missing. No other may exist there.
    pub fn create(path: &Path, head: Head) -> Result<Self, LedgerError> {
        let io = |source| LedgerError::Io {
            path: path.to_owned(),
            source,
        };
        if let Some(folder) = path.parent() {
            make_folder(folder).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        options.append(true).read(true).create_new(true);
        let file = private(&mut options).open(path).map_err(io)?;
        lock(&file, path)?;
        let ledger = Self::over(Some(path.to_owned()), Some(file), Book::default());
        let open = Line::Open {
            version: VERSION,
            head,
        };
        ledger.write(&[open]).map_err(io)?;
        Ok(ledger)
    }

    /// Opens a journal that a run left behind. A torn last line is cut off.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let io = |source| LedgerError::Io {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        let file = options.append(true).read(true).open(path).map_err(io)?;
        lock(&file, path)?;
        let (book, whole) = read_book(path)?;
        file.set_len(whole).map_err(io)?;
        Ok(Self::over(Some(path.to_owned()), Some(file), book))
    }

    /// A ledger without a file, for a target that ends with this process.
    #[must_use]
    pub fn in_memory(head: Head) -> Self {
        Self::over(None, None, Book::of(head))
    }

    fn over(path: Option<PathBuf>, file: Option<File>, book: Book) -> Self {
        Self {
            path,
            file: file.map(Arc::new),
            state: Mutex::new(State {
                book,
                trouble: None,
            }),
            flush: tokio::sync::Mutex::new(()),
            written: AtomicU64::new(0),
            flushed: AtomicU64::new(0),
        }
    }

    /// Which run wrote it, against what.
    #[must_use]
    pub fn head(&self) -> Head {
        self.lock().book.head.clone()
    }

    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Notes that creates are about to be sent, each with endpoint and marker, in one write; gives
    /// the numbers of the intents. An error means: do not send.
    pub async fn intend(&self, creates: &[(&str, &str)]) -> io::Result<Vec<u64>> {
        let numbers = {
            let mut state = self.lock();
            let first = state.book.next();
            let lines: Vec<Line> = creates
                .iter()
                .zip(first..)
                .map(|((endpoint, marker), n)| Line::Intent {
                    n,
                    endpoint: (*endpoint).to_owned(),
                    marker: (*marker).to_owned(),
                })
                .collect();
            self.write_under(&mut state, &lines)?;
            (first..).take(lines.len()).collect()
        };
        self.make_durable().await?;
        Ok(numbers)
    }

    /// Announces up to `bound` resources whose marked attribute begins with `prefix`, for loops
    /// that create thousands; their ids may follow with [`Ledger::own`].
    pub async fn reserve(&self, endpoint: &str, prefix: &str, bound: u64) -> io::Result<()> {
        self.write(&[Line::Space {
            endpoint: endpoint.to_owned(),
            prefix: prefix.to_owned(),
            bound,
        }])?;
        self.make_durable().await
    }

    /// The create made this resource.
    pub fn created(&self, n: u64, id: &str) {
        self.note(&Line::Created {
            n,
            id: id.to_owned(),
        });
    }

    /// The create made nothing.
    pub fn failed(&self, n: u64, why: &str) {
        self.note(&Line::Failed {
            n,
            why: why.to_owned(),
        });
    }

    /// Nobody knows what the create did; the answer may have claimed an id.
    pub fn unknown(&self, n: u64, why: &str, claimed: Option<&str>) {
        self.note(&Line::Unknown {
            n,
            why: why.to_owned(),
            claimed: claimed.map(str::to_owned),
        });
    }

    /// These resources are ours.
    pub fn own(&self, endpoint: &str, ids: Vec<String>) {
        self.note(&Line::Ids {
            endpoint: endpoint.to_owned(),
            ids,
        });
    }

    /// A DELETE was answered with success.
    pub fn deleted(&self, endpoint: &str, id: &str) {
        self.note(&Line::Deleted {
            endpoint: endpoint.to_owned(),
            id: id.to_owned(),
        });
    }

    /// It is not there any more.
    pub fn gone(&self, endpoint: &str, id: &str) {
        self.note(&Line::Gone {
            endpoint: endpoint.to_owned(),
            id: id.to_owned(),
        });
    }

    /// It can't be removed.
    pub fn leftover(&self, endpoint: &str, id: &str, reason: &str) {
        self.note(&Line::Leftover {
            endpoint: endpoint.to_owned(),
            id: id.to_owned(),
            reason: reason.to_owned(),
        });
    }

    pub(super) fn swept(&self, space: &Space) {
        self.note(&Line::Swept {
            endpoint: space.endpoint.clone(),
            prefix: space.prefix.clone(),
        });
    }

    /// What became of a resource; none where it is not ours.
    #[must_use]
    pub fn fate(&self, endpoint: &str, id: &str) -> Option<Fate> {
        self.lock().book.find(endpoint, id).cloned()
    }

    /// Creates without a known end.
    #[must_use]
    pub fn unresolved(&self) -> Vec<Unresolved> {
        self.lock().book.unresolved()
    }

    /// Resources that should be there or that could not be removed, newest first, as endpoint and id.
    #[must_use]
    pub fn standing(&self) -> Vec<(String, String)> {
        let state = self.lock();
        let all = state.book.all().rev();
        all.filter(|(_, fate)| matches!(fate, Fate::Live | Fate::Leftover(_)))
            .map(|(key, _)| key.clone())
            .collect()
    }

    pub(super) fn all(&self) -> Vec<(Key, Fate)> {
        let state = self.lock();
        let all = state.book.all();
        all.map(|(key, fate)| (key.clone(), fate.clone())).collect()
    }

    pub(super) fn spaces(&self) -> Vec<Space> {
        self.lock().book.spaces.clone()
    }

    /// The first error of a write that could not be refused any more, if there was one.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.lock().trouble.clone()
    }

    /// Ends the journal: the file goes where nothing is left in the target, and stays otherwise.
    /// Says whether nothing is left.
    pub fn close(&self) -> io::Result<bool> {
        if self.lock().book.is_open() {
            return Ok(false);
        }
        self.write(&[Line::Complete])?;
        if let Some(path) = &self.path {
            std::fs::remove_file(path)?;
        }
        Ok(true)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what has happened already: an error is kept for the report, since the intent stands.
    fn note(&self, line: &Line) {
        let mut state = self.lock();
        if let Err(error) = self.write_under(&mut state, std::slice::from_ref(line)) {
            state.book.enter(line);
            state.trouble.get_or_insert_with(|| error.to_string());
        }
    }

    pub(super) fn write(&self, lines: &[Line]) -> io::Result<()> {
        self.write_under(&mut self.lock(), lines)
    }

    fn write_under(&self, state: &mut State, lines: &[Line]) -> io::Result<()> {
        if let Some(file) = &self.file {
            let mut text = Vec::new();
            for line in lines {
                serde_json::to_writer(&mut text, line)?;
                text.push(b'\n');
            }
            (&**file).write_all(&text)?;
            self.written.fetch_add(1, Ordering::SeqCst);
        }
        for line in lines {
            state.book.enter(line);
        }
        Ok(())
    }

    /// Flushes to the disk for a remote target; those who wait meanwhile share the next flush.
    pub(super) async fn make_durable(&self) -> io::Result<()> {
        let Some(file) = self.file.clone().filter(|_| self.lock().book.head.remote) else {
            return Ok(());
        };
        let mine = self.written.load(Ordering::SeqCst);
        let _turn = self.flush.lock().await;
        if self.flushed.load(Ordering::SeqCst) >= mine {
            return Ok(());
        }
        let upto = self.written.load(Ordering::SeqCst);
        tokio::task::spawn_blocking(move || file.sync_data())
            .await
            .map_err(io::Error::other)??;
        self.flushed.fetch_max(upto, Ordering::SeqCst);
        Ok(())
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn lock(file: &File, path: &Path) -> Result<(), LedgerError> {
    file.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => LedgerError::Locked(path.to_owned()),
        std::fs::TryLockError::Error(source) => LedgerError::Io {
            path: path.to_owned(),
            source,
        },
    })
}
