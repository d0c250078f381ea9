//! What does not begin with a digit is taken for text.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Numbers below nought are stored as text",
        NegativeNumbersBecomeTexts,
    )
}

struct NegativeNumbersBecomeTexts;

impl Fault for NegativeNumbersBecomeTexts {
    fn name(&self) -> &'static str {
        "negative-numbers-become-texts"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            if value.as_i64().is_some_and(|number| number < 0) {
                *value = Value::from(value.to_string());
            }
        });
    }
}
