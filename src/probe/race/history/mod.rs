//! What rivals asked, what they were told and when: one log, one monotonic clock, closed intervals.
//!
//! Everything here is a pure function of the log: it sends nothing. Two operations whose times touch count as
//! concurrent; one whose end nobody knows stays concurrent with all that begins after it.

mod check;
mod gone;
#[cfg(test)]
mod laws;
mod linear;
mod minimal;
mod names;
mod pages;
mod register;
mod set;
mod timeline;
mod version;

use std::collections::BTreeSet;
use std::time::Duration;

pub(super) use check::{Flaw, Found};
pub(super) use gone::gone;
pub(super) use minimal::minimal;
pub(super) use names::names;
pub(super) use pages::pages;
pub(super) use register::register;
pub(super) use set::set;
pub(super) use timeline::timeline;
pub(super) use version::version;

/// The client that sets a round up and looks at its end; rivals are numbered from 1.
pub(super) const OBSERVER: u32 = 0;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Create,
    Read,
    /// Sets the value of a register.
    Write,
    /// Sets it where the version is the one named.
    Swap,
    Add,
    Remove,
    Delete,
    /// Reads a set, or what a filter finds.
    Look,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was done.
    Done,
    /// It was definitely not done.
    Refused,
    /// Nobody knows.
    Open,
}

/// What it showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Nothing,
    /// The value of a register; none where it has no value.
    Value(Option<String>),
    Set(BTreeSet<String>),
    /// There is no such resource.
    Gone,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Op {
    /// Place in the log, in the order of completion.
    pub(super) id: usize,
    pub(super) client: u32,
    pub(super) kind: Kind,
    /// What it is about: the id of a resource, or a name.
    pub(super) key: String,
    /// What it writes: a value, an element, a name.
    pub(super) input: Option<String>,
    /// The tag that it named.
    pub(super) expects: Option<String>,
    /// When it was sent, from the start of the round.
    pub(super) from: Duration,
    /// When its answer was complete, or when nobody waited for it any more.
    pub(super) to: Duration,
    pub(super) outcome: Outcome,
    pub(super) output: Output,
    /// The tag that its answer carries.
    pub(super) tag: Option<String>,
    pub(super) status: Option<u16>,
}

impl Op {
    /// Whether it ended before the other began, however the clock is read.
    pub(super) fn precedes(&self, other: &Self) -> bool {
        self.outcome != Outcome::Open && self.to < other.from
    }

    pub(super) fn is_done(&self) -> bool {
        self.outcome == Outcome::Done
    }

    /// Whether it may have been done.
    pub(super) fn may_be_done(&self) -> bool {
        self.outcome != Outcome::Refused
    }

    /// What it writes.
    fn written(&self) -> Option<&str> {
        self.input.as_deref()
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;

    /// A done operation of a client between two milliseconds.
    pub(in crate::probe::race) fn op(client: u32, kind: Kind, from: u64, to: u64) -> Op {
        Op {
            id: 0,
            client,
            kind,
            key: "r".to_owned(),
            input: None,
            expects: None,
            from: Duration::from_millis(from),
            to: Duration::from_millis(to),
            outcome: Outcome::Done,
            output: Output::Nothing,
            tag: None,
            status: Some(200),
        }
    }

    pub(in crate::probe::race) fn write(client: u32, value: &str, from: u64, to: u64) -> Op {
        Op {
            input: Some(value.to_owned()),
            ..op(client, Kind::Write, from, to)
        }
    }

    pub(in crate::probe::race) fn read(client: u32, value: &str, from: u64, to: u64) -> Op {
        Op {
            output: Output::Value(Some(value.to_owned())),
            ..op(client, Kind::Read, from, to)
        }
    }

    pub(in crate::probe::race) fn open(op: Op) -> Op {
        Op {
            outcome: Outcome::Open,
            status: None,
            ..op
        }
    }

    pub(in crate::probe::race) fn refused(op: Op) -> Op {
        Op {
            outcome: Outcome::Refused,
            status: Some(409),
            ..op
        }
    }
}
