//! A circular block bootstrap of the change of a figure.
//!
//! Blocks of √n neighbouring seconds are drawn with repetition from the series as a ring. The spread of the change over
//! the draws is its standard error; where seconds still hang together beyond a block, it is widened by what a process of
//! that correlation lacks. The interval has Student's quantile for the number of blocks, at a confidence that keeps all
//! figures together at 95 %, so that about one of twenty comparisons of equals says that they differ.

use rand_chacha::rand_core::Rng as _;

use super::series::{STATISTICS, Series, Statistic};
use crate::seed::Seed;

/// Draws.
const DRAWS: usize = 2_000;

/// Two series that are held against each other.
pub(super) struct Sides<'a> {
    a: &'a Series,
    b: &'a Series,
    paired: bool,
}

/// A change and the interval in which it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    /// The figure in A.
    pub(super) a: f64,
    /// The figure in B.
    pub(super) b: f64,
    /// A share of A, or a difference.
    pub(super) change: f64,
    /// Lower end of the interval.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
}

impl<'a> Sides<'a> {
    /// Both series; where they are paired, they have the same seconds.
    pub(super) fn new(a: &'a Series, b: &'a Series, paired: bool) -> Self {
        Self { a, b, paired }
    }

    /// Seconds in a block.
    pub(super) fn block(&self) -> usize {
        block(self.a.len().min(self.b.len()))
    }
}

/// The change of a figure; none where it is not in both runs.
pub(super) fn estimate(sides: &Sides<'_>, statistic: &Statistic, seed: Seed) -> Option<Estimate> {
    let block = sides.block();
    let (a, b) = (sides.a.parts(statistic), sides.b.parts(statistic));
    let change = |one: f64, other: f64| {
        if statistic.is_ratio {
            (other / one).ln()
        } else {
            other - one
        }
    };
    let (one, other) = (ratio(sum(&a))?, ratio(sum(&b))?);
    if statistic.is_ratio && (one <= 0.0 || other <= 0.0) {
        return None;
    }
    let (ring_a, ring_b) = (Ring::new(&a, block), Ring::new(&b, block));
    let mut rng = seed.rng();
    let mut drawn = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let starts: Vec<u64> = (0..ring_a.blocks()).map(|_| rng.next_u64()).collect();
        let from_a = ring_a.draw(&starts);
        let from_b = if sides.paired {
            ring_b.draw(&starts)
        } else {
            let starts: Vec<u64> = (0..ring_b.blocks()).map(|_| rng.next_u64()).collect();
            ring_b.draw(&starts)
        };
        if let (Some(one), Some(other)) = (ratio(from_a), ratio(from_b)) {
            drawn.push(change(one, other));
        }
    }
    drawn.retain(|value| value.is_finite());
    let freedom = if sides.paired {
        ring_a.blocks() - 1
    } else {
        ring_a.blocks() + ring_b.blocks() - 2
    };
    let lacking = lacking(
        f64::midpoint(correlation(&a, one), correlation(&b, other)),
        block,
    );
    let reach = deviation(&drawn) * lacking * quantile(freedom.max(1));
    let middle = change(one, other);
    // Rounding of equal sums is no change.
    let reach = reach.max(1e-12);
    let told = |value: f64| {
        if statistic.is_ratio {
            value.exp_m1()
        } else {
            value
        }
    };
    Some(Estimate {
        a: one,
        b: other,
        change: told(middle),
        low: told(middle - reach),
        high: told(middle + reach),
    })
}

/// Seconds in a block of a series of this length.
fn block(seconds: usize) -> usize {
    let mut root = 1;
    while (root + 1) * (root + 1) <= seconds {
        root += 1;
    }
    root
}

/// Sums from the start, over the series laid twice, so that any block is one subtraction.
struct Ring {
    sums: Vec<(f64, f64)>,
    length: usize,
    block: usize,
}

impl Ring {
    fn new(parts: &[(f64, f64)], block: usize) -> Self {
        let mut sums = vec![(0.0, 0.0)];
        let mut sum = (0.0, 0.0);
        for part in parts.iter().chain(parts) {
            sum = (sum.0 + part.0, sum.1 + part.1);
            sums.push(sum);
        }
        Self {
            sums,
            length: parts.len(),
            block: block.clamp(1, parts.len().max(1)),
        }
    }

    fn blocks(&self) -> usize {
        self.length.div_ceil(self.block).max(1)
    }

    fn draw(&self, starts: &[u64]) -> (f64, f64) {
        let length = self.length.max(1) as u64;
        let blocks = starts.iter().filter_map(|start| {
            let from = usize::try_from(start % length).ok()?;
            let (low, high) = (self.sums.get(from)?, self.sums.get(from + self.block)?);
            Some((high.0 - low.0, high.1 - low.1))
        });
        blocks.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }
}

fn sum(parts: &[(f64, f64)]) -> (f64, f64) {
    let add = |sum: (f64, f64), part: &(f64, f64)| (sum.0 + part.0, sum.1 + part.1);
    parts.iter().fold((0.0, 0.0), add)
}

fn ratio((above, below): (f64, f64)) -> Option<f64> {
    (below > 0.0).then(|| above / below)
}

#[expect(clippy::cast_precision_loss, reason = "counts of seconds and draws")]
fn number(count: usize) -> f64 {
    count as f64
}

fn deviation(values: &[f64]) -> f64 {
    let count = number(values.len().max(2));
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (count - 1.0)).sqrt()
}

/// How much a second of the figure is like the next, 0 to 0.9; what a short series hides of that is added.
fn correlation(parts: &[(f64, f64)], figure: f64) -> f64 {
    let off: Vec<f64> = parts.iter().map(|part| part.0 - figure * part.1).collect();
    let squares: f64 = off.iter().map(|value| value * value).sum();
    if squares <= 0.0 || off.len() < 2 {
        return 0.0;
    }
    let neighbours: f64 = off
        .windows(2)
        .map(|pair| pair.iter().product::<f64>())
        .sum();
    let seen = neighbours / squares;
    (seen + (1.0 + 3.0 * seen) / number(off.len())).clamp(0.0, 0.9)
}

/// By how much the spread of means of blocks is too small for seconds of this correlation.
fn lacking(correlation: f64, block: usize) -> f64 {
    let whole = (1.0 + correlation) / (1.0 - correlation);
    let mut within = 1.0;
    let mut power = 1.0;
    for lag in 1..block {
        power *= correlation;
        within += 2.0 * (1.0 - number(lag) / number(block)) * power;
    }
    (whole / within).max(1.0).sqrt()
}

/// Student's quantile for so many degrees of freedom, at the confidence of one of the figures.
fn quantile(freedom: usize) -> f64 {
    // The normal quantile at 1 - 0.05 / 5 / 2; the expansion is that of Fisher and Cornish.
    const NORMAL: f64 = 2.575_829_303_548_9;
    const _: () = assert!(STATISTICS.len() == 5);
    let (z, v) = (NORMAL, number(freedom));
    // Below five degrees the expansion is off: these are the quantiles themselves.
    match freedom {
        0 | 1 => 63.657,
        2 => 9.925,
        3 => 5.841,
        4 => 4.604,
        _ => {
            z + (z.powi(3) + z) / (4.0 * v)
                + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * v * v)
                + (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z)
                    / (384.0 * v.powi(3))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantile_is_that_of_the_tables() {
        for (freedom, expected) in [
            (2, 9.925),
            (4, 4.604),
            (5, 4.032),
            (10, 3.169),
            (30, 2.750),
            (1_000, 2.581),
        ] {
            assert!(
                (quantile(freedom) - expected).abs() < 0.03,
                "{freedom}: {}",
                quantile(freedom)
            );
        }
    }

    #[test]
    fn a_block_is_the_root_of_the_series() {
        for (seconds, expected) in [(0, 1), (1, 1), (10, 3), (60, 7), (600, 24)] {
            assert_eq!(block(seconds), expected);
        }
    }

    #[test]
    fn what_hangs_together_widens_the_interval() {
        assert!((lacking(0.0, 8) - 1.0).abs() < 1e-12);
        assert!(lacking(0.8, 4) > lacking(0.8, 20) && lacking(0.8, 20) > 1.0);
        let alike: Vec<(f64, f64)> = (0..60)
            .map(|nth: u32| (if nth % 20 < 10 { 1.0 } else { 3.0 }, 1.0))
            .collect();
        let mixed: Vec<(f64, f64)> = (0..60)
            .map(|nth: u32| (if nth.is_multiple_of(2) { 1.0 } else { 3.0 }, 1.0))
            .collect();
        assert!(correlation(&alike, 2.0) > 0.7);
        assert!(correlation(&mixed, 2.0) <= 0.0);
    }
}
