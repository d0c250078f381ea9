//! Views of a record that more than one report needs: lookups, groups, orders. It prints nothing.

use std::collections::{BTreeMap, HashMap};

use super::word::{self, State};
use crate::exchange::Exchange;
use crate::record::readiness::{Readiness, Reason, Skipped};
use crate::record::{CaseRecord, Finding, Outcome, PackVerdict, RequirementRecord, RunRecord};
use crate::requirement::Level;

/// A record with its requirements and exchanges by key.
pub(super) struct View<'a> {
    /// The record.
    pub(super) record: &'a RunRecord,
    requirements: HashMap<&'a str, &'a RequirementRecord>,
    exchanges: HashMap<u64, &'a Exchange>,
    by_case: HashMap<&'a str, Vec<u64>>,
}

/// Cases that were skipped for one reason.
pub(super) struct SkipGroup<'a> {
    /// The reason.
    pub(super) reason: &'a str,
    /// What would make them run, where the reason tells.
    pub(super) remedy: Option<String>,
    /// The cases, in the order of the plan.
    pub(super) cases: Vec<&'a CaseRecord>,
}

impl<'a> View<'a> {
    pub(super) fn new(record: &'a RunRecord) -> Self {
        let mut by_case: HashMap<&str, Vec<u64>> = HashMap::new();
        for exchange in &record.exchanges {
            by_case.entry(&exchange.case).or_default().push(exchange.n);
        }
        Self {
            record,
            by_case,
            requirements: record
                .requirements
                .iter()
                .map(|requirement| (requirement.id.as_str(), requirement))
                .collect(),
            exchanges: record
                .exchanges
                .iter()
                .map(|exchange| (exchange.n, exchange))
                .collect(),
        }
    }

    /// The requirement with this id, where it is in the record.
    pub(super) fn requirement(&self, id: &str) -> Option<&'a RequirementRecord> {
        self.requirements.get(id).copied()
    }

    /// The exchange with this number, where the record kept it.
    pub(super) fn exchange(&self, n: u64) -> Option<&'a Exchange> {
        self.exchanges.get(&n).copied()
    }

    /// Numbers of the exchanges that this case sent, as far as the record kept them.
    pub(super) fn exchanges_of(&self, case: &str) -> Vec<u64> {
        self.by_case.get(case).cloned().unwrap_or_default()
    }

    /// Cases in this state, in the order of the plan.
    pub(super) fn cases(&self, state: State) -> impl Iterator<Item = &'a CaseRecord> {
        self.record
            .cases
            .iter()
            .filter(move |case| State::of(case) == state)
    }

    /// Cases by state, worst state first, without the states that no case has.
    pub(super) fn counts(&self) -> Vec<(State, u64)> {
        State::ALL
            .into_iter()
            .map(|state| (state, self.cases(state).count() as u64))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// Skipped cases by reason, most frequent first.
    pub(super) fn skips(&self) -> Vec<SkipGroup<'a>> {
        let mut groups: BTreeMap<&str, Vec<&CaseRecord>> = BTreeMap::new();
        for case in self.cases(State::Outcome(Outcome::Skip)) {
            let reason = case.skip_reason.as_deref().unwrap_or("no reason given");
            groups.entry(reason).or_default().push(case);
        }
        let mut groups: Vec<SkipGroup<'_>> = groups
            .into_iter()
            .map(|(reason, cases)| SkipGroup {
                reason,
                remedy: remedy(reason),
                cases,
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.cases.len()));
        groups
    }
}

/// Findings of a case, worst first, otherwise as recorded.
pub(super) fn findings(case: &CaseRecord) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = case.findings.iter().collect();
    findings.sort_by_key(|finding| {
        (
            finding.expected_failure.is_some(),
            std::cmp::Reverse(finding.outcome),
        )
    });
    findings
}

/// The strongest level among the findings of a case, if it has any.
pub(super) fn level(case: &CaseRecord) -> Option<Level> {
    case.findings.iter().map(|finding| finding.level).min()
}

/// The area of a case: the part of its id before the first dot, or its kind.
pub(super) fn area(case: &CaseRecord) -> &str {
    match case.id.split_once('.') {
        Some((area, _)) if !area.is_empty() => area,
        _ => word::kind(case.kind),
    }
}

/// The pack that decides how the run is headed: the worst that gates, or the worst of all where none does.
pub(super) fn decisive(record: &RunRecord) -> Option<&PackVerdict> {
    let gated = record.verdicts.iter().filter(|pack| pack.gate);
    gated
        .max_by_key(|pack| pack.verdict)
        .or_else(|| record.verdicts.iter().max_by_key(|pack| pack.verdict))
}

/// The readiness of a client in lines: the verdict, its reasons with what the client then does, what was skipped.
pub(super) fn readiness(pack: &PackVerdict, readiness: &Readiness) -> Vec<String> {
    let profile = readiness.profile.as_ref();
    let part = profile.map_or_else(String::new, |profile| format!(", profile {profile}"));
    let mut lines = vec![format!(
        "{}{part}: {}",
        readiness.client,
        word::verdict(pack)
    )];
    for reason in &readiness.reasons {
        let level = word::level(reason.level);
        let after = match (&reason.then, &reason.error) {
            (Some(then), _) => format!("; then the client {then}"),
            (None, Some(error)) => format!("; not judged: {error}"),
            (None, None) => String::new(),
        };
        let Reason {
            statement,
            requirement,
            ..
        } = reason;
        lines.push(format!("{level}: {statement} ({requirement}){after}"));
    }
    if readiness.more > 0 {
        let more = word::count(readiness.more, "more reason", "more reasons");
        lines.push(format!("and {more}"));
    }
    lines.extend(readiness.skipped.iter().map(skipped));
    lines
}

/// Requirements that were skipped for one reason, in words.
pub(super) fn skipped(row: &Skipped) -> String {
    let requirements = word::count(row.requirements, "requirement", "requirements");
    format!("not judged: {requirements}: {}", row.why)
}

/// What would make cases run that were skipped for this reason, where it is that of an unmet need of
/// the suite. Other reasons speak for themselves.
fn remedy(reason: &str) -> Option<String> {
    const REMEDIES: [(&str, &str); 4] = [
        (
            "the target does not advertise ",
            "/ServiceProviderConfig says that it supports",
        ),
        ("the target has no resource type ", "/ResourceTypes lists"),
        (
            "the target has no extension ",
            "/ResourceTypes lists the extension",
        ),
        ("the target's schemas have no ", "/Schemas defines"),
    ];
    let advertised = REMEDIES.iter().find_map(|(start, remedy)| {
        let name = reason.strip_prefix(start)?;
        Some(format!("{remedy} {name}"))
    });
    let set = || {
        let setting = reason.strip_prefix("needs ")?;
        Some(format!("you set {setting}"))
    };
    let written = || {
        reason
            .contains("read-only")
            .then(|| "`--read-only` is left out".to_owned())
    };
    advertised.or_else(set).or_else(written)
}

/// A hint: a sentence, and what it draws or lets run, which has lines of its own.
pub(super) fn hint(finding: &Finding) -> (Option<&str>, Option<&str>) {
    match finding.hint.as_deref().map(|hint| hint.split_once('\n')) {
        Some(Some((said, drawn))) => (Some(said), Some(drawn)),
        _ => (finding.hint.as_deref(), None),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scim::capabilities::Capabilities;
    use crate::suite::Need;

    fn check(need: &str, expected: &str) {
        let need: Need = need.parse().unwrap();
        let reason = need
            .met(&Capabilities::default(), &BTreeSet::new())
            .unwrap_err();
        assert_eq!(remedy(&reason).as_deref(), Some(expected), "{reason}");
    }

    #[test]
    fn every_unmet_need_says_what_would_run_the_cases() {
        check(
            "spc.bulk",
            "/ServiceProviderConfig says that it supports bulk",
        );
        check("rt.Group", "/ResourceTypes lists Group");
        check(
            "ext.Enterprise",
            "/ResourceTypes lists the extension Enterprise",
        );
        check("attr:emails", "/Schemas defines emails");
        check(
            "setting:second-token",
            "you set a second credential that may read and not write (`second-token-env`)",
        );
    }

    #[test]
    fn other_reasons_have_no_remedy() {
        assert_eq!(remedy("nothing exercised it"), None);
    }
}
