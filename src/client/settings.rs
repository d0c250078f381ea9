//! What the user may set about the network.

use std::path::PathBuf;
use std::time::Duration;

use super::target::Target;
use crate::clock::Clock;
use crate::session::Keys;

/// Everything that a client is made from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where requests go.
    pub target: Target,
    /// Label of the main credential in the vault; none sends no `Authorization`.
    pub token: Option<String>,
    /// Label of the second credential.
    pub second: Option<String>,
    /// The gateway in front of the target.
    pub gateway: Option<Gateway>,
    /// The token endpoint.
    pub oauth: Option<OAuth>,
    /// Header fields that every request carries; secrets in them as labels.
    pub headers: Vec<(String, String)>,
    /// Time and size limits of an exchange.
    pub limits: Limits,
    /// Version of HTTP.
    pub http: Http,
    /// TLS.
    pub tls: Tls,
    /// Whether the proxy variables of the environment are obeyed; never for loopback.
    pub env_proxy: bool,
    /// Requests a second: none takes 25 for a remote target and no limit on loopback; zero is no limit.
    pub max_rps: Option<u32>,
    /// How long the run may wait for a throttling server, in all.
    pub throttle_budget: Duration,
    /// Rules `Retry-After`.
    pub clock: Clock,
    /// Id of the run, for `User-Agent` and `X-Request-Id`; letters, digits and hyphens.
    pub run_id: String,
}

impl Settings {
    /// The defaults for a target.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            token: None,
            second: None,
            gateway: None,
            oauth: None,
            headers: Vec::new(),
            limits: Limits::default(),
            http: Http::default(),
            tls: Tls::default(),
            env_proxy: false,
            max_rps: None,
            throttle_budget: Duration::from_secs(60),
            clock: Clock::System,
            run_id: String::new(),
        }
    }
}

/// A gateway that wants a key.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Where it is; none where it is the target, whose requests then all carry the key.
    pub target: Option<Target>,
    /// Its keys.
    pub keys: Keys,
}

/// An OAuth 2.0 token endpoint and the client's credential for it.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// Where it is.
    pub endpoint: Target,
    /// What its URL ends with beyond that: a slash, or nothing.
    pub tail: &'static str,
    /// The client.
    pub client_id: String,
    /// Label of its secret.
    pub secret: String,
    /// Label of client and secret as `Basic` has them.
    pub basic: String,
    /// Whether the client names itself in the body rather than in the header.
    pub in_body: bool,
    /// The scope to ask for.
    pub scope: Option<String>,
    /// Whether the main credential comes from there.
    pub signs_in: bool,
}

/// Time and size limits of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect.
    pub connect: Duration,
    /// For the TLS handshake, after that.
    pub tls: Duration,
    /// From the send, with connecting done, to the whole response head.
    pub headers: Duration,
    /// Between two pieces of a body.
    pub idle: Duration,
    /// For the exchange as a whole.
    pub total: Duration,
    /// Bytes of a body, on the wire and decoded.
    pub body: u64,
    /// Bytes of a body's text that are kept.
    pub evidence: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            tls: Duration::from_secs(10),
            headers: Duration::from_secs(15),
            idle: Duration::from_secs(10),
            total: Duration::from_secs(30),
            body: 16 * 1024 * 1024,
            evidence: 64 * 1024,
        }
    }
}

impl Limits {
    /// The defaults with another total (`--timeout`); no part may take longer than the whole.
    #[must_use]
    pub fn with_total(total: Duration) -> Self {
        let default = Self::default();
        Self {
            connect: default.connect.min(total),
            tls: default.tls.min(total),
            headers: default.headers.max(total / 2).min(total),
            idle: default.idle.max(total / 3).min(total),
            total,
            ..default
        }
    }
}

/// Version of HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Http {
    /// HTTP/1.1 on cleartext, what ALPN agrees on over TLS.
    #[default]
    Auto,
    /// HTTP/1.1 only.
    One,
    /// HTTP/2 only, on cleartext with prior knowledge.
    Two,
}

/// TLS settings.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// PEM file with the authorities to trust, instead of the system's.
    pub cacert: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
    /// PEM file with the client's certificate chain.
    pub cert: Option<PathBuf>,
    /// PEM file with the client's private key; none where the certificate's file holds it.
    pub key: Option<PathBuf>,
}
