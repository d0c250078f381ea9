//! A column that can't be empty.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::filter::Compared;
use crate::scim::filter::{CompareOp, Literal};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A boolean that is not there equals false",
        MissingBooleansAreFalse,
    )
    .breaks(&["rfc7644-3.4.2.2-eq-matches-equal-values"])
    .only_by("probe.filter")
}

struct MissingBooleansAreFalse;

impl Fault for MissingBooleansAreFalse {
    fn name(&self) -> &'static str {
        "missing-booleans-are-false"
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        if let (Some(comparison), None) = (compared.comparison, compared.stored)
            && comparison.op == CompareOp::Eq
            && comparison.value == Literal::Bool(false)
            && compared.attribute.name != "primary"
        {
            *answer = true;
        }
    }
}
