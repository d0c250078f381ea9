//! Judgements: pure functions of exchanges and context.
//!
//! A check names which deviation it saw. It never awaits, prints or decides how bad that is:
//! the requirement owns the severity.

pub mod equality;
pub mod expect;
pub mod form;
pub mod invariant;
pub mod matcher;
pub mod place;
mod returned;
#[cfg(test)]
pub(crate) mod sample;
mod secrecy;
pub mod subject;
pub mod typing;

use serde_json::Value;

use crate::exchange::Exchange;
use crate::scim::capabilities::Capabilities;

/// Largest number of characters of a value that a judgement shows.
pub const MAX_SHOWN: usize = 200;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The promise held.
    Held,
    /// A deviation that `tolerance.toml` names.
    Tolerated(String, Deviation),
    /// The promise was broken.
    Broken(Deviation),
    /// There was nothing to judge: why.
    Inapplicable(String),
    /// It could not be judged through no fault of the server: why.
    Undecided(String),
}

impl Judgement {
    /// A broken promise at a place, with what was expected and what came.
    pub fn broken(
        at: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        Self::Broken(Deviation {
            at: at.into(),
            expected: expected.into(),
            actual: actual.into(),
            hint: None,
        })
    }

    /// The same judgement with what to do about a deviation.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Broken(deviation) | Self::Tolerated(_, deviation) = &mut self {
            deviation.hint = Some(hint.into());
        }
        self
    }

    /// A broken promise as the deviation that a tolerance names; any other judgement unchanged.
    pub fn tolerated(self, tolerance: &str) -> Self {
        match self {
            Self::Broken(deviation) => Self::Tolerated(tolerance.to_owned(), deviation),
            other => other,
        }
    }
}

/// A deviation from what was promised.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Deviation {
    /// Place: `response.status`, `response.header.location`, or a JSON Pointer into the body (`/emails/0/type`).
    pub at: String,
    /// What was expected, short.
    pub expected: String,
    /// What came, short.
    pub actual: String,
    /// What to do about it, if there is something to say.
    pub hint: Option<String>,
}

/// What a check may look at beside its exchange.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What the target says it can do.
    pub capabilities: &'a Capabilities,
    /// The forms of its resources; absent where nothing is judged by them.
    pub forms: Option<&'a form::Forms>,
    /// Base URL of the target, without a trailing slash.
    pub base_url: &'a str,
    /// The pages of a `walk`, in order; empty otherwise. The exchange then is their union.
    pub pages: &'a [Exchange],
}

impl<'a> Context<'a> {
    /// A context without pages.
    pub fn new(capabilities: &'a Capabilities, base_url: &'a str) -> Self {
        Self {
            capabilities,
            forms: None,
            base_url,
            pages: &[],
        }
    }
}

/// A judgement that a scenario names: one file under `check/expect/`.
pub trait Expect: Sync {
    /// Name in scenario files (`status`).
    fn name(&self) -> &'static str;

    /// What it judges and what its argument looks like, for `explain` and the scenario schema.
    fn doc(&self) -> &'static str;

    /// Judges the argument as written in a scenario, templates still in its strings.
    ///
    /// # Errors
    /// Where the argument has a key or value that the check does not know.
    fn lint(&self, argument: &Value) -> Result<(), ArgumentError>;

    /// Judges the exchange; `argument` has its templates filled in.
    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement;
}

/// An argument that a check does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    /// JSON Pointer into the argument.
    pub at: String,
    /// Lowercase fragment: what is wrong.
    pub message: String,
    /// A nearby right spelling, or what would be right.
    pub hint: Option<String>,
}

/// A judgement on every exchange: one file under `check/invariant/`.
pub trait Invariant: Sync {
    /// Id, also of its case (`media-type`).
    fn id(&self) -> &'static str;

    /// The promise that holds when green.
    fn title(&self) -> &'static str;

    /// The requirements that it may find broken.
    fn covers(&self) -> &'static [&'static str];

    /// Judges one exchange: each judgement with the requirement that it is about. Empty when the exchange does not exercise it.
    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)>;
}
