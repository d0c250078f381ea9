//! A register that several clients write and read: what may never come of it, what a client may count on for
//! itself, and what only a linearizable one promises, looked for in this order.

use super::linear::{Answer, linearizable};
use super::{Flaw, Found, Kind, OBSERVER, Op, Output};

/// Where a value that was read came from.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// It was there before.
    Initial,
    Write(&'a Op),
}

impl Source<'_> {
    /// Whether this value was overwritten by that write, whatever the order of those at the same time.
    fn is_before(self, write: &Op) -> bool {
        match self {
            Self::Initial => true,
            Self::Write(own) => own.precedes(write),
        }
    }
}

/// Judges the operations on one key. Every written value is unique; the last read of the observer began when all
/// others had ended.
pub(in crate::probe::race) fn register(ops: &[Op], initial: Option<&str>) -> Found {
    let reads: Vec<(&Op, Option<&str>)> = ops
        .iter()
        .filter(|op| op.kind == Kind::Read && op.is_done())
        .filter_map(|op| match &op.output {
            Output::Value(value) => Some((op, value.as_deref())),
            _ => None,
        })
        .collect();
    let mut sources = Vec::new();
    for (read, value) in &reads {
        match source(ops, *value, initial) {
            Some(Source::Write(write)) if read.precedes(write) => {
                return Found::one(Flaw::Invented);
            }
            Some(source) => sources.push((*read, source)),
            None => return Found::one(Flaw::Invented),
        }
    }
    let acknowledged = |source: Source<'_>, chosen: &dyn Fn(&Op) -> bool| {
        ops.iter()
            .any(|op| op.kind == Kind::Write && op.is_done() && chosen(op) && source.is_before(op))
    };
    let last = sources.iter().rfind(|(read, _)| read.client == OBSERVER);
    if let Some((look, source)) = last
        && acknowledged(*source, &|write| write.precedes(look))
    {
        return Found::one(Flaw::Lost);
    }
    for (read, source) in &sources {
        let own = |write: &Op| write.client == read.client && write.precedes(read);
        if acknowledged(*source, &own) {
            return Found::one(Flaw::Unseen);
        }
        let went_back = sources.iter().any(|(earlier, seen)| {
            earlier.client == read.client
                && earlier.precedes(read)
                && matches!(seen, Source::Write(newer) if source.is_before(newer))
        });
        if went_back {
            return Found::one(Flaw::Backwards);
        }
    }
    match linearizable(ops, initial) {
        Answer::Linearizable => Found::nothing(),
        Answer::Not => Found::one(Flaw::Unordered),
        Answer::Unknown => Found::Unknown,
    }
}

/// Who may have written a value.
fn source<'a>(ops: &'a [Op], value: Option<&str>, initial: Option<&str>) -> Option<Source<'a>> {
    let write = ops
        .iter()
        .find(|op| op.kind == Kind::Write && op.may_be_done() && op.written() == value);
    match write {
        Some(write) => Some(Source::Write(write)),
        None => (value == initial).then_some(Source::Initial),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{open, read, refused, write};
    use super::*;

    fn check(ops: &[Op], expected: Option<Flaw>) {
        let expected = Found::Flaws(expected.into_iter().collect());
        assert_eq!(register(ops, Some("0")), expected, "{ops:?}");
    }

    #[test]
    fn each_flaw_has_its_name() {
        check(&[write(1, "a", 0, 1), read(2, "a", 2, 3)], None);
        check(
            &[write(1, "a", 0, 1), read(2, "b", 2, 3)],
            Some(Flaw::Invented),
        );
        check(
            &[refused(write(1, "a", 0, 5)), read(2, "a", 2, 3)],
            Some(Flaw::Invented),
        );
        check(
            &[read(2, "a", 0, 1), write(1, "a", 2, 3)],
            Some(Flaw::Invented),
        );
        check(
            &[
                write(1, "a", 0, 1),
                write(2, "b", 2, 3),
                read(0, "a", 9, 10),
            ],
            Some(Flaw::Lost),
        );
        check(
            &[write(1, "a", 0, 1), read(0, "0", 9, 10)],
            Some(Flaw::Lost),
        );
        check(
            &[
                open(write(1, "a", 0, 1)),
                write(2, "b", 2, 3),
                read(0, "a", 9, 10),
            ],
            None,
        );
        check(
            &[write(1, "a", 0, 1), read(1, "0", 2, 3), read(0, "a", 9, 10)],
            Some(Flaw::Unseen),
        );
        check(
            &[
                write(1, "a", 0, 9),
                read(2, "a", 1, 2),
                read(2, "0", 3, 4),
                read(0, "a", 10, 11),
            ],
            Some(Flaw::Backwards),
        );
        check(
            &[write(1, "a", 0, 1), read(2, "0", 2, 3), read(0, "a", 9, 10)],
            Some(Flaw::Unordered),
        );
    }

    #[test]
    fn a_first_look_that_is_behind_is_no_loss_where_a_second_is_not() {
        let ops = [
            write(1, "a", 0, 1),
            read(0, "0", 2, 3),
            read(0, "a", 20, 21),
        ];
        check(&ops, Some(Flaw::Unordered));
    }
}
