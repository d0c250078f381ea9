//! The logic of a data base, in which what is not there makes a condition neither true nor false.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not in a PATCH path does not choose values without the sub-attribute",
        PatchFilterNotSkipsMissing,
    )
    .breaks(&[
        "rfc7644-3.5.2.2-remove-takes-matching-values",
        "rfc7644-3.5.2.2-remove-takes-a-sub-attribute",
        "rfc7644-3.5.2.3-replace-takes-matching-values",
        "rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches",
    ])
    .only_by("probe.patch")
}

struct PatchFilterNotSkipsMissing;

impl Fault for PatchFilterNotSkipsMissing {
    fn name(&self) -> &'static str {
        "patch-filter-not-skips-missing"
    }

    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        let filter = operation
            .target
            .as_ref()
            .and_then(|target| target.filter.as_ref());
        let Some(ValueFilter::Not(inner)) = filter else {
            return;
        };
        if let ValueFilter::Compare(path, _) = &**inner {
            chosen.retain(|at| {
                let value = values.get(*at).and_then(Value::as_object);
                value.is_some_and(|value| {
                    value
                        .keys()
                        .any(|name| name.eq_ignore_ascii_case(&path.name))
                })
            });
        }
    }
}
