//! Credentials beside the token: those of `scimitar.toml`, learnt by the vault before anything is sent.
//!
//! Holds labels; sends nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use url::form_urlencoded::byte_serialize;

use super::config::{self, Config, KeyPlacement, Placement};
use super::embedded::Embedded;
use super::exit::Failure;
use crate::client::{self, Settings, Sources, Target};
use crate::provider;
use crate::redact::Vault;
use crate::session::{KEY_HEADER, KEY_QUERY, Keys};

/// What cases are told of the credentials: values that templates see, secrets as labels.
pub(super) type Values = BTreeMap<String, String>;

/// What reads and learns the credentials of one target.
pub(super) struct Keyring<'a> {
    /// Where they become labels.
    pub(super) vault: &'a Vault,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

impl Keyring<'_> {
    /// Reads a secret and learns it; none where no source is named.
    ///
    /// # Errors
    /// Where it can't be read or used.
    pub(super) fn learn(
        &mut self,
        name: &str,
        sources: &Sources,
    ) -> Result<Option<String>, Failure> {
        Ok(self
            .read(name, sources)?
            .map(|secret| self.vault.learn(name, &secret)))
    }

    fn read(&mut self, name: &str, sources: &Sources) -> Result<Option<String>, Failure> {
        let what = match name {
            "token" => "the token".to_owned(),
            name => format!("the {}", name.replace('-', " ")),
        };
        let found = sources.read().map_err(|error| {
            Failure::usage(format!("cannot use {what}: {error}\n  nothing was sent"))
        })?;
        Ok(found.map(|credential| {
            self.warnings.extend(credential.warning);
            credential.token
        }))
    }

    /// The tokens that cases may need beside the main one.
    ///
    /// # Errors
    /// Where one can't be read or used.
    pub(super) fn tokens(&mut self, config: &Config) -> Result<Values, Failure> {
        let mut values = Values::new();
        let all = [
            (
                "expired-token",
                &config.expired_token_env,
                &config.expired_token_file,
            ),
            (
                "rotated-token",
                &config.rotated_token_env,
                &config.rotated_token_file,
            ),
            (
                "revoked-token",
                &config.revoked_token_env,
                &config.revoked_token_file,
            ),
            (
                "foreign-token",
                &config.foreign_token_env,
                &config.foreign_token_file,
            ),
        ];
        for (name, env, file) in all {
            if let Some(label) = self.learn(name, &sources(env.as_ref(), file.as_ref()))? {
                values.insert(name.to_owned(), label);
            }
        }
        Ok(values)
    }

    /// The client at a token endpoint. `has_token` says whether a token is configured, which then is
    /// the main credential.
    ///
    /// # Errors
    /// Where something of it can't be read or used.
    pub(super) fn oauth(
        &mut self,
        oauth: &config::OAuth,
        plaintext: bool,
        has_token: bool,
        values: &mut Values,
    ) -> Result<client::OAuth, Failure> {
        let (endpoint, tail) = endpoint(&oauth.token_url, plaintext)?;
        let sources_of_secret = sources(
            oauth.client_secret_env.as_ref(),
            oauth.client_secret_file.as_ref(),
        );
        let secret = self.read("client-secret", &sources_of_secret)?;
        let secret = secret.ok_or_else(|| {
            usage("[oauth] has no secret of the client: name its variable in client-secret-env or its file in client-secret-file")
        })?;
        let refresh = sources(
            oauth.refresh_token_env.as_ref(),
            oauth.refresh_token_file.as_ref(),
        );
        if let Some(label) = self.learn("refresh-token", &refresh)? {
            values.insert("refresh-token".to_owned(), label);
        }
        if let Some(scope) = &oauth.read_scope {
            values.insert("read-scope".to_owned(), scope.clone());
        }
        Ok(client(
            self.vault,
            &Client {
                endpoint,
                tail,
                id: &oauth.client_id,
                secret: &secret,
                in_body: oauth.placement == Placement::Body,
                scope: oauth.scope.as_deref(),
                signs_in: !has_token,
            },
            values,
        ))
    }

    /// The gateway in front of a target.
    ///
    /// # Errors
    /// Where something of it can't be read or used.
    pub(super) fn gateway(
        &mut self,
        gateway: &config::Gateway,
        plaintext: bool,
    ) -> Result<client::Gateway, Failure> {
        let target = match &gateway.url {
            None => None,
            Some(url) => Some(
                Target::parse(url, plaintext)
                    .map_err(|error| usage(&format!("cannot use the url of [gateway]: {error}")))?,
            ),
        };
        let header = gateway.header.as_deref().unwrap_or(KEY_HEADER);
        if HeaderName::from_bytes(header.as_bytes()).is_err() {
            return Err(usage(&format!(
                "[gateway] has the header '{header}', which is no name of a header field"
            )));
        }
        let first = sources(gateway.key_env.as_ref(), gateway.key_file.as_ref());
        let first = self.learn("gateway-key", &first)?.ok_or_else(|| {
            usage("[gateway] has no key: name its variable in key-env or its file in key-file")
        })?;
        let second = sources(
            gateway.second_key_env.as_ref(),
            gateway.second_key_file.as_ref(),
        );
        Ok(client::Gateway {
            target,
            keys: Keys {
                header: header.to_owned(),
                query: gateway.query.as_deref().unwrap_or(KEY_QUERY).to_owned(),
                in_query: gateway.placement == KeyPlacement::Query,
                first,
                second: self.learn("gateway-second-key", &second)?,
            },
        })
    }
}

/// All credentials of the built-in provider.
///
/// # Errors
/// Never for what the provider itself says; its URLs are sound.
pub(super) fn embedded(
    provider: &Embedded,
    vault: &Vault,
    settings: &mut Settings,
) -> Result<Values, Failure> {
    let mut values = Values::new();
    for (name, secret) in provider.tokens() {
        values.insert(name.to_owned(), vault.learn(name, secret));
    }
    values.insert("read-scope".to_owned(), provider::token::READ.to_owned());
    let (endpoint, tail) = endpoint(&provider.token_url(), false)?;
    settings.oauth = Some(client(
        vault,
        &Client {
            endpoint,
            tail,
            id: &provider.oauth.client_id,
            secret: provider.oauth.client_secret.reveal(),
            in_body: false,
            scope: None,
            signs_in: false,
        },
        &mut values,
    ));
    let gateway =
        Target::parse(&provider.gateway_url(), false).map_err(|error| usage(&error.to_string()))?;
    settings.gateway = Some(client::Gateway {
        target: Some(gateway),
        keys: Keys {
            header: KEY_HEADER.to_owned(),
            query: KEY_QUERY.to_owned(),
            in_query: false,
            first: vault.learn("gateway-key", provider.gateway.first.reveal()),
            second: Some(vault.learn("gateway-second-key", provider.gateway.second.reveal())),
        },
    });
    Ok(values)
}

/// A client at a token endpoint, its secret not yet a label.
struct Client<'a> {
    endpoint: Target,
    tail: &'static str,
    id: &'a str,
    secret: &'a str,
    in_body: bool,
    scope: Option<&'a str>,
    signs_in: bool,
}

fn client(vault: &Vault, client: &Client<'_>, values: &mut Values) -> client::OAuth {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client.id), encoded(client.secret));
    let secret = vault.learn("client-secret", client.secret);
    let basic = vault.learn("client-basic", &STANDARD.encode(pair));
    for (name, value) in [
        ("client-id", client.id),
        ("client-secret", &secret),
        ("client-basic", &basic),
        ("scope", client.scope.unwrap_or_default()),
    ] {
        values.insert(name.to_owned(), value.to_owned());
    }
    client::OAuth {
        endpoint: client.endpoint.clone(),
        tail: client.tail,
        client_id: client.id.to_owned(),
        secret,
        basic,
        in_body: client.in_body,
        scope: client.scope.map(str::to_owned),
        signs_in: client.signs_in,
    }
}

/// A token endpoint, and the slash that its URL ends with.
fn endpoint(url: &str, plaintext: bool) -> Result<(Target, &'static str), Failure> {
    let endpoint = Target::parse(url, plaintext)
        .map_err(|error| usage(&format!("cannot use the token-url of [oauth]: {error}")))?;
    let tail = if url.trim().ends_with('/') { "/" } else { "" };
    Ok((endpoint, tail))
}

fn sources(env: Option<&String>, file: Option<&PathBuf>) -> Sources {
    Sources {
        env: env.cloned(),
        file: file.cloned(),
        ..Sources::default()
    }
}

fn usage(message: &str) -> Failure {
    Failure::usage(format!("{message}\n  nothing was sent"))
}
