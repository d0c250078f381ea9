//! A resource that is deleted while others use it: from the answer on it is not there.

use super::{Flaw, Found, Kind, OBSERVER, Op, Output};

/// Judges the operations on one resource, and looks by filter that show its id (`key`).
pub(in crate::probe::race) fn gone(ops: &[Op], id: &str) -> Found {
    let deletes = ops
        .iter()
        .filter(|op| op.kind == Kind::Delete && op.is_done());
    let deletes: Vec<&Op> = deletes.collect();
    let serves = |op: &&Op| {
        let shown = match (op.kind, &op.output) {
            (Kind::Look, Output::Set(set)) => set.contains(id),
            (Kind::Read, output) => !matches!(output, Output::Gone),
            (Kind::Write, _) => true,
            _ => false,
        };
        op.is_done() && shown && deletes.iter().any(|delete| delete.precedes(op))
    };
    let last = |kind| {
        ops.iter()
            .rfind(move |op| op.client == OBSERVER && op.kind == kind)
            .filter(serves)
    };
    let by_id = last(Kind::Read).map(|_| Flaw::Resurrected);
    let by_query = last(Kind::Look).map(|_| Flaw::Listed);
    let mut flaws: Vec<Flaw> = by_id.into_iter().chain(by_query).collect();
    if flaws.is_empty() && ops.iter().any(|op| serves(&op)) {
        flaws.push(Flaw::Unseen);
    }
    Found::Flaws(flaws)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{op, open, read, refused, write};
    use super::*;

    fn delete(from: u64, to: u64) -> Op {
        op(1, Kind::Delete, from, to)
    }

    fn absent(client: u32, from: u64, to: u64) -> Op {
        Op {
            output: Output::Gone,
            ..op(client, Kind::Read, from, to)
        }
    }

    fn look(ids: &[&str], from: u64) -> Op {
        Op {
            output: Output::Set(ids.iter().map(|id| (*id).to_owned()).collect()),
            ..op(0, Kind::Look, from, from + 1)
        }
    }

    fn check(ops: &[Op], expected: Option<Flaw>) {
        let expected = Found::Flaws(expected.into_iter().collect());
        assert_eq!(gone(ops, "7"), expected, "{ops:?}");
    }

    #[test]
    fn what_was_deleted_is_not_there_again() {
        check(&[delete(0, 5), read(2, "a", 1, 9), absent(0, 10, 11)], None);
        check(&[delete(0, 5), write(2, "a", 6, 9)], Some(Flaw::Unseen));
        check(&[delete(0, 5), refused(write(2, "a", 6, 9))], None);
        check(
            &[delete(0, 5), read(2, "a", 6, 9), absent(0, 10, 11)],
            Some(Flaw::Unseen),
        );
        check(
            &[delete(0, 5), read(0, "a", 10, 11)],
            Some(Flaw::Resurrected),
        );
        check(
            &[delete(0, 5), read(0, "a", 10, 11), absent(0, 20, 21)],
            Some(Flaw::Unseen),
        );
        check(&[open(delete(0, 5)), read(0, "a", 10, 11)], None);
        check(&[refused(delete(0, 5)), read(0, "a", 10, 11)], None);
        check(&[delete(0, 5), look(&["6"], 10)], None);
        check(&[delete(0, 5), look(&["7"], 10)], Some(Flaw::Listed));
    }
}
