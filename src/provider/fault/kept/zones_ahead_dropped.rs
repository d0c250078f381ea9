//! A zone with a plus sign is read as white space and left out.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A time of a zone ahead of UTC is stored as though it were in UTC",
        ZonesAheadDropped,
    )
}

struct ZonesAheadDropped;

impl Fault for ZonesAheadDropped {
    fn name(&self) -> &'static str {
        "zones-ahead-dropped"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            let ahead = |text: &str| {
                let (time, zone) = text.split_once('+')?;
                (time.len() >= 19 && time.get(10..11) == Some("T") && zone.len() == 5)
                    .then(|| format!("{time}Z"))
            };
            if let Some(time) = value.as_str().and_then(ahead) {
                *value = Value::from(time);
            }
        });
    }
}
