//! Exit codes: a contract. A code keeps its meaning for good.
//!
//! Where several apply, the first of this order wins: 70, 74, 73, 130/143, 2, 69, 3 (invalid run), 1,
//! 6, 3 (inconclusive cases), 5, 7, 0. `run.json` lists all reasons.

/// Exit codes of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Nothing failed.
    Ok = 0,
    /// A gated check failed.
    Failed = 1,
    /// A mistake in arguments, configuration or a suite: nothing was sent.
    Usage = 2,
    /// The run says nothing about the target, or a selected case ended in an error.
    Invalid = 3,
    /// Nothing matched the selection.
    NothingSelected = 4,
    /// An expected failure no longer occurs, or has expired.
    Stale = 5,
    /// A threshold of a load run was crossed.
    ThresholdCrossed = 6,
    /// Resources of the run are left behind.
    CleanupIncomplete = 7,
    /// The target could not be reached.
    Unreachable = 69,
    /// A defect of scimitar.
    Bug = 70,
    /// The output can't be created.
    CannotCreate = 73,
    /// The output could not be written.
    CannotWrite = 74,
    /// Stopped by SIGINT, after clean-up.
    Interrupted = 130,
    /// Stopped by SIGTERM, after clean-up.
    Terminated = 143,
}

impl From<Exit> for u8 {
    fn from(exit: Exit) -> Self {
        exit as Self
    }
}

/// A command that could not do its work: what to say and the code.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub exit: Exit,
    /// What happened → where → why probably → what next; may have several lines.
    pub message: String,
}

impl Failure {
    /// A failure with this code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    /// A mistake of the user: nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::outcome::Reason;

    #[test]
    fn runs_end_with_codes_of_the_contract() {
        for (reason, exit) in [
            (Reason::CheckFailed, Exit::Failed),
            (Reason::Usage, Exit::Usage),
            (Reason::TargetLost, Exit::Invalid),
            (Reason::Inconclusive, Exit::Invalid),
            (Reason::NothingSelected, Exit::NothingSelected),
            (Reason::StaleExpectation, Exit::Stale),
            (Reason::GeneratorLimited, Exit::Invalid),
            (Reason::ThresholdCrossed, Exit::ThresholdCrossed),
            (Reason::CleanupIncomplete, Exit::CleanupIncomplete),
            (Reason::Unreachable, Exit::Unreachable),
            (Reason::Bug, Exit::Bug),
            (Reason::OutputNotWritable, Exit::CannotCreate),
            (Reason::OutputFailed, Exit::CannotWrite),
            (Reason::Interrupted, Exit::Interrupted),
            (Reason::Terminated, Exit::Terminated),
        ] {
            assert_eq!(reason.code(), u8::from(exit), "{reason:?}");
        }
    }
}
