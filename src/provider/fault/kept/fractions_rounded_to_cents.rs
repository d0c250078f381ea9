//! The column of decimals is one for money.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Decimals are stored with two places",
        FractionsRoundedToCents,
    )
}

struct FractionsRoundedToCents;

impl Fault for FractionsRoundedToCents {
    fn name(&self) -> &'static str {
        "fractions-rounded-to-cents"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            if let Some(number) = value.as_f64().filter(|_| value.is_f64()) {
                *value = Value::from((number * 100.0).round() / 100.0);
            }
        });
    }
}
