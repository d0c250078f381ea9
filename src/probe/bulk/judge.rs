//! A bulk request against its operations one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::answer::Part;
use super::example::{Example, Member, Operation};
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::probe::bench::Wrong;
use crate::scim::resource::equal_resource;
use crate::scim::schema::SchemaSet;

pub(super) const ANSWERS: &str = "rfc7644-3.7-bulk-answers-200";
const REPORTS: &str = "rfc7644-3.7.3-bulk-reports-every-operation";
const STATUS: &str = "rfc7644-3.7.3-bulk-status-is-that-of-the-single-request";
const GOES_ON: &str = "rfc7644-3.7-bulk-goes-on-after-failures";
pub(super) const STOPS: &str = "rfc7644-3.7.3-bulk-stops-after-fail-on-errors";
const RESOLVES: &str = "rfc7644-3.7.2-bulk-ids-become-ids";
const UNRESOLVED: &str = "rfc7644-3.7.2-unresolved-bulk-id-fails";
const INTENT: &str = "rfc7644-3.7-bulk-order-keeps-the-intent";

/// All that the law can find broken.
pub(super) const COVERS: &[&str] = &[
    ANSWERS, REPORTS, STATUS, GOES_ON, STOPS, RESOLVES, UNRESOLVED, INTENT,
];

/// What is there, by the words that go for ids.
pub(super) type States = BTreeMap<String, Option<Value>>;

/// What came of each operation, together and one by one; the states afterwards.
pub(super) struct Both<'a> {
    pub(super) example: &'a Example,
    pub(super) exchange: &'a Exchange,
    pub(super) together: &'a [Option<Part>],
    /// None for an operation that has to be refused since what it refers to has to fail, and for one after the end.
    pub(super) alone: &'a [Option<Part>],
    /// The operation after which the request ends, where it does.
    pub(super) end: Option<usize>,
    /// Together, and one by one.
    pub(super) states: (&'a States, &'a States),
    pub(super) schemas: (&'a SchemaSet, Option<&'a SchemaSet>),
}

impl Both<'_> {
    /// Judges it.
    pub(super) fn judge(&self) -> Result<(), Box<Wrong>> {
        let mut failed = false;
        for (number, (together, alone)) in self.together.iter().zip(self.alone).enumerate() {
            if self.end.is_some_and(|end| number > end) {
                self.after_the_end(number, together.as_ref())?;
                continue;
            }
            let Some(together) = together else {
                let actual = "no result".to_owned();
                return Err(self.wrong(REPORTS, number, "a result for it", actual));
            };
            self.one(number, together, alone.as_ref(), failed)?;
            failed |= together.status >= 400;
        }
        self.whole()
    }

    fn one(
        &self,
        number: usize,
        together: &Part,
        alone: Option<&Part>,
        failed: bool,
    ) -> Result<(), Box<Wrong>> {
        let done = (200..300).contains(&together.status);
        let actual = together.status.to_string();
        let Some(alone) = alone else {
            return if done {
                let expected = "a refusal, since what it refers to was not created";
                Err(self.wrong(UNRESOLVED, number, expected, actual))
            } else {
                Ok(())
            };
        };
        let expected = format!("{}, as alone", alone.status);
        let wanted = (200..300).contains(&alone.status);
        match (wanted, done) {
            _ if agree(alone.status, together.status) => Ok(()),
            (true, false)
                if self.refers_forward(number) && (400..500).contains(&together.status) =>
            {
                Ok(())
            }
            (true, false) if self.refers(number) => {
                Err(self.wrong(RESOLVES, number, &expected, actual))
            }
            (true, false) if failed => Err(self.wrong(GOES_ON, number, &expected, actual)),
            _ => Err(self.wrong(STATUS, number, &expected, actual)),
        }
    }

    fn after_the_end(&self, number: usize, together: Option<&Part>) -> Result<(), Box<Wrong>> {
        match together {
            Some(part) if part.status < 400 => {
                let expected = "not carried out, since failOnErrors was reached";
                Err(self.wrong(STOPS, number, expected, part.status.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// What is there afterwards.
    fn whole(&self) -> Result<(), Box<Wrong>> {
        let (together, alone) = self.states;
        for (word, wanted) in alone {
            // A group that was refused since it refers forward is none.
            let Some(found) = together.get(word) else {
                continue;
            };
            let is_group = word.starts_with(['G', 'F']);
            let schemas = match self.schemas {
                (_, Some(groups)) if is_group => groups,
                (users, _) => users,
            };
            let (wanted, found) = match (wanted, found) {
                (Some(wanted), Some(found)) => (wanted, found),
                (None, None) => continue,
                (wanted, _) => {
                    let name = |there: bool| if there { "there" } else { "not there" };
                    let requirement = if self.end.is_some() { STOPS } else { INTENT };
                    let expected = format!("{word} {}", name(wanted.is_some()));
                    let actual = name(wanted.is_none()).to_owned();
                    return Err(self.at(requirement, format!("/{word}"), expected, actual));
                }
            };
            if self.is_open(word) {
                continue;
            }
            if let Err(difference) = equal_resource(wanted, found, schemas) {
                let show =
                    |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), brief);
                let new = show(&difference.expected).contains("\"N")
                    || show(&difference.actual).contains("bulkId:");
                let requirement = match (new && is_group, self.end) {
                    (true, _) => RESOLVES,
                    (_, Some(_)) => STOPS,
                    _ => INTENT,
                };
                let at = format!("/{word}{}", difference.pointer);
                let expected = format!("{}, as one by one", show(&difference.expected));
                return Err(self.at(requirement, at, expected, show(&difference.actual)));
            }
        }
        Ok(())
    }

    /// Whether something about it may fairly differ: an operation on it referred forward and was refused, or who was
    /// a member was deleted.
    fn is_open(&self, word: &str) -> bool {
        let operations = self.example.operations.iter().enumerate();
        let refused = |number: usize| {
            let part = self.together.get(number).and_then(Option::as_ref);
            part.is_none_or(|part| part.status >= 400)
        };
        let mut forward =
            operations.filter(|(number, _)| self.refers_forward(*number) && refused(*number));
        forward.any(|(number, operation)| match operation {
            // Who would be in the group shows it, too.
            Operation::Found(_) => {
                word == format!("F{}", number + 1) || !word.starts_with(['G', 'F'])
            }
            Operation::Add(_) => word == "G" || !word.starts_with('F'),
            _ => false,
        })
    }

    fn refers(&self, number: usize) -> bool {
        let operation = self.example.operations.get(number);
        let members = operation.map_or(&[][..], Operation::members);
        members
            .iter()
            .any(|member| matches!(member, Member::New(_)))
    }

    /// Whether it refers to what a later operation creates.
    fn refers_forward(&self, number: usize) -> bool {
        let operation = self.example.operations.get(number);
        let members = operation.map_or(&[][..], Operation::members);
        members.iter().any(|member| match member {
            Member::New(user) => self.example.creates(*user).is_some_and(|at| at > number),
            _ => false,
        })
    }

    fn wrong(
        &self,
        requirement: &'static str,
        number: usize,
        expected: &str,
        actual: String,
    ) -> Box<Wrong> {
        let at = format!("/Operations/{number}/status");
        self.at(requirement, at, expected.to_owned(), actual)
    }

    fn at(
        &self,
        requirement: &'static str,
        at: String,
        expected: String,
        actual: String,
    ) -> Box<Wrong> {
        Box::new(Wrong {
            requirement,
            at,
            expected,
            actual,
            exchange: self.exchange.clone(),
        })
    }
}

/// Whether two statuses say the same: which of 200 and 204, or which of two fitting errors, is the server's choice
/// each time.
fn agree(one: u16, other: u16) -> bool {
    let class = |status| match status {
        200 | 204 => 200,
        400 | 409 | 412 => 400,
        404 | 410 => 404,
        other => other,
    };
    class(one) == class(other)
}
