//! The built-in service provider, started on loopback for one run.
//!
//! Always reached through real HTTP; only its clock is shared with the run.

use crate::clock::Clock;
use crate::provider::{Provider, ServeError, Settings, Token, serve, trial_extension};

/// A running provider.
pub(super) struct Embedded {
    /// Its base URL.
    pub(super) base_url: String,
    /// The token that it accepts.
    pub(super) token: String,
    /// The second one.
    pub(super) second: String,
    /// One that it refuses, since it has expired.
    pub(super) expired: String,
    /// Its clock.
    pub(super) clock: Clock,
    server: tokio::task::JoinHandle<Result<(), ServeError>>,
}

impl Embedded {
    /// Starts a provider on a free port.
    ///
    /// # Errors
    /// Where no port can be opened or no random bytes be had.
    pub(super) async fn start() -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let clock = Clock::virtual_now();
        let (token, second, expired) = (random_hex()?, random_hex()?, random_hex()?);
        let provider = Provider::new(Settings {
            token: Some(Token::new(token.clone())),
            second_token: Some(Token::new(second.clone())),
            devices: true,
            asynchronous: true,
            expired_token: Some(Token::new(expired.clone())),
            me: Some("administrator@example.com".to_owned()),
            me_exists: true,
            clock: clock.clone(),
            extensions: vec![trial_extension()],
            ..Settings::default()
        });
        let base_url = format!("http://127.0.0.1:{port}{}", provider.settings().base_path);
        let server =
            tokio::spawn(
                async move { serve(&provider, listener, None, std::future::pending()).await },
            );
        Ok(Self {
            base_url,
            token,
            second,
            expired,
            clock,
            server,
        })
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
