//! Which profile, and which cases it names.

use crate::cli::choice::Library;
use crate::cli::exit::Failure;
use crate::suite::load::{LoadFile, LoadProfile, Share};
use crate::suite::{Case, Heading, Scenario};

/// The file of a profile: one of the suites, or one that the user names by its path.
pub(super) fn file(name: &str, library: &Library) -> Result<LoadFile, Failure> {
    let is_path = [".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    if !is_path {
        let file = library.suite.load_file(name);
        return file
            .cloned()
            .map_err(|error| Failure::usage(format!("{error}\n  nothing was sent")));
    }
    let text = std::fs::read_to_string(name).map_err(|error| {
        Failure::usage(format!(
            "cannot read the load profile {name}: {error}\n  nothing was sent"
        ))
    })?;
    Ok(LoadFile::new(name, &text))
}

/// The cases of the mix, in its order.
pub(super) fn cases(profile: &LoadProfile, library: &Library) -> Result<Vec<Case>, Failure> {
    let headings: Vec<&Heading> = (profile.mix.iter())
        .filter_map(|share| {
            let id = share.case.split('[').next().unwrap_or(&share.case);
            library.suite.any_heading(id)
        })
        .collect();
    let scenarios = library.scenarios(headings)?;
    let all: Vec<Case> = scenarios.iter().flat_map(Scenario::cases).collect();
    let find = |share: &Share| {
        let found = all.iter().find(|case| case.id == share.case).cloned();
        found.ok_or_else(|| Failure::usage(format!("there is no case {}", share.case)))
    };
    profile.mix.iter().map(find).collect()
}
