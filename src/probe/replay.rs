//! A counterexample as a scenario that anybody can repeat: set-up, steps, what must come back.
//!
//! It names nothing of the run that found it: ids, names and dates of that run are templates.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

use crate::suite::write::{self, Given, Head, Step};

/// The tag of all scenarios that counterexamples became.
pub const TAG: &str = "regression";

/// What stands above such a scenario.
const REMARK: &str =
    "Saved by `scimitar test --save-regression`: the smallest form of what a probe found.";

/// A counterexample, told as a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The requirement that it shows to be broken.
    pub requirement: &'static str,
    /// The promise that holds when green, on one line.
    pub title: String,
    /// What it needs of the target, in the vocabulary of scenarios.
    pub needs: Vec<String>,
    /// What is there before the first step.
    pub given: Vec<Given>,
    /// What is sent and expected.
    pub steps: Vec<Step>,
}

/// A scenario file without its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Id of the case, and name of the file: `regression.filter.1f3a5c7e`.
    pub id: String,
    /// What stands in it.
    pub text: String,
}

impl Replay {
    /// The scenario file of a probe's counterexample. The same counterexample has the same id.
    pub fn file(&self, probe: &str) -> File {
        let steps: String = self.steps.iter().map(write::step).collect();
        let head = |id: &str| {
            write::head(&Head {
                remark: REMARK,
                id,
                title: &self.title,
                tags: &["probe", TAG],
                needs: &self.needs,
                given: &self.given,
            })
        };
        let mut hasher = SipHasher13::new();
        hasher.write(head("").as_bytes());
        hasher.write(steps.as_bytes());
        let hash = hasher.finish() >> 32;
        let id = format!("{}{hash:08x}", prefix(probe));
        let text = head(&id) + &steps;
        File { id, text }
    }
}

/// What the ids of a probe's counterexamples begin with.
pub fn prefix(probe: &str) -> String {
    let name = probe.strip_prefix("probe.").unwrap_or(probe);
    format!("{TAG}.{name}.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::expect;
    use crate::requirement::Catalogue;
    use crate::suite::{Vocabulary, lint_text};

    #[test]
    fn a_counterexample_is_a_sound_scenario_whatever_stands_in_it() {
        let hostile = "a\"b\\ {x}: [y] # z \u{1F600} e\u{301} \u{2028} 'no' ";
        let replay = Replay {
            requirement: "rfc7644-3.4.2.2-eq-matches-equal-values",
            title: format!("`{hostile}` is selected"),
            needs: vec!["rt.User".to_owned()],
            given: vec![Given {
                kind: "user",
                name: "u1".to_owned(),
                with: vec![
                    ("title".to_owned(), json!(hostile)),
                    (
                        "emails".to_owned(),
                        json!([{"value": hostile, "type": "no"}]),
                    ),
                ],
            }],
            steps: vec![Step {
                name: "filter".to_owned(),
                verb: "get".to_owned(),
                path: "/Users".to_owned(),
                query: write::Query::Pairs(vec![("filter".to_owned(), hostile.to_owned())]),
                expect: vec![(
                    "list",
                    json!({"contains": ["{{u1.id}}"]}),
                    "rfc7644-3.4.2.2-eq-matches-equal-values",
                )],
                ..Step::default()
            }],
        };
        let file = replay.file("probe.filter");
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: expect::all(),
            catalogue: &catalogue,
        };
        let found = lint_text(&file.id, &file.text, &vocabulary);
        assert!(found.is_empty(), "{}\n{}", found[0], file.text);
        assert!(file.id.starts_with("regression.filter."), "{}", file.id);
        assert_eq!(replay.file("probe.filter"), file);
        let other = Replay {
            title: "Another".to_owned(),
            ..replay
        };
        assert_ne!(other.file("probe.filter").id, file.id);
    }
}
