//! Compares two load runs: what changed, and whether noise explains it.
//!
//! The one-second series of both runs are compared by a block bootstrap ([`bootstrap`]): neighbouring seconds are alike,
//! so they are drawn in blocks. What is said holds for the noise within the runs; what differs from one run to the next,
//! such as another neighbour on the machine, only repeated runs can show.

mod bootstrap;
mod config;
mod correctness;
mod render;
mod series;

use serde::Serialize;

use crate::record::load::{LoadRecord, Model};
use crate::seed::Seed;
use bootstrap::{Estimate, Sides};
use series::Series;

pub use config::Incomparable;
pub use correctness::WrongChange;
pub use render::{DIFF_FORMATS, render_diff};

/// What stands in `format`.
const FORMAT: &str = "scimitar.load-diff";

/// Seconds that both runs must have measured.
const SHORTEST: usize = 20;

/// How a comparison is made.
#[derive(Clone, Copy, Debug)]
pub struct DiffOptions {
    /// How much worse a figure may get, as a share of what it was.
    pub tolerance: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// The comparison of two load runs, A before and B after.
#[derive(Clone, Debug, Serialize)]
pub struct LoadDiff {
    /// Always `scimitar.load-diff`.
    pub format: String,
    /// Version of the format.
    pub version: u32,
    /// Name of the profile of both.
    pub profile: String,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// Why the runs say nothing about their targets; then there is no verdict.
    pub no_verdict: Vec<String>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// How much worse a figure may get, as a share of what it was.
    pub tolerance: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Seconds of A and of B that were compared.
    pub seconds: [usize; 2],
    /// Seconds in a block.
    pub block: usize,
    /// Whether each second of A was held against the same second of B.
    pub paired: bool,
    /// What was compared.
    pub metrics: Vec<Metric>,
    /// What was answered wrongly in either run, by kind.
    pub correctness: Vec<WrongChange>,
    /// Single figures of the operations that both have, for reading on; no noise is known of them.
    pub operations: Vec<OperationChange>,
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// The runs can't be compared for what they are.
    NoVerdict,
    /// Something is worse than before, by more than is tolerated and than noise explains.
    Regression,
    /// Something is worse than noise explains, within what is tolerated.
    Tolerated,
    /// Something is better than noise explains, and nothing is worse.
    Improvement,
    /// Noise explains all there is.
    NoDifference,
}

/// What is said of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Worse, beyond the tolerance.
    Worse,
    /// Worse, within the tolerance.
    Tolerated,
    /// Better.
    Better,
    /// Noise explains the difference.
    NoDifference,
}

/// One figure in both runs.
#[derive(Clone, Debug, Serialize)]
pub struct Metric {
    /// `rate`, `error-rate`, `p50`, `p90`, `p99`.
    pub name: &'static str,
    /// In A: requests a second, a share, or microseconds (the mean over the seconds, by their requests).
    pub a: f64,
    /// In B.
    pub b: f64,
    /// Change from A to B: a share of A; for the error rate the difference of the shares.
    pub change: f64,
    /// Lower end of the interval in which the change lies.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What it comes to.
    pub finding: Finding,
}

/// An operation in both runs, in microseconds.
#[derive(Clone, Debug, Serialize)]
pub struct OperationChange {
    /// Name; `all` for the total.
    pub name: String,
    /// Median response time in A and B.
    pub p50: [u64; 2],
    /// 99th percentile in A and B.
    pub p99: [u64; 2],
    /// Errors in A and B.
    pub errors: [u64; 2],
}

/// Compares two runs.
///
/// # Errors
/// Where they ran different loads.
pub fn diff_loads(
    a: &LoadRecord,
    b: &LoadRecord,
    options: DiffOptions,
) -> Result<LoadDiff, Incomparable> {
    config::same(a, b)?;
    let (one, other) = (Series::of(a), Series::of(b));
    let paired = a.profile.model == Model::Open || one.len().abs_diff(other.len()) <= 1;
    let (one, other) = if paired {
        Series::common(&one, &other)
    } else {
        (one, other)
    };
    let mut no_verdict = config::no_verdict(a, b);
    let long_enough = one.len().min(other.len()) >= SHORTEST;
    if !long_enough {
        no_verdict.push(format!(
            "the runs have {} and {} seconds to compare, too few to tell a change from noise; {SHORTEST} are the least, a minute is better",
            one.len(),
            other.len()
        ));
    }
    let sides = Sides::new(&one, &other, paired);
    let metrics = if long_enough {
        measured(&sides, options)
    } else {
        Vec::new()
    };
    let correctness = correctness::changes(a, b, options.tolerance);
    Ok(LoadDiff {
        format: FORMAT.to_owned(),
        version: 1,
        profile: a.profile.name.clone(),
        conclusion: conclusion(&metrics, &correctness, &no_verdict),
        no_verdict,
        notes: config::notes(a, b),
        tolerance: options.tolerance,
        seed: options.seed,
        seconds: [one.len(), other.len()],
        block: sides.block(),
        paired,
        metrics,
        correctness,
        operations: operations(a, b),
    })
}

fn measured(sides: &Sides<'_>, options: DiffOptions) -> Vec<Metric> {
    let seed = Seed(options.seed).derive("load-diff");
    let estimates = series::STATISTICS.iter().filter_map(|statistic| {
        let estimate = bootstrap::estimate(sides, statistic, seed.derive(statistic.name))?;
        Some(metric(statistic.name, estimate, options.tolerance))
    });
    estimates.collect()
}

fn metric(name: &'static str, estimate: Estimate, tolerance: f64) -> Metric {
    let Estimate {
        a,
        b,
        change,
        low,
        high,
    } = estimate;
    // Of a rate less is worse, of everything else more.
    let sign = if name == "rate" { -1.0 } else { 1.0 };
    let worse = if name == "error-rate" {
        if a > 0.0 { change / a } else { f64::INFINITY }
    } else {
        change * sign
    };
    let finding = if low <= 0.0 && high >= 0.0 {
        Finding::NoDifference
    } else if change * sign < 0.0 {
        Finding::Better
    } else if worse > tolerance {
        Finding::Worse
    } else {
        Finding::Tolerated
    };
    Metric {
        name,
        a,
        b,
        change,
        low,
        high,
        finding,
    }
}

fn conclusion(metrics: &[Metric], wrong: &[WrongChange], no_verdict: &[String]) -> Conclusion {
    let has = |finding| {
        metrics.iter().any(|metric| metric.finding == finding)
            || wrong.iter().any(|change| change.finding == finding)
    };
    if !no_verdict.is_empty() {
        Conclusion::NoVerdict
    } else if has(Finding::Worse) {
        Conclusion::Regression
    } else if has(Finding::Tolerated) {
        Conclusion::Tolerated
    } else if has(Finding::Better) {
        Conclusion::Improvement
    } else {
        Conclusion::NoDifference
    }
}

fn operations(a: &LoadRecord, b: &LoadRecord) -> Vec<OperationChange> {
    let both = a.operations.iter().filter_map(|one| {
        let other = b.operations.iter().find(|it| it.name == one.name)?;
        Some((one.name.as_str(), one, other))
    });
    let total = std::iter::once(("all", &a.total, &b.total));
    both.chain(total)
        .map(|(name, one, other)| OperationChange {
            name: name.to_owned(),
            p50: [one.response.p50, other.response.p50],
            p99: [one.response.p99, other.response.p99],
            errors: [one.errors.count, other.errors.count],
        })
        .collect()
}

#[cfg(test)]
mod tests;
