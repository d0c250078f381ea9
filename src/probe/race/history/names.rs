//! Names of which each belongs to one resource at a time, however many ask for it.

use std::collections::BTreeSet;

use super::{Flaw, Found, Kind, OBSERVER, Op, Output};

/// Judges creates, renames and looks by name. A create has the name in `input` and shows the id; a rename has the
/// id in `key` and the name in `input`; a look has the name in `key` and shows ids. `initial` are names and ids of
/// before; a resource leaves its name by a rename only.
pub(in crate::probe::race) fn names(ops: &[Op], initial: &[(&str, &str)]) -> Found {
    let mut names: BTreeSet<&str> = ops
        .iter()
        .filter(|op| matches!(op.kind, Kind::Create | Kind::Write))
        .filter_map(Op::written)
        .collect();
    names.extend(initial.iter().map(|(name, _)| *name));
    for name in &names {
        let stays = |id: &&str| leave(ops, name, id).is_none();
        let initial = initial
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, id)| *id);
        let mut holders: BTreeSet<&str> = initial.filter(stays).collect();
        holders.extend(ops.iter().filter_map(|op| claimed(op, name)).filter(stays));
        if holders.len() > 1 {
            return Found::one(Flaw::Twice);
        }
    }
    let looks: Vec<(&Op, &BTreeSet<String>)> = ops
        .iter()
        .filter(|op| op.kind == Kind::Look && op.is_done())
        .filter_map(|op| match &op.output {
            Output::Set(set) => Some((op, set)),
            _ => None,
        })
        .collect();
    let flaws: Vec<Flaw> = looks
        .iter()
        .filter_map(|(look, set)| behind(ops, look, set))
        .collect();
    let worst = [Flaw::Twice, Flaw::Unseen, Flaw::Unordered];
    if let Some(flaw) = worst.into_iter().find(|flaw| flaws.contains(flaw)) {
        return Found::one(flaw);
    }
    let lost = names.iter().any(|name| {
        let last = looks
            .iter()
            .rfind(|(look, _)| look.client == OBSERVER && look.key == *name);
        let holder = ops.iter().find_map(|op| claimed(op, name));
        let holder = holder.filter(|id| leave(ops, name, id).is_none());
        matches!((last, holder), (Some((_, set)), Some(id)) if !set.contains(id))
    });
    // Somebody has it whom nobody can have given it.
    let invented = looks.iter().any(|(look, set)| {
        let given = |id: &&String| {
            initial.contains(&(look.key.as_str(), id.as_str()))
                || ops.iter().any(|op| may_give(op, &look.key, id))
        };
        !set.iter().all(|id| given(&id))
    });
    let flaws = [(lost, Flaw::Lost), (invented, Flaw::Invented)];
    let flaws = flaws.into_iter().filter(|(there, _)| *there);
    Found::Flaws(flaws.map(|(_, flaw)| flaw).collect())
}

/// What is wrong with what a look shows.
fn behind(ops: &[Op], look: &Op, shown: &BTreeSet<String>) -> Option<Flaw> {
    let leaves: Vec<Option<&Op>> = shown.iter().map(|id| leave(ops, &look.key, id)).collect();
    let stay = leaves.iter().filter(|leave| {
        // Who leaves after the look has the name until then.
        leave.is_none_or(|leave| look.precedes(leave))
    });
    if stay.count() > 1 {
        return Some(Flaw::Twice);
    }
    let gone = leaves
        .iter()
        .flatten()
        .find(|leave| leave.is_done() && leave.precedes(look));
    if let Some(leave) = gone {
        return Some(if leave.client == look.client {
            Flaw::Unseen
        } else {
            Flaw::Unordered
        });
    }
    // Each was seen at its own moment: nobody promises that a list is of one.
    (shown.len() > 1).then_some(Flaw::Unordered)
}

/// The id that an operation was told the name is for.
fn claimed<'a>(op: &'a Op, name: &str) -> Option<&'a str> {
    if !op.is_done() || op.written() != Some(name) {
        return None;
    }
    match (op.kind, &op.output) {
        (Kind::Create, Output::Value(Some(id))) => Some(id),
        (Kind::Write, _) => Some(&op.key),
        _ => None,
    }
}

/// Whether an operation may have given a name to a resource.
fn may_give(op: &Op, name: &str, id: &str) -> bool {
    let fits = match (op.kind, &op.output) {
        (Kind::Create, Output::Value(Some(own))) => own == id,
        (Kind::Create, _) => true,
        (Kind::Write, _) => op.key == id,
        _ => false,
    };
    fits && op.may_be_done() && op.written() == Some(name)
}

/// The rename by which a resource may have left a name.
fn leave<'a>(ops: &'a [Op], name: &str, id: &str) -> Option<&'a Op> {
    ops.iter().find(|op| {
        op.kind == Kind::Write && op.key == id && op.may_be_done() && op.written() != Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{op, open, refused};
    use super::*;

    fn create(client: u32, name: &str, id: &str, from: u64, to: u64) -> Op {
        Op {
            input: Some(name.to_owned()),
            output: Output::Value(Some(id.to_owned())),
            ..op(client, Kind::Create, from, to)
        }
    }

    fn rename(client: u32, id: &str, name: &str, from: u64, to: u64) -> Op {
        Op {
            key: id.to_owned(),
            input: Some(name.to_owned()),
            ..op(client, Kind::Write, from, to)
        }
    }

    fn look(client: u32, name: &str, ids: &str, from: u64, to: u64) -> Op {
        Op {
            key: name.to_owned(),
            output: Output::Set(ids.chars().map(String::from).collect()),
            ..op(client, Kind::Look, from, to)
        }
    }

    fn check(ops: &[Op], expected: Option<Flaw>) {
        let expected = Found::Flaws(expected.into_iter().collect());
        assert_eq!(names(ops, &[("x", "a")]), expected, "{ops:?}");
    }

    #[test]
    fn a_name_is_given_once() {
        check(
            &[
                create(1, "n", "1", 0, 1),
                refused(create(2, "n", "2", 0, 1)),
            ],
            None,
        );
        check(
            &[create(1, "n", "1", 0, 1), open(create(2, "n", "2", 0, 1))],
            None,
        );
        check(
            &[create(1, "n", "1", 0, 1), create(2, "n", "2", 0, 1)],
            Some(Flaw::Twice),
        );
        // The same resource told twice is one.
        check(
            &[create(1, "n", "1", 0, 1), create(2, "n", "1", 0, 1)],
            None,
        );
        check(&[create(1, "x", "1", 0, 1)], Some(Flaw::Twice));
        check(
            &[rename(1, "a", "z", 0, 5), create(2, "x", "1", 2, 3)],
            None,
        );
        check(
            &[rename(1, "b", "n", 0, 5), rename(2, "c", "n", 2, 3)],
            Some(Flaw::Twice),
        );
    }

    #[test]
    fn looks_show_one_holder_and_the_present_one() {
        let gone = rename(1, "a", "z", 0, 5);
        check(&[gone.clone(), look(1, "x", "", 6, 7)], None);
        check(&[gone.clone(), look(1, "x", "a", 6, 7)], Some(Flaw::Unseen));
        check(
            &[gone.clone(), look(2, "x", "a", 6, 7)],
            Some(Flaw::Unordered),
        );
        check(&[gone.clone(), look(2, "x", "a", 4, 7)], None);
        check(
            &[gone.clone(), look(2, "x", "ab", 4, 7)],
            Some(Flaw::Unordered),
        );
        check(&[gone, look(2, "x", "bc", 4, 7)], Some(Flaw::Twice));
        check(&[look(0, "n", "12", 4, 7)], Some(Flaw::Twice));
        check(&[look(0, "n", "1", 4, 7)], Some(Flaw::Invented));
        check(
            &[refused(create(1, "n", "1", 0, 1)), look(0, "n", "1", 4, 7)],
            Some(Flaw::Invented),
        );
    }

    #[test]
    fn who_was_told_has_the_name_in_the_end() {
        let made = create(1, "n", "1", 0, 1);
        check(&[made.clone(), look(0, "n", "1", 6, 7)], None);
        check(&[made.clone(), look(2, "n", "", 6, 7)], None);
        check(&[made.clone(), look(0, "n", "", 6, 7)], Some(Flaw::Lost));
        check(
            &[made, look(0, "n", "", 6, 7), look(0, "n", "1", 8, 9)],
            None,
        );
    }
}
