//! The page that shows the catalogue: what is judged, by what, and which fault proves it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scimitar::provider::fault::registry;
use scimitar::requirement::{Catalogue, Level, Party, Requirement, Status};

use super::Index;

/// The page as Markdown.
pub(super) fn render(catalogue: &Catalogue, leaves: &Index, uses: &Index) -> String {
    let mut page = String::from(
        "# Catalogue\n\nGenerated from `suites/requirement`, the leaves that cover it and the faults that break it.\n\n",
    );
    coverage(&mut page, catalogue);
    shares(&mut page, catalogue);
    requirements(&mut page, catalogue, leaves);
    ambiguities(&mut page, catalogue, uses);
    page
}

fn coverage(page: &mut String, catalogue: &Catalogue) {
    page.push_str(
        "| document | level | tested | not observable | not yet |\n|---|---|---|---|---|\n",
    );
    for row in catalogue.coverage().rows {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            row.document,
            row.level.name(),
            row.tested,
            row.unverifiable,
            row.todo
        );
    }
}

/// How much is tested of what binds the service provider and can be seen.
fn shares(page: &mut String, catalogue: &Catalogue) {
    page.push_str("\nOf what binds the service provider and can be seen over HTTP:\n\n");
    for level in [Level::Must, Level::Should, Level::May] {
        let (tested, all) = share(catalogue, level);
        let _ = writeln!(
            page,
            "- {}: {tested} of {all} are tested ({} %)",
            level.name().to_uppercase(),
            (tested * 100).checked_div(all).unwrap_or(100)
        );
    }
}

/// Requirements of a level on the service provider: those tested, and those that can be.
pub(super) fn share(catalogue: &Catalogue, level: Level) -> (usize, usize) {
    let seen = |one: &&Requirement| {
        one.level == level
            && one.party != Party::Client
            && !matches!(one.status, Status::Unverifiable(_))
    };
    let tested = |one: &&Requirement| one.status == Status::Tested;
    (
        catalogue.iter().filter(seen).filter(tested).count(),
        catalogue.iter().filter(seen).count(),
    )
}

fn requirements(page: &mut String, catalogue: &Catalogue, leaves: &Index) {
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fault in registry::all() {
        for id in &fault.breaks {
            let names = faults.entry(id.clone()).or_default();
            names.push(fault.name().to_owned());
        }
    }
    let mut document = "";
    for one in catalogue.iter() {
        if one.document.name != document {
            document = &one.document.name;
            let _ = write!(
                page,
                "\n## {document}\n\n| requirement | level | statement | judged by | faults |\n|---|---|---|---|---|\n"
            );
        }
        let by = match (&one.status, leaves.get(&one.id)) {
            (_, Some(cases)) => cases.iter().cloned().collect::<Vec<_>>().join(", "),
            (status, None) => format!("{}: {}", status.name(), status.reason().unwrap_or_default()),
        };
        let broken_by = match faults.get(&one.id) {
            Some(names) => names.join(", "),
            None => one.no_fault.clone(),
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            one.id,
            one.level.name(),
            cell(&one.statement),
            cell(&by),
            cell(&broken_by)
        );
    }
}

fn ambiguities(page: &mut String, catalogue: &Catalogue, uses: &Index) {
    page.push_str(
        "\n## Ambiguities\n\nWhere the RFCs leave room, what deviates and how it is graded.\n\n\
         | ambiguity | deviation | interop | strict | used by |\n|---|---|---|---|---|\n",
    );
    let mut rows: Vec<(&str, String)> = Vec::new();
    for row in catalogue.tolerances() {
        let by = uses.get(&row.id).map_or_else(
            || "nothing yet".to_owned(),
            |by| by.iter().cloned().collect::<Vec<_>>().join(", "),
        );
        rows.push((
            &row.id,
            format!(
                "| {} | {} | {} | {} | {} |",
                row.id,
                cell(&row.summary),
                row.interop.name(),
                row.strict.name(),
                cell(&by)
            ),
        ));
    }
    for one in catalogue.unused() {
        let line = format!("| {} | none: {} | | | |", one.id, cell(&one.why));
        rows.push((&one.id, line));
    }
    rows.sort();
    for (_, row) in rows {
        let _ = writeln!(page, "{row}");
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
