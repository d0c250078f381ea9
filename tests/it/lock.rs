//! The locked dependencies: one HTTP stack, one TLS stack, one client.

use std::collections::BTreeMap;

use crate::source;

/// Crates of which two versions would mean two stacks with settings of their own.
const SINGLE: &[&str] = &[
    "reqwest",
    "rustls",
    "hyper",
    "axum",
    "h2",
    "tokio",
    "serde_json",
];

/// Crates that would bring in a second TLS stack.
const UNWANTED: &[&str] = &["openssl-sys", "native-tls", "ring-compat"];

#[test]
fn there_is_one_version_of_each_stack() {
    let lock: toml::Table = source::text("Cargo.lock".as_ref())
        .parse()
        .expect("Cargo.lock is TOML");
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock["package"]
        .as_array()
        .expect("Cargo.lock lists packages")
    {
        let name = package["name"].as_str().expect("a package has a name");
        versions.entry(name).or_default().push(
            package["version"]
                .as_str()
                .expect("a package has a version"),
        );
    }
    for name in SINGLE {
        assert_eq!(
            versions.get(name).map_or(0, Vec::len),
            1,
            "{name}: {:?}",
            versions.get(name)
        );
    }
    for name in UNWANTED {
        assert!(!versions.contains_key(name), "{name} is locked");
    }
}
