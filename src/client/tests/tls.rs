//! Certificates and what is no TLS.

use super::*;

#[tokio::test]
async fn tls_trouble_is_told_apart() {
    use FailureKind as K;
    let plain = BadServer::new(|peer, _| {
        let mut some = [0; 5];
        let _ = std::io::Read::read_exact(&mut peer.stream, &mut some);
        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.hold();
    });
    let (https, vault) = settings(&plain.base("https"));
    let exchange = get_with(https, &vault).await;
    assert_failed("plain HTTP on a TLS port", &exchange, &[K::Tls], "http://");

    let silent = BadServer::new(|peer, _| peer.hold());
    let (mut stalled, vault) = settings(&silent.base("https"));
    stalled.limits.connect = Duration::from_millis(100);
    stalled.limits.tls = Duration::from_millis(100);
    assert_failed(
        "stalled",
        &get_with(stalled, &vault).await,
        &[K::Tls],
        "did not end within",
    );
}

/// A TLS server for `localhost` with a certificate of its own, and that certificate as PEM.
async fn tls_server() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut sink = [0; 4096];
                let _ = stream.read(&mut sink).await;
                let _ = stream.write_all(ok("", "{}").as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, made.cert.pem())
}

#[tokio::test]
async fn a_certificate_is_trusted_only_where_the_user_says_so() {
    let (port, pem) = tls_server().await;
    let base = format!("https://localhost:{port}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let stranger = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(stranger.path(), other.cert.pem()).unwrap();

    let (mut unknown, vault) = settings(&base);
    unknown.tls.cacert = Some(stranger.path().into());
    let exchange = get_with(unknown, &vault).await;
    assert_failed(
        "unknown issuer",
        &exchange,
        &[FailureKind::TlsCertificate],
        "certificate",
    );

    let (mut known, vault) = settings(&base);
    known.tls.cacert = Some(file.path().into());
    assert_eq!(get_with(known, &vault).await.status(), Some(200));

    let (mut elsewhere, vault) = settings(&format!("https://127.0.0.1:{port}"));
    elsewhere.tls.cacert = Some(file.path().into());
    let exchange = get_with(elsewhere, &vault).await;
    let kinds = [FailureKind::TlsCertificate];
    assert_failed("wrong name", &exchange, &kinds, "another host name");

    let (mut insecure, vault) = settings(&format!("https://127.0.0.1:{port}"));
    insecure.tls.insecure = true;
    assert_eq!(get_with(insecure, &vault).await.status(), Some(200));
}

#[test]
fn files_for_tls_are_named_when_they_are_of_no_use() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "no pem").unwrap();
    let check = |set: &dyn Fn(&mut Settings), part: &str| {
        let (mut settings, vault) = settings("https://localhost");
        set(&mut settings);
        let message = Client::new(settings, vault).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    let path = Some(file.path().to_owned());
    check(&|s| s.tls.cacert = path.clone(), "holds no PEM certificate");
    check(
        &|s| s.tls.cacert = Some("/no/such.pem".into()),
        "'/no/such.pem' can't be read",
    );
    check(&|s| s.tls.cert = path.clone(), "client certificate");
    check(&|s| s.tls.key = path.clone(), "--key needs --cert");
}
