//! The expectation file: failures that are known, with a reason and an end.
//!
//! An expected failure is shown as such and gates nothing. One that no longer occurs, or has expired,
//! is stale. Nothing is ever hidden.

use std::ops::Range;

use globset::{Glob, GlobMatcher};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::record::{CaseRecord, Outcome};
use crate::suite::near;

/// A mistake in an expectation file.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ExpectationError {
    /// What is wrong, with its fix.
    pub message: String,
    /// Bytes of the file that it is about.
    pub span: Option<Range<usize>>,
}

/// The names that an entry may use: everything that could be selected, so that a typo is seen.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of cases.
    pub cases: Vec<String>,
    /// Ids of requirements.
    pub requirements: Vec<String>,
}

/// The entries of an expectation file that apply to one target.
#[derive(Debug, Default)]
pub struct Expectations {
    entries: Vec<Entry>,
}

/// One known failure.
#[derive(Debug)]
struct Entry {
    /// Requirement or case, as written.
    name: String,
    matcher: GlobMatcher,
    by_case: bool,
    outcome: Outcome,
    reason: String,
    expired: Option<Date>,
    seen: bool,
    /// Whether a selected case or requirement was named at all, so that a narrow selection makes nothing stale.
    exercised: bool,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    expect: Vec<Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    requirement: Option<String>,
    case: Option<String>,
    #[serde(default = "anything")]
    target: String,
    #[serde(default = "failing")]
    outcome: Outcome,
    reason: String,
    link: Option<String>,
    expires: Option<toml::value::Datetime>,
}

fn anything() -> String {
    "*".to_owned()
}

fn failing() -> Outcome {
    Outcome::Fail
}

impl Expectations {
    /// Reads an expectation file for a target (its base URL) on a day.
    ///
    /// # Errors
    /// Where the file is no such file, an entry names neither or both of requirement and case, names
    /// none that is known, has no reason, or a glob or date is none.
    pub fn parse(
        text: &str,
        base_url: &str,
        today: Date,
        known: &Known,
    ) -> Result<Self, ExpectationError> {
        let file: File = toml::from_str(text).map_err(|error| ExpectationError {
            message: error.message().to_owned(),
            span: error.span(),
        })?;
        let mut entries = Vec::new();
        for row in file.expect {
            let span = row.span();
            let found = Entry::new(row.get_ref(), base_url, today, known);
            let found = found.map_err(|message| ExpectationError {
                message,
                span: Some(span),
            })?;
            entries.extend(found);
        }
        Ok(Self { entries })
    }

    /// Marks what an entry covers in the record of a case, and remembers which entries were met.
    ///
    /// A case is expected as a whole when every finding that would count against it is.
    pub fn apply(&mut self, case: &mut CaseRecord, covered: &[&str]) {
        for entry in &mut self.entries {
            entry.exercised |= if entry.by_case {
                entry.matcher.is_match(&case.id) && case.outcome != Outcome::Skip
            } else {
                case.outcome != Outcome::Skip && covered.iter().any(|id| entry.matcher.is_match(id))
            };
            if entry.expired.is_some() {
                continue;
            }
            for finding in &mut case.findings {
                let name = if entry.by_case {
                    &case.id
                } else {
                    &finding.requirement
                };
                if finding.outcome == entry.outcome && entry.matcher.is_match(name) {
                    entry.seen = true;
                    finding.expected_failure = Some(entry.reason.clone());
                }
            }
            if entry.by_case
                && entry.outcome == Outcome::Error
                && case.outcome == Outcome::Error
                && entry.matcher.is_match(&case.id)
            {
                entry.seen = true;
                case.expected = Some(entry.reason.clone());
            }
        }
        let mut open = case
            .findings
            .iter()
            .filter(|finding| finding.outcome == case.outcome);
        if matches!(case.outcome, Outcome::Fail | Outcome::Warn | Outcome::Error)
            && open.clone().next().is_some()
            && open.all(|finding| finding.expected_failure.is_some())
        {
            case.expected = case
                .findings
                .iter()
                .find_map(|finding| finding.expected_failure.clone());
        }
    }

    /// One line for each entry that is stale, given what [`Expectations::apply`] saw.
    #[must_use]
    pub fn stale(&self) -> Vec<String> {
        let told = |entry: &Entry| match entry.expired {
            Some(day) => Some(format!(
                "the expectation for {} expired on {day}: fix it or give it a new date",
                entry.name
            )),
            None if entry.exercised && !entry.seen => Some(format!(
                "the expectation for {} no longer occurs: remove it",
                entry.name
            )),
            None => None,
        };
        self.entries.iter().filter_map(told).collect()
    }
}

impl Entry {
    /// The entry, or none where it is about another target.
    fn new(row: &Row, base_url: &str, today: Date, known: &Known) -> Result<Option<Self>, String> {
        let (name, by_case) = match (row.requirement.clone(), row.case.clone()) {
            (Some(id), None) => (id, false),
            (None, Some(id)) => (id, true),
            _ => return Err("an entry names either a requirement or a case".to_owned()),
        };
        let matcher = known.matcher(&name, by_case)?;
        if row.reason.trim().is_empty() {
            return Err(format!("the entry for {name} gives no reason"));
        }
        if matches!(row.outcome, Outcome::Pass | Outcome::Skip | Outcome::Note) {
            return Err(format!(
                "the entry for {name} expects what gates nothing: outcome is fail, warn or error"
            ));
        }
        let expired = match &row.expires {
            None => None,
            Some(written) => {
                let day: Date = written
                    .to_string()
                    .parse()
                    .map_err(|_| format!("`{written}` is no date such as 2027-01-31"))?;
                (day < today).then_some(day)
            }
        };
        if !glob(&row.target)?.is_match(base_url) {
            return Ok(None);
        }
        let reason = match &row.link {
            Some(link) => format!("{} ({link})", row.reason),
            None => row.reason.clone(),
        };
        Ok(Some(Self {
            matcher,
            name,
            by_case,
            outcome: row.outcome,
            reason,
            expired,
            seen: false,
            exercised: false,
        }))
    }
}

impl Known {
    /// The matcher of a name that means something.
    fn matcher(&self, name: &str, by_case: bool) -> Result<GlobMatcher, String> {
        let (ids, kind) = if by_case {
            (&self.cases, "case")
        } else {
            (&self.requirements, "requirement")
        };
        let matcher = glob(name)?;
        if ids.iter().any(|id| matcher.is_match(id)) {
            return Ok(matcher);
        }
        let hint = match near(name, ids.iter().map(String::as_str)) {
            Some(id) => format!("did you mean `{id}`?"),
            None if by_case => "`scimitar list scenarios` names them".to_owned(),
            None => "`scimitar list requirements` names them".to_owned(),
        };
        Err(format!("there is no {kind} `{name}`: {hint}"))
    }
}

/// A glob in which brackets, which case ids hold, stand for themselves.
fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let literal = pattern.replace('[', "\\[").replace(']', "\\]");
    Glob::new(&literal)
        .map(|glob| glob.compile_matcher())
        .map_err(|error| format!("`{pattern}` is no glob: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CaseKind, Finding};
    use crate::requirement::Level;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn failed(requirement: &str) -> CaseRecord {
        let finding = Finding {
            requirement: requirement.to_owned(),
            level: Level::Must,
            outcome: Outcome::Fail,
            tolerance: None,
            check: "status".to_owned(),
            at: "response.status".to_owned(),
            expected: "204".to_owned(),
            actual: "200".to_owned(),
            count: 1,
            exchanges: Vec::new(),
            hint: None,
            curl: None,
            expected_failure: None,
        };
        CaseRecord {
            id: "users.disable[legacy]".to_owned(),
            kind: CaseKind::Scenario,
            pack: "rfc".to_owned(),
            title: String::new(),
            outcome: Outcome::Fail,
            duration_ms: 0,
            lag_ms: None,
            measured: Vec::new(),
            skip_reason: None,
            told: None,
            error: None,
            expected: None,
            findings: vec![finding],
        }
    }

    fn read(text: &str) -> Result<Expectations, ExpectationError> {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let known = Known {
            cases: names(&["users.disable[legacy]"]),
            requirements: names(&["r-1", "r-2", "r-3"]),
        };
        Expectations::parse(text, "https://scim.example/v2", TODAY, &known)
    }

    /// Applies the file to a case that broke `r-1`: whether the case is expected, and how many entries are stale.
    #[track_caller]
    fn check(text: &str, expected: bool, stale: usize) {
        let mut expectations = read(text).unwrap();
        let mut case = failed("r-1");
        expectations.apply(&mut case, &["r-1", "r-2"]);
        assert_eq!(case.expected.is_some(), expected, "{text}");
        assert_eq!(expectations.stale().len(), stale, "{text}");
    }

    #[test]
    fn an_entry_covers_what_it_names_and_is_stale_otherwise() {
        check("[[expect]]\nrequirement='r-1'\nreason='known'", true, 0);
        check("[[expect]]\nrequirement='r-*'\nreason='known'", true, 0);
        check(
            "[[expect]]\ncase='users.disable[legacy]'\nreason='known'",
            true,
            0,
        );
        check("[[expect]]\nrequirement='r-2'\nreason='known'", false, 1);
        check("[[expect]]\nrequirement='r-3'\nreason='known'", false, 0);
        check(
            "[[expect]]\nrequirement='r-1'\nreason='known'\ntarget='https://other.example/*'",
            false,
            0,
        );
        check(
            "[[expect]]\nrequirement='r-1'\nreason='known'\nexpires=2026-11-21",
            false,
            1,
        );
        check(
            "[[expect]]\nrequirement='r-1'\nreason='known'\nexpires=2026-11-22",
            true,
            0,
        );
        check(
            "[[expect]]\nrequirement='r-1'\nreason='known'\noutcome='warn'",
            false,
            1,
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("[[expect]]\nrequirement='r-1'", "reason"),
            ("[[expect]]\nreason='x'", "either a requirement or a case"),
            (
                "[[expect]]\nrequirement='r-1'\nreason=' '",
                "gives no reason",
            ),
            (
                "[[expect]]\nrequirement='r-1'\nreason='x'\noutcome='pass'",
                "gates nothing",
            ),
            (
                "[[expect]]\nrequirement='s-1'\nreason='x'",
                "there is no requirement `s-1`: did you mean `r-1`?",
            ),
            (
                "[[expect]]\ncase='r-1'\nreason='x'\ntarget='https://other.example/*'",
                "there is no case `r-1`",
            ),
            (
                "[[expect]]\nrequirment='r'\nreason='x'",
                "unknown field `requirment`",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }
}
