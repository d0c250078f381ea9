//! A sort key of fixed length.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::provider::filter::decide;
use crate::scim::filter::Literal;
use crate::scim::schema::DataType;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "gt, ge, lt and le compare the first eight letters of a text",
        OrderingsLookAtEightLetters,
    )
    .breaks(&["rfc7644-3.4.2.2-strings-order-lexicographically"])
}

struct OrderingsLookAtEightLetters;

impl Fault for OrderingsLookAtEightLetters {
    fn name(&self) -> &'static str {
        "orderings-look-at-eight-letters"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let (Some(comparison), Some(Value::String(stored))) =
            (compared.comparison, compared.stored)
            && let Literal::String(operand) = &comparison.value
            && comparison.op.is_ordering()
            && compared.attribute.data_type == DataType::String
        {
            let key = |text: &str| text.to_lowercase().chars().take(8).collect::<String>();
            *answer = decide(comparison.op, key(stored).cmp(&key(operand)));
        }
    }
}
