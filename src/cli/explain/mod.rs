//! `scimitar explain`: all that is known of one id, offline.

mod load;
mod requirement;
mod selection;
mod words;

use std::fmt::Write as _;

use clap::Args as ClapArgs;

use super::choice::{Choice, Library};
use super::config::Config;
use super::exit::{Exit, Failure};
use super::option::SelectFlags;
use super::output;
use super::value::nearest;
use crate::check::{Invariant, expect, invariant};
use crate::probe::{self, Probe};
use crate::provider::fault::{Declaration, like, profile, registry};
use crate::requirement::Tolerance;
use crate::suite::{Heading, Scenario};

/// What stands before the name of a profile, where it is also the name of something else.
const PROFILE: &str = "profile:";
/// What stands before the name of a load profile, where it is also the name of something else.
const LOAD: &str = "load:";
/// Columns of running text.
const WIDTH: usize = 96;

/// Explains a requirement, scenario, check, probe, tolerance, profile, load profile or fault
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Its id, as reports and `scimitar list` name it; `profile:NAME` is a profile and `load:NAME` a load profile whatever else has the name
    id: String,
    #[command(flatten)]
    select: SelectFlags,
}

/// Explains.
///
/// # Errors
/// Where nothing has this id, or a scenario that belongs to it can't be read.
pub(super) fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let library = Choice::of(&args.select, config).library()?;
    let found = explained(&args.id, &library)?;
    let text = found.ok_or_else(|| unknown(&args.id, &library))?;
    output::print(&text)?;
    Ok(Exit::Ok.into())
}

fn explained(id: &str, library: &Library) -> Result<Option<String>, Failure> {
    if let Some(name) = id.strip_prefix(PROFILE) {
        let one = library.suite.profile(name);
        let one = one.map_err(|error| Failure::usage(error.to_string()))?;
        return Ok(Some(selection::explained(&one, library)));
    }
    if let Some(name) = id.strip_prefix(LOAD) {
        return load::explained(name, library).map(Some);
    }
    let scenario = id.split('[').next().unwrap_or(id);
    if let Some(one) = library.catalogue.get(id) {
        return requirement::explained(one, library).map(Some);
    }
    if let Some(heading) = library.suite.any_heading(scenario) {
        return a_scenario(heading, library).map(Some);
    }
    if let Some(leaf) = invariant::all().iter().find(|leaf| leaf.id() == id) {
        return Ok(Some(an_invariant(*leaf, library)));
    }
    if let Some(leaf) = probe::find(id) {
        return Ok(Some(a_probe(leaf, library)));
    }
    if let Some(leaf) = expect::find(id) {
        return Ok(Some(a_check(id, leaf.doc())));
    }
    if let Some(text) = ambiguity(id, library)? {
        return Ok(Some(text));
    }
    if let Some(one) = library
        .suite
        .profiles()
        .into_iter()
        .find(|one| one.name == id)
    {
        return Ok(Some(selection::explained(&one, library)));
    }
    if let Some(one) = profile::all().into_iter().find(|one| one.name == id) {
        let faults = one.faults.join("\n  ");
        return Ok(Some(format!(
            "{id}: several faults of the built-in provider\n  {}\n\nfaults\n  {faults}\n\nbreak it: scimitar serve --fault {id}\n",
            one.title
        )));
    }
    if let Some(one) = like::find(id) {
        return Ok(Some(an_imitation(one)));
    }
    if library.suite.load_files().any(|file| file.name == id) {
        return load::explained(id, library).map(Some);
    }
    let fault = registry::all().into_iter().find(|one| one.name() == id);
    Ok(fault.map(|fault| a_fault(&fault, library)))
}

/// A service provider that `serve --like` imitates.
fn an_imitation(one: &like::Like) -> String {
    let faults = one.faults.join("\n  ");
    let mut text = format!(
        "{}: a service provider that the built-in one imitates\n  {}\n  {}\n\nfaults\n  {faults}\n",
        one.name, one.title, one.link
    );
    if !one.without.is_empty() {
        let _ = writeln!(text, "\nleft out\n  {}", one.without.join(", "));
    }
    let _ = writeln!(text, "\nserve it: scimitar serve --like {}", one.name);
    text
}

/// A tolerance; or an ambiguity of the RFCs by the part of the id that its outcomes share.
fn ambiguity(id: &str, library: &Library) -> Result<Option<String>, Failure> {
    if let Some(row) = library.catalogue.tolerance(id) {
        return a_tolerance(row, library).map(Some);
    }
    if let Some(one) = library.catalogue.unused().find(|one| one.id == id) {
        return Ok(Some(format!(
            "{id}: an ambiguity of the RFCs that needs no tolerance\n  {}\n",
            one.why
        )));
    }
    let outcomes: Vec<(String, String)> = library
        .catalogue
        .tolerances()
        .filter(|row| row.ambiguity() == id)
        .map(|row| (row.id.clone(), format!("{}: {}", graded(row), row.summary)))
        .collect();
    if outcomes.is_empty() {
        return Ok(None);
    }
    let mut text = format!("{id}: an ambiguity of the RFCs with several outcomes\n");
    section(&mut text, "tolerated", &outcomes);
    Ok(Some(text))
}

fn a_tolerance(row: &Tolerance, library: &Library) -> Result<String, Failure> {
    let mut text = format!(
        "{}: a deviation that is tolerated\n  {}\n\ngraded {}\n",
        row.id,
        row.summary,
        graded(row)
    );
    if let Some(when) = &row.when {
        let when = serde_json::Value::Object(when.clone());
        let _ = writeln!(text, "seen as {}", words::all_of(&when));
    }
    text.push_str("\ndeviates from\n");
    covered(
        &mut text,
        row.requirements.iter().map(String::as_str),
        library,
    );
    let headings = library.suite.headings().iter().collect();
    let used: Vec<(String, String)> = library
        .scenarios(headings)?
        .into_iter()
        .filter(|scenario| tolerates(scenario, &row.id))
        .map(|scenario| (scenario.id.clone(), scenario.title.clone()))
        .collect();
    section(&mut text, "tolerated in the scenarios", &used);
    if used.is_empty() {
        text.push_str("\na check names it wherever it sees the deviation\n");
    }
    Ok(text)
}

fn tolerates(scenario: &Scenario, id: &str) -> bool {
    scenario
        .steps
        .iter()
        .flat_map(|step| &step.expect)
        .flat_map(|expectation| &expectation.tolerate)
        .any(|tolerated| tolerated.id == id)
}

fn an_invariant(leaf: &dyn Invariant, library: &Library) -> String {
    let id = leaf.id();
    let mut text = format!(
        "{id}: judged on every exchange\n  {}\n\ncovers\n",
        leaf.title()
    );
    covered(&mut text, leaf.covers().iter().copied(), library);
    // `etag` is a judgement and a check.
    if let Some(leaf) = expect::find(id) {
        let _ = write!(text, "\n{}", a_check(id, leaf.doc()));
    }
    let _ = writeln!(text, "\nsee it: scimitar test --embedded --only {id}");
    text
}

fn a_check(id: &str, doc: &str) -> String {
    format!("{id}: a check of scenarios\n\n{doc}\n")
}

fn a_fault(fault: &Declaration, library: &Library) -> String {
    let id = fault.name();
    let mut text = format!(
        "{id}: a fault of the built-in provider\n  {}\n\nbreaks\n",
        fault.title
    );
    covered(&mut text, fault.breaks.iter().map(String::as_str), library);
    if let Some(probe) = &fault.probe {
        let _ = writeln!(text, "\nfound by {probe} alone");
    }
    let _ = writeln!(text, "\nbreak it: scimitar serve --fault {id}");
    text
}

fn a_scenario(heading: &Heading, library: &Library) -> Result<String, Failure> {
    let mut text = format!("{}\n  {}\n\n", heading.id, heading.title);
    let cases = heading.cases();
    let cases = if cases.len() > 1 {
        cases.join(", ")
    } else {
        String::new()
    };
    fields(
        &mut text,
        &[
            ("pack", heading.pack.clone()),
            ("file", heading.file.clone()),
            ("tags", heading.tags.join(", ")),
            ("needs", heading.needs.join(", ")),
            ("cases", cases),
        ],
    );
    for scenario in library.scenarios(vec![heading])? {
        if !scenario.given.is_empty() {
            let _ = writeln!(text, "\ngiven\n  {}", words::given(&scenario.given));
        }
        text.push_str("\nsent and expected\n");
        for step in &scenario.steps {
            let _ = writeln!(text, "  {}", words::request_line(step));
            for detail in words::details(step) {
                let _ = writeln!(text, "      {detail}");
            }
            for expectation in &step.expect {
                let tolerated = expectation.tolerate.iter().map(|one| one.id.as_str());
                let tolerated: Vec<&str> = tolerated.collect();
                let or = if tolerated.is_empty() {
                    String::new()
                } else {
                    format!(" (tolerated: {})", tolerated.join(", "))
                };
                let _ = writeln!(text, "    expect {}{or}", words::expectation(expectation));
            }
        }
    }
    text.push_str("\ncovers\n");
    let ids = heading.requirements(&library.catalogue);
    covered(&mut text, ids.iter().map(String::as_str), library);
    let _ = writeln!(
        text,
        "\nsee it: scimitar test --embedded --only {}",
        heading.id
    );
    Ok(text)
}

fn covered<'a>(text: &mut String, ids: impl Iterator<Item = &'a str>, library: &Library) {
    for id in ids {
        let said = library.catalogue.get(id);
        let said = said.map_or_else(String::new, |one| {
            format!("{}: {}", one.level.name().to_uppercase(), one.statement)
        });
        let _ = writeln!(text, "  {id}\n    {said}");
    }
}

fn section(text: &mut String, title: &str, rows: &[(String, String)]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for (id, said) in rows {
        let _ = writeln!(text, "  {id}  {said}");
    }
}

/// Names and values in two columns; what is empty is left out.
fn fields(text: &mut String, rows: &[(&str, String)]) {
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "{name:<8} {value}");
    }
}

/// Running text under a title, or as the next paragraph under it, broken between words; nothing where there is no text.
fn paragraph(text: &mut String, title: &str, said: &str) {
    if said.is_empty() {
        return;
    }
    text.push('\n');
    if !title.is_empty() {
        let _ = writeln!(text, "{title}");
    }
    let mut line = String::from(" ");
    for word in said.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 1 {
            let _ = writeln!(text, "{line}");
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

fn a_probe(leaf: &dyn Probe, library: &Library) -> String {
    let mut text = format!(
        "{}: a law that is tried with what is drawn\n  {}\n",
        leaf.id(),
        leaf.title()
    );
    paragraph(&mut text, "what is drawn and compared", leaf.doc());
    text.push_str("\ncovers\n");
    covered(&mut text, leaf.covers().iter().copied(), library);
    let _ = writeln!(text, "\nneeds {}", leaf.needs().join(", "));
    let _ = writeln!(text, "run it: scimitar test URL --only {}", leaf.id());
    text
}

/// How a tolerance is graded: `warn, with --strict fail`.
fn graded(row: &Tolerance) -> String {
    requirement::pair(row.interop.name(), row.strict.name())
}

fn unknown(id: &str, library: &Library) -> Failure {
    let mut known: Vec<String> = library.catalogue.iter().map(|one| one.id.clone()).collect();
    known.extend(
        library
            .suite
            .headings()
            .iter()
            .map(|heading| heading.id.clone()),
    );
    known.extend(invariant::all().iter().map(|leaf| leaf.id().to_owned()));
    known.extend(probe::all().iter().map(|leaf| leaf.id().to_owned()));
    known.extend(expect::names().map(str::to_owned));
    known.extend(registry::all().iter().map(|one| one.name().to_owned()));
    known.extend(profile::all().into_iter().map(|one| one.name));
    known.extend(like::all().iter().map(|one| one.name.clone()));
    known.extend(library.suite.profiles().into_iter().map(|one| one.name));
    known.extend(library.suite.load_files().map(|file| file.name.clone()));
    known.extend(library.catalogue.tolerances().map(|row| row.id.clone()));
    known.extend(library.catalogue.unused().map(|one| one.id.clone()));
    let near = nearest(id, known.iter().map(String::as_str));
    let hint = near.map_or_else(
        || "`scimitar list` names what there is".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::usage(format!("nothing has the id `{id}`\n  {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::{Catalogue, Status};
    use crate::suite::Suite;

    fn library() -> Library {
        Library {
            catalogue: Catalogue::embedded().unwrap(),
            suite: Suite::embedded().unwrap(),
        }
    }

    #[test]
    fn every_tested_requirement_says_why_it_matters_and_how_it_is_fixed() {
        let catalogue = library().catalogue;
        let mut wrong = Vec::new();
        for one in catalogue.iter().filter(|one| one.status == Status::Tested) {
            let advice = catalogue.advice(one);
            if advice.why.is_empty() || advice.fix.is_empty() {
                wrong.push(format!("{}: {advice:?}", one.id));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Scenarios are parsed for each, so a few stand for all of them.
    #[test]
    fn a_requirement_is_explained_to_the_end() {
        let library = library();
        for one in library.catalogue.iter().step_by(40) {
            let text = explained(&one.id, &library).unwrap().unwrap();
            let tested = one.status == Status::Tested;
            for part in ["why it matters", "how it is usually fixed", "what deviates"] {
                let there = text.contains(&format!("\n{part}\n"));
                assert!(there || !tested, "{}: nothing under {part:?}", one.id);
            }
            let judged = text.contains("\nsent, and what passes\n")
                || text.contains("\njudged on every answer\n");
            assert_eq!(tested, judged, "{}", one.id);
        }
    }

    #[test]
    fn everything_that_is_listed_is_explained() {
        let library = library();
        let mut ids: Vec<String> = Vec::new();
        let headings = library.suite.headings().iter().step_by(20);
        ids.extend(headings.map(|one| one.id.clone()));
        ids.extend(invariant::all().iter().map(|leaf| leaf.id().to_owned()));
        ids.extend(expect::names().map(str::to_owned));
        ids.extend(probe::all().iter().map(|leaf| leaf.id().to_owned()));
        // All scenarios are read for each tolerance, so a few stand for all of them.
        let rows: Vec<_> = library.catalogue.tolerances().step_by(50).collect();
        ids.extend(rows.iter().map(|row| row.id.clone()));
        ids.extend(rows.iter().map(|row| row.ambiguity().to_owned()));
        ids.extend(library.catalogue.unused().map(|one| one.id.clone()));
        ids.extend(registry::all().iter().map(|one| one.name().to_owned()));
        ids.extend(profile::all().into_iter().map(|one| one.name));
        ids.extend(like::all().iter().map(|one| one.name.clone()));
        ids.extend(library.suite.profiles().into_iter().map(|one| one.name));
        for id in ids {
            let text = explained(&id, &library).unwrap();
            assert!(text.is_some_and(|text| text.starts_with(&id)), "{id}");
        }
        assert!(explained("no-such-id", &library).unwrap().is_none());
        let text = explained("profile:rfc", &library).unwrap().unwrap();
        assert_eq!(text, explained("rfc", &library).unwrap().unwrap());
        assert!(explained("profile:no-such-id", &library).is_err());
    }

    #[test]
    fn running_text_is_broken_between_words() {
        let mut text = String::new();
        paragraph(&mut text, "title", &"word ".repeat(60));
        paragraph(&mut text, "empty", "");
        assert!(text.starts_with("\ntitle\n  word"), "{text}");
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert_eq!(text.matches("word").count(), 60);
        assert!(!text.contains("empty"));
    }
}
