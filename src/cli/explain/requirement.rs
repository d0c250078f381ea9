//! A requirement, explained: what is sent, what passes and fails, why it matters, how it is fixed.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{fields, graded, paragraph, section, words};
use crate::check::{Judgement, invariant};
use crate::cli::choice::Library;
use crate::cli::exit::Failure;
use crate::provider::fault::registry;
use crate::record::Outcome;
use crate::record::outcome::grade;
use crate::requirement::{Basis, Grading, Party, Requirement, Status};
use crate::suite::{Expectation, Scenario, Step};

/// Scenarios that are shown with their requests; the others are named.
const MAX_SHOWN: usize = 5;

/// All that is known of a requirement.
///
/// # Errors
/// Where a scenario that covers it can't be read.
pub(super) fn explained(one: &Requirement, library: &Library) -> Result<String, Failure> {
    let mut text = format!("{}\n  {}\n\n", one.id, one.statement);
    let why = one.status.reason().map(|why| format!(": {why}"));
    let stated = format!("{} §{}  {}", one.document.name, one.section, one.link());
    fields(
        &mut text,
        &[
            (
                "level",
                format!("{} ({})", one.level.name().to_uppercase(), basis(one.basis)),
            ),
            ("binds", binds(one.party).to_owned()),
            ("stated", stated),
            ("feature", one.feature.clone()),
            ("pack", one.pack.clone()),
            (
                "status",
                format!("{}{}", one.status.name(), why.unwrap_or_default()),
            ),
            ("needs", one.needs.join(", ")),
        ],
    );
    let scenarios = covering(one, library)?;
    sent(&mut text, one, &scenarios);
    if one.status == Status::Tested {
        verdicts(&mut text, one, library);
    }
    let faults: Vec<(String, String)> = registry::all()
        .into_iter()
        .filter(|fault| fault.breaks.contains(&one.id))
        .map(|fault| (fault.name().to_owned(), fault.title))
        .collect();
    section(&mut text, "shown by the faults", &faults);
    if !one.no_fault.is_empty() {
        paragraph(&mut text, "shown by no fault", &one.no_fault);
    }
    let advice = library.catalogue.advice(one);
    paragraph(&mut text, "why it matters", advice.why);
    paragraph(&mut text, "how it is usually fixed", advice.fix);
    if one.status == Status::Tested {
        let _ = writeln!(text, "\nsee it: scimitar test --embedded --only {}", one.id);
    }
    if let Some((name, _)) = faults.first() {
        let _ = writeln!(text, "break it: scimitar serve --fault {name}");
    }
    Ok(text)
}

fn covering(one: &Requirement, library: &Library) -> Result<Vec<Arc<Scenario>>, Failure> {
    let candidates = library.suite.candidates(&library.catalogue);
    let headings = candidates
        .into_iter()
        .filter(|(candidate, _)| candidate.requirements.contains(&one.id))
        .map(|(_, heading)| heading)
        .collect();
    library.scenarios(headings)
}

fn sent(text: &mut String, one: &Requirement, scenarios: &[Arc<Scenario>]) {
    let always: Vec<(String, String)> = invariant::all()
        .iter()
        .filter(|leaf| leaf.covers().contains(&one.id.as_str()))
        .map(|leaf| (leaf.id().to_owned(), leaf.title().to_owned()))
        .collect();
    section(text, "judged on every answer", &always);
    if scenarios.is_empty() {
        return;
    }
    text.push_str("\nsent, and what passes\n");
    for scenario in scenarios.iter().take(MAX_SHOWN) {
        let _ = writeln!(text, "  {}  {}", scenario.id, scenario.title);
        let mut before = vec![words::given(&scenario.given)];
        for step in &scenario.steps {
            let covering: Vec<&Expectation> = step
                .expect
                .iter()
                .filter(|expectation| expectation.covers.contains(&one.id))
                .collect();
            if covering.is_empty() {
                before.push(words::request_line(step));
            } else {
                first(text, &mut before);
                judged(text, step, &covering);
            }
        }
    }
    if let Some(more) = scenarios.get(MAX_SHOWN..).filter(|more| !more.is_empty()) {
        let ids: Vec<&str> = more.iter().map(|scenario| scenario.id.as_str()).collect();
        let _ = writeln!(text, "  and in {}", ids.join(", "));
    }
}

/// What was there or sent before the step that counts.
fn first(text: &mut String, before: &mut Vec<String>) {
    before.retain(|said| !said.is_empty());
    if !before.is_empty() {
        let _ = writeln!(text, "    first   {}", before.join("; "));
    }
    before.clear();
}

fn judged(text: &mut String, step: &Step, covering: &[&Expectation]) {
    let _ = writeln!(text, "    send    {}", words::request_line(step));
    for detail in words::details(step) {
        let _ = writeln!(text, "            {detail}");
    }
    for expectation in covering {
        let _ = writeln!(text, "    expect  {}", words::expectation(expectation));
    }
}

/// What a deviation costs, by grading.
fn verdicts(text: &mut String, one: &Requirement, library: &Library) {
    let broken = |grading| {
        let judgement = Judgement::broken("", "", "");
        outcome(grade(&judgement, one.level, one.basis, None, grading))
    };
    let (interop, strict) = (broken(Grading::Interop), broken(Grading::Strict));
    let _ = writeln!(
        text,
        "\nwhat deviates\n  {}  any other answer",
        pair(interop, strict)
    );
    let rows = library.catalogue.tolerances();
    for row in rows.filter(|row| row.requirements.contains(&one.id)) {
        let _ = writeln!(text, "  {}  {}: {}", graded(row), row.id, row.summary);
        if let Some(when) = &row.when {
            let when = serde_json::Value::Object(when.clone());
            let _ = writeln!(text, "    seen as {}", words::all_of(&when));
        }
    }
}

/// Two grades: `warn, with --strict fail`, or one where they are the same.
pub(super) fn pair(interop: &str, strict: &str) -> String {
    if interop == strict {
        interop.to_owned()
    } else {
        format!("{interop}, with --strict {strict}")
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Warn => "warn",
        Outcome::Note => "note",
        _ => "pass",
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Keyword => "a key word of the text",
        Basis::Prose => "prose without a key word",
        Basis::LowerCase => "a lower-case key word",
        Basis::Table => "a table",
        Basis::Erratum => "an erratum",
        Basis::Example => "an example",
        Basis::Documented => "the maker's documentation",
        Basis::Observed => "what the client was seen to do",
        Basis::SingleSource => "one source, not confirmed",
        Basis::Inference => "an inference, not confirmed",
    }
}

fn binds(party: Party) -> &'static str {
    match party {
        Party::Server => "the service provider",
        Party::Client => "the client",
        Party::Both => "service provider and client",
    }
}
