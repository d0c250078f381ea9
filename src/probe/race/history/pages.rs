//! A walk over pages while others come and go: what stands still is met once.

use super::{Flaw, Found, Kind, Op, Output};

/// Judges the pages of one walk, all of it, over what stood still meanwhile.
pub(in crate::probe::race) fn pages(ops: &[Op], standing: &[&str]) -> Found {
    let pages = ops
        .iter()
        .filter(|op| op.kind == Kind::Look && op.is_done());
    let pages: Vec<&Op> = pages.collect();
    let times = |id: &str| {
        let shows = |page: &&&Op| matches!(&page.output, Output::Set(ids) if ids.contains(id));
        pages.iter().filter(shows).count()
    };
    let counts: Vec<usize> = standing.iter().map(|id| times(id)).collect();
    let missed = counts.contains(&0);
    let doubled = counts.iter().any(|count| *count > 1);
    let flaws = [(missed, Flaw::Lost), (doubled, Flaw::Twice)];
    let flaws = flaws.into_iter().filter(|(there, _)| *there);
    Found::Flaws(flaws.map(|(_, flaw)| flaw).collect())
}

#[cfg(test)]
mod tests {
    use super::super::sample::op;
    use super::*;

    #[test]
    fn what_stands_still_is_met_once() {
        let page = |ids: &str| Op {
            output: Output::Set(ids.chars().map(String::from).collect()),
            ..op(1, Kind::Look, 0, 1)
        };
        let check = |walk: &[&str], expected: Vec<Flaw>| {
            let ops: Vec<Op> = walk.iter().map(|ids| page(ids)).collect();
            assert_eq!(pages(&ops, &["a", "b"]), Found::Flaws(expected), "{walk:?}");
        };
        check(&["xa", "b"], vec![]);
        check(&["xa", "y"], vec![Flaw::Lost]);
        check(&["xa", "ab"], vec![Flaw::Twice]);
        check(&["xa", "a"], vec![Flaw::Lost, Flaw::Twice]);
    }
}
