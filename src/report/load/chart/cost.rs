//! What a change of memberships costs by the size of the group, a line for each size of batch.

use std::collections::BTreeSet;

use super::Chart;
use super::axis::{Axis, number, plain, tick};
use super::plot::{Line, Plot, Size, svg};
use crate::record::load::{Cost, LoadRecord};
use crate::report::load::figure;

/// Classes of lines, in their order.
const CLASSES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// The chart; none where the profile has no such costs.
pub(super) fn chart(record: &LoadRecord) -> Option<Chart> {
    if record.cost.is_empty() {
        return None;
    }
    let batches: BTreeSet<u64> = record.cost.iter().map(|cell| cell.batch).collect();
    let named: Vec<(&'static str, u64)> =
        CLASSES.into_iter().zip(batches.iter().copied()).collect();
    let draw = |size| svg(&plot(&record.cost, &named), size);
    let legend = named.iter().map(|(class, batch)| {
        let word = match batch {
            1 => "1 member a request".to_owned(),
            batch => format!("{batch} members a request"),
        };
        (*class, word)
    });
    Some(Chart {
        id: "_cost",
        title: "Cost of a membership change",
        note: "Median response time of one PATCH by the members that the group grows to; both axes are logarithmic. A flat line costs the same in a large group as in a small one; one that rises by a decade a decade costs in proportion to the group.".to_owned(),
        legend: legend.collect(),
        wide: draw(Size::Wide),
        slim: draw(Size::Slim),
    })
}

fn plot(cells: &[Cost], named: &[(&'static str, u64)]) -> Plot {
    let members = cells.iter().map(|cell| number(cell.members.max(1)));
    let (low, high) = members.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let times = cells.iter().map(|cell| number(cell.p50.max(1)));
    let (fast, slow) = times.fold((f64::INFINITY, 0.0_f64), |(fast, slow), value| {
        (fast.min(value), slow.max(value))
    });
    let lines = named.iter().map(|(class, batch)| {
        let mut of: Vec<&Cost> = cells.iter().filter(|cell| cell.batch == *batch).collect();
        of.sort_by_key(|cell| cell.members);
        let points = of
            .iter()
            .map(|cell| Some((number(cell.members.max(1)), number(cell.p50.max(1)))));
        Line {
            dots: true,
            ..Line::new(class, points.collect())
        }
    });
    let x = Axis::decades(low, high, plain);
    Plot {
        said: format!(
            "Median cost of a membership change, from {} to {}",
            tick(fast),
            tick(slow)
        ),
        tips: tips(cells),
        x,
        y: Axis::decades(fast, slow, tick),
        bands: Vec::new(),
        rules: Vec::new(),
        lines: lines.collect(),
        bars: Vec::new(),
    }
}

/// One tip around each size of group, with the figures of all batches.
fn tips(cells: &[Cost]) -> Vec<(f64, f64, String)> {
    let sizes: BTreeSet<u64> = cells.iter().map(|cell| cell.members).collect();
    let of = |size: u64| {
        let lines = cells
            .iter()
            .filter(|cell| cell.members == size)
            .map(|cell| {
                format!(
                    "{} at once: p50 {}, p99 {}",
                    cell.batch,
                    figure::time(cell.p50),
                    figure::time(cell.p99)
                )
            });
        lines.collect::<Vec<_>>().join("; ")
    };
    sizes
        .iter()
        .map(|size| {
            let at = number((*size).max(1));
            (at / 1.8, at * 1.8, format!("{size} members: {}", of(*size)))
        })
        .collect()
}
