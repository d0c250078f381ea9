//! Derived seeds: every generated value follows from the run's seed and the id of its case.
//!
//! Selection, the number of jobs and timing change no generated value; the run id is part of no seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// A seed, printed as a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed of a named part: `H(self, name)`.
    #[must_use]
    pub fn derive(self, name: &str) -> Self {
        let mut hasher = SipHasher13::new_with_keys(self.0, 0x5c1_1417a6);
        hasher.write(name.as_bytes());
        Self(hasher.finish())
    }

    /// The seed of the k-th example of this part: `H(self, k)`.
    #[must_use]
    pub fn nth(self, k: u64) -> Self {
        let mut hasher = SipHasher13::new_with_keys(self.0, 0x0e8a_3b1e);
        hasher.write_u64(k);
        Self(hasher.finish())
    }

    /// A reproducible generator started from this seed.
    #[must_use]
    pub fn rng(self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.0)
    }
}

impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_seeds_are_stable_and_distinct() {
        let run = Seed(1);
        assert_eq!(run.derive("users.delete"), run.derive("users.delete"));
        assert_ne!(run.derive("users.delete"), run.derive("users.create"));
        assert_ne!(run.nth(0), run.nth(1));
        assert_ne!(Seed(2).derive("users.delete"), run.derive("users.delete"));
    }
}
