//! What `serve` accepts beside the token: further tokens, a client at a token endpoint, the keys of a
//! gateway. Each secret is that of its variable, else a random one, which alone is shown.
//!
//! No secret comes from an argument.

use std::fmt::Write as _;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use super::embedded::random_hex;
use super::exit::{Exit, Failure};
use super::value::duration;
use crate::client::Sources;
use crate::provider::{Gateway, OAuth, Settings, Token, gateway, token};

/// How long an access token is good unless told otherwise.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// What the provider offers beyond RFC 7643 and RFC 7644.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Addition {
    /// Devices and the applications that work with them (RFC 9944).
    Devices,
    /// Answers before a write is processed, and security events (RFC 9967).
    Asynchronous,
    /// Further tokens: one that only reads, and ones that are old, expired, revoked or foreign.
    Tokens,
    /// A token endpoint (RFC 6749).
    Oauth,
    /// A gateway in front, which wants a key.
    Gateway,
}

/// Options of what is accepted beside the token.
#[derive(ClapArgs, Debug)]
pub(super) struct SecretArgs {
    /// Add what few providers have: devices, asynchronous, tokens, oauth, gateway
    #[arg(
        long,
        value_name = "FEATURE",
        value_delimiter = ',',
        value_enum,
        hide_possible_values = true
    )]
    pub(super) with: Vec<Addition>,
    /// The client that `--with oauth` knows
    #[arg(long, value_name = "ID", default_value = "scimitar")]
    client_id: String,
    /// How long an access token of `--with oauth` is good [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    token_lifetime: Option<Duration>,
    /// How long the old token of `--with tokens` is still taken [default: always]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    overlap: Option<Duration>,
}

/// What is accepted, and what of it may be shown.
#[derive(Default)]
pub(super) struct Secrets {
    /// Names of the settings and their variables.
    tokens: Vec<(&'static str, &'static str)>,
    has_oauth: bool,
    has_gateway: bool,
    client_id: String,
    /// Variables and the random secrets that were made for want of them.
    made: Vec<(&'static str, String)>,
}

/// Further tokens: key of the configuration, variable.
const TOKENS: [(&str, &str); 5] = [
    ("second-token-env", "SCIM_SECOND_TOKEN"),
    ("rotated-token-env", "SCIM_ROTATED_TOKEN"),
    ("expired-token-env", "SCIM_EXPIRED_TOKEN"),
    ("revoked-token-env", "SCIM_REVOKED_TOKEN"),
    ("foreign-token-env", "SCIM_FOREIGN_TOKEN"),
];
const CLIENT_SECRET: &str = "SCIM_CLIENT_SECRET";
const REFRESH_TOKEN: &str = "SCIM_REFRESH_TOKEN";
const KEY: &str = "SCIM_GATEWAY_KEY";
const SECOND_KEY: &str = "SCIM_GATEWAY_SECOND_KEY";

impl Secrets {
    /// Puts into the settings what the options ask for.
    ///
    /// # Errors
    /// Where a variable holds what can be no secret, or the system gives no random bytes.
    pub(super) fn furnish(args: &SecretArgs, settings: &mut Settings) -> Result<Self, Failure> {
        let mut secrets = Self {
            client_id: args.client_id.clone(),
            ..Self::default()
        };
        if args.with.contains(&Addition::Tokens) {
            secrets.tokens = TOKENS.to_vec();
            let [second, rotated, expired, revoked, foreign] = TOKENS;
            settings.second_token = Some(secrets.secret(second.1)?);
            settings.rotated_token = Some(secrets.secret(rotated.1)?);
            settings.expired_token = Some(secrets.secret(expired.1)?);
            settings.revoked_token = Some(secrets.secret(revoked.1)?);
            settings.foreign_token = Some(secrets.secret(foreign.1)?);
            settings.overlap = args.overlap;
        }
        if args.with.contains(&Addition::Oauth) {
            secrets.has_oauth = true;
            settings.oauth = Some(OAuth {
                client_id: args.client_id.clone(),
                client_secret: secrets.secret(CLIENT_SECRET)?,
                lifetime: args.token_lifetime.unwrap_or(LIFETIME),
                refresh_token: Some(secrets.secret(REFRESH_TOKEN)?),
            });
        }
        if args.with.contains(&Addition::Gateway) {
            secrets.has_gateway = true;
            settings.gateway = Some(Gateway {
                first: secrets.secret(KEY)?,
                second: secrets.secret(SECOND_KEY)?,
            });
        }
        Ok(secrets)
    }

    /// The secret of a variable, else a random one.
    fn secret(&mut self, variable: &'static str) -> Result<Token, Failure> {
        let sources = Sources {
            default_env: Some(variable.to_owned()),
            ..Sources::default()
        };
        let found = sources
            .read()
            .map_err(|error| Failure::usage(format!("cannot use a secret: {error}")))?;
        if let Some(found) = found {
            return Ok(Token::new(found.token));
        }
        let made = random_hex()
            .map_err(|error| Failure::new(Exit::Bug, format!("no random bytes: {error}")))?;
        self.made.push((variable, made.clone()));
        Ok(Token::new(made))
    }

    /// What to set and to write so that `scimitar test` knows of all this; `origin` is that of the
    /// provider, `base` the path of its base URL.
    pub(super) fn told(&self, origin: &str, base: &str) -> String {
        let mut text = String::new();
        for (variable, secret) in &self.made {
            let _ = writeln!(text, "  secret  export {variable}={secret}");
        }
        let config = self.config(origin, base);
        if !config.is_empty() {
            text.push_str("  to test all of it, scimitar.toml says:\n");
            for line in config.lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
        text
    }

    fn config(&self, origin: &str, base: &str) -> String {
        let mut text = String::new();
        for (key, variable) in &self.tokens {
            let _ = writeln!(text, "{key} = \"{variable}\"");
        }
        if self.has_oauth {
            let _ = writeln!(
                text,
                "[oauth]\ntoken-url = \"{origin}{}\"\nclient-id = {:?}\nclient-secret-env = \"{CLIENT_SECRET}\"\n\
                 refresh-token-env = \"{REFRESH_TOKEN}\"\nread-scope = \"{}\"",
                token::PATH,
                self.client_id,
                token::READ,
            );
        }
        if self.has_gateway {
            let _ = writeln!(
                text,
                "[gateway]\nurl = \"{origin}{}{base}\"\nkey-env = \"{KEY}\"\nsecond-key-env = \"{SECOND_KEY}\"",
                gateway::PREFIX,
            );
        }
        text
    }
}
