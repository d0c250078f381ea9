//! A column of texts holds 255 bytes.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Texts of more than 255 bytes are cut there, in the middle of a letter",
        LongTextsCut,
    )
}

struct LongTextsCut;

impl Fault for LongTextsCut {
    fn name(&self) -> &'static str {
        "long-texts-cut"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            let text = value.as_str().map(str::as_bytes).unwrap_or_default();
            if let Some(front) = text.get(..255).filter(|_| text.len() > 255) {
                *value = Value::from(String::from_utf8_lossy(front));
            }
        });
    }
}
