//! A set to which several clients add, and from which they remove, elements of their own; in linear time.

use std::collections::BTreeSet;

use super::{Flaw, Found, Kind, OBSERVER, Op, Output};

/// Judges the operations on one set. An element is added once, and removed at most once, after that; those of
/// `initial` are never removed but by a `Remove` of the log. The last look of the observer began when all others
/// had ended.
pub(in crate::probe::race) fn set(ops: &[Op], initial: &BTreeSet<String>) -> Found {
    let looks: Vec<(&Op, &BTreeSet<String>)> = ops
        .iter()
        .filter(|op| op.kind == Kind::Look && op.is_done())
        .filter_map(|op| match &op.output {
            Output::Set(set) => Some((op, set)),
            _ => None,
        })
        .collect();
    let last = looks.iter().rfind(|(look, _)| look.client == OBSERVER);
    let (mut flaws, mut unseen) = (BTreeSet::new(), BTreeSet::new());
    for (look, set) in &looks {
        let is_last = last.is_some_and(|(last, _)| last.id == look.id && last.from == look.from);
        for element in *set {
            let known = initial.contains(element)
                || writes(ops, Kind::Add, element)
                    .any(|add| add.may_be_done() && !look.precedes(add));
            if !known {
                flaws.insert(Flaw::Invented);
            }
            let removed = writes(ops, Kind::Remove, element)
                .find(|remove| remove.is_done() && remove.precedes(look));
            if let Some(remove) = removed {
                if is_last {
                    flaws.insert(Flaw::Resurrected);
                } else {
                    unseen.insert(of(remove, look));
                }
            }
        }
        let added = ops.iter().filter(|op| op.kind == Kind::Add && op.is_done());
        let added = added.filter(|add| add.precedes(look));
        let added = added.filter_map(|add| Some((add.written()?, Some(add))));
        for (element, add) in added.chain(initial.iter().map(|it| (it.as_str(), None))) {
            let may_be_gone = writes(ops, Kind::Remove, element)
                .any(|remove| remove.may_be_done() && !look.precedes(remove));
            if set.contains(element) || may_be_gone {
                continue;
            }
            if is_last {
                flaws.insert(Flaw::Lost);
            } else {
                unseen.insert(add.map_or(Flaw::Unordered, |add| of(add, look)));
            }
        }
    }
    let worst = unseen.into_iter().take(1).collect();
    let flaws = if flaws.is_empty() { worst } else { flaws };
    Found::Flaws(flaws.into_iter().collect())
}

/// What it is that a look does not show a change.
fn of(change: &Op, look: &Op) -> Flaw {
    if change.client == look.client {
        Flaw::Unseen
    } else {
        Flaw::Unordered
    }
}

fn writes<'a>(ops: &'a [Op], kind: Kind, element: &'a str) -> impl Iterator<Item = &'a Op> {
    ops.iter()
        .filter(move |op| op.kind == kind && op.written() == Some(element))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{op, open, refused};
    use super::*;

    fn change(client: u32, kind: Kind, element: &str, from: u64, to: u64) -> Op {
        Op {
            input: Some(element.to_owned()),
            ..op(client, kind, from, to)
        }
    }

    fn add(client: u32, element: &str, from: u64, to: u64) -> Op {
        change(client, Kind::Add, element, from, to)
    }

    fn remove(client: u32, element: &str, from: u64, to: u64) -> Op {
        change(client, Kind::Remove, element, from, to)
    }

    fn look(client: u32, elements: &str, from: u64, to: u64) -> Op {
        let set = elements.chars().map(String::from).collect();
        Op {
            output: Output::Set(set),
            ..op(client, Kind::Look, from, to)
        }
    }

    fn check(ops: &[Op], expected: Option<Flaw>) {
        let expected = Found::Flaws(expected.into_iter().collect());
        let initial = BTreeSet::from(["i".to_owned()]);
        assert_eq!(set(ops, &initial), expected, "{ops:?}");
    }

    #[test]
    fn what_was_acknowledged_is_there_in_the_end() {
        check(&[add(1, "a", 0, 1), look(0, "ia", 5, 6)], None);
        check(&[add(1, "a", 0, 1), look(0, "i", 5, 6)], Some(Flaw::Lost));
        check(&[add(1, "a", 0, 1), look(0, "a", 5, 6)], Some(Flaw::Lost));
        check(&[open(add(1, "a", 0, 1)), look(0, "i", 5, 6)], None);
        check(&[open(add(1, "a", 0, 1)), look(0, "ia", 5, 6)], None);
        check(
            &[refused(add(1, "a", 0, 1)), look(0, "ia", 5, 6)],
            Some(Flaw::Invented),
        );
        check(&[look(0, "iz", 5, 6)], Some(Flaw::Invented));
    }

    #[test]
    fn what_was_removed_stays_away() {
        let both = [add(1, "a", 0, 1), remove(1, "a", 2, 3)];
        check(&[&both[..], &[look(0, "i", 5, 6)]].concat(), None);
        check(
            &[&both[..], &[look(0, "ia", 5, 6)]].concat(),
            Some(Flaw::Resurrected),
        );
        let unsure = [add(1, "a", 0, 1), open(remove(1, "a", 2, 3))];
        check(&[&unsure[..], &[look(0, "i", 5, 6)]].concat(), None);
        check(&[&unsure[..], &[look(0, "ia", 5, 6)]].concat(), None);
    }

    #[test]
    fn a_look_that_is_behind_is_told_from_a_loss() {
        let end = look(0, "ia", 9, 10);
        check(
            &[add(1, "a", 0, 1), look(1, "i", 2, 3), end.clone()],
            Some(Flaw::Unseen),
        );
        check(
            &[add(1, "a", 0, 1), look(2, "i", 2, 3), end.clone()],
            Some(Flaw::Unordered),
        );
        check(&[add(1, "a", 0, 4), look(2, "i", 2, 3), end], None);
    }
}
