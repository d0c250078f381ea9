//! The questions about writes that the RFCs leave open, and a walk through all answers.
//!
//! An application asks as it goes; the same question gets the same answer within one run, and
//! [`explore`] runs it again until every combination of answers was seen.

use super::outcome::Grade;
use super::outcome::Grade::{Fair, Warned};

/// A question, with the answers it has. The first answer is the one that most servers give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The path is a bare schema URN: works · refused.
    ContainerPath,
    /// A single object for a multi-valued attribute: taken as a list of one · refused.
    SingleForList,
    /// Adding a value that is there, or giving one twice: ignored · stored twice · refused.
    DuplicateAdded,
    /// Adding a value that differs from one that is there only in `primary`, which is false in one and missing in the
    /// other: the same · another one, although what is missing is assumed to be false (RFC 7643 §2.4).
    PrimaryOmitted,
    /// Adding a value that differs from one that is there only beside its `value` and `type`: appended · ignored · merged into it.
    SimilarAdded,
    /// Two primary values in one request: refused · the last wins · the first wins · none is.
    TwoPrimaries,
    /// Adding to a complex attribute: merged · replaced.
    AddComplex,
    /// Replacing a complex attribute without a path: merged · replaced.
    PathlessComplex,
    /// A dotted or URN-qualified key in a value without a path: applied · refused.
    OddKey,
    /// `null` as a value or among values: unassigns, is left out · refused.
    Null,
    /// Adding `[]`: changes nothing · unassigns.
    AddNothing,
    /// A sub-attribute of all values, no filter: applied · refused.
    SubOfAll,
    /// The same where there is no value: refused · one is created · nothing happens.
    SubOfNone,
    /// `"true"` for `true`, `"5"` for 5, 5 for `"5"`: converted · refused.
    Coercion,
    /// Removing what is not there: nothing happens · refused.
    RemoveNothing,
    /// `Add` for `add`: works · refused.
    OpCase,
    /// A slash before a path: refused · stripped.
    LeadingSlash,
    /// An empty path: refused · taken as none.
    EmptyPath,
    /// No space before an operand: refused · read.
    MissingSpace,
    /// An attribute that no schema defines: refused · ignored.
    UnknownAttribute,
    /// An attribute in a whole resource that no schema defines: ignored · refused.
    UnknownMember,
    /// A sub-attribute in a value that no schema defines: ignored · refused.
    UnknownSub,
    /// A value on remove: read or passed over · refused.
    IdleValue,
    /// A value on remove: removes those · refused · removes all.
    RemoveWithValue,
    /// Values to remove: those that are the same · those that agree in what is named.
    RemoveAgreeing,
    /// A reference to a resource that does not exist: stored · refused.
    Dangling,
    /// Writing a readOnly attribute with the value it has: ignored · refused.
    ReadOnlySame,
    /// Writing a readOnly attribute without a path: refused · ignored.
    ReadOnlyPathless,
    /// A readOnly sub-attribute within a value: ignored · refused.
    ReadOnlySub,
    /// A readOnly attribute in a whole resource: ignored · refused.
    ReadOnlyMember,
    /// Writing below `meta`: refused · ignored.
    MetaPath,
    /// Writing an immutable attribute with the value it has: nothing happens · refused.
    ImmutableSame,
    /// An immutable attribute left out of a whole resource: kept · refused.
    ImmutableOmitted,
    /// Changing an immutable sub-attribute of one value: refused · changed · ignored.
    ImmutableInValue,
    /// A value filter on a single complex attribute: refused · applied.
    FilterOnSingle,
    /// A value filter that a server may refuse: applied · refused.
    FilterRefusable,
    /// Operators other than `eq` in a value filter: applied · refused.
    FilterOperators,
    /// Adding where a value filter matches nothing: refused · a value is created · nothing happens.
    AddNoMatch,
    /// Replacing matched values: merged · replaced.
    ReplaceMatched,
    /// Values that are the same once they are replaced: all stay · one stays (RFC 7643 §2.4: no combination of `type`
    /// and `value` more than once).
    AlikeAfterwards,
    /// Adding to matched values: merged · refused.
    AddMatched,
    /// A value that is not among the canonical ones: stored · refused.
    Canonical,
    /// Binary that is no base64, or of another alphabet: refused · stored.
    NotBase64,
    /// A reference that is no URI: refused · stored.
    NotUri,
    /// `schemas` is to list what the type does not have, or no core schema: refused · ignored.
    OddSchemas,
    /// Removing the `value` of a reference: what belongs to it goes, too · stays.
    ReferenceEmptied,
    /// Replace without a value: refused · unassigns.
    ReplaceWithoutValue,
    /// An empty string for a required attribute: refused · stored.
    EmptyRequired,
    /// The message lacks its URN: refused · accepted.
    MissingSchemas,
    /// One operation instead of a list: refused · applied.
    SingleOperation,
    /// `operations` for `Operations`: works · refused.
    MemberSpelling,
    /// No operation: refused · nothing happens.
    NoOperations,
    /// An attribute left out of a whole resource: cleared · kept.
    Omitted,
    /// Which reading of the value filter of an operation: its index, and how many there are.
    Reading(usize, usize),
    /// Whether a value filter matches where nobody can say: index of the operation and the value.
    Unknowable(usize, usize),
}

impl Choice {
    fn grade(self, answer: usize) -> Grade {
        match self {
            Self::RemoveWithValue | Self::AddNoMatch | Self::SubOfNone => warned_from(2, answer),
            Self::DuplicateAdded
            | Self::PrimaryOmitted
            | Self::ImmutableInValue
            | Self::AddComplex
            | Self::PathlessComplex
            | Self::LeadingSlash
            | Self::EmptyPath
            | Self::UnknownAttribute
            | Self::ReadOnlyPathless
            | Self::ReadOnlyMember
            | Self::FilterOperators
            | Self::ReplaceWithoutValue
            | Self::EmptyRequired
            | Self::MissingSchemas
            | Self::SingleOperation
            | Self::MemberSpelling
            | Self::NoOperations
            | Self::Omitted => warned_from(1, answer),
            _ => Fair,
        }
    }

    fn answers(self) -> usize {
        match self {
            Self::TwoPrimaries => 4,
            Self::DuplicateAdded
            | Self::SimilarAdded
            | Self::SubOfNone
            | Self::RemoveWithValue
            | Self::ImmutableInValue
            | Self::AddNoMatch => 3,
            Self::Reading(_, count) => count,
            _ => 2,
        }
    }
}

fn warned_from(first: usize, answer: usize) -> Grade {
    if answer < first { Fair } else { Warned }
}

/// Most combinations of answers that are tried.
const MOST_RUNS: usize = 4096;

/// The answers of one run: a prefix is given, the rest are first answers.
#[derive(Debug, Default)]
pub(super) struct Answers {
    given: Vec<usize>,
    asked: Vec<(Choice, usize)>,
}

impl Answers {
    /// The answer to a question: its index among the answers that [`Choice`] lists.
    pub(super) fn ask(&mut self, choice: Choice) -> usize {
        if let Some((_, answer)) = self.asked.iter().find(|(asked, _)| *asked == choice) {
            return *answer;
        }
        let answer = self.given.get(self.asked.len()).copied().unwrap_or(0);
        self.asked.push((choice, answer));
        answer
    }

    /// Whether the first answer is given.
    pub(super) fn first(&mut self, choice: Choice) -> bool {
        self.ask(choice) == 0
    }

    fn grade(&self) -> Grade {
        let grades = self
            .asked
            .iter()
            .map(|(choice, answer)| choice.grade(*answer));
        grades.max().unwrap_or(Fair)
    }

    /// The answers to give next: the last question that has another answer gets it.
    fn next(mut self) -> Option<Self> {
        while let Some((choice, answer)) = self.asked.pop() {
            if answer + 1 < choice.answers() {
                let mut given: Vec<_> = self.asked.iter().map(|(_, answer)| *answer).collect();
                given.push(answer + 1);
                return Some(Self {
                    given,
                    asked: Vec::new(),
                });
            }
        }
        None
    }
}

/// Runs an application under every combination of answers; gives each result with its grade, and
/// whether that was all.
pub(super) fn explore<T>(mut run: impl FnMut(&mut Answers) -> T) -> (Vec<(T, Grade)>, bool) {
    let mut results = Vec::new();
    let mut next = Some(Answers::default());
    while let Some(mut answers) = next {
        if results.len() == MOST_RUNS {
            return (results, false);
        }
        let result = run(&mut answers);
        results.push((result, answers.grade()));
        next = answers.next();
    }
    (results, true)
}
