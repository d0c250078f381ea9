//! TLS towards the target where the HTTP stack does not do it: the same settings.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::settings::Tls;
use super::stack::ClientError;

/// A connector that trusts, and shows, what the settings say, and offers these protocols (ALPN names).
///
/// # Errors
/// Where a file can't be read or holds nothing of use.
pub fn connector(settings: &Tls, protocols: &[&str]) -> Result<TlsConnector, ClientError> {
    let stack = |error: Error| ClientError::Stack(error.to_string());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = verifier(settings, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(stack)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &settings.cert {
        None if settings.key.is_some() => return Err(ClientError::KeyAlone),
        None => builder.with_no_client_auth(),
        Some(cert) => {
            let bad = || ClientError::Identity(cert.display().to_string());
            let key = settings.key.as_deref().unwrap_or(cert);
            let key = PrivateKeyDer::from_pem_file(key).map_err(|_| bad())?;
            let chain = certificates("client certificate", cert)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|_| bad())?
        }
    };
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn verifier(
    settings: &Tls,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ClientError> {
    if settings.insecure {
        return Ok(Arc::new(Anyone(Arc::clone(provider))));
    }
    let Some(path) = &settings.cacert else {
        let system = rustls_platform_verifier::Verifier::new(Arc::clone(provider));
        let system = system.map_err(|error| ClientError::Stack(error.to_string()))?;
        return Ok(Arc::new(system));
    };
    let what = "file of authorities";
    let bad = || ClientError::Certificate(what, path.display().to_string());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(what, path)? {
        roots.add(certificate).map_err(|_| bad())?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier
        .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
        .map_err(|_| bad())
}

fn certificates(
    what: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let name = || path.display().to_string();
    let pem = std::fs::read(path).map_err(|error| ClientError::File(what, name(), error))?;
    CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|found| !found.is_empty())
        .ok_or_else(|| ClientError::Certificate(what, name()))
}

/// Takes any certificate (`--insecure`), but still wants the peer to have its key.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
