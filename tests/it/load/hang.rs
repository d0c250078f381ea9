//! A target that takes requests and never answers them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::{Served, TOKEN, ended, scimitar};

/// Connections that get no answer any more.
const LOST: usize = 2;

/// Stands before a provider. The first connections to be used once a file holds something get no answer from then on,
/// all others do. The base URL by way of it.
fn losing(base: &str, sign: PathBuf) -> String {
    let rest = base.strip_prefix("http://").unwrap();
    let (address, path) = rest.split_once('/').unwrap();
    let address = address.to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let through = format!("http://{}/{path}", listener.local_addr().unwrap());
    let lost = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(&address) else {
                return;
            };
            let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let (lost, sign) = (Arc::clone(&lost), sign.clone());
            std::thread::spawn(move || pass(client, server, || false));
            std::thread::spawn(move || pass(back.0, back.1, || is_lost(&lost, &sign)));
        }
    });
    through
}

fn is_lost(lost: &AtomicUsize, sign: &Path) -> bool {
    sign.metadata().is_ok_and(|it| it.len() > 0) && lost.fetch_add(1, Ordering::SeqCst) < LOST
}

/// Passes on what comes, until the connection is lost.
fn pass(mut from: TcpStream, mut to: TcpStream, loses: impl Fn() -> bool) {
    let mut bytes = [0_u8; 16_384];
    let mut lost = false;
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        lost = lost || loses();
        let part = bytes.get(..read).unwrap_or_default();
        if !lost && to.write_all(part).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn a_target_that_hangs_is_waited_for_and_blamed_for_what_it_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let base = losing(&served.base, folder.path().join("out/load.hlog"));
    let (code, out, err) = ended(
        scimitar(folder.path())
            .args(["load", "constant", &base, "--duration", "2s"])
            .args(["--warm-up", "0s", "--rate", "25", "--connections", "2"])
            .args(["--timeout", "11s", "--output", "out", "--quiet"])
            .args(["--threshold", "error-rate<1%"])
            .env("SCIM_TOKEN", TOKEN),
    );
    let record = super::record(folder.path());
    let causes = &record["total"]["errors"]["by_cause"];
    assert_eq!(causes["interrupted"], serde_json::Value::Null, "{out}");
    assert!(causes["header-timeout"].as_u64() > Some(0), "{out}");
    assert!(record["generator"]["unsent"].as_u64() > Some(0), "{out}");
    // None of them ended in time.
    assert_eq!(record["total"]["rate"], 0.0, "{out}");
    // Where this machine was too slow itself, nothing is said of the target.
    if record["generator"]["limited"].is_null() {
        assert_eq!(code, 6, "{out}{err}");
        assert_eq!(
            record["outcome"]["reasons"],
            serde_json::json!(["threshold-crossed"]),
            "{out}"
        );
        assert!(
            out.contains("all 2 connections were waiting for answers"),
            "{out}"
        );
    }
}
