//! What a path chooses is looked up in what is stored.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A value filter in a PATCH path does not see what an operation before it added",
        PatchNewValuesNotChosen,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
    .only_by("probe.patch")
}

struct PatchNewValuesNotChosen;

impl Fault for PatchNewValuesNotChosen {
    fn name(&self) -> &'static str {
        "patch-new-values-not-chosen"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let mut sorted: Vec<Operation> = Vec::new();
        for operation in operations.drain(..) {
            let filtered = operation.target.as_ref().filter(|it| it.filter.is_some());
            let name = filtered.map(|it| it.attribute.name.to_ascii_lowercase());
            let adds = |it: &Operation| {
                let to = it
                    .target
                    .as_ref()
                    .map(|it| it.attribute.name.to_ascii_lowercase());
                it.op == Op::Add && to == name
            };
            match sorted.last() {
                Some(last) if name.is_some() && adds(last) => {
                    sorted.insert(sorted.len() - 1, operation);
                }
                _ => sorted.push(operation),
            }
        }
        *operations = sorted;
    }
}
