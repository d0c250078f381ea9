//! Secrets where nothing can stand for them: nothing is written, and nothing shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Recorder;
use crate::cli::{Served, TOKEN};

const PASSWORD: &str = "canary-Pa55word!";

/// Records one request and wants it refused, with the place named and no secret anywhere.
#[track_caller]
fn check(served: &Served, path: &str, body: &str, place: &str) {
    let folder = tempfile::tempdir().unwrap();
    let client = Recorder::start(folder.path(), &served.base, &["--max-requests", "1"]);
    client.send("POST", path, body, &[]);
    let recorded = client.ended();
    assert_eq!(recorded.code, 3, "{body}: {}{}", recorded.out, recorded.err);
    assert!(
        recorded.err.contains("request 1 (POST /"),
        "{}",
        recorded.err
    );
    assert!(recorded.err.contains(place), "{body}: {}", recorded.err);
    for text in [&recorded.out, &recorded.err] {
        assert!(!text.contains("canary"), "{text}");
    }
    let left: Vec<_> = folder.path().join("out").read_dir().unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_secret_that_nothing_can_stand_for_leaves_nothing_written() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let packed = STANDARD.encode(format!("Bearer {TOKEN}"));
    for (path, body, place) in [
        (
            "/Users",
            format!(r#"{{"userName":"a","nickName":"see {TOKEN}"}}"#),
            "its body at /nickName",
        ),
        (
            "/Users",
            format!(r#"{{"userName":"a","title":"{packed}"}}"#),
            "its body at /title",
        ),
        (
            "/Users",
            format!(r#"{{"userName":"a","password":"{PASSWORD}","title":"is {PASSWORD}"}}"#),
            "its body at /title",
        ),
        (
            "/Users",
            format!(r#"{{"userName":"a","password":["{PASSWORD}",{{"a":1}}]}}"#),
            "its body at /password/1/a",
        ),
        (
            "/Users",
            format!(r#"{{"userName":"a","password":"{PASSWORD}""#),
            "its body, which is no clean JSON",
        ),
        (
            "/Users",
            "{\"userName\":\"a\",\"title\":\"eyJhbGciOiJub25lIn0.canary5kZXYiOjEyMzQ1.c2ln\"}"
                .to_owned(),
            "its body at /title",
        ),
        (
            "/Users",
            format!(r#"{{"userName":"a","{TOKEN}":1}}"#),
            "its body at /‹secret:recorded›",
        ),
        (
            "/Users?q=canary-other",
            format!(r#"{{"userName":"a","title":"{TOKEN}"}}"#),
            "its body at /title",
        ),
    ] {
        check(&served, path, &body, place);
    }
    check(&served, &format!("/Users/{TOKEN}"), "{}", "its path");
    check(
        &served,
        &format!("/Users?q={TOKEN}"),
        "{}",
        "the parameter q",
    );
}
