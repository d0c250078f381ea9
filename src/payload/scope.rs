//! What templates know while a case runs: its captures and the built-in names.
//!
//! Every generated value follows from the seed of the case, whatever ran before it and beside it.
//! Only [`Marker`] holds the id of the run, so that resources of two runs never meet.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

use rand_chacha::rand_core::Rng as _;
use serde_json::Value;
use siphasher::sip::SipHasher13;

use super::template::Names;
use crate::clock::Clock;
use crate::redact::Vault;
use crate::seed::Seed;

/// The names that are always there; `uuid`, `n` and `password` take a number (`uuid.2`) for further values.
pub const BUILT_IN: &[&str] = &["run", "case", "domain", "now", "uuid", "n", "password"];

/// What the user may have set that templates can name (`{{setting.client-id}}`), secrets as labels.
pub const SETTINGS: &[&str] = &[
    "client-id",
    "client-secret",
    "client-basic",
    "scope",
    "read-scope",
    "refresh-token",
    "expired-token",
    "rotated-token",
    "revoked-token",
    "foreign-token",
];

/// Whether a name is that of a setting (`setting.scope`).
pub fn is_setting(name: &str) -> bool {
    name.strip_prefix("setting.")
        .is_some_and(|name| SETTINGS.contains(&name))
}

/// Characters of generated passwords.
const PASSWORD: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Longest part of a name that tells the case.
const CASE_LENGTH: usize = 24;

/// Text by which every resource of one run can be found again: `scimitar-` and the run's id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Marker(String);

impl Marker {
    /// The marker of a run. The id is lower-case letters and digits; anything else is left out.
    pub fn new(run_id: &str) -> Self {
        let id: String = run_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        Self(format!("scimitar-{id}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Captures and built-in names of one case.
#[derive(Clone, Debug)]
pub struct Scope {
    marker: Marker,
    case: String,
    domain: String,
    seed: Seed,
    clock: Clock,
    named: u32,
    captures: BTreeMap<String, Value>,
    vault: Arc<Vault>,
}

impl Scope {
    /// The scope of a case before anything was captured. `run_seed` is the seed of the run, from
    /// which that of the case is derived; `domain` is the mail domain of generated addresses; the
    /// vault turns generated passwords into labels.
    pub fn new(
        marker: &Marker,
        case: &str,
        domain: &str,
        run_seed: Seed,
        clock: Clock,
        vault: Arc<Vault>,
    ) -> Self {
        Self {
            marker: marker.clone(),
            case: case_slug(case),
            domain: domain.to_owned(),
            seed: run_seed.derive(case),
            clock,
            named: 0,
            captures: BTreeMap::new(),
            vault,
        }
    }

    /// The same with names of another case: those that it gave before may be taken for good.
    #[must_use]
    pub fn renamed(self, case: &str) -> Self {
        Self {
            case: case_slug(case),
            ..self
        }
    }

    /// Keeps a captured value under a name (`id`, `u1.id`); a later one replaces it.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.captures.insert(name.into(), value);
    }

    /// A captured value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.captures.get(name)
    }

    /// The marker of the run.
    pub fn marker(&self) -> &Marker {
        &self.marker
    }

    /// The seed of the case.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The mail domain of generated addresses.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// A name for a new resource that nobody has yet: marker, case and counter.
    pub fn next_name(&mut self) -> String {
        self.named += 1;
        format!("{}-{}-{}", self.marker, self.case, self.named)
    }

    /// How many names were taken.
    pub(super) fn named(&self) -> u32 {
        self.named
    }

    /// The present time, as SCIM writes it.
    pub(super) fn now(&self) -> String {
        format!("{:.3}", self.clock.now())
    }

    /// The label of the generated password with this number.
    pub(super) fn password(&self, number: u64) -> String {
        let mut rng = self.seed.derive("password").nth(number).rng();
        let tail: String = (0..20)
            .map(|_| PASSWORD[rng.next_u32() as usize % PASSWORD.len()] as char)
            .collect();
        // The head satisfies policies that ask for every class of characters.
        let name = match number {
            1 => format!("password@{}", self.case),
            number => format!("password.{number}@{}", self.case),
        };
        self.vault.learn(&name, &format!("aB3!{tail}"))
    }

    fn built_in(&self, name: &str) -> Option<Value> {
        let (name, number) = match name.split_once('.') {
            Some((name, number)) => (name, Some(number.parse::<u64>().ok()?)),
            None => (name, None),
        };
        let text = match (name, number) {
            ("run", None) => self.marker.0.clone(),
            ("case", None) => self.case.clone(),
            ("domain", None) => self.domain.clone(),
            ("now", None) => self.now(),
            ("password", _) => self.password(number.unwrap_or(1)),
            ("uuid", _) => uuid(self.seed.derive("uuid").nth(number.unwrap_or(1))),
            ("n", _) => {
                let drawn = self.seed.derive("n").nth(number.unwrap_or(1));
                return Some(Value::from(1 + drawn.rng().next_u32() % 999_999));
            }
            _ => return None,
        };
        Some(Value::String(text))
    }
}

impl Names for Scope {
    fn value(&self, name: &str) -> Option<Value> {
        self.captures
            .get(name)
            .cloned()
            .or_else(|| self.built_in(name))
    }
}

/// Whether a name is built in, its number included (`uuid.2`), or that of a setting.
pub fn is_built_in(name: &str) -> bool {
    if is_setting(name) {
        return true;
    }
    match name.split_once('.') {
        Some((name, number)) => {
            matches!(name, "uuid" | "n" | "password") && number.parse::<u64>().is_ok()
        }
        None => BUILT_IN.contains(&name),
    }
}

/// The case in a name: letters, digits and hyphens, cut to length, with a hash where that lost anything.
fn case_slug(case: &str) -> String {
    let slug: String = case
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let lossless = case
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.');
    if lossless && slug.len() <= CASE_LENGTH {
        return slug;
    }
    let mut hasher = SipHasher13::new();
    hasher.write(case.as_bytes());
    let cut: String = slug.chars().take(CASE_LENGTH - 6).collect();
    format!(
        "{}-{:05x}",
        cut.trim_end_matches('-'),
        hasher.finish() & 0xf_ffff
    )
}

fn uuid(seed: Seed) -> String {
    let mut bytes = [0u8; 16];
    seed.rng().fill_bytes(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope(run: &str, case: &str, seed: u64) -> Scope {
        Scope::new(
            &Marker::new(run),
            case,
            "example.com",
            Seed(seed),
            Clock::System,
            Arc::new(Vault::new()),
        )
    }

    #[test]
    fn names_are_marker_case_and_counter() {
        let mut scope = scope("k3f9", "users.delete", 1);
        assert_eq!(scope.next_name(), "scimitar-k3f9-users-delete-1");
        assert_eq!(scope.next_name(), "scimitar-k3f9-users-delete-2");
        let row = |case| case_slug(case);
        assert_ne!(row("users.disable[legacy]"), row("users.disable[modern]"));
        assert_ne!(row("a-b"), row("a.b"));
        assert!(row("filter.operators.very-long-name-of-a-case").len() <= CASE_LENGTH);
    }

    #[test]
    fn generated_values_follow_the_seed_and_not_the_run() {
        let one = scope("aaaa", "users.delete", 1);
        let two = scope("bbbb", "users.delete", 1);
        for name in ["uuid", "uuid.2", "n", "n.7", "case", "domain"] {
            assert_eq!(one.value(name), two.value(name), "{name}");
        }
        assert_ne!(one.value("run"), two.value("run"));
        assert_ne!(one.value("uuid"), one.value("uuid.2"));
        assert_ne!(
            one.value("uuid"),
            scope("aaaa", "users.delete", 2).value("uuid")
        );
        assert_eq!(one.value("uuid").unwrap().as_str().unwrap().len(), 36);
    }

    #[test]
    fn a_capture_stands_before_nothing_else_but_is_there() {
        let mut scope = scope("aaaa", "users.delete", 1);
        assert_eq!(scope.value("u1.id"), None);
        scope.set("u1.id", json!("x"));
        assert_eq!(scope.value("u1.id"), Some(json!("x")));
        assert!(is_built_in("uuid.3") && is_built_in("now"));
        assert!(!is_built_in("now.3") && !is_built_in("uuid.x") && !is_built_in("id"));
    }
}
