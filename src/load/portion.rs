//! A shard's part of everything that is counted: users, connections, resources.
//!
//! Things are numbered over all shards; shard i of N has those whose number leaves i when divided by N. So no two
//! shards ever have the same number, and all of them together have each one once.

use crate::record::load::Shard;

/// What is a shard's own; everything, where there are no shards.
#[derive(Clone, Copy, Debug)]
pub struct Portion {
    index: usize,
    of: usize,
}

impl Portion {
    /// Of a shard.
    #[must_use]
    pub fn of(shard: Option<Shard>) -> Self {
        let Shard { index, of } = shard.unwrap_or(Shard { index: 0, of: 1 });
        Self {
            index: index as usize,
            of: of.max(1) as usize,
        }
    }

    /// How many of so many are its own.
    #[must_use]
    pub fn share(self, total: usize) -> usize {
        total.saturating_sub(self.index).div_ceil(self.of)
    }

    /// The number, among those of all shards, of its nth.
    #[must_use]
    pub fn number(self, nth: usize) -> usize {
        nth.saturating_mul(self.of).saturating_add(self.index)
    }

    /// How many shards there are.
    #[must_use]
    pub fn shards(self) -> usize {
        self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shards_have_each_number_once(total in 0..500_usize, of in 1..9_u32) {
            let mut all: Vec<usize> = (0..of)
                .map(|index| Portion::of(Some(Shard { index, of })))
                .flat_map(|portion| (0..portion.share(total)).map(move |nth| portion.number(nth)))
                .collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..total).collect::<Vec<_>>());
        }
    }

    #[test]
    fn without_shards_everything_is_its_own() {
        let portion = Portion::of(None);
        assert_eq!(
            (portion.share(7), portion.number(3), portion.shards()),
            (7, 3, 1)
        );
    }
}
