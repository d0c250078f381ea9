//! Laws: what a server without a mistake answers is never called wrong, whatever is left without an answer.
//!
//! Each history is made of operations that take effect one after another; requests and answers lie around the
//! moment of the effect, so that operations overlap as they like.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::sample::{op, open, read, refused, write};
use super::{Found, Kind, OBSERVER, Op, Output, gone, names, register, set, version};

/// Who, what, how long before and after its effect, and its fate: see [`fate`].
type Draw = (u32, u8, u64, u64, u8);

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    vec((1_u32..6, 0_u8..4, 0_u64..9, 0_u64..9, 0_u8..8), 0..30)
}

/// The moment of the effect of the operation at this place.
fn moment(at: usize) -> u64 {
    20 + 3 * at as u64
}

/// Whether it takes effect, and the operation as its client sees it: some are never answered, done or not.
fn fate(drawn: u8, op: Op) -> (bool, Op) {
    match drawn {
        0 => (false, open(op)),
        1 => (true, open(op)),
        2 => (false, refused(op)),
        _ => (true, op),
    }
}

/// When everything has been answered.
const END: u64 = 1_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_register_that_is_one_is_never_wrong(draws in draws()) {
        let (mut value, mut ops) = ("0".to_owned(), Vec::new());
        for (at, (client, what, before, after, drawn)) in draws.into_iter().enumerate() {
            let (from, to) = (moment(at) - before, moment(at) + after);
            if what > 1 {
                ops.push(read(client, &value, from, to));
                continue;
            }
            let new = format!("v{at}");
            let (effective, op) = fate(drawn, write(client, &new, from, to));
            if effective {
                value = new;
            }
            ops.push(op);
        }
        ops.push(read(OBSERVER, &value, END, END + 1));
        prop_assert_eq!(register(&ops, Some("0")), Found::nothing());
    }

    #[test]
    fn a_set_that_is_one_is_never_wrong(draws in draws()) {
        let initial = BTreeSet::from(["initial".to_owned()]);
        let (mut elements, mut ops) = (initial.clone(), Vec::<Op>::new());
        for (at, (client, what, before, after, drawn)) in draws.into_iter().enumerate() {
            let (from, to) = (moment(at) - before, moment(at) + after);
            // An element is removed once, after its client was told that it had been added.
            let added = ops.iter().find(|add| {
                let once = !ops.iter().any(|it| it.kind == Kind::Remove && it.input == add.input);
                add.kind == Kind::Add && add.is_done() && add.to.as_millis() < u128::from(from) && once
            });
            let (effective, op) = match (what, added.cloned()) {
                (0, _) => {
                    let new = Op { input: Some(format!("e{at}")), ..op(client, Kind::Add, from, to) };
                    fate(drawn, new)
                }
                (1, Some(add)) => {
                    let old = Op { input: add.input, ..op(add.client, Kind::Remove, from, to) };
                    fate(drawn, old)
                }
                _ => {
                    let output = Output::Set(elements.clone());
                    (false, Op { output, ..op(client, Kind::Look, from, to) })
                }
            };
            if let (true, Some(element)) = (effective, op.input.clone()) {
                match op.kind {
                    Kind::Add => elements.insert(element),
                    _ => elements.remove(&element),
                };
            }
            ops.push(op);
        }
        let output = Output::Set(elements);
        ops.push(Op { output, ..op(OBSERVER, Kind::Look, END, END + 1) });
        prop_assert_eq!(set(&ops, &initial), Found::nothing());
    }

    #[test]
    fn versions_that_guard_are_never_wrong(draws in draws()) {
        let (mut tag, mut value, mut ops) = (0_usize, "0".to_owned(), Vec::<Op>::new());
        for (at, (client, what, before, after, drawn)) in draws.into_iter().enumerate() {
            let (from, to) = (moment(at) - before, moment(at) + after);
            if what > 1 {
                let shown = read(client, &value, from, to);
                ops.push(Op { tag: Some(tag.to_string()), ..shown });
                continue;
            }
            // Named is the present version, or one that is over.
            let named = tag.saturating_sub(usize::from(what));
            let new = format!("v{at}");
            let swap = Op {
                input: Some(new.clone()),
                expects: Some(named.to_string()),
                output: Output::Value(Some(new.clone())),
                tag: Some((tag + 1).to_string()),
                ..op(client, Kind::Swap, from, to)
            };
            let (effective, swap) = if named == tag { fate(drawn, swap) } else { (false, refused(swap)) };
            if effective {
                (tag, value) = (tag + 1, new);
            }
            ops.push(swap);
        }
        prop_assert_eq!(version(&ops), Found::nothing());
    }

    #[test]
    fn names_that_are_unique_are_never_wrong(draws in draws()) {
        let (mut holders, mut ops) = (BTreeMap::<String, String>::new(), Vec::<Op>::new());
        for (at, (client, what, before, after, drawn)) in draws.into_iter().enumerate() {
            let (from, to) = (moment(at) - before, moment(at) + after);
            let name = if drawn % 2 == 0 { "x" } else { "y" };
            if what > 1 {
                let output = Output::Set(holders.get(name).cloned().into_iter().collect());
                ops.push(Op { key: name.to_owned(), output, ..op(client, Kind::Look, from, to) });
                continue;
            }
            let id = format!("id{at}");
            let create = Op {
                input: Some(name.to_owned()),
                output: Output::Value(Some(id.clone())),
                ..op(client, Kind::Create, from, to)
            };
            let free = !holders.contains_key(name);
            let (effective, create) = if free { fate(drawn, create) } else { (false, refused(create)) };
            if effective {
                holders.insert(name.to_owned(), id);
            }
            // An answer that did not come shows no id.
            let unknown = !create.is_done();
            ops.push(Op { output: if unknown { Output::Nothing } else { create.output }, ..create });
        }
        for name in ["x", "y"] {
            let output = Output::Set(holders.get(name).cloned().into_iter().collect());
            ops.push(Op { key: name.to_owned(), output, ..op(OBSERVER, Kind::Look, END, END + 1) });
        }
        prop_assert_eq!(names(&ops, &[]), Found::nothing());
    }

    #[test]
    fn what_is_deleted_for_good_is_never_wrong(draws in draws()) {
        let (mut there, mut ops) = (true, Vec::<Op>::new());
        for (at, (client, what, before, after, drawn)) in draws.into_iter().enumerate() {
            let (from, to) = (moment(at) - before, moment(at) + after);
            let (effective, op) = match what {
                0 if there => fate(drawn, op(client, Kind::Delete, from, to)),
                1 if there => (false, write(client, "new", from, to)),
                0 | 1 => (false, refused(write(client, "new", from, to))),
                _ if there => (false, read(client, "7", from, to)),
                _ => (false, Op { output: Output::Gone, ..op(client, Kind::Read, from, to) }),
            };
            there &= !effective;
            ops.push(op);
        }
        let ids = if there { BTreeSet::from(["7".to_owned()]) } else { BTreeSet::new() };
        ops.push(Op { output: Output::Set(ids), ..op(OBSERVER, Kind::Look, END, END + 1) });
        prop_assert_eq!(gone(&ops, "7"), Found::nothing());
    }
}
