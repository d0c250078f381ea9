//! `scimitar explain`: all that is known of one id, offline.

use std::fmt::Write as _;

use clap::Args as ClapArgs;

use super::choice::{Choice, Library};
use super::config::Config;
use super::exit::{Exit, Failure};
use super::option::SelectFlags;
use super::output;
use super::value::nearest;
use crate::check::{expect, invariant};
use crate::provider::fault::{profile, registry};
use crate::requirement::Requirement;
use crate::suite::Heading;

/// Explains a requirement, scenario, check, tolerance, profile or fault
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Its id, as reports and `scimitar list` name it
    id: String,
    #[command(flatten)]
    select: SelectFlags,
}

/// Explains.
///
/// # Errors
/// Where nothing has this id.
pub(super) fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let library = Choice::of(&args.select, config).library()?;
    let found = explained(&args.id, &library);
    let text = found.ok_or_else(|| unknown(&args.id, &library))?;
    output::print(&text)?;
    Ok(Exit::Ok.into())
}

fn explained(id: &str, library: &Library) -> Option<String> {
    let scenario = id.split('[').next().unwrap_or(id);
    if let Some(one) = library.catalogue.get(id) {
        return Some(requirement(one, library));
    }
    if let Some(heading) = library.suite.heading(scenario) {
        return Some(a_scenario(heading, library));
    }
    if let Some(leaf) = invariant::all().iter().find(|leaf| leaf.id() == id) {
        let mut text = format!(
            "{id}: judged on every exchange\n  {}\n\ncovers\n",
            leaf.title()
        );
        covered(&mut text, leaf.covers().iter().copied(), library);
        // `etag` is a judgement and a check.
        if let Some(leaf) = expect::find(id) {
            let _ = write!(text, "\n{}", a_check(id, leaf.doc()));
        }
        return Some(text);
    }
    if let Some(leaf) = expect::find(id) {
        return Some(a_check(id, leaf.doc()));
    }
    if let Some(row) = library.catalogue.tolerance(id) {
        let mut text = format!("{id}: a deviation that is tolerated\n  {}\n\n", row.summary);
        let (interop, strict) = (grade(row.interop), grade(row.strict));
        let _ = writeln!(
            text,
            "graded {interop}, with --strict {strict}\n\ndeviates from"
        );
        covered(
            &mut text,
            row.requirements.iter().map(String::as_str),
            library,
        );
        return Some(text);
    }
    if let Some(text) = several(id, library) {
        return Some(text);
    }
    let fault = registry::all().into_iter().find(|one| one.name() == id)?;
    let mut text = format!(
        "{id}: a fault of the built-in provider\n  {}\n\nbreaks\n",
        fault.title
    );
    covered(&mut text, fault.breaks.iter().map(String::as_str), library);
    let _ = writeln!(text, "\nsee it: scimitar serve --fault {id}");
    Some(text)
}

/// A profile, or a profile of faults.
fn several(id: &str, library: &Library) -> Option<String> {
    if let Some(one) = library
        .suite
        .profiles()
        .into_iter()
        .find(|one| one.name == id)
    {
        let gates = one.gate.join(", ");
        return Some(format!(
            "{id}: a named selection\n  {}\n\ndecides the exit code: {gates}\n\nsee it: scimitar list scenarios --profile {id}\n",
            one.title
        ));
    }
    if let Some(one) = profile::all().into_iter().find(|one| one.name == id) {
        let faults = one.faults.join("\n  ");
        return Some(format!(
            "{id}: several faults of the built-in provider\n  {}\n\nfaults\n  {faults}\n\nsee it: scimitar serve --fault {id}\n",
            one.title
        ));
    }
    None
}

fn a_check(id: &str, doc: &str) -> String {
    format!("{id}: a check of scenarios\n\n{doc}\n")
}

fn requirement(one: &Requirement, library: &Library) -> String {
    let mut text = format!("{}\n  {}\n\n", one.id, one.statement);
    let _ = writeln!(text, "level    {}", one.level.name().to_uppercase());
    let _ = writeln!(
        text,
        "stated   {} §{}  {}",
        one.document.name,
        one.section,
        one.link()
    );
    let _ = writeln!(text, "pack     {}", one.pack);
    let why = one
        .status
        .reason()
        .map_or_else(String::new, |why| format!(": {why}"));
    let _ = writeln!(text, "status   {}{why}", one.status.name());
    if !one.needs.is_empty() {
        let _ = writeln!(text, "needs    {}", one.needs.join(", "));
    }
    let mut cases: Vec<(String, String)> = library
        .suite
        .candidates(&library.catalogue)
        .into_iter()
        .filter(|(candidate, _)| candidate.requirements.contains(&one.id))
        .map(|(candidate, heading)| (candidate.id, heading.title.clone()))
        .collect();
    let always = invariant::all()
        .iter()
        .filter(|leaf| leaf.covers().contains(&one.id.as_str()));
    cases.extend(always.map(|leaf| (leaf.id().to_owned(), leaf.title().to_owned())));
    section(&mut text, "judged by", &cases);
    let tolerances: Vec<(String, String)> = library
        .catalogue
        .tolerances()
        .filter(|row| row.requirements.contains(&one.id))
        .map(|row| (row.id.clone(), row.summary.clone()))
        .collect();
    section(&mut text, "tolerated deviations", &tolerances);
    let faults: Vec<(String, String)> = registry::all()
        .into_iter()
        .filter(|fault| fault.breaks.contains(&one.id))
        .map(|fault| (fault.name().to_owned(), fault.title))
        .collect();
    section(&mut text, "broken by the faults", &faults);
    text
}

fn a_scenario(heading: &Heading, library: &Library) -> String {
    let mut text = format!("{}\n  {}\n\n", heading.id, heading.title);
    let _ = writeln!(text, "pack     {}", heading.pack);
    let _ = writeln!(text, "file     {}", heading.file);
    if !heading.tags.is_empty() {
        let _ = writeln!(text, "tags     {}", heading.tags.join(", "));
    }
    if !heading.needs.is_empty() {
        let _ = writeln!(text, "needs    {}", heading.needs.join(", "));
    }
    let cases = heading.cases();
    if cases.len() > 1 {
        let _ = writeln!(text, "cases    {}", cases.join(", "));
    }
    text.push_str("\ncovers\n");
    let ids = heading.requirements(&library.catalogue);
    covered(&mut text, ids.iter().map(String::as_str), library);
    let _ = writeln!(
        text,
        "\nsee it: scimitar test --embedded --only {}",
        heading.id
    );
    text
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

fn grade(grade: crate::requirement::Grade) -> String {
    serde_json::to_value(grade)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
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
    known.extend(expect::names().map(str::to_owned));
    known.extend(registry::all().iter().map(|one| one.name().to_owned()));
    known.extend(profile::all().into_iter().map(|one| one.name));
    known.extend(library.suite.profiles().into_iter().map(|one| one.name));
    let near = nearest(id, known.iter().map(String::as_str));
    let hint = near.map_or_else(
        || "`scimitar list` names what there is".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::usage(format!("nothing has the id `{id}`\n  {hint}"))
}
