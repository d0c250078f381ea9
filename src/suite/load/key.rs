//! The keys of a load profile, place by place.

/// Keys of a profile.
pub(super) const TOP: &[&str] = &[
    "name",
    "title",
    "description",
    "model",
    "connections",
    "warm-up",
    "duration",
    "pool",
    "mix",
    "cycle",
    "thresholds",
    "throttled",
    "cost",
];

/// Keys of `model`.
pub(super) const MODEL: &[&str] = &["closed", "open"];

/// Keys of `closed`.
pub(super) const CLOSED: &[&str] = &["users", "ramp", "think"];

/// Keys of `open`.
pub(super) const OPEN: &[&str] = &["rate", "ramp", "steps", "spike", "breakpoint", "arrival"];

/// Keys of `open` of which it has one.
pub(super) const SHAPES: &[&str] = &["rate", "ramp", "steps", "spike", "breakpoint"];

/// Keys of `ramp` in `open`.
pub(super) const RAMP: &[&str] = &["from", "to"];

/// Keys of one of `steps`.
pub(super) const STEP: &[&str] = &["rate", "for"];

/// Keys of `spike`.
pub(super) const SPIKE: &[&str] = &["base", "peak", "at", "for"];

/// Keys of `breakpoint`.
pub(super) const BREAKPOINT: &[&str] = &["from", "by", "every", "to"];

/// Keys of `pool`.
pub(super) const POOL: &[&str] = &["users", "groups", "members"];

/// Keys of a scenario in `mix` or `cycle`.
pub(super) const SHARE: &[&str] = &["scenario", "weight", "given"];

/// Keys of `cost`.
pub(super) const COST: &[&str] = &["members", "batches"];

/// Values of `given`.
pub(super) const GIVEN: &[&str] = &["pool", "own", "each"];

/// Values of `throttled`.
pub(super) const THROTTLED: &[&str] = &["count", "obey"];

/// Values of `arrival`.
pub(super) const ARRIVAL: &[&str] = &["constant", "poisson"];

/// Most users, connections, members or resources that a profile may ask for.
pub(super) const MOST: usize = 1_000_000;
