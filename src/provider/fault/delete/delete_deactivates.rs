//! DELETE answers 204 and deactivates the user instead.

use serde_json::Value;

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Change, Kind};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A deleted user is only deactivated: it can still be read and keeps its userName",
        DeleteDeactivates,
    )
    .breaks(&[
        "rfc7644-3.6-deleted-answers-404",
        "rfc7644-3.6-deleted-is-not-listed",
    ])
}

struct DeleteDeactivates;

impl Fault for DeleteDeactivates {
    fn name(&self) -> &'static str {
        "delete-deactivates"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        let Change::Delete(before) = &commit.change else {
            return;
        };
        if before.kind != Kind::User {
            return;
        }
        let before = before.clone();
        let mut after = before.as_ref().clone();
        after
            .attributes
            .insert("active".to_owned(), Value::Bool(false));
        commit.change = Change::Update { before, after };
    }
}
