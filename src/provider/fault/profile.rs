//! Sloppy profiles: providers that get several things wrong at once, as lists of faults.

use std::sync::LazyLock;

use serde::Deserialize;

const FILE: &str = include_str!("../../../fixtures/fault/profile.toml");

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let document: Document = toml::from_str(FILE).expect("profile.toml is TOML of the right shape");
    document.profile
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    profile: Vec<Profile>,
}

/// A provider that gets several things wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, as `--fault` takes it.
    pub name: String,
    /// What kind of provider it is.
    pub title: String,
    /// Names of its faults.
    pub faults: Vec<String>,
}

/// All profiles.
pub fn all() -> Vec<Profile> {
    PROFILES.clone()
}
