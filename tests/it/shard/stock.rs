//! Shards that draw from what is there already: each has a part of it.

use std::collections::BTreeSet;
use std::path::Path;

use super::{begun, merged, read, well};
use crate::cli::{Served, TOKEN, ended, scimitar};

/// A load that reads users by their ids.
const PROFILE: &str = "name: small\ntitle: T\nmodel: { open: { rate: 40 } }\nduration: 2s\nconnections: 8\n\
                       pool: { users: 10 }\nmix: [{ scenario: load.user.read, weight: 1 }]\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.yaml"), PROFILE).unwrap();
    folder
}

/// A manifest with so many users and groups, which are there.
fn seeded(folder: &Path, served: &Served, users: &str, groups: &str) {
    let (code, out, err) = ended(
        scimitar(folder)
            .args(["load", "seed", &served.base, "--manifest", "m"])
            .args(["--users", users, "--groups", groups, "--members", "1"])
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn shards_draw_from_parts_of_a_manifest_and_merge() {
    let folder = folder();
    let folder = folder.path();
    let served = Served::start(folder, &[]);
    seeded(folder, &served, "9", "0");
    let outs = ["shard-0", "shard-1"];
    for (nth, out) in outs.iter().enumerate() {
        let shard = format!("{nth}/2");
        let shard = ["--shard", &shard, "--manifest", "m"];
        well(
            &begun(folder, &served.base, out, &shard, &[])
                .output()
                .unwrap(),
        );
    }
    let files = outs.map(|out| folder.join(out).join("load.json"));
    let configs: BTreeSet<String> = files.iter().map(|file| read(file).config).collect();
    assert_eq!(
        configs.len(),
        1,
        "one load, whatever part of the users a shard has"
    );
    let (code, out, err) = merged(folder, &files, &["--output", "whole"]);
    assert!(code == 0 || code == 3, "{out}{err}");
    let page = std::fs::read_to_string(folder.join("whole/load.html")).unwrap();
    assert!(page.contains("<dt>Shards</dt>"), "{page}");
    let whole = read(&folder.join("whole/load.json"));
    assert_eq!(
        whole.total.count,
        files.iter().map(|file| read(file).total.count).sum::<u64>()
    );
    assert_eq!(whole.cleanup.created, 0);

    // Another source is another load.
    std::fs::write(folder.join("users.csv"), "id,userName\na,a\nb,b\n").unwrap();
    let other = ["--shard", "1/2", "--users-from", "users.csv"];
    begun(folder, &served.base, "shard-1", &other, &[])
        .output()
        .unwrap();
    let (code, _, err) = merged(folder, &files, &["--output", "other"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn shards_never_change_the_same_resources() {
    let folder = folder();
    let folder = folder.path();
    let served = Served::start(folder, &[]);
    seeded(folder, &served, "9", "2");
    let check = |source: &[&str], shard: &str, code: i32, part: &str| {
        let arguments = [source, &["--shard", shard]].concat();
        let (got, out, err) = ended(&mut begun(folder, &served.base, "out", &arguments, &[]));
        assert!(got == code || (code, got) == (0, 3), "{out}{err}");
        assert!(err.contains(part), "{out}{err}");
    };
    check(&["--manifest", "m"], "0/2", 0, "");
    check(
        &["--manifest", "m"],
        "0/3",
        2,
        "m tells of 2 groups, and there are 3 parts",
    );
    std::fs::write(folder.join("users.csv"), "id,userName\na,a\nb,b\n").unwrap();
    let change = ["--users-from", "users.csv", "--change-existing"];
    check(
        &change,
        "0/4",
        2,
        "users.csv tells of 2 users, and there are 4 parts",
    );
}

#[test]
fn commands_are_told_from_profiles_wherever_they_stand() {
    let folder = folder();
    for command in ["merge", "seed", "manifest"] {
        let (code, _, err) = ended(scimitar(folder.path()).args(["load", "-q", command, "a", "b"]));
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(&format!("scimitar load {command} …")), "{err}");
    }
}
