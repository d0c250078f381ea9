//! A summary in Markdown for a pull request or a CI step: what failed, and where to read on.
//!
//! It stays under 1 MiB, because GitHub drops a longer step summary as a whole; what does not fit is
//! said. Every value is written in character references, so that it makes no markup, no link, no
//! mention and no workflow command; each `<details>` is written whole or not at all.

use super::escape;
use super::view::{self, View};
use super::word::{self, State};
use crate::record::{CaseRecord, Finding, Outcome, RunRecord, Verdict};

/// Bytes of the whole summary, below the 1 MiB that is allowed.
const LIMIT: usize = 1_000_000;
/// Bytes of one value that are shown.
const VALUE: usize = 1_000;
/// Findings of one case that are shown.
const FINDINGS: usize = 10;
/// Rows of each small table.
const ROWS: usize = 100;

/// The record as a summary.
pub(super) fn render(record: &RunRecord) -> String {
    let view = View::new(record);
    let mut out = head(&view);
    let tail = [skipped(&view), cleanup(record), foot(record)].concat();
    let mut room = LIMIT.saturating_sub(out.len() + tail.len());
    for (title, state) in [
        ("Failures", State::Outcome(Outcome::Fail)),
        ("Not judged", State::Outcome(Outcome::Error)),
        ("Warnings", State::Outcome(Outcome::Warn)),
        ("Failed as expected", State::Expected),
        ("Notes", State::Outcome(Outcome::Note)),
    ] {
        let section = cases(&view, title, state, room);
        room = room.saturating_sub(section.len());
        out += &section;
    }
    out + &tail
}

fn head(view: &View<'_>) -> String {
    let record = view.record;
    let title = view::decisive(record).map_or_else(
        || "? nothing was judged".to_owned(),
        |pack| {
            let symbol = word::symbol(word::verdict_outcome(pack.verdict));
            format!("{symbol} {}", word::verdict(pack))
        },
    );
    let counts: Vec<String> = view
        .counts()
        .into_iter()
        .map(|(state, count)| format!("{} {count} {}", state.symbol(), state.counted()))
        .collect();
    let mut out = vec![format!("## scimitar: {title}\n\n")];
    out.push(format!(
        "{} · profile {} · grading {} · seed {} · {}\n\n",
        code(&record.target.base_url),
        text(&record.profile),
        text(&record.grading),
        record.seed,
        word::duration(record.duration_ms)
    ));
    for remark in &record.target.remarks {
        out.push(format!("> ! {}\n\n", text(remark)));
    }
    if record.interrupted {
        out.push("> ! The run was interrupted: what follows is a part.\n\n".to_owned());
    }
    out.push(verdicts(record));
    out.push(readiness(record));
    out.push(format!(
        "\n{}: {}\n",
        word::count(record.cases.len() as u64, "case", "cases"),
        counts.join(" · ")
    ));
    out.concat()
}

fn verdicts(record: &RunRecord) -> String {
    let mut out = vec![
        "| Pack | Verdict | Musts judged | failed | skipped | never exercised | Shoulds broken |\n\
         |---|---|--:|--:|--:|--:|--:|\n"
            .to_owned(),
    ];
    for pack in record.verdicts.iter().take(ROWS) {
        let symbol = word::symbol(word::verdict_outcome(pack.verdict));
        let bold = if pack.verdict == Verdict::Fail {
            "**"
        } else {
            ""
        };
        out.push(format!(
            "| {} | {symbol} {bold}{}{bold}{} | {} | {} | {} | {} | {} |\n",
            text(&pack.pack),
            word::verdict(pack),
            if pack.gate { "" } else { " (does not gate)" },
            pack.must.judged,
            pack.must.failed,
            pack.must.skipped,
            pack.must.never,
            pack.should_failed
        ));
    }
    out.concat()
}

/// One row a client: why it is not ready, and what it would do.
fn readiness(record: &RunRecord) -> String {
    let rows: Vec<String> = record
        .verdicts
        .iter()
        .filter_map(|pack| Some((pack, pack.readiness.as_ref()?)))
        .take(ROWS)
        .map(|(pack, readiness)| {
            let lines = view::readiness(pack, readiness);
            let why: Vec<String> = lines.iter().skip(1).map(|line| text(line)).collect();
            let symbol = word::symbol(word::verdict_outcome(pack.verdict));
            format!(
                "| {} | {symbol} {} | {} |\n",
                text(&format!("{} ({})", readiness.client, word::pack(pack))),
                word::verdict(pack),
                why.join("<br>")
            )
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let head =
        "\n| Client | Readiness | First reasons, and what the client then does |\n|---|---|---|\n";
    format!("{head}{}", rows.concat())
}

/// The cases in one state, as many as there is room for.
fn cases(view: &View<'_>, title: &str, state: State, room: usize) -> String {
    const NOTE: usize = 200;
    let cases: Vec<_> = view.cases(state).collect();
    if cases.is_empty() {
        return String::new();
    }
    let mut out = format!("\n### {title}: {}\n\n", cases.len());
    let mut shown = 0;
    for case in &cases {
        let block = case_block(view, case, state);
        if out.len() + block.len() + NOTE > room {
            break;
        }
        out += &block;
        shown += 1;
    }
    if shown < cases.len() {
        let left = cases.len() - shown;
        out += "… and ";
        out += &left.to_string();
        out += " more, left out to keep the summary short; the other report files hold them.\n";
    }
    out
}

/// One case, folded, without an empty line: all of it is one block of HTML.
fn case_block(view: &View<'_>, case: &CaseRecord, state: State) -> String {
    let mut out = vec![format!(
        "<details><summary>{} {} {}</summary>\n",
        state.symbol(),
        code(&case.id),
        text(&case.title)
    )];
    if let Some(error) = &case.error {
        out.push(format!("<p>{}</p>\n", code(error)));
    }
    if let Some(reason) = &case.expected {
        out.push(format!("<p>Reason: {}</p>\n", text(reason)));
    }
    let findings = view::findings(case);
    for finding in findings.iter().take(FINDINGS) {
        out.push(finding_block(view, finding));
    }
    if findings.len() > FINDINGS {
        out.push(format!(
            "<p>… and {} more findings</p>\n",
            findings.len() - FINDINGS
        ));
    }
    out.push("</details>\n\n".to_owned());
    out.concat()
}

fn finding_block(view: &View<'_>, finding: &Finding) -> String {
    let level = word::level(finding.level);
    let requirement = view.requirement(&finding.requirement);
    let rule = match requirement {
        Some(requirement) if is_link(&requirement.link) => format!(
            "<p><b>{level}</b> <a href=\"{}\">{} §{}</a> {}<br>{}</p>\n",
            text(&requirement.link),
            text(&requirement.document),
            text(&requirement.section),
            code(&requirement.id),
            text(&requirement.statement)
        ),
        _ => format!("<p><b>{level}</b> {}</p>\n", code(&finding.requirement)),
    };
    let times = if finding.count > 1 {
        format!(" ({} times)", finding.count)
    } else {
        String::new()
    };
    let (hint, drawn) = view::hint(finding);
    let hint = hint.map(str::to_owned);
    let drawn = drawn.map_or_else(String::new, |drawn| {
        let shown = escape::block(escape::clip(drawn, VALUE).0);
        format!("<pre>{}</pre>\n", references(&shown))
    });
    let rows = [
        ("at", Some(&finding.at)),
        ("expected", Some(&finding.expected)),
        ("actual", Some(&finding.actual)),
        ("tolerated", finding.tolerance.as_ref()),
        ("known", finding.expected_failure.as_ref()),
        ("hint", hint.as_ref()),
    ];
    let rows: Vec<String> = rows
        .iter()
        .filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?)))
        .map(|(label, value)| {
            let times = if *label == "actual" {
                times.as_str()
            } else {
                ""
            };
            format!("{label}: {}{times}<br>", code(value))
        })
        .collect();
    let curl = finding.curl.as_deref().map_or_else(String::new, |curl| {
        let shown = escape::block(escape::clip(curl, VALUE).0);
        format!("<pre>{}</pre>\n", references(&shown))
    });
    let then = requirement.and_then(|row| row.then.as_deref());
    let then = then.map_or_else(String::new, |then| {
        format!("<p>then the client {}</p>\n", text(then))
    });
    format!("{rule}{then}<p>{}</p>\n{drawn}{curl}", rows.concat())
}

fn skipped(view: &View<'_>) -> String {
    let groups = view.skips();
    if groups.is_empty() {
        return String::new();
    }
    let mut out =
        vec!["\n### Skipped\n\n| Cases | Reason | Runs when |\n|--:|---|---|\n".to_owned()];
    for group in groups.iter().take(ROWS) {
        out.push(format!(
            "| {} | {} | {} |\n",
            group.cases.len(),
            text(group.reason),
            text(group.remedy.as_deref().unwrap_or_default())
        ));
    }
    if groups.len() > ROWS {
        out.push(format!("\n… and {} more reasons\n", groups.len() - ROWS));
    }
    out.concat()
}

fn cleanup(record: &RunRecord) -> String {
    let done = &record.cleanup;
    let mut out = vec![format!(
        "\n### Clean-up\n\n{} of {} deleted\n",
        done.deleted,
        word::count(done.created, "created resource", "created resources")
    )];
    for leftover in done.leftover.iter().take(ROWS) {
        out.push(format!(
            "- left behind: {} {}\n",
            code(&leftover.resource),
            text(&leftover.reason)
        ));
    }
    if done.leftover.len() > ROWS {
        out.push(format!("- … and {} more\n", done.leftover.len() - ROWS));
    }
    out.concat()
}

fn foot(record: &RunRecord) -> String {
    format!(
        "\nscimitar {} · started {} · exit code {}\n",
        text(&record.tool.version),
        text(&record.started),
        record.outcome.exit_code
    )
}

/// Whether a link leads to a page on the web.
fn is_link(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

/// A value in code type.
pub(super) fn code(value: &str) -> String {
    format!("<code>{}</code>", text(value))
}

/// A value as text on one line.
pub(super) fn text(value: &str) -> String {
    references(&escape::line(&escape::clipped(value, VALUE)))
}

/// All that Markdown, HTML, a link or a mention could read as more than text, as character references.
fn references(value: &str) -> String {
    const PLAIN: &[char] = &[
        ' ', ',', ';', '-', '/', '=', '?', '%', '.', '(', ')', '{', '}', '+',
    ];
    let mut out = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        let links = c == '.' && out.ends_with(['w', 'W']);
        if !c.is_ascii() || c.is_ascii_alphanumeric() || PLAIN.contains(&c) && !links {
            out.push(c);
        } else {
            out.extend(["&#", &u32::from(c).to_string(), ";"]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &str) {
        assert_eq!(text(value), expected);
    }

    #[test]
    fn values_make_no_markup() {
        check("a | b", "a &#124; b");
        check("</details>", "&#60;/details&#62;");
        check("[x](http://y)", "&#91;x&#93;(http&#58;//y)");
        check("::error::x", "&#92;u{3a}&#58;error&#58;&#58;x");
        check("a\nb", "a&#92;nb");
        check("www.x.test", "www&#46;x.test");
        check("größe", "größe");
    }
}
