//! Profiles: which packs and cases a run takes, and which packs decide its exit code.

use serde::Deserialize;

/// A named choice of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, from the file.
    #[serde(skip)]
    pub name: String,
    /// What it is for, one line.
    pub title: String,
    /// What a run with it proves, in running text; an empty line parts paragraphs.
    #[serde(default)]
    pub proves: Option<String>,
    /// Packs that it takes; all where it names none.
    #[serde(default)]
    pub packs: Vec<String>,
    /// Packs that decide the exit code.
    pub gate: Vec<String>,
    /// Tags of which a scenario or probe has to have one; any where it names none.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Globs of case ids that it takes; all where it names none.
    #[serde(default)]
    pub only: Vec<String>,
    /// Globs of case ids that it leaves out.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Whether its verdicts are on what it takes of its packs, and not on the packs as a whole.
    #[serde(default)]
    pub part: bool,
}

impl Profile {
    /// Reads a profile file.
    ///
    /// # Errors
    /// What TOML says is wrong, with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, toml::de::Error> {
        let mut profile: Self = toml::from_str(text)?;
        name.clone_into(&mut profile.name);
        Ok(profile)
    }

    /// The profile of one pack, which gates itself: for packs without a profile of their own.
    pub(super) fn of_pack(pack: &str) -> Self {
        Self {
            name: pack.to_owned(),
            title: format!("The pack {pack}"),
            packs: vec![pack.to_owned()],
            gate: vec![pack.to_owned()],
            ..Self::default()
        }
    }
}
