//! `scimitar.toml`: the same names as the flags, read from the working directory only.
//!
//! Holds no secret: a token or client secret stands in a variable or a file that it names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::caret;
use super::exit::{Exit, Failure};
use super::option::{Color, Evidence, FormatArg, Http};
use super::wire::Carrier;
use crate::payload::Overlay;

/// Name of the file in the working directory.
pub(super) const FILE: &str = "scimitar.toml";

/// The file, every key optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Config {
    /// Base URL of the target.
    pub(super) url: Option<String>,
    /// Variable that holds the bearer token.
    pub(super) token_env: Option<String>,
    /// File that holds the bearer token.
    pub(super) token_file: Option<PathBuf>,
    /// Variable that holds a token that has expired.
    pub(super) expired_token_env: Option<String>,
    /// File that holds a token that has expired.
    pub(super) expired_token_file: Option<PathBuf>,
    /// Variable that holds a second token.
    pub(super) second_token_env: Option<String>,
    /// File that holds a second token.
    pub(super) second_token_file: Option<PathBuf>,
    /// Variable that holds the token before the main one, which is still taken.
    pub(super) rotated_token_env: Option<String>,
    /// File that holds it.
    pub(super) rotated_token_file: Option<PathBuf>,
    /// Variable that holds a token that was taken back.
    pub(super) revoked_token_env: Option<String>,
    /// File that holds it.
    pub(super) revoked_token_file: Option<PathBuf>,
    /// Variable that holds a token that was issued for another audience or tenant.
    pub(super) foreign_token_env: Option<String>,
    /// File that holds it.
    pub(super) foreign_token_file: Option<PathBuf>,
    /// A client at an OAuth 2.0 token endpoint.
    pub(super) oauth: Option<OAuth>,
    /// A gateway in front of the target that wants a key.
    pub(super) gateway: Option<Gateway>,
    /// See the flags.
    pub(super) allow_plaintext_token: Option<bool>,
    /// Whether cases may wait as long as the target says (for a cursor to expire).
    pub(super) long_waits: Option<bool>,
    /// See the flags.
    pub(super) http: Option<Http>,
    /// See the flags.
    pub(super) cacert: Option<PathBuf>,
    /// See the flags.
    pub(super) insecure: Option<bool>,
    /// See the flags.
    pub(super) cert: Option<PathBuf>,
    /// See the flags.
    pub(super) key: Option<PathBuf>,
    /// See the flags.
    pub(super) timeout: Option<Span>,
    /// See the flags.
    pub(super) max_rps: Option<u32>,
    /// See the flags.
    pub(super) profile: Option<String>,
    /// See the flags.
    #[serde(default)]
    pub(super) only: Vec<String>,
    /// See the flags.
    #[serde(default)]
    pub(super) skip: Vec<String>,
    /// See the flags.
    #[serde(default)]
    pub(super) tag: Vec<String>,
    /// See the flags.
    #[serde(default)]
    pub(super) suite: Vec<PathBuf>,
    /// See the flags.
    pub(super) save_regression: Option<PathBuf>,
    /// See the flags.
    pub(super) jobs: Option<u16>,
    /// See the flags.
    pub(super) cases: Option<u32>,
    /// See the flags.
    pub(super) seed: Option<u64>,
    /// See the flags.
    pub(super) probe_time: Option<Span>,
    /// See the flags.
    pub(super) max_run_time: Option<Span>,
    /// See the flags.
    pub(super) consistency_window: Option<Span>,
    /// See the flags.
    pub(super) revoke_within: Option<Span>,
    /// See the flags.
    pub(super) read_only: Option<bool>,
    /// See the flags.
    pub(super) strict: Option<bool>,
    /// See the flags.
    pub(super) fail_fast: Option<bool>,
    /// See the flags.
    pub(super) accept_leftovers: Option<bool>,
    /// See the flags.
    pub(super) probe_level: Option<u8>,
    /// See the flags.
    pub(super) expectations: Option<PathBuf>,
    /// See the flags.
    #[serde(default)]
    pub(super) format: Vec<FormatArg>,
    /// See the flags.
    pub(super) output: Option<PathBuf>,
    /// See the flags.
    pub(super) evidence: Option<Evidence>,
    /// See the flags.
    pub(super) label: Option<String>,
    /// See the flags.
    pub(super) color: Option<Color>,
    /// How load is put on a target.
    #[serde(default)]
    pub(super) load: Load,
    /// How payloads are made.
    #[serde(default)]
    pub(super) payload: Overlay,
    /// Header fields sent with every request.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Text>,
}

/// The section `[load]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Load {
    /// Variables that hold bearer tokens, which take turns.
    #[serde(default)]
    pub(super) tokens_env: Vec<String>,
    /// What sends requests.
    pub(super) client: Option<Carrier>,
}

/// A client at an OAuth 2.0 token endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OAuth {
    /// The token endpoint.
    pub(super) token_url: String,
    /// The client.
    pub(super) client_id: String,
    /// Variable that holds its secret.
    pub(super) client_secret_env: Option<String>,
    /// File that holds its secret.
    pub(super) client_secret_file: Option<PathBuf>,
    /// Where the client names itself.
    #[serde(default)]
    pub(super) placement: Placement,
    /// The scope to ask for.
    pub(super) scope: Option<String>,
    /// The scope of a token that may read and not write.
    pub(super) read_scope: Option<String>,
    /// Variable that holds a refresh token.
    pub(super) refresh_token_env: Option<String>,
    /// File that holds a refresh token.
    pub(super) refresh_token_file: Option<PathBuf>,
}

/// Where a client names itself at a token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Placement {
    /// In the `Authorization` field.
    #[default]
    Header,
    /// In the form.
    Body,
}

/// A gateway in front of the target.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Gateway {
    /// Where it is, unless it is the target itself.
    pub(super) url: Option<String>,
    /// Name of the header field that holds the key.
    pub(super) header: Option<String>,
    /// Name of the query parameter that holds the key.
    pub(super) query: Option<String>,
    /// Where the key stands in requests that do not ask for another place.
    #[serde(default)]
    pub(super) placement: KeyPlacement,
    /// Variable that holds the key.
    pub(super) key_env: Option<String>,
    /// File that holds the key.
    pub(super) key_file: Option<PathBuf>,
    /// Variable that holds a second key.
    pub(super) second_key_env: Option<String>,
    /// File that holds a second key.
    pub(super) second_key_file: Option<PathBuf>,
}

/// Where the key of a gateway stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeyPlacement {
    /// In a header field.
    #[default]
    Header,
    /// In the query.
    Query,
}

/// A text that stands in the file, or in a variable or file that is named.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write a text, { env = \"VARIABLE\" } or { file = \"PATH\" }"
)]
pub(super) enum Text {
    /// The text itself; no secret.
    Plain(String),
    /// A secret in a variable.
    Env {
        /// Its name.
        env: String,
    },
    /// A secret in a file.
    File {
        /// Its path.
        file: PathBuf,
    },
}

/// A length of time such as `30s`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Span(pub std::time::Duration);

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        super::value::duration(&text).map(Self)
    }
}

impl Config {
    /// Reads the named file, or `scimitar.toml` of the working directory where there is one.
    pub(super) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&path.display().to_string(), &text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(Failure::new(
                Exit::Usage,
                format!(
                    "cannot read the configuration {}: {error}\n  name another file with --config, or leave it away to use {FILE} of the working directory",
                    path.display()
                ),
            )),
        }
    }

    fn parse(file: &str, text: &str) -> Result<Self, Failure> {
        toml::from_str(text)
            .map_err(|error| Failure::new(Exit::Usage, caret::toml(file, text, &error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_takes_the_names_of_the_flags() {
        let text = "url = 'https://a.example/v2'\nmax-rps = 5\ntimeout = '3s'\nformat = ['json', 'junit=out.xml']\nhttp = '2'\n[headers]\nX-Tenant = 'a'\nX-Key = { env = 'KEY' }\n";
        let config = Config::parse("scimitar.toml", text).unwrap();
        assert_eq!(config.timeout.unwrap().0.as_secs(), 3);
        assert_eq!(config.format.len(), 2);
        assert_eq!(config.http, Some(Http::Two));
        assert!(matches!(config.headers["X-Key"], Text::Env { .. }));
    }

    #[test]
    fn mistakes_have_a_place_and_a_hint() {
        for (text, part) in [
            ("max_rps = 5", "did you mean `max-rps`?"),
            ("\ntoken = 'x'", "scimitar.toml:2:1"),
            ("timeout = '3'", "it has no unit"),
            ("format = ['jason']", "did you mean `json`?"),
            ("jobs = 'many'", "scimitar.toml:1:8"),
            ("jobs = ", "scimitar.toml:1"),
        ] {
            let error = Config::parse("scimitar.toml", text).unwrap_err();
            assert!(error.message.contains(part), "{text}: {}", error.message);
        }
    }
}
