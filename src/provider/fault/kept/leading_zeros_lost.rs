//! What looks like a number is normalised as one.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Texts of digits lose the noughts in front",
        LeadingZerosLost,
    )
}

struct LeadingZerosLost;

impl Fault for LeadingZerosLost {
    fn name(&self) -> &'static str {
        "leading-zeros-lost"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(text) = value.as_str().filter(digits) {
                let shorter = text.trim_start_matches('0');
                if !shorter.is_empty() {
                    *value = Value::from(shorter);
                }
            }
        });
    }
}
