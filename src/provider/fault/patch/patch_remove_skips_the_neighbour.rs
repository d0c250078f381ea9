//! Values are removed while they are walked.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove with a value filter leaves a match that stands right behind another",
        PatchRemoveSkipsTheNeighbour,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchRemoveSkipsTheNeighbour;

impl Fault for PatchRemoveSkipsTheNeighbour {
    fn name(&self) -> &'static str {
        "patch-remove-skips-the-neighbour"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Remove {
            let mut gone: Vec<usize> = Vec::new();
            chosen.retain(|at| {
                let skipped = gone.last().is_some_and(|last| last + 1 == *at);
                if !skipped {
                    gone.push(*at);
                }
                !skipped
            });
        }
    }
}
