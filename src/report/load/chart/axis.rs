//! Axes: from values to places, and the ticks that a reader can count by.

use crate::report::load::figure;

/// How values lie on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// Equal differences, equal lengths.
    Linear,
    /// Equal ratios, equal lengths.
    Log,
}

/// One axis.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    scale: Scale,
    min: f64,
    max: f64,
    /// Values and their words.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From 0 to a round value at or above `max`.
    pub(super) fn from_zero(max: f64, ticks: usize, word: impl Fn(f64) -> String) -> Self {
        let max = if max > 0.0 && max.is_finite() {
            max
        } else {
            1.0
        };
        let step = nice(max / to_f64(ticks.max(1)));
        let steps = (max / step).ceil();
        let all = (0..=whole(steps)).map(|nth| to_f64(nth) * step);
        Self {
            scale: Scale::Linear,
            min: 0.0,
            max: steps * step,
            ticks: all.map(|value| (value, word(value))).collect(),
        }
    }

    /// From one value to another, with the ticks that the caller wants.
    pub(super) fn between(min: f64, max: f64, ticks: Vec<(f64, String)>) -> Self {
        let max = if max > min { max } else { min + 1.0 };
        let ticks = ticks
            .into_iter()
            .filter(|(value, _)| (min..=max).contains(value))
            .collect();
        Self {
            scale: Scale::Linear,
            min,
            max,
            ticks,
        }
    }

    /// From the decade of one value to that of another.
    pub(super) fn decades(min: f64, max: f64, word: impl Fn(f64) -> String) -> Self {
        let low = min.max(1e-9).log10().floor();
        let high = max.max(min).max(1e-9).log10().ceil().max(low + 1.0);
        let all = (0..=whole(high - low)).map(|nth| 10_f64.powf(low + to_f64(nth)));
        Self {
            scale: Scale::Log,
            min: 10_f64.powf(low),
            max: 10_f64.powf(high),
            ticks: all.map(|value| (value, word(value))).collect(),
        }
    }

    /// For times in microseconds: logarithmic where they lie far apart.
    pub(super) fn times(values: impl Iterator<Item = f64>) -> Self {
        /// Ratio from which small times would lie on the axis.
        const FAR: f64 = 40.0;
        let (mut min, mut max) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite()) {
            min = min.min(value);
            max = max.max(value);
        }
        if max > min.max(1.0) * FAR {
            Self::decades(min.max(1.0), max, tick)
        } else {
            Self::from_zero(max, 5, tick)
        }
    }

    /// For times since the start, in seconds.
    pub(super) fn elapsed(max: f64, ticks: usize) -> Self {
        const STEPS: [f64; 16] = [
            1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0,
            7_200.0, 21_600.0, 86_400.0,
        ];
        let wanted = max / to_f64(ticks.max(1));
        let step = STEPS.into_iter().find(|step| *step >= wanted);
        let step = step.unwrap_or_else(|| (wanted / 86_400.0).ceil() * 86_400.0);
        let all = (0..=whole(max / step)).map(|nth| to_f64(nth) * step);
        Self::between(0.0, max, all.map(|value| (value, clock(value))).collect())
    }

    /// The highest value.
    pub(super) fn max(&self) -> f64 {
        self.max
    }

    /// Where a value lies, 0 to 1.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.min) / (self.max - self.min),
            Scale::Log => {
                let value = value.max(self.min);
                (value / self.min).ln() / (self.max / self.min).ln()
            }
        };
        share.clamp(0.0, 1.0)
    }
}

/// The next of 1, 2, 5, 10 … at or above a value.
fn nice(value: f64) -> f64 {
    let decade = 10_f64.powf(value.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|step| step * decade >= value * 0.999_999);
    step.unwrap_or(10.0) * decade
}

/// A time on an axis, in microseconds: no digit that says nothing.
pub(super) fn tick(micros: f64) -> String {
    let (value, unit) = match micros {
        ..1_000.0 => (micros, "µs"),
        1_000.0..1_000_000.0 => (micros / 1_000.0, "ms"),
        _ => (micros / 1_000_000.0, "s"),
    };
    format!("{} {unit}", plain(value))
}

/// A number with at most two digits after the point, and none that says nothing.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A moment since the start.
pub(super) fn clock(seconds: f64) -> String {
    match whole(seconds) {
        0 => "0".to_owned(),
        s if s % 3_600 == 0 => format!("{} h", s / 3_600),
        s if s > 3_600 => format!("{}:{:02} h", s / 3_600, s % 3_600 / 60),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s if s > 60 => format!("{}:{:02} min", s / 60, s % 60),
        s => format!("{s} s"),
    }
}

/// A count of what a chart shows as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(super) fn to_f64(count: usize) -> f64 {
    count as f64
}

/// The whole part of a number that is small and not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
pub(super) fn whole(value: f64) -> usize {
    value.clamp(0.0, 1e9) as usize
}

/// A count or a time of the record as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "both are far below 2^52")]
pub(super) fn number(value: u64) -> f64 {
    value as f64
}

/// A time of the record in full.
pub(super) fn exact(time: u64) -> String {
    figure::time(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, word)| word.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            words(&Axis::from_zero(87.0, 5, plain)),
            ["0", "20", "40", "60", "80", "100"]
        );
        assert_eq!(words(&Axis::from_zero(0.0, 2, plain)), ["0", "0.5", "1"]);
        assert_eq!(
            words(&Axis::elapsed(600.0, 6)),
            ["0", "2 min", "4 min", "6 min", "8 min", "10 min"]
        );
        assert_eq!(
            words(&Axis::elapsed(9.0, 6)),
            ["0", "2 s", "4 s", "6 s", "8 s"]
        );
        assert_eq!(
            words(&Axis::elapsed(5_400.0, 6)),
            ["0", "15 min", "30 min", "45 min", "1 h", "1:15 h", "1:30 h"]
        );
        assert_eq!(
            words(&Axis::decades(300.0, 40_000.0, tick)),
            ["100 µs", "1 ms", "10 ms", "100 ms"]
        );
    }

    #[test]
    fn values_lie_within_their_axis() {
        for axis in [
            Axis::from_zero(10.0, 5, plain),
            Axis::decades(1.0, 1_000.0, plain),
            Axis::between(3.0, 3.0, Vec::new()),
            Axis::times([f64::INFINITY, f64::NAN].into_iter()),
        ] {
            for value in [-1.0, 0.0, 1e-30, 5.0, 1e30] {
                let place = axis.place(value);
                assert!(
                    (0.0..=1.0).contains(&place),
                    "{value} at {place} of {axis:?}"
                );
            }
        }
        assert_eq!(
            Axis::times([100.0, 100_000.0].into_iter()).scale,
            Scale::Log
        );
        assert_eq!(
            Axis::times([100.0, 1_000.0].into_iter()).scale,
            Scale::Linear
        );
    }
}
