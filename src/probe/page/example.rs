//! A walk over pages: which users, in what order, how many a page.

use proptest::prelude::*;
use proptest::sample::select;

use crate::probe::property::Shrink;
use crate::scim::capabilities::PagingMethod;

/// Pages of a walk as it is drawn.
const MOST_PAGES: u64 = 8;

/// A walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// The groups of users that it is over, a bit each.
    pub(super) groups: u32,
    /// By index or by cursor.
    pub(super) method: PagingMethod,
    /// Index of the first result, from 1.
    pub(super) start: u64,
    /// What is asked for a page; as many as the target likes where absent.
    pub(super) count: Option<u64>,
    /// Sorted, and whether downwards.
    pub(super) sorted: Option<bool>,
    /// Asked for by POST.
    pub(super) search: bool,
    /// Whether other users come and go meanwhile.
    pub(super) busy: bool,
}

/// What a target offers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    /// Groups of users that can be told apart, a bit each.
    pub(super) groups: u32,
    /// Several groups at once can be asked for.
    pub(super) several: bool,
    /// Paging by index.
    pub(super) index: bool,
    /// Paging by cursor.
    pub(super) cursor: bool,
    /// Sorting.
    pub(super) sort: bool,
    /// `.search`.
    pub(super) search: bool,
}

/// Walks that a target offers.
pub(super) fn walks(offer: Offer) -> BoxedStrategy<Walk> {
    let mut methods = Vec::new();
    if offer.index {
        methods.push(PagingMethod::Index);
    }
    if offer.cursor {
        methods.push(PagingMethod::Cursor);
    }
    let single: Vec<u32> = (0..32)
        .map(|bit| 1 << bit)
        .filter(|bit| offer.groups & bit != 0)
        .collect();
    let groups = if offer.several {
        (1..=offer.groups).boxed()
    } else {
        select(single).boxed()
    };
    let count = prop_oneof![
        12 => (1..=12_u64).prop_map(Some),
        2 => (13..=40_u64).prop_map(Some),
        1 => Just(None),
    ];
    let start = prop_oneof![5 => Just(1), 1 => 2..=20_u64];
    let drawn = (groups, select(methods), start, count);
    let ways = (any::<bool>(), any::<bool>(), 0..4_u8, any::<bool>());
    (drawn, ways)
        .prop_map(move |((groups, method, start, count), ways)| {
            let (sorted, down, search, busy) = ways;
            let by_index = method == PagingMethod::Index;
            Walk {
                groups: fitting(groups, count, offer.several),
                method,
                start: if by_index { start } else { 1 },
                count,
                sorted: (sorted && offer.sort).then_some(down),
                search: search == 0 && offer.search,
                // Nothing is promised of pages by index while others write.
                busy: busy && !by_index,
            }
        })
        .boxed()
}

/// As many of the groups as few pages hold: a walk of many says no more.
fn fitting(groups: u32, count: Option<u64>, several: bool) -> u32 {
    let most = count.map_or(u64::MAX, |count| count.saturating_mul(MOST_PAGES));
    if !several {
        return groups;
    }
    let mut fitting = groups;
    // The number made of these bits is that of the users.
    while u64::from(fitting) > most {
        fitting &= !(1 << fitting.ilog2());
    }
    fitting.max(1)
}

impl Shrink for Walk {
    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut push = |walk: Self| {
            if walk != *self {
                all.push(walk);
            }
        };
        push(Self {
            busy: false,
            ..self.clone()
        });
        push(Self {
            search: false,
            ..self.clone()
        });
        push(Self {
            sorted: None,
            ..self.clone()
        });
        if self.sorted == Some(true) {
            push(Self {
                sorted: Some(false),
                ..self.clone()
            });
        }
        push(Self {
            start: 1,
            ..self.clone()
        });
        // Groups are of one, two, four, eight users: a smaller number is fewer users.
        for groups in [1, self.groups / 2, self.groups - 1] {
            if groups > 0 && groups < self.groups {
                push(Self {
                    groups,
                    ..self.clone()
                });
            }
        }
        if let Some(count) = self.count {
            for count in [1, count / 2, count - 1] {
                if count > 0 && self.count > Some(count) {
                    push(Self {
                        count: Some(count),
                        ..self.clone()
                    });
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_ends_with_one_user_a_page() {
        let mut walk = Walk {
            groups: 29,
            method: PagingMethod::Cursor,
            start: 3,
            count: Some(9),
            sorted: Some(true),
            search: true,
            busy: true,
        };
        let mut steps = 0;
        while let Some(next) = walk.smaller().into_iter().next() {
            walk = next;
            steps += 1;
            assert!(steps < 50);
        }
        assert_eq!((walk.groups, walk.count, walk.start), (1, Some(1), 1));
        assert!(walk.sorted.is_none() && !walk.search && !walk.busy);
    }
}
