//! What kind of trouble an error of the HTTP stack is.
//!
//! The stack reports most trouble as "decode" or "request", so the chain of causes decides.

use std::error::Error;
use std::io;

use crate::exchange::FailureKind;

/// The kind of trouble, and the innermost cause in a line.
pub(super) fn classify(error: &reqwest::Error, https: bool) -> (FailureKind, String) {
    let causes = chain(error);
    let detail = causes
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_timeout() {
        let kind = if error.is_connect() {
            FailureKind::ConnectTimeout
        } else {
            FailureKind::TotalTimeout
        };
        return (kind, "it took too long".to_owned());
    }
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref()) {
        return of_tls(tls);
    }
    if error.is_connect() {
        return of_connect(error, &causes, https, detail);
    }
    if causes
        .iter()
        .any(|cause| cause.to_string().starts_with("http2 error"))
    {
        return (FailureKind::Protocol, detail);
    }
    causes
        .iter()
        .find_map(|cause| of_http(cause.downcast_ref()?, &detail, https))
        .or_else(|| {
            causes
                .iter()
                .rev()
                .find_map(|cause| of_io(cause.downcast_ref()?, &detail))
        })
        .unwrap_or((FailureKind::Other, detail))
}

/// All causes, outermost first, also those that an I/O error wraps.
fn chain(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
        if causes.len() > 32 {
            break;
        }
    }
    causes
}

/// What trouble with TLS means.
pub(super) fn of_tls(error: &rustls::Error) -> (FailureKind, String) {
    use rustls::{AlertDescription, CertificateError as Bad, Error as Tls};
    let said = |text: &str| text.to_owned();
    match error {
        Tls::InvalidCertificate(why) => {
            let why = match why {
                Bad::Expired | Bad::ExpiredContext { .. } => said("the certificate has expired"),
                Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                    said("the certificate is not valid yet")
                }
                Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                    said("the certificate is for another host name")
                }
                Bad::UnknownIssuer => said(
                    "the certificate is signed by an authority that is not trusted here; --cacert FILE names one",
                ),
                Bad::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => said(
                    "the certificate is that of an authority, not of a server; make it with basicConstraints=CA:FALSE",
                ),
                other => format!("the certificate is not acceptable: {other:?}"),
            };
            (FailureKind::TlsCertificate, why)
        }
        Tls::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => (
            FailureKind::Tls,
            said("the port does not speak TLS; does the base URL begin with http:// ?"),
        ),
        Tls::AlertReceived(AlertDescription::ProtocolVersion) => (
            FailureKind::Tls,
            said("the server speaks no version of TLS that is still safe (1.2 or 1.3)"),
        ),
        Tls::AlertReceived(AlertDescription::CertificateRequired) => (
            FailureKind::Tls,
            said("the server asks for a client certificate; --cert FILE gives one"),
        ),
        other => (FailureKind::Tls, other.to_string()),
    }
}

fn of_connect(
    error: &reqwest::Error,
    causes: &[&(dyn Error + 'static)],
    https: bool,
    detail: String,
) -> (FailureKind, String) {
    if error.is_dns() || detail.contains("dns name") {
        return (FailureKind::Dns, detail);
    }
    let kind = causes
        .iter()
        .rev()
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => (FailureKind::Refused, detail),
        Some(io::ErrorKind::TimedOut) => (FailureKind::ConnectTimeout, detail),
        Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) if https => (
            FailureKind::Tls,
            "the server closed the connection during the handshake".to_owned(),
        ),
        Some(io::ErrorKind::ConnectionReset) => (FailureKind::Reset, detail),
        _ => (FailureKind::Other, detail),
    }
}

fn of_http(error: &hyper::Error, detail: &str, https: bool) -> Option<(FailureKind, String)> {
    let text = error.to_string();
    if error.is_parse_too_large() {
        let why = "the response head is over the client's limits (100 fields, 400 kB)";
        return Some((FailureKind::HeadTooLarge, why.to_owned()));
    }
    if error.is_parse_status() {
        return Some((FailureKind::Framing, text));
    }
    if error.is_parse() {
        if text.contains("version") {
            let hint = if https {
                ""
            } else {
                " (if the port speaks TLS, the base URL begins with https://)"
            };
            return Some((
                FailureKind::NotHttp,
                format!("the answer is not HTTP{hint}"),
            ));
        }
        return Some((FailureKind::Framing, text));
    }
    if error.is_incomplete_message() {
        return Some((FailureKind::Truncated, detail.to_owned()));
    }
    None
}

fn of_io(error: &io::Error, detail: &str) -> Option<(FailureKind, String)> {
    let kind = match error.kind() {
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => FailureKind::Reset,
        io::ErrorKind::UnexpectedEof => FailureKind::Truncated,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => FailureKind::Framing,
        _ => return None,
    };
    Some((kind, detail.to_owned()))
}
