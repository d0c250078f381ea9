//! What a provider is told before it starts: tokens, limits, features left out, data, clock, faults.
//!
//! Holds no state of a running provider.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::fault::Fault;
use super::gateway::Gateway;
use super::token::OAuth;
use crate::clock::Clock;
use crate::seed::Seed;

/// Settings of a provider. `Settings::default()` asks for no token and holds no data.
#[derive(Clone)]
pub struct Settings {
    /// Path below which SCIM is served, with a leading and without a trailing slash (`/v2`).
    pub base_path: String,
    /// The bearer token that is accepted; without one every request is let in.
    pub token: Option<Token>,
    /// A second bearer token, which may read and not write.
    pub second_token: Option<Token>,
    /// A bearer token that has expired.
    pub expired_token: Option<Token>,
    /// The bearer token before the main one, still taken for the time of [`Settings::overlap`].
    pub rotated_token: Option<Token>,
    /// For how long after the start that is; none has no end.
    pub overlap: Option<Duration>,
    /// A bearer token that was taken back.
    pub revoked_token: Option<Token>,
    /// A bearer token that was issued for another audience.
    pub foreign_token: Option<Token>,
    /// The token endpoint.
    pub oauth: Option<OAuth>,
    /// The gateway in front of the provider, which leads to the same resources.
    pub gateway: Option<Gateway>,
    /// userName of the user that the main token stands for at `/Me`.
    pub me: Option<String>,
    /// Whether that user is there from the start.
    pub me_exists: bool,
    /// Features that are left out and advertised so.
    pub without: BTreeSet<Feature>,
    /// Limits.
    pub limits: Limits,
    /// How lists are paged.
    pub paging: Paging,
    /// Whether entity tags are strong (`"1"`) instead of weak (`W/"1"`).
    pub strong_etags: bool,
    /// Whether `"true"` and `"false"` are taken for booleans wherever they stand. Without it only where
    /// Entra ID sends them: as `"True"` and `"False"` in a resource, and in an operation that is spelled
    /// with a capital letter.
    pub string_booleans: bool,
    /// Whether members of groups have to exist. Otherwise an id that was never given is taken, since
    /// RFC 7643 §2.3.7 leaves referential integrity to the provider; that of a deleted resource is not.
    pub members_exist: bool,
    /// Further extensions of users, as schema documents without `meta`.
    pub extensions: Vec<Value>,
    /// Whether there are devices and the applications that work with them (RFC 9944).
    pub devices: bool,
    /// Whether a write that prefers so is answered with 202, and security events are advertised
    /// (RFC 9967).
    pub asynchronous: bool,
    /// Clock of `created` and `lastModified`.
    pub clock: Clock,
    /// Active faults, offered every stage's result in this order.
    pub faults: Vec<Arc<dyn Fault>>,
    /// Data to start with.
    pub data: Data,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_path: String::from("/v2"),
            token: None,
            second_token: None,
            expired_token: None,
            rotated_token: None,
            overlap: None,
            revoked_token: None,
            foreign_token: None,
            oauth: None,
            gateway: None,
            me: None,
            me_exists: false,
            without: BTreeSet::new(),
            limits: Limits::default(),
            paging: Paging::default(),
            strong_etags: false,
            string_booleans: false,
            members_exist: false,
            extensions: Vec::new(),
            devices: false,
            asynchronous: false,
            clock: Clock::default(),
            faults: Vec::new(),
            data: Data::default(),
        }
    }
}

impl Settings {
    /// Whether a feature is left in.
    pub fn offers(&self, feature: Feature) -> bool {
        !self.without.contains(&feature)
    }

    /// The method of paging of a request that names none.
    pub fn default_paging(&self) -> PagingMethod {
        match (self.offers(Feature::Index), self.offers(Feature::Cursor)) {
            (false, true) => PagingMethod::Cursor,
            (true, true) => self.paging.preferred,
            (_, false) => PagingMethod::Index,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<&str> = self.faults.iter().map(|fault| fault.name()).collect();
        f.debug_struct("Settings")
            .field("base_path", &self.base_path)
            .field("token", &self.token)
            .field("without", &self.without)
            .field("limits", &self.limits)
            .field("paging", &self.paging)
            .field("data", &self.data)
            .field("faults", &faults)
            .finish_non_exhaustive()
    }
}

/// A bearer token. Prints as a label.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token of this value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Whether a presented value is this token, in time that does not depend on where they differ.
    pub fn is(&self, presented: &str) -> bool {
        let (mine, theirs) = (self.0.as_bytes(), presented.as_bytes());
        let differing = mine
            .iter()
            .zip(theirs)
            .fold(0_u8, |seen, (a, b)| seen | (a ^ b));
        mine.len() == theirs.len() && differing == 0
    }

    /// The value itself, for the `Authorization` field.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹secret:token›")
    }
}

/// An optional feature of SCIM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// PATCH: answers 501.
    Patch,
    /// Bulk: answers 501.
    Bulk,
    /// Filters: answered with 501.
    Filter,
    /// Sorting: `sortBy` is ignored.
    Sort,
    /// Entity tags: none are sent or checked.
    Etag,
    /// Change of passwords.
    ChangePassword,
    /// Paging by `startIndex`: a later page is refused.
    Index,
    /// Paging by cursor (RFC 9865): `cursor` is ignored.
    Cursor,
    /// Groups, and with them `User.groups`.
    Groups,
    /// The enterprise extension of users.
    Enterprise,
}

impl Feature {
    /// All features, with the names that `without` takes.
    pub const NAMES: [(&'static str, Self); 10] = [
        ("patch", Self::Patch),
        ("bulk", Self::Bulk),
        ("filter", Self::Filter),
        ("sort", Self::Sort),
        ("etag", Self::Etag),
        ("change-password", Self::ChangePassword),
        ("index", Self::Index),
        ("cursor", Self::Cursor),
        ("groups", Self::Groups),
        ("enterprise", Self::Enterprise),
    ];
}

impl std::str::FromStr for Feature {
    type Err = UnknownFeature;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, feature)| *feature)
            .ok_or_else(|| UnknownFeature(name.to_owned()))
    }
}

/// A name that is no feature.
#[derive(Debug, thiserror::Error)]
#[error(
    "unknown feature '{0}' (known: patch, bulk, filter, sort, etag, change-password, index, cursor, groups, enterprise)"
)]
pub struct UnknownFeature(pub String);

/// Limits of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Resources in one list response; advertised as `filter.maxResults`.
    pub max_results: usize,
    /// Operations in one bulk request.
    pub max_operations: usize,
    /// Bytes of one bulk request.
    pub max_payload_size: usize,
    /// Bytes of any other request body.
    pub max_body: usize,
    /// Depth of nested JSON in a request body.
    pub max_depth: usize,
    /// Characters of a filter.
    pub max_filter: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_results: 200,
            max_operations: 1_000,
            max_payload_size: 1_048_576,
            max_body: 4_194_304,
            max_depth: 32,
            max_filter: 65_536,
        }
    }
}

/// How lists are paged: by index (RFC 7644 §3.4.2.4), by cursor (RFC 9865), or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The method of a request that names none, where both are on offer.
    pub preferred: PagingMethod,
    /// Resources on a page of a request without `count`, never more than [`Limits::max_results`].
    pub page_size: usize,
    /// How long a cursor can be used.
    pub cursor_timeout: Duration,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            preferred: PagingMethod::Index,
            page_size: 200,
            cursor_timeout: Duration::from_secs(3_600),
        }
    }
}

/// A method of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingMethod {
    /// By `startIndex`.
    Index,
    /// By `cursor`.
    Cursor,
}

impl PagingMethod {
    /// Its keyword in `defaultPaginationMethod`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Cursor => "cursor",
        }
    }
}

/// Data that a provider starts with, the same for the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data {
    /// Number of users.
    pub users: usize,
    /// Number of groups; users are spread over them.
    pub groups: usize,
    /// Seed of names and ids.
    pub seed: Seed,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            users: 0,
            groups: 0,
            seed: Seed(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_compared_whole_and_never_printed() {
        let token = Token::new("opensesame");
        assert!(token.is("opensesame"));
        for other in ["", "open", "opensesame!", "OPENSESAME"] {
            assert!(!token.is(other), "{other}");
        }
        let settings = Settings {
            token: Some(token),
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("opensesame"));
    }

    #[test]
    fn features_have_names() {
        for (name, feature) in Feature::NAMES {
            assert_eq!(name.parse::<Feature>().unwrap(), feature);
        }
        assert!("bulky".parse::<Feature>().is_err());
    }
}
