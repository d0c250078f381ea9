//! What a run leaves in its directory, and what it shows while it goes on.
//!
//! File names are fixed and never taken from the target.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::config::Config;
use super::console::Console;
use super::exit::{Exit, Failure};
use super::option::{Evidence, FormatArg, OutputFlags};
use crate::exchange::Exchange;
use crate::record::stream::Streams;
use crate::record::{Conversation, Event, RunRecord, Unreadable};
use crate::report::{Extent, Format, Options, Progress, render, write_conversation};
use crate::run::Sink;

/// Where reports go when nothing is said: a folder for each run in here.
const FOLDER: &str = "scimitar-report";
/// The link to the latest of them.
const LATEST: &str = "latest";

/// The output directory of a run that writes these files into it, made and writable.
///
/// # Errors
/// Where it is not.
pub(super) fn directory(
    named: Option<&Path>,
    host: &str,
    stamp: &str,
    files: &[&str],
) -> Result<PathBuf, Failure> {
    let directory = match named {
        Some(directory) => directory.to_owned(),
        None => Path::new(FOLDER).join(format!("{stamp}-{}", file_name(host))),
    };
    let made = std::fs::create_dir_all(&directory).and_then(|()| {
        files
            .iter()
            .try_for_each(|file| File::create(directory.join(file)).map(drop))
    });
    made.map_err(|error| {
        Failure::new(
            Exit::CannotCreate,
            format!(
                "cannot write to the output directory {}: {error}\n  name another one with --output; nothing was sent",
                directory.display()
            ),
        )
    })?;
    if named.is_none() {
        link_latest(&directory);
    }
    Ok(directory)
}

/// The output directory of a run, made and open.
pub(super) struct Output {
    /// The directory.
    pub(super) directory: PathBuf,
    formats: Vec<FormatArg>,
    live: Arc<Live>,
}

/// Writes the streams and feeds the progress display.
pub(super) struct Live {
    streams: Mutex<Option<Streams>>,
    progress: Mutex<Option<Progress>>,
}

impl Output {
    /// Makes the directory and opens the streams, before anything is sent.
    pub(super) fn open(
        flags: &OutputFlags,
        config: &Config,
        host: &str,
        stamp: &str,
        console: Console,
    ) -> Result<Self, Failure> {
        let formats = if flags.format.is_empty() {
            &config.format
        } else {
            &flags.format
        };
        let formats = beside_the_usual(formats);
        let named = flags.output.clone().or_else(|| config.output.clone());
        let directory = match &named {
            Some(directory) => directory.clone(),
            None => Path::new(FOLDER).join(format!("{stamp}-{}", file_name(host))),
        };
        let cannot = |error: &std::io::Error| {
            Failure::new(
                Exit::CannotCreate,
                format!(
                    "cannot write to the output directory {}: {error}\n  name another one with --output; nothing was sent",
                    directory.display()
                ),
            )
        };
        std::fs::create_dir_all(&directory).map_err(|error| cannot(&error))?;
        let evidence = flags.evidence.or(config.evidence).unwrap_or_default();
        let streams = Streams::create(&directory, evidence == Evidence::All);
        let streams = streams.map_err(|error| cannot(&error))?;
        for arg in &formats {
            reserve(&path_of(&directory, arg))?;
        }
        if named.is_none() {
            link_latest(&directory);
        }
        Ok(Self {
            directory,
            formats,
            live: Arc::new(Live {
                streams: Mutex::new(Some(streams)),
                progress: Mutex::new(Some(progress(console))),
            }),
        })
    }

    /// Takes what happens in the run.
    pub(super) fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live)
    }

    /// Writes all reports; each line says what was written.
    ///
    /// # Errors
    /// The first trouble that writing met, the streams included.
    pub(super) fn write(&self, record: &RunRecord) -> Result<Vec<String>, Failure> {
        let streams = self.live.take();
        let cannot = |path: &Path, error: &dyn std::fmt::Display| {
            Failure::new(
                Exit::CannotWrite,
                format!("cannot write {}: {error}", path.display()),
            )
        };
        let mut written = Vec::new();
        let mut trouble = None;
        for arg in &self.formats {
            let path = path_of(&self.directory, arg);
            match self.report(arg.format, &path, record) {
                Ok(said) => {
                    written.push(format!("{:<9}{}{said}", arg.format.name(), path.display()));
                }
                Err(error) => trouble = trouble.or_else(|| Some(cannot(&path, &error))),
            }
        }
        if let Some(Err(error)) = streams {
            trouble = trouble.or_else(|| Some(cannot(&self.directory, &error)));
        }
        trouble.map_or(Ok(written), Err)
    }

    /// Writes one report, and gives what there is to say of it.
    fn report(&self, format: Format, path: &Path, record: &RunRecord) -> Result<String, String> {
        if format.is_conversation() {
            let said = Conversation::read(&self.directory, record);
            let said = said.and_then(|said| converse(format, record, said, Extent::All, path));
            return said.map_or_else(
                |error| Err(error.to_string()),
                |said| Ok(format!(" ({said})")),
            );
        }
        let text =
            render(format, record, &Options::default()).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| error.to_string())?;
        Ok(String::new())
    }
}

/// Writes a conversation to a file, and gives how much of it there is.
pub(super) fn converse(
    format: Format,
    record: &RunRecord,
    mut said: Conversation<'_>,
    extent: Extent,
    path: &Path,
) -> Result<String, Unreadable> {
    let mut file = BufWriter::new(File::create(path)?);
    write_conversation(format, record, &mut said, extent, &mut file)
}

impl Live {
    /// Ends the display and the streams.
    fn take(&self) -> Option<std::io::Result<()>> {
        if let Some(progress) = locked(&self.progress).take() {
            progress.finish();
        }
        locked(&self.streams).take().map(Streams::finish)
    }

    fn show(&self, event: &Event) {
        let mut progress = locked(&self.progress);
        if matches!(event, Event::RunFinished(_)) {
            if let Some(progress) = progress.take() {
                progress.finish();
            }
        } else if let Some(progress) = progress.as_mut() {
            progress.event(event);
        }
    }
}

impl Sink for Live {
    fn event(&self, event: Event) {
        if let Some(streams) = locked(&self.streams).as_mut() {
            streams.event(&event);
        }
        self.show(&event);
    }

    fn exchange(&self, exchange: &Exchange) {
        if let Some(streams) = locked(&self.streams).as_mut() {
            streams.exchange(exchange);
        }
    }
}

/// The record and the page, and what was asked for beside them. One that is asked for elsewhere moves there.
fn beside_the_usual(asked: &[FormatArg]) -> Vec<FormatArg> {
    let usual = [Format::Json, Format::Html]
        .into_iter()
        .filter(|format| asked.iter().all(|arg| arg.format != *format))
        .map(|format| FormatArg { format, file: None });
    usual.chain(asked.iter().cloned()).collect()
}

/// A bar at a terminal, lines elsewhere, nothing where the user wants quiet.
fn progress(console: Console) -> Progress {
    if console.quiet {
        Progress::silent()
    } else if std::io::stderr().is_terminal() {
        Progress::bar()
    } else {
        Progress::lines(std::io::stderr())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a report's file, so that one that can't be written is told before anything is sent.
///
/// # Errors
/// Where it can't.
pub(super) fn reserve(path: &Path) -> Result<(), Failure> {
    File::create(path).map(drop).map_err(|error| {
        let path = path.display();
        Failure::new(
            Exit::CannotCreate,
            format!("cannot write {path}: {error}\n  nothing was sent"),
        )
    })
}

fn path_of(directory: &Path, arg: &FormatArg) -> PathBuf {
    arg.file
        .clone()
        .unwrap_or_else(|| directory.join(arg.format.file_name()))
}

/// A host as part of a file name.
fn file_name(host: &str) -> String {
    host.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// Points `latest` to the directory. Where links can't be made, nothing is lost.
fn link_latest(directory: &Path) {
    let (Some(parent), Some(name)) = (directory.parent(), directory.file_name()) else {
        return;
    };
    let link = parent.join(LATEST);
    #[cfg(unix)]
    {
        let fresh = parent.join(format!(".{LATEST}-{}", std::process::id()));
        if std::os::unix::fs::symlink(name, &fresh).is_ok()
            && std::fs::rename(&fresh, &link).is_err()
        {
            let _ = std::fs::remove_file(&fresh);
        }
    }
    #[cfg(not(unix))]
    {
        let _ = std::fs::write(link, name.to_string_lossy().as_bytes());
    }
}

/// Writes a conversation to standard output, and gives how much of it there is. A closed pipe is no failure.
pub(super) fn converse_aloud(
    format: Format,
    record: &RunRecord,
    mut said: Conversation<'_>,
    extent: Extent,
) -> Result<String, Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match write_conversation(format, record, &mut said, extent, &mut out) {
        Ok(said) => Ok(said),
        Err(Unreadable::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok("cut short by its reader".to_owned())
        }
        Err(error) => Err(mute(&error)),
    }
}

/// Writes a text to standard output. A closed pipe is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(mute(&error)),
        _ => Ok(()),
    }
}

fn mute(error: &dyn std::fmt::Display) -> Failure {
    let message = format!("cannot write to standard output: {error}");
    Failure::new(Exit::CannotWrite, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stands_beside_record_and_page() {
        for (asked, expected) in [
            (vec![], vec!["json", "html"]),
            (vec!["junit=a.xml"], vec!["json", "html", "junit=a.xml"]),
            (vec!["json=a.json"], vec!["html", "json=a.json"]),
            (vec!["html", "markdown"], vec!["json", "html", "markdown"]),
        ] {
            let parse = |list: Vec<&str>| -> Vec<FormatArg> {
                list.iter().map(|text| text.parse().unwrap()).collect()
            };
            assert_eq!(beside_the_usual(&parse(asked)), parse(expected));
        }
    }
}
