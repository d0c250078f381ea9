//! The embedded payloads of `fixtures/payload`: what a scenario starts from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::draft::Draft;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/payload");

static FIXTURES: LazyLock<BTreeMap<String, Fixture>> = LazyLock::new(|| {
    let mut fixtures = BTreeMap::new();
    for file in FILES.dirs().flat_map(Dir::files) {
        let name = file
            .path()
            .with_extension("")
            .to_string_lossy()
            .replace('\\', "/");
        // A test holds every file to be JSON with templates of known names.
        if let Some(fixture) = file
            .contents_utf8()
            .and_then(|text| Fixture::parse(&name, text))
        {
            fixtures.insert(name, fixture);
        }
    }
    fixtures
});

/// An embedded payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixture {
    /// Its name (`user/minimal`).
    pub name: String,
    /// Its resource type, from the folder: `User`, `Group`.
    pub resource_type: String,
    /// The payload; its templates may use [`LOCAL`].
    pub draft: Draft,
    /// The attributes of it that carry the run's marker.
    pub marked: Vec<String>,
}

/// Names that only a fixture and the changes to it know: a fresh marked name of the resource, what
/// the user's overlay makes of it as userName, and an address.
pub const LOCAL: &[&str] = &["name", "login", "mail"];

/// The attributes by which a resource can be found again.
pub const MARKED: &[&str] = &["userName", "externalId", "displayName"];

impl Fixture {
    /// The fixture with this name (`user/minimal`).
    pub fn find(name: &str) -> Option<&'static Self> {
        FIXTURES.get(name)
    }

    /// The names of all fixtures, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIXTURES.keys().map(String::as_str)
    }

    fn parse(name: &str, text: &str) -> Option<Self> {
        let folder = name.split('/').next()?;
        let resource_type = folder.get(..1)?.to_ascii_uppercase() + folder.get(1..)?;
        let value: Value = serde_json::from_str(text).ok()?;
        Some(Self {
            name: name.to_owned(),
            resource_type,
            draft: Draft::parse(&value).ok()?,
            marked: MARKED
                .iter()
                .filter(|name| {
                    let text = value
                        .get(**name)
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    ["{{name}}", "{{login}}"]
                        .iter()
                        .any(|mark| text.contains(mark))
                })
                .map(ToString::to_string)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::is_built_in;

    #[test]
    fn every_file_is_a_fixture_of_known_names_and_carries_the_marker() {
        let files = FILES.dirs().flat_map(Dir::files).count();
        assert_eq!(Fixture::names().count(), files);
        assert!(files >= 8);
        for name in Fixture::names() {
            let fixture = Fixture::find(name).unwrap();
            let used = fixture.draft.names();
            assert!(
                ["User", "Group"].contains(&fixture.resource_type.as_str()),
                "{name}"
            );
            for used in &used {
                assert!(LOCAL.contains(used) || is_built_in(used), "{name}: {used}");
            }
            assert!(!fixture.marked.is_empty(), "{name}");
        }
    }
}
