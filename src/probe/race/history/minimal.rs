//! The smallest part of a history that still shows what is wrong: delta debugging.

use super::Op;

/// Drops operations, many at first, as long as the rest is still wrong in the same way. No single operation
/// can be dropped from what is left.
pub(in crate::probe::race) fn minimal(ops: &[Op], is_wrong: impl Fn(&[Op]) -> bool) -> Vec<Op> {
    let mut kept = ops.to_vec();
    let mut size = (kept.len() / 2).max(1);
    loop {
        let before = kept.len();
        let mut at = 0;
        while at < kept.len() {
            let end = (at + size).min(kept.len());
            let mut fewer = kept.clone();
            fewer.drain(at..end);
            if is_wrong(&fewer) {
                kept = fewer;
            } else {
                at = end;
            }
        }
        if size == 1 && kept.len() == before {
            return kept;
        }
        size = (size / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::super::sample::{op, read, write};
    use super::super::{Flaw, Kind, register};
    use super::*;

    #[test]
    fn a_stale_read_is_shown_with_its_write_alone() {
        let ops = [
            write(1, "a", 0, 1),
            read(2, "a", 2, 3),
            write(3, "b", 2, 4),
            read(2, "b", 5, 6),
            write(1, "c", 7, 8),
            read(3, "c", 9, 10),
            read(2, "b", 9, 10),
            read(3, "c", 11, 12),
        ];
        let wrong = |ops: &[Op]| register(ops, Some("0")).has(Flaw::Unordered);
        assert!(wrong(&ops));
        let least = minimal(&ops, wrong);
        assert_eq!(least.len(), 3, "{least:?}");
    }

    proptest! {
        #[test]
        fn what_is_left_is_wrong_and_nothing_of_it_can_go(
            size in 1_usize..40,
            needed in btree_set(0_usize..40, 1..5),
            extra in vec(any::<bool>(), 3),
        ) {
            let ops: Vec<Op> = (0..size.max(40) + extra.len())
                .map(|id| Op { id, ..op(1, Kind::Read, id as u64, id as u64) })
                .collect();
            let wrong = |ops: &[Op]| needed.iter().all(|id| ops.iter().any(|op| op.id == *id));
            let least = minimal(&ops, wrong);
            let ids: std::collections::BTreeSet<usize> = least.iter().map(|op| op.id).collect();
            prop_assert_eq!(ids, needed);
        }
    }
}
