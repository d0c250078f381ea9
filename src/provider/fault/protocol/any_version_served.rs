//! The version segment is passed over.

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Any version segment is served as version 2",
        AnyVersionServed,
    )
    .breaks(&[
        "rfc7644-3.13-explicit-versions-are-honoured",
        "rfc7644-3.12-unsupported-version-answers-400",
    ])
}

struct AnyVersionServed;

impl Fault for AnyVersionServed {
    fn name(&self) -> &'static str {
        "any-version-served"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let segments: Vec<String> = incoming
            .path
            .split('/')
            .skip(1)
            .map(str::to_owned)
            .collect();
        if let (Ok(decoded), Some((version, rest))) = (decoded, segments.split_first())
            && version
                .strip_prefix('v')
                .is_some_and(|digits| digits.parse::<u32>().is_ok())
        {
            decoded.route = Route::of(rest);
        }
    }
}
