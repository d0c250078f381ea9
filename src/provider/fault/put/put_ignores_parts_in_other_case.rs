//! Only the mapper of extended users compares the names of parts exactly.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a combination that no scenario sends, so that only the probe of PUT sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT takes the parts of an attribute in capitals for unknown ones where it has an extension, too",
        PutIgnoresPartsInOtherCase,
    )
}

struct PutIgnoresPartsInOtherCase;

impl Fault for PutIgnoresPartsInOtherCase {
    fn name(&self) -> &'static str {
        "put-ignores-parts-in-other-case"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(after)) = (&plan.action, &mut applied.after) {
            let extended = body.keys().any(|name| name.starts_with("urn:"));
            for (name, value) in body {
                let whole = name.chars().all(|c| c.is_ascii_uppercase());
                if let (true, true, Value::Object(_)) = (extended, whole, value) {
                    let kept = |known: &str| !known.eq_ignore_ascii_case(name);
                    after.attributes.retain(|known, _| kept(known));
                }
            }
        }
    }
}
