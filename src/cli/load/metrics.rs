//! `--prometheus`: the figures of a run while it goes on, in a file that is written each second, or at an address.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::cli::console::say;
use crate::cli::exit::{Exit, Failure};
use crate::load::attack::{Glimpse, Progress};
use crate::record::load::LoadRecord;
use crate::report::{LoadMoment, load_metrics, load_moment_metrics};

/// Bytes of a request that are read.
const HEAD: usize = 8192;

/// Time that a reader has for its request and for taking the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the figures go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sink {
    /// A file for a collector that reads text files.
    File(PathBuf),
    /// An address of this machine.
    Address(SocketAddr),
}

/// A file or an address on the command line.
pub(super) fn sink(text: &str) -> Result<Sink, String> {
    let full = match text.rsplit_once(':') {
        Some(("" | "localhost", port)) => format!("127.0.0.1:{port}"),
        _ => text.to_owned(),
    };
    match full.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(Sink::Address(address)),
        Ok(_) => Err(
            "figures are served without a password, and so on loopback alone: write 127.0.0.1:PORT"
                .to_owned(),
        ),
        Err(_) if text.is_empty() => {
            Err("write a file or an address: metrics.prom, 127.0.0.1:9464".to_owned())
        }
        Err(_) if full != text => Err("the port is no number from 0 to 65535".to_owned()),
        Err(_) => Ok(Sink::File(PathBuf::from(text))),
    }
}

/// What shows the figures of one run.
pub(super) struct Metrics {
    board: Arc<Board>,
    file: Option<PathBuf>,
    server: Option<JoinHandle<()>>,
}

/// The last figures.
struct Board {
    profile: String,
    target: String,
    file: Option<PathBuf>,
    text: Mutex<String>,
}

impl Metrics {
    /// Opens the file or the address, before anything is sent.
    ///
    /// # Errors
    /// Where that can't be done.
    pub(super) async fn open(
        sink: Option<&Sink>,
        profile: &str,
        target: &str,
    ) -> Result<Option<Self>, Failure> {
        let Some(sink) = sink else {
            return Ok(None);
        };
        let file = match sink {
            Sink::File(file) => Some(file.clone()),
            Sink::Address(_) => None,
        };
        let board = Arc::new(Board {
            profile: profile.to_owned(),
            target: target.to_owned(),
            file: file.clone(),
            text: Mutex::default(),
        });
        let server = match sink {
            Sink::File(file) => {
                write(file, "").map_err(|error| {
                    let file = file.display();
                    let message = format!("cannot write {file}: {error}\n  nothing was sent");
                    Failure::new(Exit::CannotCreate, message)
                })?;
                None
            }
            Sink::Address(address) => Some(serve(*address, Arc::clone(&board)).await?),
        };
        Ok(Some(Self {
            board,
            file,
            server,
        }))
    }

    /// Looks on beside another display.
    pub(super) fn beside(metrics: Option<&Self>, shown: Arc<dyn Progress>) -> Arc<dyn Progress> {
        match metrics {
            None => shown,
            Some(metrics) => Arc::new(Both(shown, Arc::clone(&metrics.board))),
        }
    }

    /// Writes the figures of the whole run, and serves no more.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub(super) fn close(metrics: Option<Self>, record: &LoadRecord) -> Result<(), Failure> {
        let Some(metrics) = metrics else {
            return Ok(());
        };
        if let Some(server) = metrics.server {
            server.abort();
        }
        let Some(file) = &metrics.file else {
            return Ok(());
        };
        write(file, &load_metrics(record)).map_err(|error| {
            let message = format!("cannot write {}: {error}", file.display());
            Failure::new(Exit::CannotWrite, message)
        })
    }
}

/// Both are told.
struct Both(Arc<dyn Progress>, Arc<Board>);

impl Progress for Both {
    fn phase(&self, what: &str) {
        self.0.phase(what);
    }

    fn second(&self, glimpse: &Glimpse) {
        self.0.second(glimpse);
        let text = load_moment_metrics(&LoadMoment {
            profile: &self.1.profile,
            target: &self.1.target,
            second: glimpse.second,
            requests: glimpse.requests,
            errors: glimpse.errors,
            left: glimpse.left.as_secs(),
        });
        if let Some(file) = &self.1.file {
            // The end of the run says what can't be written; the run itself goes on.
            let _ = write(file, &text);
        }
        *self.1.text.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }
}

/// Writes a file in one piece, so that nobody reads half of it.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut aside = file.as_os_str().to_owned();
    aside.push(format!(".{}.new", std::process::id()));
    let aside = PathBuf::from(aside);
    let written = std::fs::write(&aside, text).and_then(|()| std::fs::rename(&aside, file));
    if written.is_err() {
        // What is half written is of no use to anybody.
        let _ = std::fs::remove_file(&aside);
    }
    written
}

async fn serve(address: SocketAddr, board: Arc<Board>) -> Result<JoinHandle<()>, Failure> {
    let cannot = |error: io::Error| {
        let message = format!("cannot listen on {address}: {error}\n  nothing was sent");
        Failure::new(Exit::CannotCreate, message)
    };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    say(&format!("metrics   http://{bound}/metrics"));
    Ok(tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Out of descriptors, most likely: the run needs them more.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let board = Arc::clone(&board);
            tokio::spawn(async move {
                // A reader that is slow or gone is no trouble of the run.
                let _ = tokio::time::timeout(PATIENCE, answer(stream, &board)).await;
            });
        }
    }))
}

/// Answers one request and closes.
async fn answer(mut stream: TcpStream, board: &Board) -> io::Result<()> {
    let mut head = Vec::with_capacity(512);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let path = path.split('?').next().unwrap_or_default();
    let (status, body) = match (method, path) {
        ("GET" | "HEAD", "/metrics") => {
            let text = board.text.lock().unwrap_or_else(PoisonError::into_inner);
            ("200 OK", text.clone())
        }
        ("GET" | "HEAD", _) => ("404 Not Found", "the figures are at /metrics\n".to_owned()),
        _ => ("405 Method Not Allowed", "GET /metrics\n".to_owned()),
    };
    let shown = if method == "HEAD" { "" } else { body.as_str() };
    let whole = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{shown}",
        body.len()
    );
    stream.write_all(whole.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_from_an_address() {
        let check =
            |text: &str, expected: Option<Sink>| assert_eq!(sink(text).ok(), expected, "{text}");
        let address = |text: &str| Some(Sink::Address(text.parse().unwrap()));
        check("127.0.0.1:9464", address("127.0.0.1:9464"));
        check("localhost:9464", address("127.0.0.1:9464"));
        check(":0", address("127.0.0.1:0"));
        check("[::1]:9464", address("[::1]:9464"));
        check("metrics.prom", Some(Sink::File("metrics.prom".into())));
        check("out/a:b.prom", Some(Sink::File("out/a:b.prom".into())));
        check("0.0.0.0:9464", None);
        check(":99999", None);
        check("", None);
    }
}
