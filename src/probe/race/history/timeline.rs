//! A history drawn in text, time to the right, one line an operation.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Kind, OBSERVER, Op, Outcome, Output};

/// Columns of a bar.
const COLUMNS: u32 = 40;

/// Longest part of a value that is shown.
const SHOWN: usize = 40;

/// The operations in the order of their beginning. A bar goes from the request to the answer, and ends in `>`
/// where there was none that says what was done.
pub(in crate::probe::race) fn timeline(ops: &[Op]) -> String {
    let mut ops: Vec<&Op> = ops.iter().collect();
    ops.sort_by_key(|op| (op.from, op.to));
    let begin = ops.iter().map(|op| op.from).min().unwrap_or_default();
    let end = ops.iter().map(|op| op.to).max().unwrap_or_default();
    let column = |time: Duration| {
        let share = time.saturating_sub(begin).as_secs_f64()
            / end.saturating_sub(begin).as_secs_f64().max(1e-9);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share is between 0 and 1"
        )]
        let column = (share * f64::from(COLUMNS)) as usize;
        column
    };
    let mut text = String::new();
    for op in ops {
        let from = column(op.from);
        let to = column(op.to).max(from + 1);
        let mut bar = format!("{}{}", " ".repeat(from), "=".repeat(to - from));
        if op.outcome == Outcome::Open {
            bar.push('>');
        }
        let who = match op.client {
            OBSERVER => "end".to_owned(),
            client => format!("c{client}"),
        };
        let _ = writeln!(
            text,
            "{who:<3} |{bar:<42}| {} ({:.1}-{:.1} ms)",
            words(op),
            op.from.as_secs_f64() * 1e3,
            op.to.as_secs_f64() * 1e3,
        );
    }
    text
}

/// What was asked and what was told.
fn words(op: &Op) -> String {
    let verb = match op.kind {
        Kind::Create => "create",
        Kind::Read => "read",
        Kind::Write => "set",
        Kind::Swap => "set if unchanged",
        Kind::Add => "add",
        Kind::Remove => "remove",
        Kind::Delete => "delete",
        Kind::Look => "look",
    };
    let mut words = vec![verb.to_owned()];
    if let Some(input) = &op.input {
        words.push(short(input));
    }
    if let Some(expects) = &op.expects {
        words.push(format!("at {}", short(expects)));
    }
    words.push(match (op.status, op.outcome) {
        (None, Outcome::Refused) => "not sent".to_owned(),
        (None, _) => "no answer".to_owned(),
        (Some(status), _) => status.to_string(),
    });
    match &op.output {
        Output::Nothing => {}
        Output::Gone => words.push("nothing there".to_owned()),
        Output::Value(None) => words.push("no value".to_owned()),
        Output::Value(Some(value)) => words.push(format!("shows {}", short(value))),
        Output::Set(set) => {
            let elements: Vec<String> = set.iter().map(|one| short(one)).collect();
            words.push(format!("shows {{{}}}", elements.join(", ")));
        }
    }
    if let Some(tag) = &op.tag {
        words.push(format!("tag {}", short(tag)));
    }
    words.join(" ")
}

/// A value in few characters; its end tells it from others, for ids and names begin alike.
fn short(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN {
        return text.to_owned();
    }
    format!("…{}", text.chars().skip(count - SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{open, read, write};
    use super::*;

    #[test]
    fn rivals_stand_below_each_other_with_bars_to_scale() {
        let drawn = timeline(&[
            read(2, "0", 6, 10),
            write(1, "a", 0, 5),
            open(write(3, "b", 5, 10)),
        ]);
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(
            lines,
            [
                "c1  |====================                      | set a 200 (0.0-5.0 ms)",
                "c3  |                    ====================> | set b no answer (5.0-10.0 ms)",
                "c2  |                        ================  | read 200 shows 0 (6.0-10.0 ms)",
            ]
        );
    }

    #[test]
    fn a_moment_is_a_bar_too_and_long_values_keep_their_end() {
        let name = format!("{}-17", "x".repeat(60));
        let drawn = timeline(&[write(0, &name, 3, 3)]);
        assert!(drawn.contains("|=") && drawn.contains("xx-17 "), "{drawn}");
        assert!(drawn.starts_with("end") && drawn.contains('…'));
        assert_eq!(timeline(&[]), "");
    }
}
