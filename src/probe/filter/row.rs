//! Several tests in a row, joined by `and` and `or`.

use crate::scim::filter::{AttributePath, Filter};

/// How the tests of a row are joined.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row {
    Alternatives,
    Conditions,
    /// By turns, as `and` and `or` bind.
    Mixed,
    /// By turns, all before the word being one operand.
    Groups,
}

/// Joins a row; without `or` there is `and` alone.
pub(super) fn in_a_row(all: Vec<Filter>, way: Row, first: bool, or: bool) -> Filter {
    let mut all = all.into_iter();
    let mut whole = all.next().unwrap_or_else(anything);
    // Long conjunctions select nothing, whatever is wrong with them.
    let all = all.take(if matches!(way, Row::Conditions) { 3 } else { 6 });
    for (at, next) in all.enumerate() {
        let turn = (at % 2 == 0) == first;
        whole = match (way, whole) {
            (Row::Alternatives, whole) => join(whole, next, or),
            (Row::Conditions, whole) => join(whole, next, false),
            (Row::Mixed, Filter::Or(a, b)) if !turn => {
                Filter::Or(a, Box::new(join(*b, next, false)))
            }
            (Row::Mixed | Row::Groups, whole) => join(whole, next, or && turn),
        };
    }
    whole
}

pub(super) fn join(a: Filter, b: Filter, or: bool) -> Filter {
    if or {
        Filter::Or(Box::new(a), Box::new(b))
    } else {
        Filter::And(Box::new(a), Box::new(b))
    }
}

/// A test that every user meets.
pub(super) fn anything() -> Filter {
    Filter::Present(AttributePath::new("userName", None))
}
