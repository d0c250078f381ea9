//! The faults that there are: those in code, one file each, and those in data.
//!
//! A new leaf needs its file and its line here; a test finds the forgotten line.

use std::sync::Arc;

use super::{Declaration, Fault, data, profile};

/// Declares a leaf.
type Declare = fn() -> Declaration;

/// The faults in code, by file name.
pub(super) const LEAVES: &[(&str, Declare)] = &[
    ("anonymous_accepted", super::anonymous_accepted::declare),
    ("any_token_accepted", super::any_token_accepted::declare),
    ("attributes_ignored", super::attributes_ignored::declare),
    ("case_exact_ignored", super::case_exact_ignored::declare),
    ("client_chooses_id", super::client_chooses_id::declare),
    ("count_ignored", super::count_ignored::declare),
    ("deleted_stays", super::deleted_stays::declare),
    (
        "empty_bearer_accepted",
        super::empty_bearer_accepted::declare,
    ),
    (
        "excluded_attributes_ignored",
        super::excluded_attributes_ignored::declare,
    ),
    ("filter_ignored", super::filter_ignored::declare),
    ("filter_left_to_right", super::filter_left_to_right::declare),
    ("if_match_ignored", super::if_match_ignored::declare),
    (
        "if_none_match_ignored",
        super::if_none_match_ignored::declare,
    ),
    (
        "invalid_filter_ignored",
        super::invalid_filter_ignored::declare,
    ),
    ("last_modified_stuck", super::last_modified_stuck::declare),
    ("not_ignored", super::not_ignored::declare),
    ("or_selects_left", super::or_selects_left::declare),
    ("password_returned", super::password_returned::declare),
    (
        "patch_add_replaces_values",
        super::patch_add_replaces_values::declare,
    ),
    ("patch_drops_siblings", super::patch_drops_siblings::declare),
    (
        "patch_last_operation_dropped",
        super::patch_last_operation_dropped::declare,
    ),
    ("patch_not_atomic", super::patch_not_atomic::declare),
    (
        "patch_remove_takes_all_values",
        super::patch_remove_takes_all_values::declare,
    ),
    (
        "patch_replaces_all_values",
        super::patch_replaces_all_values::declare,
    ),
    ("prefix_as_substring", super::prefix_as_substring::declare),
    ("presence_always", super::presence_always::declare),
    ("primary_not_demoted", super::primary_not_demoted::declare),
    (
        "put_keeps_omitted_values",
        super::put_keeps_omitted_values::declare,
    ),
    (
        "sort_descending_ignored",
        super::sort_descending_ignored::declare,
    ),
    ("sort_ignored", super::sort_ignored::declare),
    (
        "start_index_from_zero",
        super::start_index_from_zero::declare,
    ),
    (
        "strings_match_by_case",
        super::strings_match_by_case::declare,
    ),
    ("suffix_as_substring", super::suffix_as_substring::declare),
    (
        "total_counts_the_page",
        super::total_counts_the_page::declare,
    ),
    (
        "user_names_not_unique",
        super::user_names_not_unique::declare,
    ),
    (
        "user_names_unique_by_case",
        super::user_names_unique_by_case::declare,
    ),
    (
        "value_path_across_values",
        super::value_path_across_values::declare,
    ),
    ("version_stuck", super::version_stuck::declare),
];

/// Every fault, in the order of their names.
pub fn all() -> Vec<Declaration> {
    let mut all: Vec<Declaration> = LEAVES.iter().map(|(_, declare)| declare()).collect();
    all.extend(data::declarations());
    all.sort_by(|a, b| a.name().cmp(b.name()));
    all
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

    /// Files of the folder that are no leaves.
    const OTHERS: &[&str] = &[
        "mod",
        "registry",
        "declaration",
        "data",
        "edit",
        "profile",
        "rewrite",
        "text",
    ];

    #[test]
    fn every_file_is_registered() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/fault");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|stem| !OTHERS.contains(&stem.as_str()))
            .collect();
        let registered: BTreeSet<String> =
            LEAVES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files, registered);
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
            assert!(
                !declaration.breaks.is_empty(),
                "{} breaks nothing",
                declaration.name()
            );
        }
        for (file, declare) in LEAVES {
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
