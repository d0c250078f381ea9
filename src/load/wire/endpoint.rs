//! Where load goes, and what every request to it carries.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::{Authority, Scheme};
use rustls::pki_types::ServerName;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::Connection;
use crate::client::{ClientError, Http, Limits, Settings, Target, connector, stack};
use crate::redact::Vault;

/// A target, and what is known of it once for all connections: trust, limits, credentials, heads.
pub struct Endpoint {
    pub(super) target: Target,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) authority: Authority,
    pub(super) scheme: Scheme,
    pub(super) limits: Limits,
    pub(super) http: Http,
    /// The general client, where that carries the requests.
    pub(super) proxied: Option<reqwest::Client>,
    pub(super) tls: Option<(TlsConnector, ServerName<'static>)>,
    pub(super) run: Bytes,
    pub(super) addresses: OnceCell<Vec<SocketAddr>>,
    fields: RwLock<Arc<HeaderMap>>,
    /// `Authorization` by credential, where several take turns.
    pub(super) turns: Vec<HeaderValue>,
    /// Grows with each change of `fields`.
    version: AtomicU64,
    pub(super) numbers: AtomicU64,
    pub(super) opened: AtomicU64,
    pub(super) resent: AtomicU64,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint({})", self.target.base())
    }
}

impl Endpoint {
    /// An endpoint with the settings of a client; secrets in them stand as labels of this vault.
    ///
    /// # Errors
    /// Where a TLS file is of no use, or a header field can't be sent.
    pub fn new(settings: &Settings, vault: &Vault) -> Result<Self, ClientError> {
        let odd = |what: &str| ClientError::Stack(format!("{what} of the base URL can't be used"));
        let target = settings.target.clone();
        let url = Url::parse(target.origin()).map_err(|_| odd("the origin"))?;
        let host = match url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(odd("the host")),
        };
        let authority = target
            .origin()
            .split_once("://")
            .map_or("", |(_, rest)| rest);
        let tls = if target.is_https() {
            let name = ServerName::try_from(host.clone()).map_err(|_| odd("the host"))?;
            Some((connector(&settings.tls, offered(settings.http))?, name))
        } else {
            None
        };
        let scheme = match &tls {
            Some(_) => Scheme::HTTPS,
            None => Scheme::HTTP,
        };
        let made = Self {
            authority: authority.parse().map_err(|_| odd("the host"))?,
            port: url.port_or_known_default().unwrap_or(80),
            host,
            scheme,
            limits: settings.limits,
            http: settings.http,
            proxied: None,
            tls,
            run: named(&settings.run_id),
            addresses: OnceCell::new(),
            fields: RwLock::new(Arc::new(fields(settings, vault)?)),
            turns: Vec::new(),
            version: AtomicU64::new(0),
            numbers: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            resent: AtomicU64::new(0),
            target,
        };
        Ok(made)
    }

    /// The same with the general HTTP client as the request path: several times the processor time,
    /// but it obeys the proxy variables of the environment where the settings say so.
    ///
    /// # Errors
    /// As [`Endpoint::new`].
    pub fn proxied(settings: &Settings, vault: &Vault) -> Result<Self, ClientError> {
        Ok(Self {
            proxied: Some(stack(settings)?),
            ..Self::new(settings, vault)?
        })
    }

    /// The same with several bearer tokens that take turns, request by request: the tokens
    /// themselves, not their labels.
    ///
    /// # Errors
    /// Where no header field can hold one of them.
    pub fn rotating<'a>(
        self,
        tokens: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ClientError> {
        let tokens = tokens.into_iter();
        let turns = tokens.map(|token| sensitive("Authorization", &format!("Bearer {token}")));
        Ok(Self {
            turns: turns.collect::<Result<_, _>>()?,
            ..self
        })
    }

    /// A connection for one user; it is opened with the first request.
    #[must_use]
    pub fn connection(self: &Arc<Self>) -> Connection {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        Connection::new(Arc::clone(self), number)
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Takes another bearer token from now on, for all connections: the token itself, not its label.
    ///
    /// # Errors
    /// Where no header field can hold it.
    pub fn authorize(&self, token: &str) -> Result<(), ClientError> {
        let value = sensitive("Authorization", &format!("Bearer {token}"))?;
        let mut held = self.fields.write().unwrap_or_else(PoisonError::into_inner);
        let mut changed = HeaderMap::clone(&held);
        changed.insert(header::AUTHORIZATION, value);
        *held = Arc::new(changed);
        drop(held);
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Longest that a request may take, connecting included.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.limits.connect + self.limits.tls + self.limits.total
    }

    /// Connections that were opened so far.
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Requests that were sent a second time, because the target had closed their connection.
    #[must_use]
    pub fn resent(&self) -> u64 {
        self.resent.load(Ordering::Relaxed)
    }

    /// Number of the present state of the fields.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The fields that every request carries.
    pub(super) fn fields(&self) -> Arc<HeaderMap> {
        Arc::clone(&self.fields.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The run's id, as a header field can hold it.
fn named(run: &str) -> Bytes {
    run.bytes().filter(u8::is_ascii_graphic).collect()
}

/// What TLS offers by ALPN.
fn offered(http: Http) -> &'static [&'static str] {
    match http {
        Http::Auto => &["h2", "http/1.1"],
        Http::One => &["http/1.1"],
        Http::Two => &["h2"],
    }
}

/// The fields that every request carries, with secrets in the place of their labels.
fn fields(settings: &Settings, vault: &Vault) -> Result<HeaderMap, ClientError> {
    let mut map = HeaderMap::new();
    map.insert(
        header::ACCEPT,
        HeaderValue::from_static("application/scim+json"),
    );
    map.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("scimitar/{version} (load {})", settings.run_id);
    map.insert(header::USER_AGENT, sensitive("User-Agent", &agent)?);
    if let Some(label) = &settings.token {
        let value = format!("Bearer {}", vault.reveal(label));
        map.insert(header::AUTHORIZATION, sensitive("Authorization", &value)?);
    }
    for (name, value) in &settings.headers {
        let bad = || ClientError::Stack(format!("the header field {name} can't be sent"));
        let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        map.insert(field, sensitive(name, &vault.reveal(value))?);
    }
    Ok(map)
}

fn sensitive(name: &str, value: &str) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| ClientError::Stack(format!("the header field {name} can't be sent")))?;
    value.set_sensitive(true);
    Ok(value)
}
