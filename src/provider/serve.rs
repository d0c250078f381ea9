//! Serves a provider on a listener: HTTP/1.1 and HTTP/2, in clear or over TLS, until told to stop.
//!
//! Opens no port itself.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::Provider;
use super::entry::Scheme;

/// How long open connections may finish their requests after the stop.
const GRACE: Duration = Duration::from_secs(5);

/// How long to wait where the machine has no more files or buffers.
const BREATH: Duration = Duration::from_millis(100);

/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A certificate with its key, ready to serve. Offers h2 and HTTP/1.1.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
}

/// Why a certificate can't be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is missing, unreadable or holds no such PEM section.
    #[error("cannot read a {what} in PEM form from '{file}': {source}")]
    File {
        /// `certificate` or `private key`.
        what: &'static str,
        /// The file.
        file: String,
        /// The cause.
        source: rustls::pki_types::pem::Error,
    },
    /// The file holds no certificate.
    #[error("cannot find a certificate in '{0}'")]
    Empty(String),
    /// Certificate and key don't fit.
    #[error("cannot serve this certificate with this key: {0}")]
    Pair(#[from] rustls::Error),
}

impl Tls {
    /// Reads a certificate chain and a private key.
    ///
    /// # Errors
    /// Where a file holds no such thing or the two don't fit.
    pub fn from_pem_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(|source| TlsError::File {
                what: "certificate",
                file: certificate.display().to_string(),
                source,
            })?;
        if chain.is_empty() {
            return Err(TlsError::Empty(certificate.display().to_string()));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|source| TlsError::File {
            what: "private key",
            file: key.display().to_string(),
            source,
        })?;
        Self::from_der(chain, key)
    }

    fn from_der(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

/// Why serving ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener broke.
    #[error("cannot accept connections: {0}")]
    Accept(#[from] std::io::Error),
}

/// Serves until `shutdown` is ready, then lets open requests finish for up to five seconds.
///
/// # Errors
/// Where the listener can't accept any more.
pub async fn serve(
    provider: &Provider,
    listener: TcpListener,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let graceful = GracefulShutdown::new();
    let scheme = Scheme(if tls.is_some() { "https" } else { "http" });
    let service =
        provider
            .router()
            .map_request(move |mut request: Request<hyper::body::Incoming>| {
                request.extensions_mut().insert(scheme);
                request
            });
    let service = TowerToHyperService::new(service);
    let mut shutdown = pin!(shutdown);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) if is_passing(&error) => continue,
                Err(error) if is_shortage(&error) => {
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            },
            () = &mut shutdown => break,
        };
        let _ = stream.set_nodelay(true);
        let (service, watcher, tls) = (service.clone(), graceful.watcher(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => connection(stream, service, watcher).await,
                Some(tls) => {
                    let handshake = tls.acceptor.accept(stream);
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await {
                        connection(stream, service, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

async fn connection<I, S>(
    stream: I,
    service: TowerToHyperService<S>,
    watcher: hyper_util::server::graceful::Watcher,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: tower::Service<
            Request<hyper::body::Incoming>,
            Response = axum::response::Response,
            Error = std::convert::Infallible,
        > + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new());
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    // A connection that breaks is the client's affair.
    let _ = watcher.watch(connection).await;
}

/// Whether an error of `accept` concerns one connection only.
fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}

/// Whether `accept` failed for want of something that others give back: files (`ENFILE`, `EMFILE`),
/// memory or buffers.
fn is_shortage(error: &std::io::Error) -> bool {
    matches!(error.raw_os_error(), Some(12 | 23 | 24 | 105))
}
