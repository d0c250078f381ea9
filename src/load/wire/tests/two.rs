//! HTTP/2, and TLS with ALPN.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

/// Tells the version, the request's id and its body.
async fn tell(request: hyper::Request<Incoming>) -> hyper::Result<hyper::Response<Full<Bytes>>> {
    let id = request.headers().get("x-request-id").cloned().unwrap();
    let line = format!(
        "{:?} {} {}",
        request.version(),
        request.uri().path(),
        id.to_str().unwrap()
    );
    let body = request.into_body().collect().await?.to_bytes();
    let mut answer = hyper::Response::new(Full::from([line.as_bytes(), b" ", &body].concat()));
    answer
        .headers_mut()
        .insert("etag", http::HeaderValue::from_static("\"1\""));
    Ok(answer)
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let builder = auto::Builder::new(TokioExecutor::new());
    let service = hyper::service::service_fn(tell);
    let _ = builder
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A server on loopback that speaks both versions; over TLS where it has it.
async fn server(tls: Option<TlsAcceptor>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tls = tls.clone();
            tokio::spawn(async move {
                match tls {
                    None => serve(stream).await,
                    Some(acceptor) => {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            serve(stream).await;
                        }
                    }
                }
            });
        }
    });
    port
}

fn acceptor(protocol: &str) -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

fn at(base: &str, change: impl FnOnce(&mut Settings)) -> Connection {
    let vault = Vault::new();
    let mut settings = Settings::new(Target::parse(base, true).unwrap());
    settings.run_id = "run1".into();
    change(&mut settings);
    Arc::new(Endpoint::new(&settings, &vault).unwrap()).connection()
}

#[tokio::test]
async fn both_versions_carry_the_same_requests() {
    let port = server(None).await;
    for (http, version) in [(Http::One, "HTTP/1.1"), (Http::Two, "HTTP/2.0")] {
        let mut connection = at(&format!("http://127.0.0.1:{port}"), |settings| {
            settings.http = http;
        });
        for (n, request) in [get(), post()].iter().enumerate() {
            let answer = connection.send(request).await.unwrap();
            let path = request.target().split('?').next().unwrap();
            let body = std::str::from_utf8(request.content()).unwrap();
            let expected = format!("{version} {path} run1-0-{} {body}", n + 1);
            assert_eq!(
                (answer.status, &answer.body[..]),
                (200, expected.as_bytes())
            );
            assert_eq!(answer.etag(), Some("\"1\""));
        }
        assert_eq!(connection.endpoint().opened(), 1);
    }
}

#[tokio::test]
async fn the_general_client_carries_the_same_requests() {
    let port = server(None).await;
    let vault = Vault::new();
    let base = format!("http://127.0.0.1:{port}");
    let mut settings = Settings::new(Target::parse(&base, true).unwrap());
    settings.run_id = "run1".into();
    let endpoint = Arc::new(Endpoint::proxied(&settings, &vault).unwrap());
    let answer = endpoint.connection().send(&post()).await.unwrap();
    assert_eq!(answer.body, "HTTP/1.1 /scim/Users run1-0-1 {}");
    let silent = BadServer::new(|peer, _| peer.hold());
    let check = async |base: String, expected: Cause| {
        let mut settings = Settings::new(Target::parse(&base, true).unwrap());
        short(&mut settings);
        let endpoint = Arc::new(Endpoint::proxied(&settings, &vault).unwrap());
        let trouble = endpoint.connection().send(&get()).await.unwrap_err();
        assert_eq!(trouble.cause, expected, "{trouble:?}");
    };
    check(silent.base("http"), Cause::HeaderTimeout).await;
    check(BadServer::sending("").base("http"), Cause::Closed).await;
    let bad = BadServer::sending("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
    check(bad.base("http"), Cause::Framing).await;
}

#[tokio::test]
async fn trust_is_that_of_the_settings_and_the_version_what_both_sides_agree_on() {
    let folder = tempfile::tempdir().unwrap();
    for (protocol, version) in [("http/1.1", "HTTP/1.1"), ("h2", "HTTP/2.0")] {
        let (tls, pem) = acceptor(protocol);
        let port = server(Some(tls)).await;
        let base = format!("https://localhost:{port}");
        let file = folder.path().join(version.replace('/', "-"));
        std::fs::write(&file, pem).unwrap();
        let mut known = at(&base, |settings| settings.tls.cacert = Some(file));
        let answer = known.send(&get()).await.unwrap();
        assert!(answer.body.starts_with(version.as_bytes()), "{answer:?}");
        let mut careless = at(&base, |settings| settings.tls.insecure = true);
        assert_eq!(careless.send(&post()).await.unwrap().status, 200);
        let trouble = at(&base, |_| {}).send(&get()).await.unwrap_err();
        assert_eq!((trouble.cause, trouble.reached), (Cause::Tls, false));
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_http_2_is_named() {
    let server = BadServer::sending(ok("", "{}"));
    let mut connection = connection(&server, |settings| {
        short(settings);
        settings.http = Http::Two;
    });
    let trouble = bounded("h2", &mut connection, &get()).await.unwrap_err();
    let expected = [
        Cause::Protocol,
        Cause::Closed,
        Cause::Reset,
        Cause::HeaderTimeout,
    ];
    assert!(expected.contains(&trouble.cause), "{trouble:?}");
}
