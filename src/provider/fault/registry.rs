//! The faults that there are: those in code, one file each, and those in data.
//!
//! A new leaf needs its file and its line in the `mod.rs` of its folder; a test finds the forgotten
//! line.

use std::sync::Arc;

use super::{Declaration, Fault, data, profile};

/// A fault in code: its file name and what declares it.
pub(super) type Leaf = (&'static str, fn() -> Declaration);

/// Names the leaves of a folder once: file name and declaration.
macro_rules! leaves {
    ($($leaf:ident,)*) => { &[$((stringify!($leaf), $leaf::declare)),*] };
}
pub(super) use leaves;

/// The faults in code, by folder.
const FOLDERS: &[(&str, &[Leaf])] = &[
    ("auth", super::auth::LEAVES),
    ("bulk", super::bulk::LEAVES),
    ("create", super::create::LEAVES),
    ("cursor", super::cursor::LEAVES),
    ("delete", super::delete::LEAVES),
    ("filter", super::filter::LEAVES),
    ("kept", super::kept::LEAVES),
    ("late", super::late::LEAVES),
    ("list", super::list::LEAVES),
    ("member", super::member::LEAVES),
    ("meta", super::meta::LEAVES),
    ("patch", super::patch::LEAVES),
    ("projection", super::projection::LEAVES),
    ("protocol", super::protocol::LEAVES),
    ("put", super::put::LEAVES),
    ("race", super::race::LEAVES),
    ("sort", super::sort::LEAVES),
    ("spelled", super::spelled::LEAVES),
    ("unique", super::unique::LEAVES),
    ("value", super::value::LEAVES),
    ("version", super::version::LEAVES),
];

/// Every fault, in the order of their names.
pub fn all() -> Vec<Declaration> {
    let mut all: Vec<Declaration> = in_code().map(|(_, declare)| declare()).collect();
    all.extend(data::declarations());
    all.sort_by(|a, b| a.name().cmp(b.name()));
    all
}

fn in_code() -> impl Iterator<Item = &'static Leaf> {
    FOLDERS.iter().flat_map(|(_, leaves)| *leaves)
}

/// Every sloppy profile.
pub fn profiles() -> Vec<profile::Profile> {
    profile::all()
}

/// The faults that a name stands for: one fault, or those of a sloppy profile.
pub fn find(name: &str) -> Option<Vec<Arc<dyn Fault>>> {
    if let Some(profile) = profile::all()
        .into_iter()
        .find(|profile| profile.name == name)
    {
        let faults = profile
            .faults
            .iter()
            .filter_map(|fault| find(fault))
            .flatten();
        return Some(faults.collect());
    }
    let found = all()
        .into_iter()
        .find(|declaration| declaration.name() == name)?;
    Some(vec![found.fault])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Files of the folders that are no leaves: what several leaves share.
    const SHARED: &[&str] = &[
        "aside",
        "batch",
        "below",
        "chain",
        "history",
        "meeting",
        "message",
        "mod",
        "outcome",
        "page_cursor",
        "resort",
        "text",
        "wanted",
    ];

    #[test]
    fn every_file_is_registered() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/fault");
        for (folder, leaves) in FOLDERS {
            let files: BTreeSet<String> = std::fs::read_dir(root.join(folder))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
                .filter(|stem| !SHARED.contains(&stem.as_str()))
                .collect();
            let registered: BTreeSet<String> =
                leaves.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(files, registered, "{folder}");
        }
    }

    #[test]
    fn every_folder_is_registered() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/fault");
        let folders: BTreeSet<String> = std::fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir() && !path.ends_with("data"))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        let registered: BTreeSet<String> = FOLDERS
            .iter()
            .map(|(folder, _)| (*folder).to_owned())
            .collect();
        assert_eq!(folders, registered);
    }

    #[test]
    fn names_are_unique_and_follow_their_file() {
        let mut seen = BTreeSet::new();
        for declaration in all() {
            assert!(
                seen.insert(declaration.name().to_owned()),
                "{}",
                declaration.name()
            );
        }
        for (file, declare) in in_code() {
            assert_eq!(declare().name().replace('-', "_"), *file);
        }
    }

    #[test]
    fn a_profile_stands_for_its_faults() {
        for profile in profile::all() {
            let faults = find(&profile.name).unwrap();
            assert!(
                faults.len() >= profile.faults.len(),
                "{}: an unknown fault",
                profile.name
            );
        }
        assert!(find("no-such-fault").is_none());
    }
}
