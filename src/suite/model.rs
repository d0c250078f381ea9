//! A scenario as data: what to set up, what to send, what to expect.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::capture::Capture;
use super::given::Given;
use super::need::Need;
use super::wait::Wait;
use crate::check::Expect;
use crate::payload::{Draft, MissingCapture, Payload, Scope, Template};
use crate::session::{Key, To};

/// One scenario file.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's path inside its pack: `users.delete` for `users/delete.yaml`.
    pub id: String,
    /// Pack, from the folder: `rfc`, `entra-id`.
    pub pack: String,
    /// The promise that holds when green.
    pub title: String,
    /// Tags.
    pub tags: Vec<String>,
    /// What must be there for it to run.
    pub needs: Vec<Need>,
    /// Set-up, in order.
    pub given: Vec<Given>,
    /// Steps, in order.
    pub steps: Vec<Step>,
    /// Named rows, each a case of its own; empty for a scenario that is one case.
    pub matrix: Vec<Row>,
    /// File as the user would name it.
    pub file: String,
}

impl Scenario {
    /// The cases of the scenario: one, or one a row.
    pub fn cases(self: &Arc<Self>) -> Vec<Case> {
        if self.matrix.is_empty() {
            return vec![Case {
                id: self.id.clone(),
                scenario: Arc::clone(self),
                row: None,
            }];
        }
        self.matrix
            .iter()
            .enumerate()
            .map(|(index, row)| Case {
                id: format!("{}[{}]", self.id, row.name),
                scenario: Arc::clone(self),
                row: Some(index),
            })
            .collect()
    }

    /// The requirements that its expectations cover, in order, each once.
    pub fn covers(&self) -> Vec<&str> {
        let mut covers = Vec::new();
        for expectation in self.steps.iter().flat_map(|step| &step.expect) {
            for id in &expectation.covers {
                if !covers.contains(&id.as_str()) {
                    covers.push(id.as_str());
                }
            }
        }
        covers
    }
}

/// A scenario, or one row of it, as it is run and reported.
#[derive(Clone, Debug)]
pub struct Case {
    /// `users.delete`, or `users.disable[legacy]` for a row.
    pub id: String,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    row: Option<usize>,
}

impl Case {
    /// The row, where the scenario has a matrix.
    pub fn row(&self) -> Option<&Row> {
        self.scenario.matrix.get(self.row?)
    }

    /// Lets templates see the values of the row. To be called before anything else of the case.
    ///
    /// # Errors
    /// Never for a scenario that was read from a file: its values hold built-in names only.
    pub fn enter(&self, scope: &mut Scope) -> Result<(), MissingCapture> {
        for (name, draft) in self.row().into_iter().flat_map(|row| &row.values) {
            let value = draft.render(scope)?;
            scope.set(name.as_str(), value);
        }
        Ok(())
    }

    /// What must be there for the case to run: the needs of the scenario and of the row.
    pub fn needs(&self) -> impl Iterator<Item = &Need> {
        self.scenario
            .needs
            .iter()
            .chain(self.row().into_iter().flat_map(|row| &row.needs))
    }
}

/// A row of a matrix.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name, unique in the matrix.
    pub name: String,
    /// What this row needs beyond the scenario.
    pub needs: Vec<Need>,
    /// Values that templates see under their names; built-in names may stand in them.
    pub values: Vec<(String, Draft)>,
}

/// One request, or one walk over pages, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Name for the reader; `step 2` where none was given.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// Path below the base; names in it become one percent-encoded segment each. Empty for the base itself.
    pub path: Template,
    /// Query parameters in order, values decoded. One without a name is a query as it stands on the wire.
    pub query: Vec<(String, Template)>,
    /// Header fields beyond what the client sets.
    pub headers: Vec<(String, Template)>,
    /// Body.
    pub body: Option<Payload>,
    /// Media type of the body.
    pub content_type: ContentType,
    /// Which credential is sent.
    pub auth: StepAuth,
    /// Where it goes beside the base URL.
    pub to: To,
    /// Which key of the gateway is sent.
    pub key: Key,
    /// Whether the step must run while nothing else does.
    pub alone: bool,
    /// Whether what it creates carries no marker.
    pub unmarked: bool,
    /// How long to wait before it.
    pub wait: Option<Wait>,
    /// How long to repeat it until its expectations hold (GET only).
    pub until: Option<Duration>,
    /// What it measures: how long the change before it takes to be seen here (`disable.by-id`; GET only).
    pub measures: Option<String>,
    /// Expectations in order. A step without any needs a 2xx, and its captures for what follows.
    pub expect: Vec<Expectation>,
    /// What is kept of the answer.
    pub capture: Vec<Capture>,
    /// Line of the step in its file, from 1.
    pub line: usize,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends one request with this method.
    Send(http::Method),
    /// Follows the pages of a list and judges their union.
    Walk(Paging),
}

/// How a walk goes from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// By `startIndex`, with this `count`.
    Index(u32),
    /// By cursor (RFC 9865), with this `count`.
    Cursor(u32),
}

/// Media type of a step's body.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ContentType {
    /// `application/scim+json`.
    #[default]
    Scim,
    /// No such field is sent.
    None,
    /// As written.
    Other(String),
}

/// Which credential a step sends.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum StepAuth {
    /// The configured one.
    #[default]
    Main,
    /// None.
    None,
    /// The second one.
    Second,
    /// This value of the `Authorization` field.
    Header(Template),
}

/// One judgement that a step asks for.
#[derive(Clone)]
pub struct Expectation {
    /// The check.
    pub check: &'static dyn Expect,
    /// Its argument, captures not yet filled in.
    pub argument: Draft,
    /// Requirements that are broken where it is.
    pub covers: Vec<String>,
    /// Deviations that are tolerated here.
    pub tolerate: Vec<Tolerate>,
    /// Line in its file, from 1.
    pub line: usize,
}

impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation")
            .field("check", &self.check.name())
            .field("argument", &self.argument)
            .field("covers", &self.covers)
            .field("tolerate", &self.tolerate)
            .finish_non_exhaustive()
    }
}

/// A tolerated deviation: what was seen instead of what was promised.
#[derive(Clone)]
pub struct Tolerate {
    /// Id in `tolerance.toml`.
    pub id: String,
    /// Expectations that must all hold for the deviation to be this one: those written in the
    /// scenario, else those of the tolerance itself. Empty where only a check can say so.
    pub when: Vec<(&'static dyn Expect, Draft)>,
}

impl fmt::Debug for Tolerate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = self.when.iter().map(|(check, draft)| (check.name(), draft));
        f.debug_struct("Tolerate")
            .field("id", &self.id)
            .field("when", &when.collect::<Vec<_>>())
            .finish()
    }
}
