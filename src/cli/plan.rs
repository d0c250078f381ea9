//! The plan of a run as `--dry-run` shows it: no request is sent for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::console::Console;
use super::prepare::Settled;
use super::value::counted;
use crate::probe::Effort;
use crate::run::Plan;
use crate::run::plan::writes;

/// The plan as text.
pub(super) fn shown(
    profile: &str,
    target: Option<&str>,
    plan: &Plan,
    settled: &Settled,
    effort: Effort,
    console: Console,
) -> String {
    let mut text = String::new();
    let target = target.unwrap_or("the built-in provider");
    let _ = writeln!(text, "target   {target}");
    let _ = writeln!(text, "profile  {profile}");
    for (pack, gated) in &plan.packs {
        let decides = if *gated {
            ", decides the exit code"
        } else {
            ""
        };
        let cases = plan.cases.iter().filter(|case| case.scenario.pack == *pack);
        let cases = counted(cases.count(), "case");
        let _ = writeln!(text, "pack     {pack}: {cases}{decides}");
    }
    let requests = if settled.read_only {
        "none, because of --read-only".to_owned()
    } else {
        format!("at most {}, beside 2 of the preflight", plan.writes(effort))
    };
    let _ = writeln!(text, "writes   {requests}");
    let _ = writeln!(text, "\n{}", counted(plan.cases.len(), "case"));
    for case in &plan.cases {
        let skipped = settled.read_only && writes(case) > 0;
        let mark = if skipped { "-" } else { " " };
        let _ = writeln!(text, "{mark} {:<44} {}", case.id, case.scenario.title);
        if console.verbose {
            let needs: Vec<String> = case.needs().map(ToString::to_string).collect();
            let _ = writeln!(
                text,
                "      needs {}; covers {}",
                or_nothing(&needs),
                case.scenario.covers().join(", ")
            );
        }
    }
    if !plan.probes.is_empty() {
        let _ = writeln!(text, "\n{}", counted(plan.probes.len(), "probe"));
    }
    for leaf in &plan.probes {
        let mark = if settled.read_only { "-" } else { " " };
        let _ = writeln!(text, "{mark} {:<44} {}", leaf.id(), leaf.title());
    }
    let _ = writeln!(
        text,
        "\n{} judgements on every exchange",
        plan.invariants.len()
    );
    for leaf in &plan.invariants {
        let _ = writeln!(text, "  {:<44} {}", leaf.id(), leaf.title());
    }
    skippable(&mut text, plan);
    text
}

/// What cases need of the target, and how many do.
fn skippable(text: &mut String, plan: &Plan) {
    let mut needs: BTreeMap<String, usize> = BTreeMap::new();
    for need in plan.cases.iter().flat_map(crate::suite::Case::needs) {
        *needs.entry(need.to_string()).or_default() += 1;
    }
    if !needs.is_empty() {
        let _ = writeln!(
            text,
            "\nskipped where the target does not offer what they need"
        );
        for (need, cases) in needs {
            let _ = writeln!(text, "  {need:<44} {}", counted(cases, "case"));
        }
    }
}

fn or_nothing(words: &[String]) -> String {
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}
