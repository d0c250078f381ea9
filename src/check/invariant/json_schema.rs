//! Every answer has the form that its JSON Schema gives it: messages that of the RFC, resources that of the
//! target's own definitions.

use std::sync::LazyLock;

use super::{Context, Exchange, Invariant, Judged, Judgement};
use crate::check::form::{self, Verdict};

/// The invariant.
pub(super) struct Leaf;

static COVERED: LazyLock<Vec<&'static str>> = LazyLock::new(form::covered);

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "json-schema"
    }

    fn title(&self) -> &'static str {
        "Every answer fits the schema of its message or resource type"
    }

    fn covers(&self) -> &'static [&'static str] {
        &COVERED
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let Some(forms) = context.forms else {
            return Vec::new();
        };
        let mut judged = Judged::default();
        for part in form::parts(exchange, forms, context) {
            if part.in_bulk || !matches!(part.subject, form::Subject::Message(form::Message::Error))
            {
                for requirement in form::exercised(&part, context) {
                    judged.held(requirement);
                }
            }
            for violation in part.violations() {
                let broken = || Judgement::Broken(violation.deviation.clone());
                match form::blame(&part, &violation, context) {
                    Verdict::Breaks(requirement) => judged.add(requirement, broken()),
                    Verdict::Tolerated(requirement, tolerance) => {
                        judged.add(requirement, broken().tolerated(tolerance));
                    }
                    Verdict::Owned(_) | Verdict::Nothing => {}
                }
            }
        }
        judged.into_vec()
    }
}
