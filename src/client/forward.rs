//! A request passed on as it came, and the answer as it came back: for a proxy.
//!
//! Goes to the target's origin and nowhere else, whatever the request names; follows no redirect,
//! adds no credential, decodes and redacts nothing. Each request has a connection of its own, so
//! that none is lost to one that the target was about to close.

use std::io;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::decode::{Coding, DecodeError, Decoder};
use super::settings::{Limits, Tls};
use super::stack::ClientError;
use super::target::Target;
use super::{failure, tls, wire};
use crate::exchange::FailureKind;

/// Fields that are one connection's own (RFC 9110 §7.6.1); those that `Connection` names come on top.
const HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Passes requests on to one target.
pub struct Forwarder {
    target: Target,
    host: String,
    port: u16,
    authority: HeaderValue,
    limits: Limits,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// Why there is no complete answer.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct ForwardError {
    /// What kind of trouble it is.
    pub kind: FailureKind,
    /// A line for the user.
    pub detail: String,
}

impl Forwarder {
    /// A forwarder to the origin of a target.
    ///
    /// # Errors
    /// Where a TLS file is of no use.
    pub fn new(target: Target, limits: Limits, settings: &Tls) -> Result<Self, ClientError> {
        let odd = |what: &str| ClientError::Stack(format!("{what} of the base URL can't be used"));
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
            Some((tls::connector(settings, &["http/1.1"])?, name))
        } else {
            None
        };
        Ok(Self {
            authority: HeaderValue::from_str(authority).map_err(|_| odd("the host"))?,
            port: url.port_or_known_default().unwrap_or(80),
            host,
            target,
            limits,
            tls,
        })
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a request whose URI is path and query, byte for byte; header fields stay as they are,
    /// but `Host` and those of the connection. The answer loses those of its connection.
    ///
    /// # Errors
    /// Where there is no complete answer in time and size.
    pub async fn pass(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ForwardError> {
        let whole = self.limits.total;
        timeout(whole, self.exchange(request))
            .await
            .unwrap_or_else(|_| {
                let detail = format!("no complete response within {whole:?}");
                Err(trouble(FailureKind::TotalTimeout, detail))
            })
    }

    async fn exchange(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ForwardError> {
        end_to_end(request.headers_mut());
        request.headers_mut().remove(header::EXPECT);
        request
            .headers_mut()
            .insert(header::HOST, self.authority.clone());
        let stream = self.connect().await?;
        match &self.tls {
            None => self.talk(stream, request).await,
            Some((connector, name)) => {
                let handshake = connector.connect(name.clone(), stream);
                let stream = timeout(self.limits.tls, handshake).await.map_err(|_| {
                    let detail = "the TLS handshake did not end in time".to_owned();
                    trouble(FailureKind::Tls, detail)
                })?;
                self.talk(stream.map_err(|error| of_handshake(&error))?, request)
                    .await
            }
        }
    }

    async fn connect(&self) -> Result<TcpStream, ForwardError> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = timeout(self.limits.connect, connecting)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(|error| {
                let kind = match error.kind() {
                    io::ErrorKind::ConnectionRefused => FailureKind::Refused,
                    io::ErrorKind::TimedOut => FailureKind::ConnectTimeout,
                    _ if error.raw_os_error().is_none() => FailureKind::Dns,
                    _ => FailureKind::Other,
                };
                let detail = format!("no connection to {}: {error}", self.target.host());
                trouble(kind, detail)
            })?;
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn talk<S>(
        &self,
        stream: S,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ForwardError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .preserve_header_case(true)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| of_http(&error))?;
        // It ends with the sender, or with the target's close.
        let driver = tokio::spawn(connection);
        let answer = sender.send_request(request.map(Full::new)).await;
        let answer = answer.map_err(|error| of_http(&error))?;
        let (mut parts, body) = answer.into_parts();
        let cap = usize::try_from(self.limits.body).unwrap_or(usize::MAX);
        let body = Limited::new(body, cap).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                let detail = format!("the body is over the cap of {cap} bytes");
                return trouble(FailureKind::BodyTooLarge, detail);
            }
            trouble(FailureKind::Truncated, error.to_string())
        })?;
        drop(sender);
        driver.abort();
        end_to_end(&mut parts.headers);
        Ok(http::Response::from_parts(parts, body.to_bytes()))
    }
}

/// A body without its content coding, at most `cap` bytes of it.
///
/// # Errors
/// Where it is over the cap, or its coding is broken or not known here: why.
pub fn plain(headers: &HeaderMap, body: &[u8], cap: u64) -> Result<Vec<u8>, String> {
    let told = |error| match error {
        DecodeError::TooLarge => format!("it is over {cap} bytes"),
        DecodeError::Coding(why) => why,
    };
    let coding: Coding = wire::coding(headers);
    let mut decoder = Decoder::new(coding, cap);
    decoder.push(body).map_err(told)?;
    decoder.finish().map_err(told)
}

/// Takes out what belongs to one connection.
fn end_to_end(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::try_from(name.trim()).ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP {
        headers.remove(name);
    }
}

fn of_handshake(error: &io::Error) -> ForwardError {
    let tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (kind, detail) = match tls {
        Some(tls) => failure::of_tls(tls),
        None => (
            FailureKind::Tls,
            format!("the TLS handshake broke: {error}"),
        ),
    };
    trouble(kind, detail)
}

fn of_http(error: &hyper::Error) -> ForwardError {
    let kind = if error.is_parse() {
        FailureKind::Framing
    } else if error.is_incomplete_message() {
        FailureKind::Truncated
    } else {
        FailureKind::Other
    };
    trouble(kind, format!("the exchange broke: {error}"))
}

fn trouble(kind: FailureKind, detail: String) -> ForwardError {
    ForwardError { kind, detail }
}
