//! Whether a history of one register is linearizable: Wing and Gong's search with Lowe's memo, within limits.
//!
//! An operation takes effect at one moment between its request and its answer; one without an answer at any
//! moment after its request, or never.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::{Kind, Op, Outcome, Output};

/// Most operations on one key.
const OPERATIONS: usize = 200;

/// Most clients.
const CLIENTS: usize = 10;

/// How long one search may take.
const TIME: Duration = Duration::from_millis(100);

/// How many states are remembered.
const MEMO: usize = 200_000;

/// What the search says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Linearizable,
    Not,
    /// Beyond the limits.
    Unknown,
}

/// Whether the reads and writes of one key have an order that explains them; `initial` is what the register held.
pub(super) fn linearizable(ops: &[Op], initial: Option<&str>) -> Answer {
    let mut values: Vec<Option<&str>> = vec![initial];
    let mut number = |value| {
        values
            .iter()
            .position(|known| *known == value)
            .unwrap_or_else(|| {
                values.push(value);
                values.len() - 1
            })
    };
    let mut steps = Vec::new();
    for op in ops {
        let act = match (op.kind, op.outcome, &op.output) {
            (Kind::Write, Outcome::Done | Outcome::Open, _) => Act::Write(number(op.written())),
            (Kind::Read, Outcome::Done, Output::Value(value)) => {
                Act::Read(number(value.as_deref()))
            }
            _ => continue,
        };
        steps.push(Step {
            act,
            from: op.from,
            to: (op.outcome == Outcome::Done).then_some(op.to),
        });
    }
    let clients: HashSet<u32> = ops.iter().map(|op| op.client).collect();
    if steps.len() > OPERATIONS || clients.len() > CLIENTS + 1 {
        return Answer::Unknown;
    }
    let mut search = Search {
        steps,
        memo: HashSet::new(),
        end: Instant::now() + TIME,
    };
    match search.from(Taken::default(), 0) {
        Ok(true) => Answer::Linearizable,
        Ok(false) => Answer::Not,
        Err(Exhausted) => Answer::Unknown,
    }
}

#[derive(Clone, Copy)]
enum Act {
    Read(usize),
    Write(usize),
}

struct Step {
    act: Act,
    from: Duration,
    /// None where it is open.
    to: Option<Duration>,
}

/// Steps that took effect, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Taken([u64; 4]);

impl Taken {
    fn has(self, at: usize) -> bool {
        self.0
            .get(at / 64)
            .is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    fn with(mut self, at: usize) -> Self {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
        self
    }
}

/// The limits are reached.
struct Exhausted;

struct Search {
    steps: Vec<Step>,
    memo: HashSet<(Taken, usize)>,
    end: Instant,
}

impl Search {
    /// Whether what is left can follow in some order.
    fn from(&mut self, taken: Taken, value: usize) -> Result<bool, Exhausted> {
        let left = |at: &usize| !taken.has(*at);
        let ends = (0..self.steps.len()).filter(left);
        let ends = ends.filter_map(|at| self.steps.get(at)?.to);
        // What begins after the first end of those left can't be next.
        let Some(first_end) = ends.min() else {
            return Ok(true);
        };
        if !self.memo.insert((taken, value)) {
            return Ok(false);
        }
        if self.memo.len() > MEMO || Instant::now() > self.end {
            return Err(Exhausted);
        }
        let mut writes = Vec::new();
        for at in (0..self.steps.len()).filter(left) {
            match self.steps.get(at) {
                Some(step) if step.from > first_end => {}
                // A read that fits changes nothing: it may as well be next.
                Some(Step {
                    act: Act::Read(seen),
                    ..
                }) if *seen == value => return self.from(taken.with(at), value),
                Some(Step {
                    act: Act::Write(new),
                    ..
                }) => writes.push((at, *new)),
                _ => {}
            }
        }
        for (at, new) in writes {
            if self.from(taken.with(at), new)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::sample::{open, read, refused, write};
    use super::*;

    fn check(ops: &[Op], expected: bool) {
        let wanted = if expected {
            Answer::Linearizable
        } else {
            Answer::Not
        };
        assert_eq!(linearizable(ops, Some("0")), wanted, "{ops:?}");
    }

    #[test]
    fn what_an_order_explains_is_linearizable() {
        check(&[], true);
        check(&[read(1, "0", 0, 1)], true);
        check(&[read(1, "x", 0, 1)], false);
        check(&[write(1, "1", 0, 2), read(2, "0", 1, 3)], true);
        check(&[write(1, "1", 0, 2), read(2, "0", 3, 4)], false);
        // Times that touch are concurrent.
        check(&[write(1, "1", 0, 2), read(2, "0", 2, 4)], true);
        check(
            &[write(1, "1", 0, 9), read(2, "1", 1, 2), read(3, "0", 3, 4)],
            false,
        );
        // An open write may take effect late, or never; a refused one never does.
        check(
            &[
                open(write(1, "1", 0, 1)),
                read(2, "0", 2, 3),
                read(2, "1", 4, 5),
            ],
            true,
        );
        check(&[open(write(1, "1", 0, 1)), read(2, "0", 2, 3)], true);
        check(&[refused(write(1, "1", 0, 1)), read(2, "1", 2, 3)], false);
    }

    #[test]
    fn what_is_too_large_is_unknown() {
        let many: Vec<Op> = (0..=200).map(|at| read(1, "0", at, at)).collect();
        assert_eq!(linearizable(&many, Some("0")), Answer::Unknown);
        let crowd: Vec<Op> = (0..12).map(|at| read(at, "0", 0, 1)).collect();
        assert_eq!(linearizable(&crowd, Some("0")), Answer::Unknown);
    }

    #[test]
    fn a_search_that_does_not_end_is_given_up() {
        // Forty writes at once, and two reads that only one order in very many brings about.
        let mut ops: Vec<Op> = (0..40)
            .map(|at| write(at % 10, &format!("v{at}"), 0, 10))
            .collect();
        ops.push(read(1, "never", 11, 12));
        assert_eq!(linearizable(&ops, Some("0")), Answer::Unknown);
    }

    /// The same by trying every order of every choice of open writes.
    fn by_force(ops: &[Op]) -> bool {
        fn place(ops: &[Op], left: &[usize], value: &str) -> bool {
            let done = |at: &usize| ops[*at].outcome == Outcome::Done;
            if !left.iter().any(done) {
                return true;
            }
            left.iter().any(|at| {
                let op = &ops[*at];
                let early = left
                    .iter()
                    .any(|other| done(other) && ops[*other].precedes(op));
                let rest: Vec<usize> = left.iter().copied().filter(|it| it != at).collect();
                let next = match &op.output {
                    Output::Value(seen) if seen.as_deref() != Some(value) => None,
                    Output::Value(_) => Some(value),
                    _ => op.written(),
                };
                !early && next.is_some_and(|next| place(ops, &rest, next))
            })
        }
        let relevant = |op: &&Op| match op.kind {
            Kind::Write => op.outcome != Outcome::Refused,
            _ => op.outcome == Outcome::Done,
        };
        let ops: Vec<Op> = ops.iter().filter(relevant).cloned().collect();
        place(&ops, &(0..ops.len()).collect::<Vec<_>>(), "0")
    }

    prop_compose! {
        fn operation()(
            client in 1_u32..4,
            writes in any::<bool>(),
            value in 0_u8..3,
            from in 0_u64..12,
            length in 0_u64..5,
            fate in 0_u8..8,
        ) -> Op {
            let value = value.to_string();
            let op = if writes {
                write(client, &value, from, from + length)
            } else {
                read(client, &value, from, from + length)
            };
            match fate {
                0 | 1 => open(op),
                2 => refused(op),
                _ => op,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_search_agrees_with_trying_all_orders(ops in vec(operation(), 0..7)) {
            let expected = if by_force(&ops) { Answer::Linearizable } else { Answer::Not };
            prop_assert_eq!(linearizable(&ops, Some("0")), expected);
        }

        #[test]
        fn what_one_register_answered_is_linearizable(
            calls in vec((1_u32..6, any::<bool>(), 0_u64..4, 0_u64..4, any::<bool>()), 0..40),
        ) {
            // Each takes effect at its own moment; requests and answers lie around it.
            let mut value = "0".to_owned();
            let mut ops = Vec::new();
            for (at, (client, writes, before, after, answered)) in calls.into_iter().enumerate() {
                let moment = 10 + 2 * at as u64;
                let (from, to) = (moment - before, moment + after);
                let op = if writes {
                    value = format!("v{at}");
                    write(client, &value, from, to)
                } else {
                    read(client, &value, from, to)
                };
                ops.push(if answered { op } else { open(op) });
            }
            prop_assert_ne!(linearizable(&ops, Some("0")), Answer::Not);
        }
    }
}
