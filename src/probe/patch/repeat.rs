//! The same PATCH again: what is as it has to be stays, and versions follow what changes.

use serde_json::{Value, json};

use super::blame::{EQUAL, PRESENT, REFRESHES, UNTOUCHED, VERSION, blame};
use super::example::{Example, is};
use super::law::{Unfair, compare, is_default};
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::{Grade, Outcomes, World, patch};
use crate::probe::bench::Wrong;
use crate::probe::property::Trial;
use crate::probe::put::same;
use crate::scim::datetime;
use crate::scim::filter::AttributePath;
use crate::scim::resource::{Difference, canonicalise, equal_resource, get, member};
use crate::scim::schema::SchemaSet;
use crate::scim::urn;

/// A PATCH that was carried out, sent a second time.
pub(super) struct Again<'a> {
    pub(super) schemas: &'a SchemaSet,
    pub(super) example: &'a Example,
    /// The message.
    pub(super) body: &'a Value,
    /// A user to whom nothing was given beside a name.
    pub(super) bare: &'a Value,
    /// The user as it was made.
    pub(super) before: &'a Value,
    /// The user after the first time, and after the second, as far as it was shown.
    pub(super) after: &'a Value,
    pub(super) later: Option<&'a Value>,
    /// The answer to the second.
    pub(super) answer: &'a Exchange,
}

impl Again<'_> {
    /// Judges it.
    pub(super) fn judge(&self) -> Trial<Unfair> {
        let Some(later) = self.later.filter(|_| self.answer.status().is_some()) else {
            return Trial::Unjudged;
        };
        let outcomes = patch::apply(self.after, self.body, self.schemas, World::default());
        let idle = self.is_idle(&outcomes);
        let trial = match self.answer.status() {
            Some(200 | 204) if idle => self.stayed(&outcomes, later),
            // Who carried it out once knows what it means.
            Some(400 | 404 | 409 | 422) if idle && !may_refuse(&outcomes) => self.refused(),
            _ => {
                let states = (self.after, later);
                let (body, bare) = (self.body, self.bare);
                compare(self.schemas, self.example, body, states, self.answer, bare)
            }
        };
        match trial {
            Trial::Held => Trial::Held,
            Trial::Unjudged => Trial::Unjudged,
            Trial::Broken(why) => Trial::Broken(why),
            Trial::Failed(wrong) => Trial::Failed(Unfair {
                wrong,
                was: self.before.clone(),
                before: self.after.clone(),
                after: later.clone(),
                stays: idle,
            }),
        }
    }

    /// Whether the operations leave the user as it is after the first time, by all that is fair.
    fn is_idle(&self, outcomes: &Outcomes) -> bool {
        let was = canonicalise(self.after, self.schemas);
        let mut fair = outcomes.done.iter().filter(|it| it.grade == Grade::Fair);
        let any = outcomes.done.iter().any(|it| it.grade == Grade::Fair);
        any && outcomes.complete
            && fair.all(|it| equal_resource(&was, &it.resource, self.schemas).is_ok())
    }

    fn stayed(&self, outcomes: &Outcomes, later: &Value) -> Trial<Wrong> {
        match outcomes.judge_untouched(later, self.schemas) {
            Err(difference) if is_default(&difference, self.bare) => Trial::Unjudged,
            Err(difference) => {
                let requirement = if self.example.has("add") {
                    PRESENT
                } else {
                    let states = (self.after, later);
                    blame(self.example, states, &difference, self.schemas)
                };
                Trial::Failed(self.differs(requirement, &difference))
            }
            Ok(()) if went_back(self.after, later) => {
                let expected = "lastModified not before what it was";
                let actual = "an earlier time".to_owned();
                Trial::Failed(self.wrong(REFRESHES, "/meta/lastModified", expected, actual))
            }
            Ok(()) if self.is_all("add") && went_back(later, self.after) && self.each_is_idle() => {
                let expected = "lastModified as it was, since nothing is added";
                let actual = "a later time".to_owned();
                Trial::Failed(self.wrong(UNTOUCHED, "/meta/lastModified", expected, actual))
            }
            Ok(()) => Trial::Held,
        }
    }

    fn refused(&self) -> Trial<Wrong> {
        let requirement = if self.is_all("add") {
            PRESENT
        } else if self.is_all("replace") {
            EQUAL
        } else {
            return Trial::Unjudged;
        };
        let expected = "200 or 204, as the first time";
        let actual = self.answer.said();
        Trial::Failed(self.wrong(requirement, "response.status", expected, actual))
    }

    /// Whether no operation by itself changes anything.
    fn each_is_idle(&self) -> bool {
        self.example.sent().into_iter().all(|operation| {
            let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
            let outcomes = patch::apply(self.after, &body, self.schemas, World::default());
            self.is_idle(&outcomes)
        })
    }

    fn is_all(&self, op: &str) -> bool {
        self.example.operations.iter().all(|it| is(it, op))
    }

    fn differs(&self, requirement: &'static str, difference: &Difference) -> Wrong {
        let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), brief);
        let (expected, actual) = (show(&difference.expected), show(&difference.actual));
        self.wrong(requirement, &difference.pointer, &expected, actual)
    }

    fn wrong(&self, requirement: &'static str, at: &str, expected: &str, actual: String) -> Wrong {
        Wrong {
            requirement,
            at: at.to_owned(),
            expected: expected.to_owned(),
            actual,
            exchange: self.answer.clone(),
        }
    }
}

/// Whether a refusal is as fair as a success.
fn may_refuse(outcomes: &Outcomes) -> bool {
    let mut refused = outcomes.refused.iter();
    refused.any(|it| it.grade == Grade::Fair)
}

/// A version that stayed though the PATCH changed what it names. What else shows may change by itself.
pub(super) fn stuck(
    schemas: &SchemaSet,
    body: &Value,
    (before, after): (&Value, &Value),
    patched: &Exchange,
) -> Option<Wrong> {
    let version = |user: &Value| {
        let version = member(member(user, "meta")?, "version")?.as_str()?;
        Some(version.to_owned())
    };
    let (was, is) = (version(before)?, version(after)?);
    let difference = same(before, after, schemas).err().filter(|_| was == is)?;
    let named = body.to_string().to_lowercase();
    let mut parts = difference.pointer.split('/').skip(1);
    let name = parts.find(|part| !urn::is_urn(part))?.to_lowercase();
    named.contains(&name).then(|| Wrong {
        requirement: VERSION,
        at: "/meta/version".to_owned(),
        expected: "another version, since the user has changed".to_owned(),
        actual: is,
        exchange: patched.clone(),
    })
}

/// Whether lastModified is earlier than before.
pub(in crate::probe) fn went_back(before: &Value, after: &Value) -> bool {
    let time = |resource: &Value| {
        let path = AttributePath::new("meta", Some("lastModified"));
        let text = get(resource, &path).first()?.as_str()?.to_owned();
        datetime::parse(&text)
    };
    matches!((time(before), time(after)), (Some(before), Some(after)) if after < before)
}
