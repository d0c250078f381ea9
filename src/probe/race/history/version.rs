//! Changes that name the version they are for: each version is changed once, and shows one state.

use super::{Flaw, Found, Kind, Op, Output};

/// Judges the swaps and reads of one resource.
pub(in crate::probe::race) fn version(ops: &[Op]) -> Found {
    let swaps: Vec<&Op> = ops
        .iter()
        .filter(|op| op.kind == Kind::Swap && op.is_done() && op.expects.is_some())
        .collect();
    let twice = swaps.iter().enumerate().any(|(at, swap)| {
        let mut others = swaps.iter().skip(at + 1);
        others.any(|other| other.expects == swap.expects)
    });
    // A tag with two values: the version does not follow the changes, or comes back.
    let states: Vec<(&str, &str)> = ops.iter().filter_map(state).collect();
    let blurred = states.iter().enumerate().any(|(at, (tag, value))| {
        let mut others = states.iter().skip(at + 1);
        others.any(|(same, seen)| same == tag && seen != value)
    });
    let flaws = [(twice, Flaw::Twice), (blurred, Flaw::Blurred)];
    let flaws = flaws.into_iter().filter(|(there, _)| *there);
    Found::Flaws(flaws.map(|(_, flaw)| flaw).collect())
}

/// The tag and the value that an answer shows together.
fn state(op: &Op) -> Option<(&str, &str)> {
    match &op.output {
        Output::Value(Some(value)) if op.is_done() => Some((op.tag.as_deref()?, value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{op, open, read, refused};
    use super::*;

    fn swap(client: u32, expects: &str, value: &str, tag: Option<&str>) -> Op {
        Op {
            input: Some(value.to_owned()),
            output: tag.map_or(Output::Nothing, |_| Output::Value(Some(value.to_owned()))),
            expects: Some(expects.to_owned()),
            tag: tag.map(str::to_owned),
            ..op(client, Kind::Swap, 0, 5)
        }
    }

    fn tagged(value: &str, tag: &str) -> Op {
        Op {
            tag: Some(tag.to_owned()),
            ..read(1, value, 6, 7)
        }
    }

    fn check(ops: &[Op], expected: Option<Flaw>) {
        let expected = Found::Flaws(expected.into_iter().collect());
        assert_eq!(version(ops), expected, "{ops:?}");
    }

    #[test]
    fn a_version_is_changed_once() {
        check(
            &[swap(1, "1", "a", None), refused(swap(2, "1", "b", None))],
            None,
        );
        check(
            &[swap(1, "1", "a", None), open(swap(2, "1", "b", None))],
            None,
        );
        check(&[swap(1, "1", "a", None), swap(2, "2", "b", None)], None);
        check(
            &[swap(1, "1", "a", None), swap(2, "1", "b", None)],
            Some(Flaw::Twice),
        );
    }

    #[test]
    fn a_version_shows_one_state() {
        check(
            &[tagged("a", "1"), tagged("a", "1"), tagged("b", "2")],
            None,
        );
        check(&[tagged("a", "1"), tagged("b", "1")], Some(Flaw::Blurred));
        check(
            &[swap(1, "1", "a", Some("2")), tagged("b", "2")],
            Some(Flaw::Blurred),
        );
    }
}
