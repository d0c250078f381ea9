//! The seconds of all shards, added where they are the same second of the clock.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::together::Span;
use super::{Part, Refusal};
use crate::record::load::{Second, Unreadable, decoded, histogram};

/// Furthest second that is taken, far beyond the longest run.
const FURTHEST: u64 = 366 * 86_400;

/// A second of the whole, and the response times in it.
type Summed = (Second, Histogram<u64>);

/// The second by second of the whole.
///
/// # Errors
/// Where a shard has no histogram to a second, or one that can't be read.
pub(super) fn series(parts: &[Part], span: &Span) -> Result<Vec<Summed>, Refusal> {
    let mut sums: BTreeMap<u64, Summed> = BTreeMap::new();
    for (part, behind) in parts.iter().zip(&span.behind) {
        let record = &part.record;
        if record.series.len() != record.series_hdr.len() {
            return Err(Refusal::Odd {
                file: part.file.clone(),
                what: format!(
                    "it has {} seconds and {} histograms of them",
                    record.series.len(),
                    record.series_hdr.len()
                ),
            });
        }
        let behind = behind.as_secs() + u64::from(behind.subsec_millis() >= 500);
        for (second, hdr) in record.series.iter().zip(&record.series_hdr) {
            let at = second.at.min(FURTHEST).saturating_add(behind);
            let held = times(part, second, hdr)?;
            let (sum, times) = sums
                .entry(at)
                .or_insert_with(|| (begun(at, second), histogram()));
            add(sum, second);
            // Both grow up to the same widest value, so that one always holds the other.
            let _ = times.add(held);
        }
    }
    Ok(sums
        .into_values()
        .map(|(sum, times)| (read(sum, &times), times))
        .collect())
}

/// The response times of a second.
fn times(part: &Part, second: &Second, hdr: &str) -> Result<Histogram<u64>, Refusal> {
    let refuse = |why| Refusal::Histogram {
        file: part.file.clone(),
        place: format!("second {}", second.at),
        why,
    };
    let held = decoded(hdr).map_err(refuse)?;
    // Only requests that failed may have no time.
    if held.len() > second.count || second.count > held.len().saturating_add(second.errors) {
        return Err(refuse(Unreadable::Count(held.len(), second.count)));
    }
    Ok(held)
}

fn begun(at: u64, like: &Second) -> Second {
    Second {
        at,
        warm_up: like.warm_up,
        ..Second::default()
    }
}

fn add(sum: &mut Second, second: &Second) {
    sum.count = sum.count.saturating_add(second.count);
    sum.errors = sum.errors.saturating_add(second.errors);
    sum.rate += second.rate;
    sum.users = sum.users.saturating_add(second.users);
    sum.in_flight = sum.in_flight.saturating_add(second.in_flight);
    sum.warm_up &= second.warm_up;
}

fn read(sum: Second, times: &Histogram<u64>) -> Second {
    let at = |share: f64| times.value_at_quantile(share).min(times.max());
    Second {
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        ..sum
    }
}
