//! `scimitar serve`: the built-in service provider on its own.
//!
//! Listens on loopback unless told otherwise; its data is gone when it ends.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::Value;

use super::console::Console;
use super::embedded::random_hex;
use super::exit::{Exit, Failure};
use super::output;
use super::secret::{Addition, SecretArgs, Secrets};
use super::value::{duration, nearest};
use crate::client::Sources;
use crate::provider::fault::{Fault, like, profile, registry};
use crate::provider::{
    self, Data, Feature, Limits, Paging, PagingMethod, Provider, Settings, Tls, Token,
};

/// Serves SCIM from the built-in service provider until it is stopped
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8880)]
    port: u16,
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Users to start with
    #[arg(long, value_name = "N", default_value_t = 0)]
    users: usize,
    /// Variable that holds the token to accept [default: SCIM_TOKEN, else a random one]
    #[arg(long, value_name = "VAR")]
    token_env: Option<String>,
    /// File that holds the token to accept
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Break it on purpose; `scimitar list faults` names them; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    fault: Vec<String>,
    /// Imitate a service provider that others run: aws, github, slack
    #[arg(long, value_name = "NAME")]
    like: Option<String>,
    /// Leave out optional features: patch, bulk, filter, sort, etag, change-password, index, cursor, groups, enterprise
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    without: Vec<Feature>,
    #[command(flatten)]
    further: SecretArgs,
    /// JSON file with the schema of a further extension of users; may be repeated
    #[arg(long, value_name = "FILE")]
    extension: Vec<PathBuf>,
    /// Paging of lists that ask for no method: index or cursor [default: index]
    #[arg(long, value_name = "METHOD", value_enum, hide_possible_values = true)]
    paging: Option<Method>,
    /// Resources on a page of a list without count [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    page_size: Option<u32>,
    /// Most resources on a page [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_page_size: Option<u32>,
    /// How long a cursor of a page can be used [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    cursor_timeout: Option<Duration>,
    /// PEM file with the certificate chain to serve
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// PEM file with its private key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// A method of paging.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum Method {
    Index,
    Cursor,
}

/// Users that share a group, roughly.
const USERS_A_GROUP: usize = 100;

/// Serves until a signal comes.
///
/// # Errors
/// Where an argument is of no use or the port can't be opened.
pub(super) fn run(args: &Args, console: Console) -> Result<u8, Failure> {
    let (token, shown) = token(args)?;
    let mut settings = settings(args, usual(args)?);
    settings.faults.extend(faults(&args.fault)?);
    if [Feature::Index, Feature::Cursor]
        .iter()
        .all(|method| args.without.contains(method))
    {
        return Err(Failure::usage(
            "lists need a method of paging\n  leave `index` or `cursor` out of --without"
                .to_owned(),
        ));
    }
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(cert), Some(key)) => Some(
            Tls::from_pem_files(cert, key).map_err(|error| Failure::usage(error.to_string()))?,
        ),
        _ => None,
    };
    settings.token = Some(Token::new(token));
    settings.extensions = extensions(&args.extension)?;
    let secrets = Secrets::furnish(&args.further, &mut settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let address = SocketAddr::new(args.listen, args.port);
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.map_err(|error| {
            Failure::new(
                Exit::CannotCreate,
                format!("cannot listen on {address}: {error}\n  name another port with --port, or 0 for a free one"),
            )
        })?;
        let address = listener.local_addr().unwrap_or(address);
        let provider = Provider::new(settings);
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://{address}");
        let path = &provider.settings().base_path;
        let mut text = greeting(args, &format!("{origin}{path}"), shown.as_deref(), console);
        if !console.quiet {
            text.push_str(&secrets.told(&origin, path));
        }
        output::print(&text)?;
        provider::serve(&provider, listener, tls, stopped())
            .await
            .map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        Ok(Exit::Ok.into())
    })
}

/// The settings where the arguments say nothing: those of the provider to imitate.
fn usual(args: &Args) -> Result<Settings, Failure> {
    let Some(name) = args.like.as_deref() else {
        return Ok(Settings::default());
    };
    let found = like::find(name).ok_or_else(|| {
        let known: Vec<&str> = like::all().iter().map(|one| one.name.as_str()).collect();
        Failure::usage(format!(
            "no imitation of `{name}`\n  --like takes {}",
            known.join(", ")
        ))
    })?;
    Ok(found.imitated(Settings::default()))
}

/// What the arguments say without a mistake being possible.
fn settings(args: &Args, usual: Settings) -> Settings {
    Settings {
        devices: args.further.with.contains(&Addition::Devices),
        asynchronous: args.further.with.contains(&Addition::Asynchronous),
        without: usual.without.iter().chain(&args.without).copied().collect(),
        limits: limits(args, usual.limits),
        paging: paging(args, usual.paging),
        data: Data {
            users: args.users,
            groups: args.users.div_ceil(USERS_A_GROUP),
            ..Data::default()
        },
        ..usual
    }
}

/// The extensions of these files.
fn extensions(files: &[PathBuf]) -> Result<Vec<Value>, Failure> {
    let mut extensions: Vec<Value> = Vec::new();
    for file in files {
        let shown = file.display();
        let text = std::fs::read(file).map_err(|error| {
            Failure::usage(format!("cannot read the extension {shown}: {error}"))
        })?;
        let extension = provider::read_extension(&text).map_err(|error| {
            Failure::usage(format!("cannot use the extension {shown}: {error}"))
        })?;
        if extensions
            .iter()
            .any(|other| other["id"] == extension["id"])
        {
            return Err(Failure::usage(format!(
                "cannot use the extension {shown}: another file has its id already"
            )));
        }
        extensions.push(extension);
    }
    Ok(extensions)
}

fn limits(args: &Args, usual: Limits) -> Limits {
    Limits {
        max_results: args.max_page_size.map_or(usual.max_results, size),
        ..usual
    }
}

fn paging(args: &Args, usual: Paging) -> Paging {
    Paging {
        preferred: match args.paging {
            None => usual.preferred,
            Some(Method::Index) => PagingMethod::Index,
            Some(Method::Cursor) => PagingMethod::Cursor,
        },
        page_size: args.page_size.map_or(usual.page_size, size),
        cursor_timeout: args.cursor_timeout.unwrap_or(usual.cursor_timeout),
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The token to accept; the second is what may be shown of it: a random one only.
fn token(args: &Args) -> Result<(String, Option<String>), Failure> {
    let sources = Sources {
        env: args.token_env.clone(),
        file: args.token_file.clone(),
        stdin: false,
        default_env: Some("SCIM_TOKEN".to_owned()),
    };
    let found = sources
        .read()
        .map_err(|error| Failure::usage(format!("cannot use the token: {error}")))?;
    match found {
        Some(credential) => Ok((credential.token, None)),
        None => random_hex()
            .map(|token| (token.clone(), Some(token)))
            .map_err(|error| Failure::new(Exit::Bug, format!("no random bytes: {error}"))),
    }
}

fn faults(names: &[String]) -> Result<Vec<Arc<dyn Fault>>, Failure> {
    let mut faults = Vec::new();
    for name in names {
        let found = registry::find(name).ok_or_else(|| unknown_fault(name))?;
        faults.extend(found);
    }
    Ok(faults)
}

fn unknown_fault(name: &str) -> Failure {
    let mut known: Vec<String> = registry::all()
        .iter()
        .map(|one| one.name().to_owned())
        .collect();
    known.extend(profile::all().into_iter().map(|one| one.name));
    let near = nearest(name, known.iter().map(String::as_str));
    let hint = near.map_or_else(
        || "`scimitar list faults` names them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::usage(format!("unknown fault `{name}`\n  {hint}"))
}

fn greeting(args: &Args, base: &str, token: Option<&str>, console: Console) -> String {
    let mut text = format!("serving {base}\n");
    if console.quiet {
        return text;
    }
    let _ = writeln!(text, "  users   {}", args.users);
    if let Some(name) = &args.like {
        let _ = writeln!(text, "  like    {name}");
    }
    if !args.fault.is_empty() {
        let _ = writeln!(text, "  faults  {}", args.fault.join(", "));
    }
    if let Some(token) = token {
        let _ = writeln!(text, "  token   export SCIM_TOKEN={token}");
    }
    let variable = args.token_env.as_deref().unwrap_or("SCIM_TOKEN");
    let insecure = if args.tls_cert.is_some() {
        " --cacert FILE"
    } else {
        ""
    };
    let _ = writeln!(text, "  test    scimitar test {base}{insecure}");
    let _ = writeln!(
        text,
        "  try     curl -H \"Authorization: Bearer ${variable}\" '{base}/Users?count=3'"
    );
    text.push_str("  stop    Ctrl-C; the data is gone then\n");
    text
}

/// Ends with the first signal to stop.
async fn stopped() {
    let _ = super::signal::next().await;
}
