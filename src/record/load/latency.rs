//! Percentiles of a time, and the histogram behind them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2Serializer};
use serde::{Deserialize, Serialize};

/// The longest time that a histogram tells apart, in microseconds: an hour. Longer ones count as that.
pub const WIDEST: u64 = 3_600_000_000;

/// Largest histogram of a record in bytes, far above what three digits over an hour can take.
const LARGEST: usize = 4 << 20;

/// Percentiles of a time, in microseconds. All zero where nothing was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Latency {
    /// How many were measured.
    pub count: u64,
    /// Median.
    pub p50: u64,
    /// 90 % were not slower.
    pub p90: u64,
    /// 95 % were not slower.
    pub p95: u64,
    /// 99 % were not slower.
    pub p99: u64,
    /// 99.9 % were not slower.
    pub p999: u64,
    /// 99.99 % were not slower.
    pub p9999: u64,
    /// Slowest.
    pub max: u64,
    /// Mean.
    pub mean: f64,
    /// The histogram (three digits, microseconds) as HdrHistogram's encoding V2, not deflated, in
    /// base64; empty where nothing was measured.
    pub hdr: String,
}

/// Why a histogram of a record can't be read. Fragments that follow "cannot read the histogram: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No base64.
    #[error("it is no base64")]
    Base64,
    /// Over the limit.
    #[error("it is larger than any that scimitar writes")]
    TooLarge,
    /// Not the encoding.
    #[error("it is not of HdrHistogram's encoding V2")]
    Encoding,
    /// It holds another number of values than the record says.
    #[error("it holds {0} values where the record says {1}")]
    Count(u64, u64),
}

/// An empty histogram as all of a record are: three digits, microseconds, up to [`WIDEST`].
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    reason = "bounds and digits are constants that fit"
)]
pub fn histogram() -> Histogram<u64> {
    let mut made = Histogram::new_with_bounds(1, 2048, 3)
        .expect("bounds and digits that are constants and fit");
    made.auto(true);
    made
}

impl Latency {
    /// Reads the percentiles off a histogram.
    #[must_use]
    pub fn of(histogram: &Histogram<u64>) -> Self {
        if histogram.is_empty() {
            return Self::default();
        }
        let at = |share: f64| histogram.value_at_quantile(share).min(histogram.max());
        Self {
            count: histogram.len(),
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
            p9999: at(0.9999),
            max: histogram.max(),
            mean: histogram.mean(),
            hdr: encoded(histogram),
        }
    }

    /// The histogram that it was read from.
    ///
    /// # Errors
    /// Where it was tampered with.
    pub fn histogram(&self) -> Result<Histogram<u64>, Unreadable> {
        let read = decoded(&self.hdr)?;
        if read.len() != self.count {
            return Err(Unreadable::Count(read.len(), self.count));
        }
        Ok(read)
    }

    /// Percentiles of several parts of a run together, exactly: of the sum of their histograms.
    ///
    /// # Errors
    /// Where one can't be read.
    pub fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Result<Self, Unreadable> {
        let mut sum = histogram();
        for part in parts {
            sum.add(part.histogram()?)
                .map_err(|_| Unreadable::Encoding)?;
        }
        Ok(Self::of(&sum))
    }
}

/// A histogram out of the encoding of a record.
///
/// # Errors
/// Where it is none.
pub fn decoded(hdr: &str) -> Result<Histogram<u64>, Unreadable> {
    let mut whole = histogram();
    if hdr.is_empty() {
        return Ok(whole);
    }
    if hdr.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let bytes = STANDARD.decode(hdr).map_err(|_| Unreadable::Base64)?;
    let read: Histogram<u64> = Deserializer::new()
        .deserialize(&mut bytes.as_slice())
        .map_err(|_| Unreadable::Encoding)?;
    whole.add(&read).map_err(|_| Unreadable::Encoding)?;
    Ok(whole)
}

/// A histogram in the encoding of a record; empty where it holds nothing.
#[must_use]
pub fn encoded(histogram: &Histogram<u64>) -> String {
    if histogram.is_empty() {
        return String::new();
    }
    let mut bytes = Vec::new();
    match V2Serializer::new().serialize(histogram, &mut bytes) {
        Ok(_) => STANDARD.encode(bytes),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Latency {
        let mut made = histogram();
        for value in values {
            made.record(*value).unwrap();
        }
        Latency::of(&made)
    }

    #[test]
    fn percentiles_stand_beside_the_histogram_that_they_were_read_from() {
        let values: Vec<u64> = (1..=10_000).collect();
        let latency = of(&values);
        assert_eq!(latency.count, 10_000);
        for (read, truth) in [
            (latency.p50, 5_000),
            (latency.p90, 9_000),
            (latency.p95, 9_500),
            (latency.p99, 9_900),
            (latency.p999, 9_990),
            (latency.max, 10_000),
        ] {
            assert!(read.abs_diff(truth) * 1000 <= truth, "{read} for {truth}");
        }
        assert_eq!(latency.histogram().unwrap().len(), 10_000);
        assert_eq!(of(&[]), Latency::default());
        assert!(Latency::default().histogram().unwrap().is_empty());
    }

    #[test]
    fn a_histogram_that_was_tampered_with_is_refused() {
        let good = of(&[1, 2, 3]);
        let check = |latency: Latency, expected: Unreadable| {
            assert_eq!(latency.histogram().unwrap_err(), expected);
        };
        let hdr = |hdr: &str| Latency {
            hdr: hdr.to_owned(),
            ..good.clone()
        };
        check(hdr("***"), Unreadable::Base64);
        check(hdr("AAAA"), Unreadable::Encoding);
        check(
            hdr(&good.hdr[..good.hdr.len() / 2 / 4 * 4]),
            Unreadable::Encoding,
        );
        check(hdr(&"A".repeat(LARGEST + 1)), Unreadable::TooLarge);
        check(
            Latency {
                count: 4,
                ..good.clone()
            },
            Unreadable::Count(3, 4),
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_parts_of_a_run_add_up_to_the_whole(
            values in prop::collection::vec(0..4_000_000_000_u64, 0..300),
            of_parts in 1..7_usize,
        ) {
            let whole: Vec<u64> = values.iter().map(|value| (*value).min(WIDEST)).collect();
            let parts: Vec<Latency> = (0..of_parts)
                .map(|part| of(&whole.iter().copied().skip(part).step_by(of_parts).collect::<Vec<_>>()))
                .collect();
            let merged = Latency::merged(&parts).unwrap();
            let expected = of(&whole);
            prop_assert_eq!(merged.histogram().unwrap(), expected.histogram().unwrap());
            prop_assert_eq!((merged.p50, merged.p9999, merged.max), (expected.p50, expected.p9999, expected.max));
        }
    }
}
