//! Opening a connection: address, TCP, TLS, each within its limit.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::Endpoint;
use super::cause::{Broken, Cause};

/// An open connection, with TLS where the target has it.
pub(super) enum Socket {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Endpoint {
    /// Opens a connection.
    pub(super) async fn open(&self) -> Result<Socket, Broken> {
        let stream = limited(
            self.limits.connect,
            "connection",
            Cause::ConnectTimeout,
            self.tcp(),
        );
        let stream = stream.await?;
        let Some((connector, name)) = &self.tls else {
            return Ok(Socket::Plain(stream));
        };
        let handshake = connector.connect(name.clone(), stream);
        let secured = limited(self.limits.tls, "TLS handshake", Cause::Tls, async {
            handshake.await.map_err(|error| {
                Broken::new(Cause::Tls, format!("the TLS handshake broke: {error}"))
            })
        });
        Ok(Socket::Tls(Box::new(secured.await?)))
    }

    /// The first address that takes a connection.
    async fn tcp(&self) -> Result<TcpStream, Broken> {
        let mut last = Broken::new(Cause::Dns, "the name of the target has no address");
        for address in self.resolved().await? {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) => last = Broken::of_io(&error),
            }
        }
        Err(last)
    }

    /// The addresses of the target, asked for once in a run.
    async fn resolved(&self) -> Result<&[SocketAddr], Broken> {
        let found = self.addresses.get_or_try_init(|| async {
            if let Some(here) = self.target.pinned() {
                return Ok(here.map(|it| SocketAddr::new(it, self.port)).into());
            }
            let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
            found.map(Iterator::collect)
        });
        let found: io::Result<&Vec<SocketAddr>> = found.await;
        found
            .map(Vec::as_slice)
            .map_err(|error| Broken::new(Cause::Dns, error.to_string()))
    }
}

async fn limited<T>(
    limit: Duration,
    what: &str,
    cause: Cause,
    work: impl Future<Output = Result<T, Broken>>,
) -> Result<T, Broken> {
    timeout(limit, work)
        .await
        .unwrap_or_else(|_| Err(Broken::new(cause, format!("no {what} within {limit:?}"))))
}

impl Socket {
    /// Whether both sides agreed on HTTP/2 by ALPN.
    pub(super) fn speaks_two(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(stream) => stream.get_ref().1.alpn_protocol() == Some(b"h2"),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(context, pieces),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(context, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
