//! Positions that were found before the first removal.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new("PATCH remove with a value filter that matches several values removes the neighbours of the later ones", PatchRemoveCountsWhatIsGone)
        .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchRemoveCountsWhatIsGone;

impl Fault for PatchRemoveCountsWhatIsGone {
    fn name(&self) -> &'static str {
        "patch-remove-counts-what-is-gone"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Remove {
            for (gone, at) in chosen.iter_mut().enumerate() {
                *at += gone;
            }
        }
    }
}
