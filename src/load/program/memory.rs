//! What a user of load knows while it carries out a scenario: captures, and values made anew each time.
//!
//! Everything made follows from the seed, the user and the number of its round.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::payload::Names;
use crate::seed::Seed;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// What was captured or drawn.
    Slot(usize),
    /// Text that no other round has, fit for names.
    Case,
    /// A UUID of the round, by number.
    Uuid(u32),
    /// A number from 1 to 999 999 of the round, by number.
    Number(u32),
    /// The present time.
    Now,
    /// A list of members.
    Batch,
    /// `startIndex` of the next page.
    Page,
}

/// What one user knows in one round of a scenario.
#[derive(Debug)]
pub struct Memory {
    user_seed: Seed,
    user: u64,
    seed: Seed,
    case: Value,
    slots: Vec<Option<Value>>,
    /// Members that `batch` gives.
    pub batch: Value,
    /// Where the next page begins.
    pub page: u64,
}

impl Memory {
    /// An empty memory of the user with this number.
    pub fn new(seed: Seed, user: u64) -> Self {
        Self {
            user_seed: seed.derive("load user").nth(user),
            user,
            seed,
            case: Value::Null,
            slots: Vec::new(),
            batch: Value::Null,
            page: 1,
        }
    }

    /// Begins a round of a scenario: everything captured before is forgotten.
    pub fn begin(&mut self, slug: &str, round: u64, slots: usize) {
        self.seed = self.user_seed.nth(round);
        self.case = Value::String(format!("{slug}-{}-{round}", self.user));
        self.slots.clear();
        self.slots.resize(slots, None);
    }

    /// Keeps a value.
    pub fn set(&mut self, slot: usize, value: Value) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(value);
        }
    }

    /// What was kept.
    pub fn slot(&self, slot: usize) -> Option<&Value> {
        self.slots.get(slot)?.as_ref()
    }

    /// The value that a source has now.
    pub(super) fn get(&self, source: Source) -> Option<Cow<'_, Value>> {
        let made = match source {
            Source::Slot(slot) => return self.slot(slot).map(Cow::Borrowed),
            Source::Case => return Some(Cow::Borrowed(&self.case)),
            Source::Batch => {
                return Some(Cow::Borrowed(&self.batch)).filter(|batch| !batch.is_null());
            }
            Source::Uuid(number) => Value::String(self.uuid(number)),
            Source::Number(number) => {
                Value::from(1 + self.seed.derive("n").nth(number.into()).0 % 999_999)
            }
            Source::Now => Value::String(format!("{:.3}", jiff::Timestamp::now())),
            Source::Page => Value::from(self.page),
        };
        Some(Cow::Owned(made))
    }

    fn uuid(&self, number: u32) -> String {
        let seed = self.seed.nth(number.into());
        let (high, low) = (seed.nth(0).0, seed.nth(1).0);
        let high = high & !0xf000 | 0x4000;
        let low = low & !(3 << 62) | 2 << 62;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

/// The memory of a user as templates of a scenario see it.
pub(super) struct Known<'a> {
    pub(super) memory: &'a Memory,
    pub(super) names: &'a BTreeMap<String, Source>,
    pub(super) fixed: &'a BTreeMap<String, Value>,
}

impl Names for Known<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match self.names.get(name) {
            Some(source) => self.memory.get(*source).map(Cow::into_owned),
            None => self.fixed.get(name).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_follows_from_seed_user_and_round() {
        let made = |seed, user, round| {
            let mut memory = Memory::new(Seed(seed), user);
            memory.begin("a", round, 0);
            let of = |source| memory.get(source).unwrap().into_owned();
            (of(Source::Uuid(1)), of(Source::Number(1)), of(Source::Case))
        };
        assert_eq!(made(1, 2, 3), made(1, 2, 3));
        for other in [made(2, 2, 3), made(1, 3, 3), made(1, 2, 4)] {
            assert_ne!(made(1, 2, 3).0, other.0);
        }
        assert_eq!(made(1, 2, 3).2, "a-2-3");
        let uuid = made(1, 2, 3).0;
        let uuid = uuid.as_str().unwrap();
        assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'));
    }
}
