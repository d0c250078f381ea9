//! How load reaches its target: over connections of its own or the general client, and with which
//! credentials in turn.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::config::Config;
use super::credential::Keyring;
use super::exit::Failure;
use super::option::TargetFlags;
use super::target::Place;
use crate::client::{Client, ClientError, Sources};
use crate::load::wire::Endpoint;

/// What carries requests, and who sends them.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Requests")]
pub(super) struct WireFlags {
    /// What sends requests: own, or reqwest, which takes several times the processor time and obeys HTTP_PROXY, HTTPS_PROXY and NO_PROXY, but for targets on this machine [default: own]
    #[arg(
        long,
        value_name = "CLIENT",
        env = "SCIMITAR_CLIENT",
        hide_env = true,
        hide_possible_values = true
    )]
    client: Option<Carrier>,
    /// Variable with a bearer token; several take turns, request by request; may be repeated [default: the one token]
    #[arg(
        long,
        value_name = "VAR",
        env = "SCIMITAR_TOKENS_ENV",
        hide_env = true,
        value_delimiter = ','
    )]
    tokens_env: Vec<String>,
}

/// What sends requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Carrier {
    /// Connections of load's own.
    #[default]
    Own,
    /// The general client.
    Reqwest,
}

impl WireFlags {
    /// The option that names variables.
    pub(super) fn names_tokens(&self) -> Option<&'static str> {
        (!self.tokens_env.is_empty()).then_some("--tokens-env")
    }

    /// The variables whose tokens take turns.
    fn names<'a>(&'a self, config: &'a Config) -> &'a [String] {
        if self.tokens_env.is_empty() {
            &config.load.tokens_env
        } else {
            &self.tokens_env
        }
    }

    /// The flags about the target: the first of several tokens is the one for everything beside the
    /// load, where no other is named.
    pub(super) fn target(&self, target: &TargetFlags, config: &Config) -> TargetFlags {
        let mut target = target.clone();
        let flagged =
            target.token_env.is_some() || target.token_file.is_some() || target.token_stdin;
        let named = config.token_env.is_some() || config.token_file.is_some();
        if !flagged && !named && config.oauth.is_none() {
            target.token_env = self.names(config).first().cloned();
        }
        target
    }

    /// Reads the tokens, and lets the place use proxies where that was asked for.
    ///
    /// # Errors
    /// Where a token can't be read or used, or there is no target that would take it.
    pub(super) fn settled(
        &self,
        place: Option<&mut Place>,
        config: &Config,
    ) -> Result<Wire, Failure> {
        let carrier = self.client.or(config.load.client).unwrap_or_default();
        let mut wire = Wire {
            reqwest: carrier == Carrier::Reqwest,
            tokens: Vec::new(),
        };
        let Some(place) = place else {
            if self.tokens_env.is_empty() {
                return Ok(wire);
            }
            return Err(Failure::usage(
                "--tokens-env is for a target at a URL: the built-in provider has a token of its own\n  nothing was sent",
            ));
        };
        let vault = place.vault();
        let mut keyring = Keyring {
            vault: &vault,
            warnings: Vec::new(),
        };
        for (nth, name) in (1..).zip(self.names(config)) {
            let sources = Sources {
                env: Some(name.clone()),
                ..Sources::default()
            };
            wire.tokens
                .extend(keyring.learn(&format!("token-{nth}"), &sources)?);
        }
        let warnings = keyring.warnings;
        place.warnings.extend(warnings);
        if wire.reqwest {
            place.use_proxies();
        }
        Ok(wire)
    }
}

/// How the target is reached, read and found sound.
#[derive(Clone, Debug, Default)]
pub(super) struct Wire {
    /// Whether the general client carries the requests.
    reqwest: bool,
    /// Labels of the tokens that take turns.
    tokens: Vec<String>,
}

impl Wire {
    /// Where requests go.
    ///
    /// # Errors
    /// Where a TLS file or a header is of no use.
    pub(super) async fn endpoint(
        &self,
        place: &Place,
        run_id: &str,
        client: &Client,
    ) -> Result<Arc<Endpoint>, Failure> {
        let bad = |error: ClientError| Failure::usage(format!("{error}\n  nothing was changed"));
        let (settings, vault) = (place.settings(run_id), place.vault());
        let endpoint = if self.reqwest {
            Endpoint::proxied(&settings, &vault)
        } else {
            Endpoint::new(&settings, &vault)
        };
        let tokens: Vec<_> = self
            .tokens
            .iter()
            .map(|label| vault.reveal(label))
            .collect();
        let tokens = tokens.iter().map(AsRef::as_ref);
        let endpoint = endpoint.and_then(|it| it.rotating(tokens)).map_err(bad)?;
        if let Some(label) = client.token().await {
            let token = vault.reveal(&label).into_owned();
            endpoint.authorize(&token).map_err(bad)?;
        }
        Ok(Arc::new(endpoint))
    }

    /// What a record says of it.
    pub(super) fn told(&self) -> impl Iterator<Item = (String, String)> {
        let client = self
            .reqwest
            .then(|| ("client".to_owned(), "reqwest".to_owned()));
        let number = self.tokens.len();
        let tokens = (number > 0).then(|| ("credentials".to_owned(), number.to_string()));
        client.into_iter().chain(tokens)
    }
}
