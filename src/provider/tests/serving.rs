//! The provider on a real socket: HTTP/1.1, HTTP/2, TLS, stop; and the data it starts with.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;
use crate::provider::{Data, ServeError, Tls, serve};
use crate::seed::Seed;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), ServeError>>,
}

async fn start(settings: Settings, tls: Option<Tls>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let provider = Provider::new(settings);
    let serving = tokio::spawn(async move {
        serve(&provider, listener, tls, async { drop(stopped.await) }).await
    });
    Server {
        address,
        stop,
        serving,
    }
}

impl Server {
    async fn stop(self) {
        self.stop.send(()).unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(10), self.serving).await;
        ended.unwrap().unwrap().unwrap();
    }
}

fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
}

#[tokio::test]
async fn references_follow_the_host_that_the_client_used() {
    let server = start(Settings::default(), None).await;
    let body = json!({ "schemas": [urn::USER], "userName": "ada" }).to_string();
    for (client, version) in [
        (client().build().unwrap(), http::Version::HTTP_11),
        (
            client().http2_prior_knowledge().build().unwrap(),
            http::Version::HTTP_2,
        ),
    ] {
        let base = format!("http://{}/v2", server.address);
        let sent = client
            .post(format!("{base}/Users"))
            .header("content-type", "application/scim+json");
        let created = sent.body(body.clone()).send().await.unwrap();
        assert_eq!(
            (created.status().as_u16(), created.version()),
            (201, version)
        );
        let location = created.headers()["location"].to_str().unwrap().to_owned();
        assert!(
            location.starts_with(&format!("{base}/Users/")),
            "{location}"
        );
        let unversioned = location.replace("/v2", "");
        let read = client.get(unversioned).send().await.unwrap();
        let read: Value = serde_json::from_slice(&read.bytes().await.unwrap()).unwrap();
        assert_eq!(read["meta"]["location"], location);
        client.delete(location).send().await.unwrap();
    }
    server.stop().await;
}

#[tokio::test]
async fn tls_is_served_with_both_versions() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&certificate, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    let tls = Tls::from_pem_files(&certificate, &key).unwrap();
    let server = start(Settings::default(), Some(tls)).await;
    let root = reqwest::Certificate::from_pem(cert.pem().as_bytes()).unwrap();
    for (builder, version) in [
        (client(), http::Version::HTTP_2),
        (client().http1_only(), http::Version::HTTP_11),
    ] {
        let builder = builder.tls_certs_only([root.clone()]);
        let client = builder
            .resolve("localhost", server.address)
            .build()
            .unwrap();
        let url = format!(
            "https://localhost:{}/v2/ServiceProviderConfig",
            server.address.port()
        );
        let read = client.get(&url).send().await.unwrap();
        assert_eq!((read.status().as_u16(), read.version()), (200, version));
        let read: Value = serde_json::from_slice(&read.bytes().await.unwrap()).unwrap();
        assert_eq!(read["meta"]["location"], url);
    }
    server.stop().await;
}

#[test]
fn certificates_that_can_not_be_served_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.pem");
    std::fs::write(&file, "").unwrap();
    let missing = folder.path().join("missing.pem");
    for (certificate, key) in [(&missing, &file), (&file, &file)] {
        let error = Tls::from_pem_files(certificate, key)
            .err()
            .unwrap()
            .to_string();
        assert!(error.starts_with("cannot "), "{error}");
        assert!(error.contains(certificate.to_str().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_data() {
    let data = Data {
        users: 25,
        groups: 3,
        seed: Seed(7),
    };
    let client = || {
        Client::with(Settings {
            data,
            ..Settings::default()
        })
    };
    let (one, two) = (client(), client());
    let path = "/?attributes=userName,displayName,members.value,groups.display,emails";
    let (first, second) = (one.get(path).await, two.get(path).await);
    first.is(200);
    assert_eq!(first.at("/totalResults"), 28);
    assert_eq!(first.at(""), second.at(""));
    let teams = one.get("/Groups?filter=displayName eq \"Team 1\"").await;
    assert_eq!(
        teams.at("/Resources/0/members").as_array().unwrap().len(),
        8
    );
    let other = Data {
        seed: Seed(8),
        ..data
    };
    let other = Client::with(Settings {
        data: other,
        ..Settings::default()
    });
    assert_ne!(other.get(path).await.at(""), first.at(""));
}
