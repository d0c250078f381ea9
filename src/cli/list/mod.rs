//! `scimitar list`: what there is to run, to require and to break.

mod leaf;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::{Args as ClapArgs, ValueEnum};
use globset::{Glob, GlobMatcher};
use serde_json::{Value, json};

use crate::check::invariant;
use crate::cli::choice::{Choice, Library};
use crate::cli::config::Config;
use crate::cli::exit::{Exit, Failure};
use crate::cli::option::SelectFlags;
use crate::cli::output;
use crate::cli::value::nearest;
use crate::probe;
use crate::provider::fault::{Declaration, like, profile, registry};
use crate::requirement::{Level, Requirement};

/// Lists scenarios, requirements, checks, probes, tolerances, profiles, load profiles or faults
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// What to list; --only and --skip narrow every list, --profile and --tag that of the scenarios
    what: What,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    narrow: Narrow,
    #[command(flatten)]
    select: SelectFlags,
}

/// What narrows a list of requirements.
#[derive(ClapArgs, Debug)]
struct Narrow {
    /// Requirements of this feature (patch, filter, …); repeatable
    #[arg(long, value_name = "NAME")]
    feature: Vec<String>,
    /// Requirements of this level; repeatable
    #[arg(long)]
    level: Vec<WantedLevel>,
    /// Requirements with this status; repeatable
    #[arg(long)]
    status: Vec<WantedStatus>,
}

/// Level of a requirement, as a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
enum WantedLevel {
    Must,
    Should,
    May,
}

impl WantedLevel {
    fn level(self) -> Level {
        match self {
            Self::Must => Level::Must,
            Self::Should => Level::Should,
            Self::May => Level::May,
        }
    }
}

/// Status of a requirement, as a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WantedStatus {
    /// A check judges it
    Tested,
    /// It can't be seen over HTTP
    Unverifiable,
    /// No check judges it yet
    Todo,
}

impl WantedStatus {
    fn name(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Unverifiable => "unverifiable",
            Self::Todo => "todo",
        }
    }
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Scenarios of the selection
    Scenarios,
    /// Requirements
    Requirements,
    /// Checks that scenarios use, and judgements on every exchange
    Checks,
    /// Laws that are tried with what is drawn
    Probes,
    /// Deviations that are tolerated, with their grade
    Tolerances,
    /// Named selections
    Profiles,
    /// Profiles of load
    Load,
    /// Ways to break the built-in provider
    Faults,
}

/// One line of a list: id, a word about it, a sentence.
struct Row {
    id: String,
    word: String,
    title: String,
    json: Value,
}

/// Lists.
///
/// # Errors
/// Where a suite can't be read or nothing is selected.
pub(super) fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let choice = Choice::of(&args.select, config);
    let library = choice.library()?;
    args.narrow.fits(args.what, &library)?;
    let rows = match args.what {
        What::Scenarios => scenarios(&choice, &library)?,
        What::Requirements => narrowed(requirements(&library, &args.narrow), &args.select)?,
        What::Tolerances => narrowed(tolerances(&library), &args.select)?,
        What::Checks => narrowed(leaf::checks(), &args.select)?,
        What::Probes => narrowed(leaf::probes(), &args.select)?,
        What::Profiles => narrowed(profiles(&library), &args.select)?,
        What::Load => narrowed(leaf::loads(&library)?, &args.select)?,
        What::Faults => narrowed(faults(), &args.select)?,
    };
    output::print(&if args.json {
        as_json(&rows)
    } else {
        as_text(&rows)
    })?;
    Ok(Exit::Ok.into())
}

fn scenarios(choice: &Choice, library: &Library) -> Result<Vec<Row>, Failure> {
    Ok(choice
        .headings(library)?
        .into_iter()
        .map(|(candidate, heading)| Row {
            word: candidate.pack.clone(),
            title: heading.title.clone(),
            json: json!({
                "id": candidate.id, "pack": candidate.pack, "title": heading.title,
                "tags": candidate.tags, "needs": heading.needs, "covers": candidate.requirements,
                "file": heading.file,
            }),
            id: candidate.id,
        })
        .collect())
}

/// Rows whose id is selected.
fn narrowed(rows: Vec<Row>, select: &SelectFlags) -> Result<Vec<Row>, Failure> {
    let compile = |patterns: &[String]| -> Result<Vec<GlobMatcher>, Failure> {
        let one = |text: &String| match Glob::new(text) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(Failure::usage(format!("`{text}` is no glob: {error}"))),
        };
        patterns.iter().map(one).collect()
    };
    let (only, skip) = (compile(&select.only)?, compile(&select.skip)?);
    let any = |globs: &[GlobMatcher], row: &Row| globs.iter().any(|glob| glob.is_match(&row.id));
    let rows: Vec<Row> = rows
        .into_iter()
        .filter(|row| (only.is_empty() || any(&only, row)) && !any(&skip, row))
        .collect();
    if rows.is_empty() {
        return Err(Failure::new(
            Exit::NothingSelected,
            "nothing in the list is selected",
        ));
    }
    Ok(rows)
}

impl Narrow {
    /// Refuses flags that say nothing of this list, and features that there are none of.
    fn fits(&self, what: What, library: &Library) -> Result<(), Failure> {
        let given = [
            ("--feature", self.feature.is_empty()),
            ("--level", self.level.is_empty()),
            ("--status", self.status.is_empty()),
        ];
        let given = given.into_iter().find(|(_, empty)| !empty);
        if let Some((flag, _)) = given.filter(|_| what != What::Requirements) {
            return Err(Failure::usage(format!(
                "{flag} narrows the list of requirements only\n  scimitar list requirements {flag} …"
            )));
        }
        let known: BTreeSet<&str> = library
            .catalogue
            .iter()
            .map(|one| one.feature.as_str())
            .collect();
        for name in &self.feature {
            if !known.contains(name.as_str()) {
                let hint = nearest(name, known.iter().copied()).map_or_else(
                    || format!("one of {}", join(known.iter().copied())),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(Failure::usage(format!(
                    "no requirement is about the feature `{name}`\n  {hint}"
                )));
            }
        }
        Ok(())
    }

    fn takes(&self, one: &Requirement) -> bool {
        let feature = self.feature.is_empty() || self.feature.contains(&one.feature);
        let level =
            self.level.is_empty() || self.level.iter().any(|want| want.level() == one.level);
        let status = self.status.is_empty()
            || self
                .status
                .iter()
                .any(|want| want.name() == one.status.name());
        feature && level && status
    }
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn requirements(library: &Library, narrow: &Narrow) -> Vec<Row> {
    let mut judged_by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (candidate, _) in library.suite.candidates(&library.catalogue) {
        for id in candidate.requirements {
            judged_by.entry(id).or_default().push(candidate.id.clone());
        }
    }
    let laws = probe::all().iter().map(|one| (one.id(), one.covers()));
    let always = invariant::all().iter().map(|one| (one.id(), one.covers()));
    for (leaf, covers) in laws.chain(always) {
        for id in covers {
            let cases = judged_by.entry((*id).to_owned()).or_default();
            cases.push(leaf.to_owned());
        }
    }
    let faults = registry::all();
    let taken = library.catalogue.iter().filter(|one| narrow.takes(one));
    taken
        .map(|one| {
            let cases = judged_by.get(&one.id).cloned().unwrap_or_default();
            requirement(one, &cases, &faults, library)
        })
        .collect()
}

fn requirement(
    one: &Requirement,
    judged_by: &[String],
    faults: &[Declaration],
    library: &Library,
) -> Row {
    let advice = library.catalogue.advice(one);
    let tolerances = library.catalogue.tolerances();
    let tolerances: Vec<&str> = tolerances
        .filter(|row| row.requirements.contains(&one.id))
        .map(|row| row.id.as_str())
        .collect();
    let faults: Vec<&str> = faults
        .iter()
        .filter(|fault| fault.breaks.contains(&one.id))
        .map(Declaration::name)
        .collect();
    Row {
        id: one.id.clone(),
        word: format!("{} {}", one.level.name(), one.status.name()),
        title: one.statement.clone(),
        json: json!({
            "id": one.id, "pack": one.pack, "level": one.level, "basis": one.basis,
            "party": one.party, "document": one.document.name, "section": one.section,
            "link": one.link(), "statement": one.statement, "feature": one.feature,
            "weight": one.weight, "status": one.status.name(), "reason": one.status.reason(),
            "needs": one.needs, "judged_by": judged_by, "tolerances": tolerances,
            "faults": faults, "why": advice.why, "fix": advice.fix,
        }),
    }
}

fn tolerances(library: &Library) -> Vec<Row> {
    library
        .catalogue
        .tolerances()
        .map(|row| Row {
            id: row.id.clone(),
            word: format!("{}, strict {}", row.interop.name(), row.strict.name()),
            title: row.summary.clone(),
            json: json!({
                "id": row.id, "ambiguity": row.ambiguity(), "summary": row.summary,
                "interop": row.interop, "strict": row.strict, "requirements": row.requirements,
                "when": row.when,
            }),
        })
        .collect()
}

fn profiles(library: &Library) -> Vec<Row> {
    library
        .suite
        .profiles()
        .into_iter()
        .map(|one| Row {
            word: format!("gates {}", one.gate.join(", ")),
            json: json!({
                "id": one.name, "title": one.title, "packs": one.packs, "gate": one.gate,
                "tags": one.tags, "only": one.only, "skip": one.skip,
            }),
            id: one.name,
            title: one.title,
        })
        .collect()
}

fn faults() -> Vec<Row> {
    let single = registry::all().into_iter().map(|one| Row {
        id: one.name().to_owned(),
        word: "fault".to_owned(),
        json: json!({
            "id": one.name(), "title": one.title, "breaks": one.breaks,
        }),
        title: one.title,
    });
    let several = profile::all().into_iter().map(|one| Row {
        word: format!("{} faults", one.faults.len()),
        json: json!({ "id": one.name, "title": one.title, "faults": one.faults }),
        id: one.name,
        title: one.title,
    });
    let imitated = like::all().iter().map(|one| Row {
        id: one.name.clone(),
        word: "serve --like".to_owned(),
        json: json!({ "id": one.name, "title": one.title, "link": one.link, "faults": one.faults, "without": one.without }),
        title: one.title.clone(),
    });
    single.chain(several).chain(imitated).collect()
}

fn as_text(rows: &[Row]) -> String {
    let wide =
        |of: fn(&Row) -> usize, most: usize| rows.iter().map(of).max().unwrap_or(0).min(most);
    let (ids, words) = (wide(|row| row.id.len(), 60), wide(|row| row.word.len(), 24));
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(
            text,
            "{:<ids$}  {:<words$}  {}",
            row.id, row.word, row.title
        );
    }
    text
}

fn as_json(rows: &[Row]) -> String {
    let all: Vec<&Value> = rows.iter().map(|row| &row.json).collect();
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}

/// What a description says before its examples.
fn first_sentence(text: &str) -> &str {
    let ends = [": `", ". ", "\n"];
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    let sentence = end.and_then(|end| text.get(..end)).unwrap_or(text);
    sentence.trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_listed_with_what_it_says_before_its_examples() {
        for (doc, expected) in [
            ("The values differ: `/a/*`.", "The values differ"),
            (
                "The response has no body: `true`. For 204.",
                "The response has no body",
            ),
            ("One. Two.", "One"),
            ("Alone.", "Alone"),
        ] {
            assert_eq!(first_sentence(doc), expected);
        }
    }
}
