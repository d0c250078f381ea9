//! Views of a record that more than one report needs: lookups, groups, orders. It prints nothing.

use std::collections::{BTreeMap, HashMap};

use super::word::State;
use crate::exchange::Exchange;
use crate::record::{CaseRecord, Finding, Outcome, RequirementRecord, RunRecord};
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
        _ => super::word::kind(case.kind),
    }
}

/// What would make cases run that were skipped for this reason: reasons name needs by the closed
/// vocabulary of the catalogue (`spc.bulk`, `rt.Group`, `setting:second-token` …).
fn remedy(reason: &str) -> Option<String> {
    let needs =
        reason.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '`' | ';'));
    let remedies: Vec<String> = needs.filter_map(remedy_of).collect();
    (!remedies.is_empty()).then(|| remedies.join(" and "))
}

fn remedy_of(need: &str) -> Option<String> {
    let known = |prefix: &str| need.strip_prefix(prefix).filter(|rest| !rest.is_empty());
    if let Some(name) = known("spc.") {
        return Some(format!("ServiceProviderConfig advertises `{name}`"));
    }
    if let Some(name) = known("rt.") {
        return Some(format!("/ResourceTypes lists `{name}`"));
    }
    if let Some(name) = known("ext.") {
        return Some(format!("/ResourceTypes lists the extension `{name}`"));
    }
    if let Some(name) = known("attr:") {
        return Some(format!("/Schemas defines the attribute `{name}`"));
    }
    known("setting:").map(|name| format!("`{name}` is set in scimitar.toml or by its flag"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reason: &str, expected: Option<&str>) {
        assert_eq!(remedy(reason).as_deref(), expected, "{reason}");
    }

    #[test]
    fn reasons_that_name_a_need_say_what_would_run_the_cases() {
        check("the run is read-only", None);
        check(
            "needs spc.bulk",
            Some("ServiceProviderConfig advertises `bulk`"),
        );
        check(
            "needs rt.Group, setting:second-token",
            Some(
                "/ResourceTypes lists `Group` and `second-token` is set in scimitar.toml or by its flag",
            ),
        );
        check("attr: is empty", None);
    }
}
