//! The first alternative that finds something ends the search.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::scim::filter::{CompareOp, Literal, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new("or in a PATCH path chooses the matches of its first alternative, and those of the second only where there are none", PatchFilterOrChoosesOneSide)
        .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchFilterOrChoosesOneSide;

impl Fault for PatchFilterOrChoosesOneSide {
    fn name(&self) -> &'static str {
        "patch-filter-or-chooses-one-side"
    }

    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        let filter = operation
            .target
            .as_ref()
            .and_then(|target| target.filter.as_ref());
        let Some(ValueFilter::Or(first, _)) = filter else {
            return;
        };
        if let ValueFilter::Compare(path, comparison) = &**first
            && let (CompareOp::Eq, Literal::String(wanted)) = (comparison.op, &comparison.value)
        {
            let fits = |at: &usize| {
                let stored = values.get(*at).and_then(|value| value.get(&path.name));
                let stored = stored.and_then(Value::as_str);
                stored.is_some_and(|stored| stored.eq_ignore_ascii_case(wanted))
            };
            if chosen.iter().any(fits) {
                chosen.retain(fits);
            }
        }
    }
}
