//! Offsets are whole hours.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::provider::filter::decide;
use crate::scim::datetime;
use crate::scim::filter::Literal;
use crate::scim::schema::DataType;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The minutes of an offset of a dateTime do not count",
        OffsetMinutesIgnored,
    )
    .breaks(&["rfc7644-3.4.2.2-date-times-order-chronologically"])
    .only_by("probe.filter")
}

struct OffsetMinutesIgnored;

impl Fault for OffsetMinutesIgnored {
    fn name(&self) -> &'static str {
        "offset-minutes-ignored"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        let (Some(comparison), Some(Value::String(stored))) =
            (compared.comparison, compared.stored)
        else {
            return;
        };
        if let Literal::String(operand) = &comparison.value
            && let Some((rest, "30" | "45")) = operand.rsplit_once(':')
            && let (Some(stored), Some(operand)) = (
                datetime::parse(stored),
                datetime::parse(&format!("{rest}:00")),
            )
            && compared.attribute.data_type == DataType::DateTime
        {
            *answer = decide(comparison.op, stored.cmp(&operand));
        }
    }
}
