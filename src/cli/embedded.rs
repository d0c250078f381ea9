//! The built-in service provider, started on loopback for one run.
//!
//! Always reached through real HTTP; only its clock is shared with the run.

use std::time::Duration;

use crate::clock::Clock;
use crate::provider::{
    Gateway, OAuth, Provider, ServeError, Settings, Token, gateway, serve, token, trial_extension,
};

/// Its tokens beside the two, by the names of the settings.
const FURTHER: [&str; 5] = [
    "expired-token",
    "rotated-token",
    "revoked-token",
    "foreign-token",
    "refresh-token",
];

/// How long its access tokens are good, on its clock.
const LIFETIME: Duration = Duration::from_secs(300);

/// A running provider.
pub(super) struct Embedded {
    /// Its base URL.
    pub(super) base_url: String,
    /// The token that it accepts.
    pub(super) token: String,
    /// The second one.
    pub(super) second: String,
    /// Further ones, by the names of the settings.
    tokens: Vec<(&'static str, String)>,
    /// What its token endpoint goes by.
    pub(super) oauth: OAuth,
    /// The keys of the gateway in front of it.
    pub(super) gateway: Gateway,
    origin: String,
    /// Its clock.
    pub(super) clock: Clock,
    server: tokio::task::JoinHandle<Result<(), ServeError>>,
}

impl Embedded {
    /// Starts a provider on a free port, with this clock.
    ///
    /// # Errors
    /// Where no port can be opened or no random bytes be had.
    pub(super) async fn start(clock: Clock) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let (token, second) = (random_hex()?, random_hex()?);
        let mut tokens = Vec::new();
        for name in FURTHER {
            tokens.push((name, random_hex()?));
        }
        let further = |name: &str| {
            let found = tokens.iter().find(|(known, _)| *known == name);
            found.map(|(_, token)| Token::new(token.clone()))
        };
        let oauth = OAuth {
            client_id: String::from("scimitar"),
            client_secret: Token::new(random_hex()?),
            lifetime: LIFETIME,
            refresh_token: further("refresh-token"),
        };
        let gateway = Gateway {
            first: Token::new(random_hex()?),
            second: Token::new(random_hex()?),
        };
        let provider = Provider::new(Settings {
            token: Some(Token::new(token.clone())),
            second_token: Some(Token::new(second.clone())),
            devices: true,
            asynchronous: true,
            expired_token: further("expired-token"),
            rotated_token: further("rotated-token"),
            revoked_token: further("revoked-token"),
            foreign_token: further("foreign-token"),
            oauth: Some(oauth.clone()),
            gateway: Some(gateway.clone()),
            me: Some("administrator@example.com".to_owned()),
            me_exists: true,
            clock: clock.clone(),
            extensions: vec![trial_extension()],
            ..Settings::default()
        });
        let origin = format!("http://127.0.0.1:{port}");
        let base_url = format!("{origin}{}", provider.settings().base_path);
        let server =
            tokio::spawn(
                async move { serve(&provider, listener, None, std::future::pending()).await },
            );
        Ok(Self {
            base_url,
            token,
            second,
            tokens,
            oauth,
            gateway,
            origin,
            clock,
            server,
        })
    }

    /// Further tokens, by the names of the settings.
    pub(super) fn tokens(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.tokens
            .iter()
            .map(|(name, token)| (*name, token.as_str()))
    }

    /// Its token endpoint.
    pub(super) fn token_url(&self) -> String {
        format!("{}{}", self.origin, token::PATH)
    }

    /// The base URL of the gateway in front of it.
    pub(super) fn gateway_url(&self) -> String {
        let path = self.base_url.get(self.origin.len()..).unwrap_or_default();
        format!("{}{}{path}", self.origin, gateway::PREFIX)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// 32 random hexadecimal digits.
///
/// # Errors
/// Where the system gives no random bytes.
pub(super) fn random_hex() -> std::io::Result<String> {
    let (high, low) = (getrandom::u64()?, getrandom::u64()?);
    Ok(format!("{high:016x}{low:016x}"))
}
