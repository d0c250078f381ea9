//! Flags that `test` and other commands share, each with its variable `SCIMITAR_…`.
//!
//! Every one is optional here: what is not given falls back to `scimitar.toml`, then to its default.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::value::duration;
use crate::report::Format;

/// How the target is reached.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target")]
pub(super) struct TargetFlags {
    /// Variable that holds the bearer token [default: SCIM_TOKEN]
    #[arg(long, value_name = "VAR", env = "SCIMITAR_TOKEN_ENV", hide_env = true)]
    pub(super) token_env: Option<String>,
    /// File that holds the bearer token
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMITAR_TOKEN_FILE",
        hide_env = true
    )]
    pub(super) token_file: Option<PathBuf>,
    /// Read the bearer token from standard input
    #[arg(long)]
    pub(super) token_stdin: bool,
    /// Send a token over plain http to a host that is not loopback
    #[arg(long, env = "SCIMITAR_ALLOW_PLAINTEXT_TOKEN", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) allow_plaintext_token: Option<bool>,
    /// Version of HTTP over TLS; cleartext is 1.1 [default: what the server offers]
    #[arg(long, value_name = "VERSION", env = "SCIMITAR_HTTP", hide_env = true)]
    pub(super) http: Option<Http>,
    #[command(flatten)]
    pub(super) tls: TlsFlags,
    /// Longest time for one exchange [default: 30s]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_TIMEOUT", hide_env = true, value_parser = duration)]
    pub(super) timeout: Option<Duration>,
    /// Requests a second at most [default: 25, on loopback no limit]
    #[arg(long, value_name = "N", env = "SCIMITAR_MAX_RPS", hide_env = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_rps: Option<u32>,
}

/// How TLS to the target is trusted.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target")]
pub(super) struct TlsFlags {
    /// PEM file with certificate authorities to trust beside the built-in ones
    #[arg(long, value_name = "FILE", env = "SCIMITAR_CACERT", hide_env = true)]
    pub(super) cacert: Option<PathBuf>,
    /// Accept any certificate; the verdict says so
    #[arg(long, env = "SCIMITAR_INSECURE", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) insecure: Option<bool>,
    /// PEM file with the client certificate
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMITAR_CERT",
        hide_env = true,
        requires = "key"
    )]
    pub(super) cert: Option<PathBuf>,
    /// PEM file with the key of the client certificate
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMITAR_KEY",
        hide_env = true,
        requires = "cert"
    )]
    pub(super) key: Option<PathBuf>,
}

/// What is run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Selection")]
pub(super) struct SelectFlags {
    /// A named selection: smoke, rfc or full [default: full]
    #[arg(long, value_name = "NAME", env = "SCIMITAR_PROFILE", hide_env = true)]
    pub(super) profile: Option<String>,
    /// Only cases or requirements whose id matches; may be repeated
    #[arg(
        long,
        value_name = "GLOB",
        env = "SCIMITAR_ONLY",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) only: Vec<String>,
    /// Not the cases or requirements whose id matches; may be repeated
    #[arg(
        long,
        value_name = "GLOB",
        env = "SCIMITAR_SKIP",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) skip: Vec<String>,
    /// Only cases with this tag; may be repeated
    #[arg(
        long,
        value_name = "TAG",
        env = "SCIMITAR_TAG",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) tag: Vec<String>,
    /// Folder with scenarios of your own, beside the built-in ones; may be repeated
    #[arg(
        long,
        value_name = "DIR",
        env = "SCIMITAR_SUITE",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) suite: Vec<PathBuf>,
    /// Folder for what probes find, as scenarios; those that are there run before all others
    #[arg(
        long,
        value_name = "DIR",
        env = "SCIMITAR_SAVE_REGRESSION",
        hide_env = true
    )]
    pub(super) save_regression: Option<PathBuf>,
}

/// How it is run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Run")]
pub(super) struct RunFlags {
    /// Cases at the same time [default: 8 on loopback, else 4]
    #[arg(long, value_name = "N", env = "SCIMITAR_JOBS", hide_env = true, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) jobs: Option<u16>,
    /// Seed of all generated values [default: 1]
    #[arg(long, value_name = "N", env = "SCIMITAR_SEED", hide_env = true)]
    pub(super) seed: Option<u64>,
    /// Examples that each probe draws; of filters, which take one request each, six times as many [default: 300 on loopback, else 60]
    #[arg(long, value_name = "N", env = "SCIMITAR_CASES", hide_env = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) cases: Option<u32>,
    /// Longest time of each probe [default: 40s on loopback, else 2m]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_PROBE_TIME", hide_env = true, value_parser = duration)]
    pub(super) probe_time: Option<Duration>,
    /// Start no more cases after this time [default: 30m]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_MAX_RUN_TIME", hide_env = true, value_parser = duration)]
    pub(super) max_run_time: Option<Duration>,
    /// How long a read after a write may stay behind where the target is seen to lag [default: 2s]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_CONSISTENCY_WINDOW", hide_env = true, value_parser = duration)]
    pub(super) consistency_window: Option<Duration>,
    /// How long a change that ends somebody's access may take to be seen [default: 5s]
    #[arg(long, value_name = "TIME", env = "SCIMITAR_REVOKE_WITHIN", hide_env = true, value_parser = duration)]
    pub(super) revoke_within: Option<Duration>,
    /// Send nothing that could change the target
    #[arg(long, env = "SCIMITAR_READ_ONLY", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) read_only: Option<bool>,
    /// Grade deviations that real clients cope with as failures
    #[arg(long, env = "SCIMITAR_STRICT", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) strict: Option<bool>,
    /// Start no more cases after the first failure
    #[arg(long, env = "SCIMITAR_FAIL_FAST", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) fail_fast: Option<bool>,
    /// Run write cases although the target can't delete
    #[arg(long, env = "SCIMITAR_ACCEPT_LEFTOVERS", hide_env = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true, value_parser = BoolishValueParser::new(), value_name = "BOOL")]
    pub(super) accept_leftovers: Option<bool>,
    /// How daring requests may be: 1, or 2 with writes at discovery endpoints [default: 1]
    #[arg(long, value_name = "N", env = "SCIMITAR_PROBE_LEVEL", hide_env = true, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(super) probe_level: Option<u8>,
    /// File with known failures
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMITAR_EXPECTATIONS",
        hide_env = true
    )]
    pub(super) expectations: Option<PathBuf>,
}

/// What is left behind.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputFlags {
    /// Report to write beside run.json and report.html: junit, markdown, cases, terminal, json, html, or the conversation: har, ndjson; with =FILE elsewhere than in the output directory; may be repeated
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        env = "SCIMITAR_FORMAT",
        hide_env = true,
        value_delimiter = ','
    )]
    pub(super) format: Vec<FormatArg>,
    /// Directory for reports [default: a new one, scimitar-report/<stamp>-<host>]
    #[arg(long, value_name = "DIR", env = "SCIMITAR_OUTPUT", hide_env = true)]
    pub(super) output: Option<PathBuf>,
    /// Bodies in exchanges.ndjson and in conversations: cited cuts them at 16 KiB, all keeps them whole [default: cited]
    #[arg(long, value_name = "WHICH", env = "SCIMITAR_EVIDENCE", hide_env = true)]
    pub(super) evidence: Option<Evidence>,
    /// A word of yours that stands in the record
    #[arg(long, value_name = "TEXT", env = "SCIMITAR_LABEL", hide_env = true)]
    pub(super) label: Option<String>,
}

/// Flags that every command has.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "General")]
pub(super) struct CommonFlags {
    /// Configuration file [default: scimitar.toml in the working directory]
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMITAR_CONFIG",
        hide_env = true,
        global = true
    )]
    pub(super) config: Option<PathBuf>,
    /// When to colour
    #[arg(
        long,
        value_name = "WHEN",
        env = "SCIMITAR_COLOR",
        hide_env = true,
        global = true
    )]
    pub(super) color: Option<Color>,
    /// Say less: no progress, only verdicts and failures
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: every finding, what passed, no list cut short
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub(super) verbose: u8,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Color {
    /// At a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
pub(super) enum Http {
    /// HTTP/1.1 only.
    #[value(name = "1.1")]
    #[serde(rename = "1.1")]
    One,
    /// HTTP/2 only.
    #[value(name = "2")]
    #[serde(rename = "2")]
    Two,
}

/// Which bodies are kept whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Evidence {
    /// Bodies are cut at 16 KiB.
    #[default]
    Cited,
    /// Every body whole.
    All,
}

/// A report to write and where to, if not in the output directory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct FormatArg {
    /// Format.
    pub(super) format: Format,
    /// File.
    pub(super) file: Option<PathBuf>,
}

impl std::str::FromStr for FormatArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file after = is missing".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = name.parse::<Format>().map_err(|error| error.to_string())?;
        Ok(Self { format, file })
    }
}

impl TryFrom<String> for FormatArg {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
