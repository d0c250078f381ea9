//! Where a command sends its requests, and with which credentials.
//!
//! Everything that is wrong with URL, token or TLS files is found here, before anything is sent.

use std::sync::Arc;
use std::time::Duration;

use super::config::{Config, Text};
use super::credential::{self, Keyring, Values};
use super::embedded::Embedded;
use super::exit::{Exit, Failure};
use super::option::{Http, TargetFlags, TlsFlags};
use crate::client::{self, Client, Limits, Settings, Sources, Target};
use crate::clock::Clock;
use crate::redact::Vault;

/// The variable of the token when none is named.
const TOKEN: &str = "SCIM_TOKEN";
/// The variable that stands for the URL where none is given.
const VARIABLE: &str = "SCIMITAR_URL";
/// Longest time for one exchange unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the user said about the target, read and found sound.
pub(super) struct Place {
    settings: Settings,
    vault: Arc<Vault>,
    values: Values,
    /// What a reader of the verdict must know.
    pub(super) remarks: Vec<String>,
    /// What the user should know at once.
    pub(super) warnings: Vec<String>,
}

impl Place {
    /// The target at a URL.
    ///
    /// # Errors
    /// Where the URL, a token, a header or a TLS file is of no use.
    pub(super) fn at(url: &str, flags: &TargetFlags, config: &Config) -> Result<Self, Failure> {
        let plaintext = flags.allow_plaintext_token.or(config.allow_plaintext_token);
        let target = Target::parse(url, plaintext.unwrap_or(false))
            .map_err(|error| Failure::usage(format!("{error}\n  nothing was sent")))?;
        let vault = Arc::new(Vault::new());
        let mut settings = Settings::new(target);
        let plaintext = plaintext.unwrap_or(false);
        let mut keyring = Keyring {
            vault: &vault,
            warnings: Vec::new(),
        };
        settings.token = keyring.learn("token", &main_token(flags, config))?;
        settings.second = keyring.learn("second-token", &second_token(config))?;
        let mut values = keyring.tokens(config)?;
        if let Some(oauth) = &config.oauth {
            let has_token = settings.token.is_some();
            let oauth = keyring.oauth(oauth, plaintext, has_token, &mut values)?;
            settings.oauth = Some(oauth);
        }
        if let Some(gateway) = &config.gateway {
            settings.gateway = Some(keyring.gateway(gateway, plaintext)?);
        }
        let warnings = keyring.warnings;
        settings.headers = headers(config, &vault)?;
        common(&mut settings, flags, config);
        let insecure = settings.tls.insecure && settings.target.is_https();
        let remarks = insecure.then(|| "certificates were not checked (--insecure)".to_owned());
        Ok(Self {
            settings,
            vault,
            values,
            remarks: remarks.into_iter().collect(),
            warnings,
        })
    }

    /// Keeps what is sent beside the load below the ceiling of it as well.
    pub(super) fn hold_rate(&mut self, ceiling: Option<u32>) {
        let known = self.settings.max_rps;
        self.settings.max_rps = known.into_iter().chain(ceiling).min();
    }

    /// Takes a part of the requests a second that may be sent beside the load: so many processes share them.
    pub(super) fn share_rate(&mut self, parts: u32) {
        let remote = !self.settings.target.is_loopback();
        let rate = self
            .settings
            .max_rps
            .or(remote.then_some(client::REMOTE_RPS));
        self.settings.max_rps = rate.map(|rate| (rate / parts.max(1)).max(1));
    }

    /// The target that was named, or else the built-in provider, which runs for as long as the second
    /// value is kept.
    ///
    /// # Errors
    /// Where the built-in provider can't be started.
    pub(super) async fn or_embedded(
        named: Option<Self>,
        flags: &TargetFlags,
        config: &Config,
    ) -> Result<(Self, Option<Embedded>), Failure> {
        Self::or_embedded_on(Clock::virtual_now(), named, flags, config).await
    }

    /// As [`Place::or_embedded`], the built-in provider with this clock.
    ///
    /// # Errors
    /// Where the built-in provider can't be started.
    pub(super) async fn or_embedded_on(
        clock: Clock,
        named: Option<Self>,
        flags: &TargetFlags,
        config: &Config,
    ) -> Result<(Self, Option<Embedded>), Failure> {
        if let Some(place) = named {
            return Ok((place, None));
        }
        let provider = Embedded::start(clock).await.map_err(|error| {
            let message = format!("cannot start the built-in provider: {error}");
            Failure::new(Exit::Unreachable, message)
        })?;
        let place = Self::embedded(&provider, flags, config)?;
        Ok((place, Some(provider)))
    }

    /// The built-in provider, running.
    ///
    /// # Errors
    /// Never for what the provider itself says; its URL is sound.
    fn embedded(
        provider: &Embedded,
        flags: &TargetFlags,
        config: &Config,
    ) -> Result<Self, Failure> {
        let target = Target::parse(&provider.base_url, false)
            .map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        let vault = Arc::new(Vault::new());
        let mut settings = Settings::new(target);
        settings.token = Some(vault.learn("token", &provider.token));
        settings.second = Some(vault.learn("second-token", &provider.second));
        let values = credential::embedded(provider, &vault, &mut settings)?;
        settings.clock = provider.clock.clone();
        common(&mut settings, flags, config);
        settings.tls = client::Tls::default();
        Ok(Self {
            settings,
            vault,
            values,
            remarks: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// The target.
    pub(super) fn target(&self) -> &Target {
        &self.settings.target
    }

    /// Secrets.
    pub(super) fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// Time that the target can see.
    pub(super) fn clock(&self) -> Clock {
        self.settings.clock.clone()
    }

    /// Whether a credential is there.
    pub(super) fn has_token(&self) -> bool {
        let oauth = self.settings.oauth.as_ref();
        self.settings.token.is_some() || oauth.is_some_and(|oauth| oauth.signs_in)
    }

    /// What templates see of the credentials, secrets as labels.
    pub(super) fn values(&self) -> Values {
        self.values.clone()
    }

    /// The settings beside the token that cases may need and that are there.
    pub(super) fn beside(&self) -> impl Iterator<Item = &'static str> {
        let value = |name: &str| self.values.contains_key(name);
        let gateway = self.settings.gateway.as_ref();
        let keys = gateway.map(|gateway| &gateway.keys);
        [
            ("second-token", self.settings.second.is_some()),
            ("expired-token", value("expired-token")),
            ("rotated-token", value("rotated-token")),
            ("revoked-token", value("revoked-token")),
            ("foreign-token", value("foreign-token")),
            ("oauth", self.settings.oauth.is_some()),
            ("oauth-read-scope", value("read-scope")),
            ("refresh-token", value("refresh-token")),
            ("gateway", keys.is_some()),
            (
                "gateway-second-key",
                keys.is_some_and(|keys| keys.second.is_some()),
            ),
        ]
        .into_iter()
        .filter_map(|(name, there)| there.then_some(name))
    }

    /// Lets requests go through the proxies that the environment names.
    pub(super) fn use_proxies(&mut self) {
        self.settings.env_proxy = true;
    }

    /// The settings of what reaches the target, with the name of the run in them.
    pub(super) fn settings(&self, run_id: &str) -> Settings {
        let mut settings = self.settings.clone();
        run_id.clone_into(&mut settings.run_id);
        settings
    }

    /// Path of the base URL, without a trailing slash.
    pub(super) fn base_path(&self) -> String {
        let target = &self.settings.target;
        let path = target.base().strip_prefix(target.origin());
        path.unwrap_or_default().to_owned()
    }

    /// Version of HTTP that is spoken, as far as it is known before the first request.
    pub(super) fn http(&self) -> String {
        let version = match self.settings.http {
            client::Http::Two => "2",
            client::Http::Auto if self.settings.target.is_https() => "as the server offers",
            client::Http::One | client::Http::Auto => "1.1",
        };
        version.to_owned()
    }

    /// A client that names the run in its requests.
    ///
    /// # Errors
    /// Where a TLS file is of no use.
    pub(super) fn client(&self, run_id: &str) -> Result<Client, Failure> {
        Client::new(self.settings(run_id), self.vault())
            .map_err(|error| Failure::usage(format!("{error}\n  nothing was sent")))
    }
}

/// The URL that was given; none for the built-in provider.
///
/// # Errors
/// Where there is none, or two targets.
pub(super) fn url(
    argument: Option<&str>,
    embedded: bool,
    config: &Config,
) -> Result<Option<String>, Failure> {
    const NEXT: &str = "give the base URL of a service provider, or --embedded to take the built-in one\n  nothing was sent";
    // A variable yields to the flag --embedded, an argument contradicts it.
    let variable = match (argument, embedded) {
        (None, false) => std::env::var(VARIABLE).ok(),
        _ => None,
    };
    let given = argument.or(variable.as_deref()).map(str::trim);
    match (given, embedded) {
        (None | Some(""), true) => Ok(None),
        (Some(_), true) => Err(Failure::usage(
            "both a URL and --embedded were given: leave one away\n  nothing was sent",
        )),
        (Some(""), false) => Err(Failure::usage(format!(
            "the URL is empty: is a variable unset?\n  {NEXT}"
        ))),
        (Some(url), false) => Ok(Some(url.to_owned())),
        (None, false) => match config.url.as_deref().map(str::trim) {
            None | Some("") => Err(Failure::usage(format!("no URL was given\n  {NEXT}"))),
            Some(url) => Ok(Some(url.to_owned())),
        },
    }
}

/// What holds for every target alike.
fn common(settings: &mut Settings, flags: &TargetFlags, config: &Config) {
    let timeout = flags.timeout.or(config.timeout.map(|span| span.0));
    settings.limits = Limits::with_total(timeout.unwrap_or(TIMEOUT));
    settings.http = match flags.http.or(config.http) {
        None => client::Http::Auto,
        Some(Http::One) => client::Http::One,
        Some(Http::Two) => client::Http::Two,
    };
    settings.max_rps = flags.max_rps.or(config.max_rps);
    settings.tls = tls(&flags.tls, config);
}

/// TLS as flags and file say.
pub(super) fn tls(flags: &TlsFlags, config: &Config) -> client::Tls {
    client::Tls {
        cacert: flags.cacert.clone().or_else(|| config.cacert.clone()),
        insecure: flags.insecure.or(config.insecure).unwrap_or(false),
        cert: flags.cert.clone().or_else(|| config.cert.clone()),
        key: flags.key.clone().or_else(|| config.key.clone()),
    }
}

/// Sources of the token: those of the flags, else those of the file.
fn main_token(flags: &TargetFlags, config: &Config) -> Sources {
    let flagged = flags.token_env.is_some() || flags.token_file.is_some() || flags.token_stdin;
    let (env, file) = if flagged {
        (flags.token_env.clone(), flags.token_file.clone())
    } else {
        (config.token_env.clone(), config.token_file.clone())
    };
    Sources {
        env,
        file,
        stdin: flags.token_stdin,
        default_env: Some(TOKEN.to_owned()),
    }
}

fn second_token(config: &Config) -> Sources {
    Sources {
        env: config.second_token_env.clone(),
        file: config.second_token_file.clone(),
        ..Sources::default()
    }
}

/// Header fields of the file; values from variables and files are secrets.
fn headers(config: &Config, vault: &Vault) -> Result<Vec<(String, String)>, Failure> {
    let mut headers = Vec::new();
    for (name, text) in &config.headers {
        let sources = match text {
            Text::Plain(value) => {
                headers.push((name.clone(), plain(name, value, vault)));
                continue;
            }
            Text::Env { env } => Sources {
                env: Some(env.clone()),
                ..Sources::default()
            },
            Text::File { file } => Sources {
                file: Some(file.clone()),
                ..Sources::default()
            },
        };
        let found = sources.read();
        let found = found.map_err(|error| {
            Failure::usage(format!(
                "cannot use the header {name}: {error}\n  nothing was sent"
            ))
        })?;
        let value = found.map(|found| vault.learn(&format!("header {name}"), &found.token));
        headers.push((name.clone(), value.unwrap_or_default()));
    }
    Ok(headers)
}

/// The value of a header field that stands in the file: a label where the field holds a credential.
fn plain(name: &str, value: &str, vault: &Vault) -> String {
    if !vault.fields().is_secret(None, name) {
        return value.to_owned();
    }
    let label = format!("header {name}");
    match value.split_once(' ') {
        Some((scheme, rest)) if name.to_ascii_lowercase().ends_with("authorization") => {
            format!("{scheme} {}", vault.learn(&label, rest.trim()))
        }
        _ => vault.learn(&label, value),
    }
}
