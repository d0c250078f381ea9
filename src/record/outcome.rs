//! The truth table: judgement × level × basis × grading → outcome; and the place that makes two findings one.

use super::Outcome;
use crate::check::Judgement;
use crate::requirement::{Basis, Grade, Grading, Level, Tolerance};

/// Largest number of exchanges that a finding cites.
pub const MAX_CITED: usize = 3;

/// The outcome of a judgement on a requirement.
///
/// `tolerance` is the row that a [`Judgement::Tolerated`] names; where the catalogue has no such
/// row, the deviation is graded as a broken promise.
pub fn grade(
    judgement: &Judgement,
    level: Level,
    basis: Basis,
    tolerance: Option<&Tolerance>,
    grading: Grading,
) -> Outcome {
    match (judgement, tolerance) {
        (Judgement::Held, _) => Outcome::Pass,
        (Judgement::Inapplicable(_), _) => Outcome::Skip,
        (Judgement::Undecided(_), _) => Outcome::Error,
        (Judgement::Tolerated(..), Some(row)) => outcome_of(row.grade(grading)),
        (Judgement::Tolerated(..), None) | (Judgement::Broken(_), _) => {
            broken(level, grading).min(cap(basis, grading))
        }
    }
}

fn broken(level: Level, grading: Grading) -> Outcome {
    match (level, grading) {
        (Level::Must, _) | (Level::Should, Grading::Strict) => Outcome::Fail,
        (Level::Should, Grading::Interop) => Outcome::Warn,
        (Level::May, _) => Outcome::Note,
    }
}

/// The worst outcome that a kind of text can justify.
fn cap(basis: Basis, grading: Grading) -> Outcome {
    match (basis, grading) {
        (Basis::Example, Grading::Interop) | (Basis::SingleSource | Basis::Inference, _) => {
            Outcome::Note
        }
        (Basis::Example, Grading::Strict) | (Basis::LowerCase, _) => Outcome::Warn,
        (
            Basis::Keyword
            | Basis::Prose
            | Basis::Table
            | Basis::Erratum
            | Basis::Documented
            | Basis::Observed,
            _,
        ) => Outcome::Fail,
    }
}

fn outcome_of(grade: Grade) -> Outcome {
    match grade {
        Grade::Pass => Outcome::Pass,
        Grade::Note => Outcome::Note,
        Grade::Warn => Outcome::Warn,
        Grade::Fail => Outcome::Fail,
    }
}

/// The worst of some outcomes; Skip where there are none.
pub fn worst(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    outcomes.into_iter().max().unwrap_or(Outcome::Skip)
}

/// A place without what differs from one exchange to the next: an array index becomes `*`, an id
/// `{id}`.
pub fn normalise(at: &str) -> String {
    if !at.contains('/') {
        return at.to_owned();
    }
    at.split('/')
        .map(|segment| {
            if is_index(segment) {
                "*"
            } else if is_id(segment) {
                "{id}"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn is_index(segment: &str) -> bool {
    !segment.is_empty() && segment.len() <= 6 && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// UUIDs, and long runs of hexadecimal digits, of which at least one is a decimal digit.
fn is_id(segment: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_hexdigit();
    segment.len() >= 7
        && segment.bytes().all(|byte| hex(byte) || byte == b'-')
        && segment.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Deviation;

    const LEVELS: [Level; 3] = [Level::Must, Level::Should, Level::May];
    const BASES: [Basis; 10] = [
        Basis::Keyword,
        Basis::Prose,
        Basis::LowerCase,
        Basis::Table,
        Basis::Erratum,
        Basis::Example,
        Basis::Documented,
        Basis::Observed,
        Basis::SingleSource,
        Basis::Inference,
    ];
    const GRADINGS: [Grading; 2] = [Grading::Interop, Grading::Strict];

    /// Outcomes of a broken promise, interop and strict, written out by hand from the rules.
    fn broken_by_hand(level: Level, basis: Basis) -> [Outcome; 2] {
        use Outcome::{Fail, Note, Warn};
        match (level, basis) {
            (_, Basis::SingleSource | Basis::Inference) | (Level::May, _) => [Note, Note],
            (
                Level::Must,
                Basis::Keyword
                | Basis::Prose
                | Basis::Table
                | Basis::Erratum
                | Basis::Documented
                | Basis::Observed,
            ) => [Fail, Fail],
            (Level::Must | Level::Should, Basis::LowerCase) => [Warn, Warn],
            (Level::Must | Level::Should, Basis::Example) => [Note, Warn],
            (Level::Should, _) => [Warn, Fail],
        }
    }

    #[test]
    fn the_truth_table_holds_for_every_combination() {
        let deviation = Deviation::default();
        let row = |interop, strict| Tolerance {
            id: "X".to_owned(),
            requirements: Vec::new(),
            summary: String::new(),
            interop,
            strict,
            when: None,
        };
        let grades = [
            (Grade::Pass, Outcome::Pass),
            (Grade::Note, Outcome::Note),
            (Grade::Warn, Outcome::Warn),
            (Grade::Fail, Outcome::Fail),
        ];
        for level in LEVELS {
            for basis in BASES {
                for (column, grading) in GRADINGS.into_iter().enumerate() {
                    let of = |judgement: &Judgement, row: Option<&Tolerance>| {
                        grade(judgement, level, basis, row, grading)
                    };
                    let expected = broken_by_hand(level, basis)[column];
                    let broken = Judgement::Broken(deviation.clone());
                    let tolerated = Judgement::Tolerated("X".to_owned(), deviation.clone());
                    assert_eq!(
                        of(&broken, None),
                        expected,
                        "{level:?} {basis:?} {grading:?}"
                    );
                    assert_eq!(of(&tolerated, None), expected, "a row that is missing");
                    for (interop, in_interop) in grades {
                        for (strict, in_strict) in grades {
                            let row = row(interop, strict);
                            let stated = [in_interop, in_strict][column];
                            assert_eq!(of(&tolerated, Some(&row)), stated);
                            assert_eq!(of(&broken, Some(&row)), expected, "no row excuses it");
                            assert_eq!(of(&Judgement::Held, Some(&row)), Outcome::Pass);
                        }
                    }
                    let why = || "why".to_owned();
                    assert_eq!(of(&Judgement::Inapplicable(why()), None), Outcome::Skip);
                    assert_eq!(of(&Judgement::Undecided(why()), None), Outcome::Error);
                }
            }
        }
    }

    #[test]
    fn the_worst_outcome_is_by_the_order_of_the_house() {
        use Outcome::{Error, Fail, Note, Pass, Skip, Warn};
        for (outcomes, expected) in [
            (vec![], Skip),
            (vec![Skip, Pass], Pass),
            (vec![Note, Pass], Note),
            (vec![Warn, Note], Warn),
            (vec![Error, Warn], Error),
            (vec![Pass, Fail, Error], Fail),
        ] {
            assert_eq!(worst(outcomes), expected);
        }
    }

    #[test]
    fn places_lose_what_differs_between_exchanges() {
        for (at, expected) in [
            ("response.status", "response.status"),
            ("/Resources/17/emails/0/type", "/Resources/*/emails/*/type"),
            (
                "/Users/2819c223-7f76-453a-919d-413861904646/id",
                "/Users/{id}/id",
            ),
            ("/a/65f0c1d2e3a4b5c6d7e8f901", "/a/{id}"),
            ("/deadbeef", "/deadbeef"),
            (
                "/urn:ietf:params:scim:schemas:core:2.0:User/x509",
                "/urn:ietf:params:scim:schemas:core:2.0:User/x509",
            ),
            ("", ""),
        ] {
            assert_eq!(normalise(at), expected);
        }
    }
}
