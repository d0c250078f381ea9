//! `scimitar record`: a proxy in front of a service provider that writes a client's conversation as a scenario.
//!
//! Listens on loopback unless told otherwise, and shows and writes no secret.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args as ClapArgs;
use clap::builder::BoolishValueParser;
use http::Method;

use super::config::Config;
use super::console::{Console, say};
use super::embedded::random_hex;
use super::exit::{Exit, Failure};
use super::option::TlsFlags;
use super::output;
use super::target;
use super::value::{counted, duration};
use crate::check::expect;
use crate::client::{ForwardError, Forwarder, Limits, Target};
use crate::requirement::Catalogue;
use crate::seed::Seed;
use crate::suite::{self, Vocabulary};
use crate::tap::{Bounds, ComposeError, Options, Proxy, Recording, compose};

/// Records a client's conversation with a service provider as a scenario that replays it
///
/// Point the client at the address that is printed and let it work; Ctrl-C ends the recording and writes the file. Requests
/// go to the target and answers come back byte for byte, credentials included; `Location` and `meta.location` stay as the
/// target wrote them, so a client that follows them leaves the proxy. In the file, ids are captures, unique names carry the
/// run's marker, personal data is invented, passwords are generated and credentials are left out. Where a secret stands
/// where it can't be replaced, nothing is written and the exit code is 3; where nothing was recorded, it is 4.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Base URL of the service provider
    #[arg(long, value_name = "URL")]
    to: String,
    /// Address or port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8881", value_parser = listen)]
    listen: SocketAddr,
    /// File for the scenario, or folder for one of the next free name
    #[arg(long, value_name = "PATH", default_value = "scimitar-record")]
    output: PathBuf,
    /// Title of the scenario
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Name of a further attribute or parameter that holds a secret; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    secret: Vec<String>,
    /// End after this many requests
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=5000))]
    max_requests: u16,
    /// End after this time
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    max_time: Duration,
    /// Longest time for one exchange [default: 30s]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_TIMEOUT", hide_env = true, value_parser = duration)]
    timeout: Option<Duration>,
    /// Pass credentials on over plain http to a host that is not loopback
    #[arg(long, env = "SCIMITAR_ALLOW_PLAINTEXT_TOKEN", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    allow_plaintext_token: Option<bool>,
    #[command(flatten)]
    tls: TlsFlags,
}

/// The file that will hold the scenario: held open beside its place until there is something to write.
struct Place {
    path: PathBuf,
    part: PathBuf,
    file: File,
    id: String,
}

/// Records until a signal or a limit ends it.
///
/// # Errors
/// Where an argument is of no use, nothing was recorded, or what was recorded can't be written.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let plaintext = args.allow_plaintext_token.or(config.allow_plaintext_token);
    let target = Target::parse(&args.to, plaintext.unwrap_or(false))
        .map_err(|error| Failure::usage(format!("{error}\n  nothing was sent")))?;
    let timeout = args.timeout.or(config.timeout.map(|span| span.0));
    let limits = timeout.map_or_else(Limits::default, Limits::with_total);
    let base_path = target.path().to_owned();
    let forwarder = Forwarder::new(target, limits, &target::tls(&args.tls, config))
        .map_err(|error| Failure::usage(format!("{error}\n  nothing was sent")))?;
    let place = Place::open(&args.output)?;
    let recorded = record(args, forwarder, console);
    let written = recorded.and_then(|recording| {
        let options = Options {
            id: place.id.clone(),
            title: args.title.clone(),
            base_path,
            secret_names: args.secret.clone(),
            seed: seed()?,
        };
        write(&place, &recording, &options, console)
    });
    if written.is_err() {
        // What is left is empty; trouble with it changes nothing.
        let _ = std::fs::remove_file(&place.part);
    }
    written.map(|()| Exit::Ok.into())
}

fn record(args: &Args, forwarder: Forwarder, console: Console) -> Result<Recording, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(args.listen).await;
        let listener = listener.map_err(|error| {
            let address = args.listen;
            Failure::new(
                Exit::CannotCreate,
                format!("cannot listen on {address}: {error}\n  name another port with --listen, or 0 for a free one"),
            )
        })?;
        let address = listener.local_addr().unwrap_or(args.listen);
        if !address.ip().is_loopback() {
            say("warning: others can reach this proxy, and what they send it crosses the network in clear");
        }
        let target = forwarder.target();
        output::print(&format!("recording http://{address}{}\n", target.path()))?;
        if !console.quiet {
            say(&format!("  to      {}\n  stop    Ctrl-C; the scenario is written then", target.base()));
        }
        let bounds = Bounds {
            requests: usize::from(args.max_requests),
            ..Bounds::default()
        };
        let quiet = console.quiet;
        let told = move |number, method: &Method, path: &str, status: Result<u16, &ForwardError>| {
            if !quiet {
                say(&line(number, method, path, status));
            }
        };
        let proxy = Proxy::new(forwarder, bounds, Box::new(told));
        let limit = args.max_time;
        let stop = async move {
            let _ = tokio::time::timeout(limit, super::signal::next()).await;
        };
        proxy.run(listener, stop).await.map_err(|error| {
            Failure::new(Exit::Bug, format!("cannot accept connections: {error}"))
        })
    })
}

/// A request on one line: the endpoint alone, since a path may name somebody.
fn line(number: usize, method: &Method, path: &str, status: Result<u16, &ForwardError>) -> String {
    let plain =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphabetic() || c == '.');
    let known = [
        "users",
        "groups",
        "serviceproviderconfig",
        "resourcetypes",
        "schemas",
        "bulk",
        "me",
    ];
    let path = path.split('?').next().unwrap_or_default();
    let shown = path
        .split('/')
        .filter(plain)
        .find(|part| known.contains(&part.to_ascii_lowercase().as_str()))
        .unwrap_or("…");
    match status {
        Ok(status) => format!("{number:>4}  {method} {shown}  {status}"),
        Err(error) => format!("{number:>4}  {method} {shown}  {error}"),
    }
}

fn write(
    place: &Place,
    recording: &Recording,
    options: &Options,
    console: Console,
) -> Result<(), Failure> {
    let unreachable = recording.turns.iter().all(|turn| turn.answer.is_err());
    let composed = compose(recording, options)
        .map_err(|error| refused(error, unreachable && !recording.turns.is_empty()))?;
    for note in &composed.notes {
        say(&format!("note: {note}"));
    }
    let mut file = &place.file;
    let result = file
        .write_all(composed.text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&place.part, &place.path));
    result.map_err(|error| {
        Failure::new(
            Exit::CannotWrite,
            format!("cannot write {}: {error}", place.path.display()),
        )
    })?;
    let directory = place
        .path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let mut text = format!(
        "{}  {}\n",
        place.path.display(),
        counted(composed.steps, "step")
    );
    if !console.quiet {
        let _ = writeln!(
            text,
            "  replay  scimitar test URL --suite {} --only {}",
            directory.display(),
            place.id
        );
    }
    output::print(&text)?;
    sound(&place.id, &composed.text)
}

/// Reads what was written as `lint` would.
fn sound(id: &str, text: &str) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded().map_err(|error| Failure::usage(error.to_string()))?;
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &catalogue,
    };
    let found = suite::lint_text(id, text, &vocabulary);
    if found.is_empty() {
        return Ok(());
    }
    for found in &found {
        say(found.render(false).trim_end());
    }
    let message = "the scenario that was written is not sound; this is a defect of scimitar";
    Err(Failure::new(Exit::Bug, message))
}

fn refused(error: ComposeError, unreachable: bool) -> Failure {
    match error {
        ComposeError::Nothing(notes) => {
            for note in &notes {
                say(&format!("note: {note}"));
            }
            let exit = if unreachable {
                Exit::Unreachable
            } else {
                Exit::NothingSelected
            };
            Failure::new(
                exit,
                format!(
                    "{error}\n  nothing was written",
                    error = ComposeError::Nothing(Vec::new())
                ),
            )
        }
        ComposeError::Secret(_) => Failure::new(
            Exit::Invalid,
            format!(
                "{error}\n  nothing was written; --secret NAME tells of an attribute or parameter that holds one, else record without that request"
            ),
        ),
        ComposeError::Personal(_) => Failure::new(
            Exit::Invalid,
            format!("{error}\n  nothing was written; record without that request"),
        ),
    }
}

impl Place {
    /// Finds the file's name and makes sure that it can be written, before anything is sent.
    fn open(output: &Path) -> Result<Self, Failure> {
        let is_file = output
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml");
        let cannot = |path: &Path, error: &dyn std::fmt::Display| {
            let path = path.display();
            Failure::new(
                Exit::CannotCreate,
                format!(
                    "cannot write {path}: {error}\n  name another place with --output; nothing was sent"
                ),
            )
        };
        let directory = if is_file {
            output.parent().unwrap_or(Path::new(""))
        } else {
            output
        };
        if !directory.as_os_str().is_empty() {
            std::fs::create_dir_all(directory).map_err(|error| cannot(directory, &error))?;
        }
        let path = if is_file {
            output.to_owned()
        } else {
            next(directory)
        };
        let id = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            return Err(Failure::usage(format!(
                "the name of the file becomes the id of the scenario, and `{id}` is none\n  lower-case letters, digits and `-`\n  nothing was sent"
            )));
        }
        if path.exists() {
            return Err(cannot(&path, &"it is there already"));
        }
        let part = directory.join(format!(".{id}.part-{}", std::process::id()));
        let file = File::create(&part).map_err(|error| cannot(&path, &error))?;
        Ok(Self {
            path,
            part,
            file,
            id,
        })
    }
}

/// The first name in a folder that is free.
fn next(directory: &Path) -> PathBuf {
    let name = |number: usize| directory.join(format!("conversation-{number}.yaml"));
    let free = (1..10_000).map(name).find(|path| !path.exists());
    free.unwrap_or_else(|| name(0))
}

fn seed() -> Result<Seed, Failure> {
    let bug = |why: String| Failure::new(Exit::Bug, format!("no random bytes: {why}"));
    let hex = random_hex().map_err(|error| bug(error.to_string()))?;
    let head = hex.get(..16).unwrap_or_default();
    u64::from_str_radix(head, 16)
        .map(Seed)
        .map_err(|error| bug(error.to_string()))
}

/// An address with a port, or a port alone.
fn listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.replace("localhost", "127.0.0.1")
        .parse()
        .map_err(|_| "write an address with a port, such as 127.0.0.1:8881, or a port".to_owned())
}
