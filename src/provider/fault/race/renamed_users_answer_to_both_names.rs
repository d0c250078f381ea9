//! The index of names forgets an old name a moment after it has learnt the new one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::Resource;
use crate::scim::filter::{Filter, Literal};

/// How long the old name is found.
const MOMENT: Duration = Duration::from_millis(20);

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "For a moment a renamed user is found by the old userName as well as by the new one",
        RenamedUsersAnswerToBothNames::default(),
    )
}

/// Renamed users as they were, and when they were renamed.
#[derive(Default)]
struct RenamedUsersAnswerToBothNames(Mutex<Vec<(Instant, Arc<Resource>)>>);

impl Fault for RenamedUsersAnswerToBothNames {
    fn name(&self) -> &'static str {
        "renamed-users-answer-to-both-names"
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        if let (Some(before), Some(after)) = (&committed.before, &committed.after)
            && before.text("userName") != after.text("userName")
        {
            let mut renamed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            renamed.retain(|(at, _)| at.elapsed() < MOMENT);
            renamed.push((Instant::now(), Arc::clone(before)));
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        let Some(Filter::Compare(path, comparison)) = &query.filter else {
            return;
        };
        let renamed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, before) in renamed.iter() {
            let text = before.text(&path.name);
            let wanted = matches!(&comparison.value, Literal::String(name)
                if text.is_some_and(|text| text.eq_ignore_ascii_case(name)));
            if wanted && path.name.eq_ignore_ascii_case("userName") && at.elapsed() < MOMENT {
                selection.resources.push(Arc::clone(before));
                selection.total += 1;
            }
        }
    }
}
