//! What a checker can find, from what may never happen to what SCIM leaves open.

/// What is wrong with a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::probe::race) enum Flaw {
    /// Something was read that nobody wrote, or that was refused.
    Invented,
    /// What was acknowledged is gone in the end.
    Lost,
    /// What was taken away, and acknowledged, is there in the end.
    Resurrected,
    /// The same in the result of a query.
    Listed,
    /// Two changes of one version went through.
    Twice,
    /// One version shows two states.
    Blurred,
    /// A client does not see what it was told was done.
    Unseen,
    /// A client sees something older than it saw before.
    Backwards,
    /// No order of the operations explains the answers.
    Unordered,
}

impl Flaw {
    /// Whether it is one of order and freshness between several clients, which SCIM promises nothing about.
    pub(in crate::probe::race) fn is_left_open(self) -> bool {
        self == Self::Unordered
    }

    /// Whether a copy that follows late explains it.
    pub(in crate::probe::race) fn may_be_lag(self) -> bool {
        matches!(self, Self::Unseen | Self::Backwards | Self::Unordered)
    }
}

/// What a checker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::probe::race) enum Found {
    /// What is wrong; nothing where the history can be explained. Where something is there that may never be, what
    /// is milder is left out: it follows.
    Flaws(Vec<Flaw>),
    /// The search was given up: this says nothing.
    Unknown,
}

impl Found {
    /// Nothing is wrong.
    pub(in crate::probe::race) fn nothing() -> Self {
        Self::Flaws(Vec::new())
    }

    /// One thing is.
    pub(in crate::probe::race) fn one(flaw: Flaw) -> Self {
        Self::Flaws(vec![flaw])
    }

    /// Whether this is among what is wrong.
    pub(in crate::probe::race) fn has(&self, flaw: Flaw) -> bool {
        matches!(self, Self::Flaws(flaws) if flaws.contains(&flaw))
    }
}
