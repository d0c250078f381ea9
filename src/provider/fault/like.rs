//! Service providers that others run, as lists of faults and settings: what `serve --like` imitates.

use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::{Fault, registry};
use crate::provider::settings::{Feature, Limits, Paging, Settings};

const FILE: &str = include_str!("../../../fixtures/like/provider.toml");

static ALL: LazyLock<Vec<Like>> = LazyLock::new(|| {
    let document: Document =
        toml::from_str(FILE).expect("provider.toml is TOML of the right shape");
    document.provider
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    provider: Vec<Like>,
}

/// A service provider to imitate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Like {
    /// Name, as `--like` takes it.
    pub name: String,
    /// What it is, and what it does otherwise.
    pub title: String,
    /// Where its limits are documented.
    pub link: String,
    /// Names of the faults that make its limits.
    pub faults: Vec<String>,
    /// Names of the features that it leaves out.
    #[serde(default)]
    pub without: Vec<String>,
    /// Resources on a page of a list without count.
    pub page_size: Option<usize>,
    /// Most resources on a page.
    pub max_page_size: Option<usize>,
    /// Whether members of groups have to exist.
    #[serde(default)]
    pub members_exist: bool,
}

/// All of them.
pub fn all() -> &'static [Like] {
    &ALL
}

/// The one of this name.
pub fn find(name: &str) -> Option<&'static Like> {
    all().iter().find(|one| one.name == name)
}

impl Like {
    /// Settings with its own in place of the usual ones, and its faults before those that are there.
    pub fn imitated(&self, settings: Settings) -> Settings {
        let mut without = settings.without;
        without.extend(
            self.without
                .iter()
                .filter_map(|name| name.parse::<Feature>().ok()),
        );
        let mut faults: Vec<Arc<dyn Fault>> = self
            .faults
            .iter()
            .filter_map(|name| registry::find(name))
            .flatten()
            .collect();
        faults.extend(settings.faults);
        Settings {
            without,
            faults,
            limits: Limits {
                max_results: self.max_page_size.unwrap_or(settings.limits.max_results),
                ..settings.limits
            },
            paging: Paging {
                page_size: self.page_size.unwrap_or(settings.paging.page_size),
                ..settings.paging
            },
            members_exist: self.members_exist || settings.members_exist,
            ..settings
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_they_name_is_there() {
        assert!(all().len() >= 3);
        for one in all() {
            for fault in &one.faults {
                assert!(registry::find(fault).is_some(), "{}: {fault}", one.name);
            }
            for feature in &one.without {
                assert!(
                    feature.parse::<Feature>().is_ok(),
                    "{}: {feature}",
                    one.name
                );
            }
            let settings = one.imitated(Settings::default());
            assert_eq!(settings.faults.len(), one.faults.len(), "{}", one.name);
        }
        assert!(find("no-such-provider").is_none());
    }
}
