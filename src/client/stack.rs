//! The HTTP stack, set up so that it does nothing on its own.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use thiserror::Error;

use super::connect::Noting;
use super::settings::{Http, Settings, Tls};

/// Idle connections are dropped before servers that keep them for five seconds do.
const POOL_IDLE: Duration = Duration::from_secs(4);

/// Why there is no client. Fragments that follow "cannot set up the client: ".
#[derive(Debug, Error)]
pub enum ClientError {
    /// A file can't be read.
    #[error("the {0} '{1}' can't be read: {2}")]
    File(&'static str, String, std::io::Error),
    /// A file holds no PEM certificate.
    #[error("the {0} '{1}' holds no PEM certificate that can be read")]
    Certificate(&'static str, String),
    /// Certificate and key.
    #[error(
        "the client certificate '{0}' and its key can't be used; both must be PEM, the key not encrypted, and belong together"
    )]
    Identity(String),
    /// A key alone.
    #[error("--key needs --cert beside it")]
    KeyAlone,
    /// The stack refuses.
    #[error("{0}")]
    Stack(String),
}

/// Builds the HTTP stack: no redirects, no cookies, no proxy unless it was asked for and the target
/// is not on this machine, no decoding, no referrer.
///
/// # Errors
/// Where a TLS file is of no use.
pub fn build(settings: &Settings) -> Result<reqwest::Client, ClientError> {
    let limits = &settings.limits;
    let https = settings.target.is_https();
    let connect = if https {
        limits.connect + limits.tls
    } else {
        limits.connect
    };
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Content codings are undone by `decode`; another crate of the build may have turned reqwest's own on.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .connect_timeout(connect)
        .pool_idle_timeout(POOL_IDLE)
        .tcp_nodelay(true)
        .connector_layer(Noting);
    // A proxy is another machine: what is meant for this one would leave it, the token with it.
    if !settings.env_proxy || settings.target.is_loopback() {
        builder = builder.no_proxy();
    }
    if let Some(here) = settings.target.pinned() {
        // Port 0 stands for that of the URL.
        let addresses = here.map(|address| SocketAddr::new(address, 0));
        builder = builder.resolve_to_addrs(settings.target.host(), &addresses);
    }
    builder = match settings.http {
        Http::Two => builder.http2_prior_knowledge(),
        Http::Auto if https => builder,
        Http::Auto | Http::One => builder.http1_only(),
    };
    builder = trust(builder, &settings.tls, https)?;
    builder
        .build()
        .map_err(|error| explain(&settings.tls, &error))
}

fn trust(
    builder: reqwest::ClientBuilder,
    tls: &Tls,
    https: bool,
) -> Result<reqwest::ClientBuilder, ClientError> {
    let mut builder = builder;
    if let Some(path) = &tls.cacert {
        let what = "file of authorities";
        let name = path.display().to_string();
        let certificates = reqwest::Certificate::from_pem_bundle(&read(what, path)?)
            .ok()
            .filter(|found| !found.is_empty())
            .ok_or(ClientError::Certificate(what, name))?;
        builder = builder.tls_certs_only(certificates);
    } else if !https {
        builder = builder.tls_certs_only([]);
    }
    if tls.insecure {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    match (&tls.cert, &tls.key) {
        (None, None) => Ok(builder),
        (None, Some(_)) => Err(ClientError::KeyAlone),
        (Some(cert), key) => {
            let mut pem = read("client certificate", cert)?;
            if let Some(key) = key {
                pem.push(b'\n');
                pem.extend(read("client key", key)?);
            }
            let identity = reqwest::Identity::from_pem(&pem)
                .map_err(|_| ClientError::Identity(cert.display().to_string()))?;
            Ok(builder.identity(identity))
        }
    }
}

fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, ClientError> {
    std::fs::read(path).map_err(|error| ClientError::File(what, path.display().to_string(), error))
}

fn explain(tls: &Tls, error: &reqwest::Error) -> ClientError {
    if let Some(cert) = &tls.cert {
        return ClientError::Identity(cert.display().to_string());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    ClientError::Stack(cause.to_string())
}
